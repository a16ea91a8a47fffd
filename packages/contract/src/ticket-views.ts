import { z } from 'zod'
import { entry } from './entry.ts'
import { mostConditions, readCondition } from './ticket-conditions.ts'
import {
  channels,
  priorities,
  shelves,
  ticketParams,
  ticketSorts,
  ticketStatuses,
  ticketTag,
  ticketTopic,
} from './ticket-lines.ts'
import { id, text } from './values.ts'

/** What a custom field says, as its id and a value. */
const fieldIs = text(2_100).regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}:./i, { message: 'not_field_value' })

const ticketCondition = text(2_200)
  .refine((given) => readCondition(given) !== undefined, { message: 'not_condition' })
  .describe('name:test:value,value, such as status:any:new,open, tag:none:zip or created:older:3d')

/** Which tickets; all that is given has to hold. */
export const ticketFilter = {
  shelf: z
    .enum(shelves)
    .optional()
    .describe(
      'unsolved unless said otherwise; of the others the newest 20,000 are looked through, unless for a customer or for all',
    ),
  status: z.enum(ticketStatuses).optional(),
  owner: z.union([z.literal('me'), z.literal('nobody'), id]).optional(),
  customer: id.optional(),
  tag: ticketTag.optional(),
  topic: ticketTopic.optional(),
  priority: z.enum(priorities).optional(),
  mailbox: id.optional(),
  language: text(20, 1).optional().describe('of the conversation, such as sl'),
  organisation: text(120, 1).optional().describe('of the customer'),
  field: z
    .union([fieldIs, z.array(fieldIs).max(5)])
    .optional()
    .describe('what custom fields say, as ID:value, such as 018f0000-0000-7000-8000-000000000000:yes'),
  channel: z.enum(channels).optional(),
  snoozed: z.enum(['yes', 'no']).optional().describe('no unless said otherwise'),
  followed: z.literal('me').optional(),
  where: z
    .union([ticketCondition, z.array(ticketCondition).max(mostConditions)])
    .optional()
    .describe('any other condition, each of which has to hold'),
}
export const viewFilter = z.strictObject(ticketFilter)
export type ViewFilter = z.infer<typeof viewFilter>

const ticketView = z.object({
  id,
  name: z.string(),
  shared: z.boolean(),
  filter: viewFilter,
  sort: z.enum(ticketSorts),
  lost: z
    .array(z.string())
    .describe(
      'what it asks in vain, as it stands in field or where: of a field or a choice that was removed; left out',
    ),
  count: z.int().nullable().describe('null: of solved ones, which are not counted; at most 1,000 are counted'),
})
export type TicketView = z.infer<typeof ticketView>
const givenView = z.strictObject({
  name: text(60, 1),
  shared: z.boolean().default(false),
  filter: viewFilter,
  sort: z.enum(ticketSorts).default('newest'),
})

/** Saved lists, and what lists are made of. */
export const ticketViews = {
  listViews: entry({
    method: 'GET',
    path: '/ticket-views',
    summary: 'Saved lists, one’s own and everybody’s, at most 100, with how many tickets stand in each',
    permission: 'tickets.read',
    reply: z.array(ticketView),
  }),
  counts: entry({
    method: 'GET',
    path: '/ticket-counts',
    summary: 'How many tickets stand in the lists that everybody has; at most 1,000 are counted in each',
    permission: 'tickets.read',
    reply: z.object({
      mine: z.int().nullable().describe('null for a key, which owns nothing'),
      nobody: z.int(),
      all: z.int(),
      snoozed: z.int(),
    }),
  }),
  createView: entry({
    method: 'POST',
    path: '/ticket-views',
    summary: 'Save a list; everybody’s by whoever manages the desk',
    permission: 'tickets.read',
    status: 201,
    body: givenView,
    reply: ticketView,
  }),
  changeView: entry({
    method: 'PUT',
    path: '/ticket-views/:id',
    summary: 'Change a saved list',
    permission: 'tickets.read',
    params: ticketParams,
    body: givenView,
    reply: ticketView,
  }),
  removeView: entry({
    method: 'DELETE',
    path: '/ticket-views/:id',
    summary: 'Remove a saved list',
    permission: 'tickets.read',
    params: ticketParams,
  }),
  narrowings: entry({
    method: 'GET',
    path: '/ticket-narrowings',
    summary:
      'By what lists can be narrowed besides what everybody knows: mailboxes, and languages of the newest tickets',
    permission: 'tickets.read',
    reply: z.object({
      mailboxes: z.array(
        z.object({
          ...{ id, name: z.string(), address: z.string() },
          addresses: z.array(z.string()).describe('from which its mail may leave'),
        }),
      ),
      writesFrom: z.string().nullable().describe('the address from which a new mail leaves unless another is chosen'),
      languages: z.array(z.string()),
    }),
  }),
  tags: entry({
    method: 'GET',
    path: '/ticket-tags',
    summary: 'Tags that begin with some letters, at most 50',
    permission: 'tickets.read',
    query: z.strictObject({ begins: text(40).default('') }),
    reply: z.array(z.string()),
  }),
} as const
