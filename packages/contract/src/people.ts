import { z } from 'zod'
import { entry } from './entry.ts'
import { email, id, text } from './values.ts'

const customer = z.object({
  id,
  externalId: z.string().nullable(),
  name: z.string().nullable(),
  email: z.string().nullable(),
})

export const people = {
  findCustomers: entry({
    method: 'GET',
    path: '/customers',
    summary: 'The customer with this external id or e-mail address, if there is one',
    permission: 'responses.read',
    query: z
      .strictObject({ externalId: text(200, 1).optional(), email: email.optional() })
      .refine((query) => !query.externalId !== !query.email, { message: 'give either externalId or email' }),
    reply: z.object({ items: z.array(customer) }),
  }),
  customer: entry({
    method: 'GET',
    path: '/customers/:id',
    summary: 'Everything that is kept about one customer, for whoever asks for theirs; of each kind the newest 10,000',
    permission: 'responses.read',
    params: z.object({ id }),
    reply: z.record(z.string(), z.unknown()),
  }),
  eraseCustomer: entry({
    method: 'DELETE',
    path: '/customers/:id',
    summary: 'Forget one customer for good: of their answers the score, its day and its segment stay in the figures',
    permission: 'workspace.manage',
    params: z.object({ id }),
  }),
} as const
