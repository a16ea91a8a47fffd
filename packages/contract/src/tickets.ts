import { z } from 'zod'
import { entry } from './entry.ts'
import {
  givenAddress,
  givenLinkKinds,
  linkKinds,
  mailAddress,
  namedMember,
  priorities,
  settableStatuses,
  snoozedUntil,
  ticketLanguage,
  ticketLine,
  ticketParams,
  ticketSorts,
  ticketStatuses,
  ticketTag,
  ticketTopic,
} from './ticket-lines.ts'
import { historyEntry, ticketDraft, ticketFact, ticketMessage, ticketMessages } from './ticket-messages.ts'
import { ticketFilter, ticketViews } from './ticket-views.ts'
import { email, id, instant, language, page, pageQuery, text } from './values.ts'

export * from './ticket-conditions.ts'
export * from './ticket-lines.ts'
export * from './ticket-messages.ts'
export * from './ticket-views.ts'

const reader = z.object({ member: namedMember, writes: z.boolean() })

export const ticket = ticketLine.extend({
  language: z.string().nullable(),
  mailbox: z
    .object({
      id,
      name: z.string(),
      address: z.string(),
      addresses: z.array(z.string()).describe('from which a reply may leave'),
      answersFrom: z.string().describe('from which it does unless another is chosen: where the customer wrote to'),
    })
    .nullable(),
  followers: z.array(namedMember).describe('also of what was merged into it'),
  following: z.boolean().describe('whether the member who asks does'),
  participants: z
    .array(mailAddress.extend({ outside: z.boolean().describe('only asked by the desk') }))
    .describe('also in what was merged into it'),
  sources: z.array(z.object({ id, number: z.int(), subject: z.string() })).describe('merged into it'),
  links: z.array(
    z.object({
      ...{ id, number: z.int(), subject: z.string(), status: z.enum(ticketStatuses), kind: z.enum(linkKinds) },
      ofId: id.describe('which ticket it is linked with: this one, or one that was merged into it'),
    }),
  ),
  tried: z
    .array(
      z.object({
        kind: z.enum(['search', 'article']),
        text: z.string().describe('what was searched for, addresses and long numbers masked; the title of the article'),
        articleId: id.nullable().describe('null: a search, or an article that is gone'),
        language: language.nullable().describe('in which the article was read'),
      }),
    )
    .describe('what the customer had searched for and read before they sent it, in that order'),
  probablySame: z
    .array(z.object({ id, number: z.int(), subject: z.string(), status: z.enum(ticketStatuses), updatedAt: instant }))
    .describe('tickets of the same customer that were open, or solved less than an hour before, when it came'),
  draft: ticketDraft.extend({ updatedAt: instant }).nullable().describe('of the member who asks'),
  readers: z.array(reader).describe('other members who have it open now'),
  touchpointId: id.nullable(),
  earlierTouchpointIds: z
    .array(id)
    .describe('those that it was before it was opened again more than a week after it was solved, newest first'),
  replyTo: z.array(mailAddress).describe('to whom a reply goes: the requester'),
  alsoAsked: z.array(mailAddress).describe('customers of what was merged into it, to whom a reply may go as well'),
})
export type Ticket = z.infer<typeof ticket>

/** One line of the conversation. */
export const ticketEntry = z.discriminatedUnion('type', [
  z.object({ type: z.literal('message'), at: instant, id, message: ticketMessage }),
  z.object({ type: z.literal('fact'), at: instant, id, fact: ticketFact }),
])
export type TicketEntry = z.infer<typeof ticketEntry>

/** What can be changed in one ticket, or in many at once; what is left out stays. */
const change = {
  status: z.enum(settableStatuses).optional(),
  noAnswer: z
    .literal(true)
    .optional()
    .describe('no answer is needed: solved, as of when it was before; whoever was to be asked about it still is'),
  priority: z.enum(priorities).optional(),
  ownerId: id.nullable().optional().describe('null: nobody'),
  topic: ticketTopic.nullable().optional(),
  addTags: z.array(ticketTag).max(50).optional(),
  removeTags: z.array(ticketTag).max(50).optional(),
  spam: z.boolean().optional(),
  subject: text(200, 1).optional(),
  language: ticketLanguage.nullable().optional().describe('in which one writes to the customer; null: not known'),
  customerId: id.nullable().optional().describe('who asks; null: nobody that is known'),
  customer: givenAddress.optional().describe('who asks, by address; whoever is not known yet becomes a customer'),
  snoozedUntil: snoozedUntil.nullable().optional().describe('reply: until the customer writes'),
}
type Rule<T> = [holds: (given: T) => boolean, refusal: { message: string; path: string[] }]

