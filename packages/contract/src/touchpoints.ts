import { z } from 'zod'
import { entry } from './entry.ts'
import { answerEntry, customerReference, namedCustomer } from './people.ts'
import { attributes, id, instant, localDate, page, pageQuery, text } from './values.ts'

/** What every help desk tells of an interaction; kept among its attributes, so that answers can be divided by it. */
const told = {
  outcome: text(200, 1).optional(),
  channel: text(200, 1).optional(),
  topic: text(200, 1).optional(),
  team: text(200, 1).optional(),
  agent: text(200, 1).optional(),
}
export const toldAttributes = ['outcome', 'channel', 'topic', 'team', 'agent'] as const

/** One interaction as another program reports it. */
export const touchpointReport = z.strictObject({
  externalId: text(200, 1).optional().describe('the same id again is the same touchpoint'),
  kind: text(60, 1).describe('ticket, call, chat, visit, order, article …'),
  startedAt: instant.optional(),
  endedAt: instant.nullable().optional().describe('when it was over; left out while it runs, null opens it again'),
  ...told,
  customer: customerReference.optional(),
  attributes: attributes.optional(),
})
export type TouchpointReport = z.infer<typeof touchpointReport>

export const reportResult = z.discriminatedUnion('status', [
  z.object({ index: z.int(), status: z.literal('accepted'), id }),
  z.object({ index: z.int(), status: z.literal('repeated'), id }).describe('known already: what was given replaced it'),
  z.object({ index: z.int(), status: z.literal('refused'), code: z.string(), field: z.string(), message: z.string() }),
])
export type ReportResult = z.infer<typeof reportResult>

export const touchpoint = z.object({
  id,
  externalId: z.string().nullable(),
  kind: z.string(),
  startedAt: instant.nullable(),
  endedAt: instant.nullable(),
  reportedAt: instant,
  decided: z.boolean().describe('whether it was decided whether to ask about it; the ledger says what, and when'),
  attributes: z.record(z.string(), z.string()),
  customer: namedCustomer.nullable(),
})
export type Touchpoint = z.infer<typeof touchpoint>
const touchpointWithAnswers = touchpoint.extend({ answers: z.array(answerEntry) })

const touchpointId = z.object({ id })

export const helpDesks = ['zendesk', 'freshdesk', 'zammad'] as const
export const inboundHook = z.object({
  id,
  system: z.enum(helpDesks),
  name: z.string(),
  url: z.string().nullable().describe('where it sends; null until the workspace has a name that leads to it'),
  hasSecret: z.boolean().describe('nothing is taken before'),
  createdAt: instant,
  lastReceivedAt: instant.nullable(),
})
export type InboundHook = z.infer<typeof inboundHook>
export const untakenReasons = [
  'bad_signature',
  'not_json',
  'not_a_ticket',
  'no_ticket',
  'not_solved',
  'unknown_ticket',
  'older',
  'asked_already',
] as const
export type UntakenReason = (typeof untakenReasons)[number]
const untakenReason = z
  .enum(untakenReasons)
  .describe(
    'not_a_ticket: its fields cannot be read; no_ticket: it tells of no ticket; not_solved: nor is it opened again; ' +
      'unknown_ticket: opened again without having been solved here; older: something later is known of it already; ' +
      'asked_already: opened again after somebody was written to',
  )
const untaken = z.object({
  id,
  at: instant,
  reason: untakenReason,
  ticket: z.string().nullable().describe('its external id, as far as it could be read'),
  status: z.string().nullable().describe('as the help desk calls it'),
})
export type Untaken = z.infer<typeof untaken>

const givenSecret = z.object({
  secret: z.string().nullable().describe('shown once; null when you have given it, or when it is still to be given'),
  hook: inboundHook,
})

