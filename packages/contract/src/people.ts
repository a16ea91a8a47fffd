import { z } from 'zod'
import { entry } from './entry.ts'
import { email, id, instant, page, pageQuery, text } from './values.ts'

const customer = z.object({
  id,
  externalId: z.string().nullable(),
  name: z.string().nullable(),
  email: z.string().nullable(),
})

const suppressionReason = z.enum(['unsubscribed', 'bounced', 'complained', 'by_hand', 'imported'])
const suppression = z.object({ id, address: z.string(), reason: suppressionReason, at: instant })
export type Suppression = z.infer<typeof suppression>

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

  listSuppressions: entry({
    method: 'GET',
    path: '/suppressions',
    summary: 'Addresses that are not written to, newest first',
    permission: 'responses.read',
    query: z.object({ ...pageQuery, after: id.optional(), address: email.optional() }),
    reply: page(suppression),
  }),
  suppress: entry({
    method: 'POST',
    path: '/suppressions',
    summary: 'Write to an address no more; one that is on the list already keeps its first reason',
    permission: 'responses.write',
    status: 201,
    body: z.strictObject({ address: email, reason: suppressionReason.default('by_hand') }),
    reply: suppression,
  }),
  importSuppressions: entry({
    method: 'POST',
    path: '/suppressions/import',
    summary: 'Write to many addresses no more, such as those that another program kept; all of them or none',
    permission: 'responses.import',
    body: z.strictObject({
      addresses: z.array(email).min(1).max(10_000),
      reason: suppressionReason.default('imported'),
    }),
    reply: z.object({ added: z.int().describe('how many were not on the list before') }),
  }),
  removeSuppression: entry({
    method: 'DELETE',
    path: '/suppressions/:id',
    summary: 'Let an address be written to again',
    permission: 'workspace.manage',
    params: z.object({ id }),
  }),
} as const