/** Solved without an answer is a status of its own. */
const oneStatus: Rule<{ status?: string; noAnswer?: true }> = [
  ({ status, noAnswer }) => status === undefined || noAnswer === undefined,
  { message: 'status_or_no_answer', path: ['noAnswer'] },
]
const oneCustomer: Rule<{ customerId?: string | null; customer?: object }> = [
  ({ customerId, customer }) => customerId === undefined || customer === undefined,
  { message: 'one_customer_only', path: ['customer'] },
]
export const ticketChange = z
  .strictObject(change)
  .refine(...oneStatus)
  .refine(...oneCustomer)
export type TicketChange = z.infer<typeof ticketChange>

/** What a change has left behind, as far as it has changed it. */
const still = z
  .strictObject({
    status: z.enum(ticketStatuses),
    waitingSince: instant.nullable(),
    solvedAt: instant.nullable(),
    messages: z.int().min(0).describe('of the ticket itself, notes included'),
    priority: z.enum(priorities),
    ownerId: id.nullable(),
    topic: ticketTopic.nullable(),
    withTags: z.array(ticketTag).max(100),
    withoutTags: z.array(ticketTag).max(100),
    spam: z.boolean(),
    subject: text(200),
    language: z.string().max(100).nullable(),
    customerId: id.nullable(),
    snoozedUntil: snoozedUntil.nullable(),
  })
  .partial()

/** The same of one among many; it may also put back exactly what another change has taken. */
const changeOfOne = z
  .strictObject({
    id,
    ...change,
    status: z.enum(ticketStatuses).optional().describe('new: open when somebody has answered'),
    since: z
      .strictObject({ waitingSince: instant.nullable(), solvedAt: instant.nullable() })
      .optional()
      .describe('of an undo: what the status brought with it'),
    ifStill: still
      .optional()
      .describe('of an undo: only a ticket that is still so is changed; what somebody changed since stays'),
  })
  .refine(...oneStatus)
  .refine(...oneCustomer)

const linkParams = ticketParams.extend({ linkedId: id })
const linkOfTwo = z.strictObject({
  id,
  linkedId: id,
  kind: z.enum(givenLinkKinds).nullable().describe('as the first sees the second; null: members say nothing of them'),
})
const mergeOfOne = z.strictObject({ id, intoId: id.nullable().describe('null: it stands in no other any more') })