export const touchpoints = {
  report: entry({
    method: 'POST',
    path: '/touchpoints',
    summary: 'Report one touchpoint, or up to 1,000 at once; each is accepted or refused by itself',
    permission: 'touchpoints.write',
    body: z.union([
      touchpointReport,
      z.strictObject({ touchpoints: z.array(z.unknown()).min(1).max(1000).describe('each as a single touchpoint') }),
    ]),
    reply: z.object({ results: z.array(reportResult) }),
    // A thousand with long attributes.
    mostBytes: 8 * 1024 * 1024,
  }),
  list: entry({
    method: 'GET',
    path: '/touchpoints',
    summary:
      'Touchpoints, the newest first. A search lists those whose external id begins with it, in the order of these, and after them the newest of customers who hold it. By topic, team, agent, channel or outcome 20,000 are looked at for a page, so that one may hold fewer than others, or none, and still name the next',
    permission: 'touchpoints.read',
    query: z.object({
      ...pageQuery,
      kind: text(60, 1).optional(),
      customer: id.optional(),
      ...told,
      state: z.enum(['open', 'ended']).optional(),
      from: localDate.optional(),
      to: localDate.optional(),
      search: text(200)
        .optional()
        .describe(
          'how the external id begins, or a part of what the customer is called: name, address, phone, organisation',
        ),
    }),
    reply: page(touchpoint),
  }),
  kinds: entry({
    method: 'GET',
    path: '/touchpoint-kinds',
    summary: 'The kinds of touchpoints that there are, at most 200',
    permission: 'touchpoints.read',
    reply: z.array(z.string()),
  }),
  values: entry({
    method: 'GET',
    path: '/touchpoint-values',
    summary:
      'What the newest 20,000 touchpoints tell as their topic, team, agent, channel and outcome: of each the 200 most frequent values, the most frequent first',
    permission: 'touchpoints.read',
    reply: z.record(z.enum(toldAttributes), z.array(z.string())),
  }),
  get: entry({
    method: 'GET',
    path: '/touchpoints/:id',
    summary: 'One touchpoint with its customer and the answers about it',
    permission: 'touchpoints.read',
    params: touchpointId,
    reply: touchpointWithAnswers,
  }),
  change: entry({
    method: 'PATCH',
    path: '/touchpoints/:id',
    summary:
      'Change one touchpoint; once it was decided whether to ask about it, only its attributes. Opened again before anybody was written to, it is decided anew',
    permission: 'touchpoints.write',
    params: touchpointId,
    body: touchpointReport.omit({ externalId: true }).partial(),
    reply: touchpointWithAnswers,
  }),

  listHooks: entry({
    method: 'GET',
    path: '/inbound-hooks',
    summary: 'Addresses that help desks send their solved tickets to, newest first',
    permission: 'keys.manage',
    query: z.object({ ...pageQuery, after: id.optional() }),
    reply: page(inboundHook),
  }),
  createHook: entry({
    method: 'POST',
    path: '/inbound-hooks',
    summary:
      'Make an address for a help desk; its secret is shown once. Zendesk makes its own, which is given afterwards',
    permission: 'keys.manage',
    status: 201,
    body: z.strictObject({ system: z.enum(helpDesks), name: text(80, 1) }),
    reply: givenSecret,
  }),
  setHookSecret: entry({
    method: 'PUT',
    path: '/inbound-hooks/:id/secret',
    summary: 'Give the secret that the help desk signs with, or have a new one made; the old one ends at once',
    permission: 'keys.manage',
    params: touchpointId,
    body: z.strictObject({ secret: text(200, 8).optional() }),
    reply: givenSecret,
  }),
  listUntaken: entry({
    method: 'GET',
    path: '/inbound-hooks/:id/untaken',
    summary: 'What came to this address and nothing became of, with the reason, the last 200, newest first',
    permission: 'keys.manage',
    params: touchpointId,
    query: z.object({ ...pageQuery, after: id.optional() }),
    reply: page(untaken),
  }),
  removeHook: entry({
    method: 'DELETE',
    path: '/inbound-hooks/:id',
    summary: 'Take nothing more from this address',
    permission: 'keys.manage',
    params: touchpointId,
  }),
  receive: entry({
    method: 'POST',
    path: '/inbound/:system/:hookId',
    summary:
      'What a help desk sends when a ticket is solved, or opened again, signed by its own scheme; see docs/integrate',
    permission: null,
    params: z.object({ system: z.enum(helpDesks), hookId: id }),
    content: 'upload',
    mostBytes: 1024 * 1024,
    reply: z.object({
      status: z
        .enum(['accepted', 'repeated', 'reopened', 'ignored'])
        .describe('reopened: it is asked about once it is solved again; ignored: nothing became of it'),
      id: id.nullable(),
      reason: untakenReason.nullable().describe('why it was ignored'),
    }),
  }),
} as const