export const tickets = {
  list: entry({
    method: 'GET',
    path: '/tickets',
    summary: 'Tickets: unsolved ones that are not snoozed, newest activity first, unless said otherwise',
    permission: 'tickets.read',
    query: z.strictObject({ ...pageQuery, ...ticketFilter, sort: z.enum(ticketSorts).default('newest') }),
    reply: page(ticketLine),
  }),
  create: entry({
    method: 'POST',
    path: '/tickets',
    summary: 'A ticket that a customer has told by another way, or that a member begins',
    permission: 'tickets.write',
    status: 201,
    keyed: true,
    body: z.strictObject({
      subject: text(200, 1),
      text: text(100_000, 1),
      from: givenAddress.describe('the customer'),
      topic: ticketTopic.optional(),
      tags: z.array(ticketTag).max(20).default([]),
      priority: z.enum(priorities).default('normal'),
      by: z
        .enum(['customer', 'member'])
        .default('customer')
        .describe('who wrote the text: what a member writes is sent to the customer'),
      sentFrom: email
        .optional()
        .describe(
          'from which own address a member’s text leaves; where answers go too. The first mailbox’s when left out',
        ),
    }),
    reply: ticket,
  }),
  get: entry({
    method: 'GET',
    path: '/tickets/:id',
    summary: 'One ticket with all that stands beside its conversation',
    permission: 'tickets.read',
    params: ticketParams,
    reply: ticket,
  }),
  entries: entry({
    method: 'GET',
    path: '/tickets/:id/entries',
    summary: 'What was written and what happened, newest first; messages of merged tickets among them',
    permission: 'tickets.read',
    params: ticketParams,
    query: z.object(pageQuery),
    reply: page(ticketEntry),
  }),
  history: entry({
    method: 'GET',
    path: '/tickets/:id/history',
    summary:
      'Every change of a ticket and of what was merged into it: from what to what, by whom and when, newest first',
    permission: 'tickets.read',
    params: ticketParams,
    query: z.object(pageQuery),
    reply: page(historyEntry),
  }),
  change: entry({
    method: 'PATCH',
    path: '/tickets/:id',
    summary: 'Change a ticket',
    permission: 'tickets.write',
    params: ticketParams,
    body: ticketChange,
    reply: ticket,
  }),
  changeMany: entry({
    method: 'POST',
    path: '/ticket-changes',
    summary: 'Change up to 200 tickets alike; the reply can be sent back as an undo',
    permission: 'tickets.write',
    body: z.strictObject({
      changes: z.array(changeOfOne).min(1).max(200),
    }),
    reply: z.object({
      undo: z.array(changeOfOne).describe('what takes it all back'),
      missing: z.array(id).describe('those that are not there, or were merged into another'),
      changedSince: z
        .array(z.object({ id, number: z.int() }))
        .describe('of an undo: those that somebody has changed since, which stay as they are'),
    }),
  }),
  next: entry({
    method: 'POST',
    path: '/tickets/next',
    summary: 'What matters most: by priority, then waiting longest; not what somebody else owns or has open',
    permission: 'tickets.write',
    body: z.strictObject({ skip: z.array(id).max(200).default([]) }),
    reply: z.object({ ticket: ticketLine.nullable() }),
  }),
  search: entry({
    method: 'GET',
    path: '/ticket-search',
    summary:
      'Tickets by words in them, number, subject, tags, custom fields, names of files, and who asks, by parts of their name, address, phone and organisation: the best of the newest 1,000 that match',
    permission: 'tickets.read',
    query: z.strictObject({ query: text(200, 1), limit: pageQuery.limit }),
    reply: z.object({ items: z.array(ticketLine), more: z.boolean() }),
  }),

  merge: entry({
    method: 'PUT',
    path: '/tickets/:id/merge',
    summary: 'Merge this ticket into another: that one shows its messages, nothing is moved',
    permission: 'tickets.write',
    params: ticketParams,
    body: z.strictObject({ intoId: id }),
    reply: ticket,
  }),
  mergeMany: entry({
    method: 'POST',
    path: '/ticket-merges',
    summary: 'Merge up to 200 tickets, all or none; the reply can be sent back as an undo',
    permission: 'tickets.write',
    body: z.strictObject({ merges: z.array(mergeOfOne).min(1).max(200) }),
    reply: z.object({ undo: z.array(mergeOfOne).describe('what takes it all back') }),
  }),
  unmerge: entry({
    method: 'DELETE',
    path: '/tickets/:id/merge',
    summary: 'Take a merge back; what answered this ticket’s mails meanwhile is its own again',
    permission: 'tickets.write',
    params: ticketParams,
    reply: ticket,
  }),
  split: entry({
    method: 'POST',
    path: '/ticket-messages/:id/split',
    summary: 'Make a ticket of its own of one message; merging it takes that back',
    permission: 'tickets.write',
    params: ticketParams,
    status: 201,
    reply: ticket,
  }),
  link: entry({
    method: 'PUT',
    path: '/tickets/:id/links/:linkedId',
    summary: 'Say how this ticket belongs together with another; both show it, once',
    permission: 'tickets.write',
    params: linkParams,
    body: z.strictObject({
      kind: z
        .enum(givenLinkKinds)
        .describe('causes: this ticket is why there is the other; caused_by: the other way round'),
    }),
    reply: ticket,
  }),
  linkMany: entry({
    method: 'POST',
    path: '/ticket-links',
    summary: 'Say how up to 200 pairs of tickets belong together, all or none; the reply can be sent back as an undo',
    permission: 'tickets.write',
    body: z.strictObject({ links: z.array(linkOfTwo).min(1).max(200) }),
    reply: z.object({ undo: z.array(linkOfTwo).describe('what takes it all back') }),
  }),
  unlink: entry({
    method: 'DELETE',
    path: '/tickets/:id/links/:linkedId',
    summary: 'Take back what members have said of two tickets',
    permission: 'tickets.write',
    params: linkParams,
    reply: ticket,
  }),
  follow: entry({
    method: 'PUT',
    path: '/tickets/:id/follow',
    summary: 'Be told of what happens in this ticket',
    permission: 'tickets.read',
    params: ticketParams,
  }),
  unfollow: entry({
    method: 'DELETE',
    path: '/tickets/:id/follow',
    summary: 'Be told no more',
    permission: 'tickets.read',
    params: ticketParams,
  }),
  read: entry({
    method: 'PUT',
    path: '/tickets/:id/reader',
    summary: 'Say that one has the ticket open, for the next 30 seconds, and who else has',
    permission: 'tickets.read',
    params: ticketParams,
    body: z.strictObject({ writes: z.boolean() }),
    reply: z.object({ readers: z.array(reader) }),
  }),
  leave: entry({
    method: 'DELETE',
    path: '/tickets/:id/reader',
    summary: 'Say that one has left it',
    permission: 'tickets.read',
    params: ticketParams,
  }),

  ...ticketMessages,
  ...ticketViews,
} as const
