import { z } from 'zod'
import { entry } from './entry.ts'
import { namedCustomer } from './people.ts'
import { email, id, instant, page, pageQuery, text } from './values.ts'

/** new: nobody has answered yet; open: we are to answer; waiting: the customer is; on_hold: somebody else is. */
export const ticketStatuses = ['new', 'open', 'waiting', 'on_hold', 'solved', 'closed'] as const
export type TicketStatus = (typeof ticketStatuses)[number]
/** What a member may set: new and closed come about by themselves. */
export const settableStatuses = ['open', 'waiting', 'on_hold', 'solved'] as const
export const priorities = ['low', 'normal', 'high', 'urgent'] as const
export type Priority = (typeof priorities)[number]
export const channels = ['email', 'form', 'portal', 'api'] as const
export type Channel = (typeof channels)[number]
export const shelves = ['unsolved', 'solved', 'spam'] as const
export const ticketSorts = ['newest', 'waiting', 'priority'] as const
export const linkKinds = ['related', 'split', 'continues', 'stranger'] as const

const tag = text(40, 1).overwrite((given) => given.toLowerCase())
const topic = text(80, 1)
const namedMember = z.object({ id, name: z.string() })
const mailAddress = z.object({ name: z.string(), address: z.string() })
export type MailAddress = z.infer<typeof mailAddress>
/** One that a member may write to. */
export const givenAddress = z.strictObject({ name: text(120).default(''), address: email })

/** A ticket as a line of a list. */
export const ticketLine = z.object({
  id,
  number: z.int(),
  subject: z.string(),
  status: z.enum(ticketStatuses),
  priority: z.enum(priorities),
  owner: namedMember.nullable(),
  topic: z.string().nullable(),
  tags: z.array(z.string()),
  channel: z.enum(channels),
  customer: namedCustomer.nullable(),
  snoozedUntil: instant.nullable(),
  waitingSince: instant.nullable().describe('since when the customer has waited for us'),
  solvedAt: instant.nullable(),
  spam: z.boolean(),
  createdAt: instant,
  updatedAt: instant,
  lastAuthor: z.string(),
  lastExcerpt: z.string(),
  messages: z.int().describe('of the ticket itself, notes included'),
  mergedInto: z.object({ id, number: z.int() }).nullable(),
})
export type TicketLine = z.infer<typeof ticketLine>

export const attachment = z.object({
  id,
  name: z.string(),
  mediaType: z.string(),
  size: z.int().describe('bytes'),
  contentId: z.string().nullable().describe('where the HTML shows it; null: below the text'),
})
export type Attachment = z.infer<typeof attachment>

/** What became of a reply. undo: it can still be taken back; bounced: a server said afterwards that it is not there. */
export const deliveryStates = [
  'undo',
  'scheduled',
  'waiting',
  'sending',
  'sent',
  'uncertain',
  'failed',
  'bounced',
] as const
const delivery = z.object({
  state: z.enum(deliveryStates),
  at: instant.nullable().describe('when it was sent, or will be'),
  says: z.string().describe('what the mail server said last; empty when nothing'),
  status: z.string().nullable().describe('RFC 3463, such as 5.1.1'),
  mailId: id.nullable(),
})

export const ticketMessage = z.object({
  id,
  ticketId: id.describe('the ticket itself, or one that was merged into it'),
  kind: z.enum(['message', 'reply', 'note']),
  channel: z.enum(channels),
  author: z.object({
    kind: z.enum(['customer', 'member', 'other']).describe('other: nobody that we know, or the product itself'),
    id: id.nullable(),
    name: z.string(),
    address: z.string(),
  }),
  recipients: z.array(mailAddress),
  copies: z.array(mailAddress),
  blindCopies: z.array(mailAddress),
  subject: z.string(),
  text: z.string().describe('what was written, without what it quotes'),
  quoted: z.string().nullable().describe('the quoted rest'),
  html: z.string().nullable().describe('all of it, cleaned, to be shown in a sandboxed frame; null: plain text'),
  remoteImages: z.int().describe('how many pictures of other servers the HTML would show, which are held back'),
  attachments: z.array(attachment),
  automatic: z.boolean(),
  banners: z.array(z.string()).describe('what to know before trusting it, such as unverified_member, new_participant'),
  authentication: z
    .object({ spf: z.string().nullable(), dkim: z.string().nullable(), dmarc: z.string().nullable() })
    .nullable(),
  hasSource: z.boolean().describe('whether the mail as it came can be read'),
  delivery: delivery.nullable().describe('of a reply by mail'),
  at: instant,
})
export type TicketMessage = z.infer<typeof ticketMessage>

/** What happened to a ticket besides messages. */
export const ticketFact = z.object({
  id,
  type: z.string().describe('such as ticket.assigned'),
  at: instant,
  by: z.object({ kind: z.enum(['member', 'customer', 'key', 'system']), name: z.string() }),
  data: z.record(z.string(), z.unknown()),
})
export type TicketFact = z.infer<typeof ticketFact>

const draft = z.strictObject({
  kind: z.enum(['reply', 'note']),
  text: text(100_000).describe('with *marks* of Markdown; a picture that was uploaded stands as ![name](file:ID)'),
  recipients: z.array(givenAddress).max(20),
  copies: z.array(givenAddress).max(20).default([]),
  blindCopies: z.array(givenAddress).max(20).default([]),
  fileIds: z.array(id).max(20).default([]),
})
export type Draft = z.infer<typeof draft>

const reader = z.object({ member: namedMember, writes: z.boolean() })

export const ticket = ticketLine.extend({
  language: z.string().nullable(),
  mailbox: z.object({ id, name: z.string(), address: z.string() }).nullable(),
  followers: z.array(namedMember),
  following: z.boolean().describe('whether the member who asks does'),
  participants: z.array(mailAddress),
  sources: z.array(z.object({ id, number: z.int(), subject: z.string() })).describe('merged into it'),
  links: z.array(
    z.object({ id, number: z.int(), subject: z.string(), status: z.enum(ticketStatuses), kind: z.enum(linkKinds) }),
  ),
  probablySame: z
    .array(z.object({ id, number: z.int(), subject: z.string(), status: z.enum(ticketStatuses), updatedAt: instant }))
    .describe('tickets of the same customer that were open, or solved less than an hour before, when it came'),
  draft: draft.extend({ updatedAt: instant }).nullable().describe('of the member who asks'),
  readers: z.array(reader).describe('other members who have it open now'),
  touchpointId: id.nullable(),
  replyTo: z.array(mailAddress).describe('to whom a reply goes: the requester'),
})
export type Ticket = z.infer<typeof ticket>

/** One line of the conversation. */
export const ticketEntry = z.discriminatedUnion('type', [
  z.object({ type: z.literal('message'), at: instant, id, message: ticketMessage }),
  z.object({ type: z.literal('fact'), at: instant, id, fact: ticketFact }),
])
export type TicketEntry = z.infer<typeof ticketEntry>

/** Which tickets; all that is given has to hold. */
export const ticketFilter = {
  shelf: z.enum(shelves).optional().describe('unsolved unless said otherwise'),
  status: z.enum(ticketStatuses).optional(),
  owner: z.union([z.literal('me'), z.literal('nobody'), id]).optional(),
  customer: id.optional(),
  tag: tag.optional(),
  topic: topic.optional(),
  priority: z.enum(priorities).optional(),
  mailbox: id.optional(),
  channel: z.enum(channels).optional(),
  snoozed: z.enum(['yes', 'no']).optional().describe('no unless said otherwise'),
  followed: z.literal('me').optional(),
}
export const viewFilter = z.strictObject(ticketFilter)
export type ViewFilter = z.infer<typeof viewFilter>

const ticketView = z.object({
  id,
  name: z.string(),
  shared: z.boolean(),
  filter: viewFilter,
  sort: z.enum(ticketSorts),
  count: z.int().nullable().describe('null: of solved ones, which are not counted; at most 1,000 are counted'),
})
export type TicketView = z.infer<typeof ticketView>
const givenView = z.strictObject({
  name: text(60, 1),
  shared: z.boolean().default(false),
  filter: viewFilter,
  sort: z.enum(ticketSorts).default('newest'),
})

/** What can be changed in one ticket, or in many at once; what is left out stays. */
const change = {
  status: z.enum(settableStatuses).optional(),
  priority: z.enum(priorities).optional(),
  ownerId: id.nullable().optional().describe('null: nobody'),
  topic: topic.nullable().optional(),
  addTags: z.array(tag).max(50).optional(),
  removeTags: z.array(tag).max(50).optional(),
  spam: z.boolean().optional(),
  snoozedUntil: instant.nullable().optional(),
}
export const ticketChange = z.strictObject({
  ...change,
  subject: text(200, 1).optional(),
  customerId: id.optional(),
})
export type TicketChange = z.infer<typeof ticketChange>

/** The same of one among many; it may also put back exactly what another change has taken. */
const changeOfOne = z.strictObject({
  id,
  ...change,
  status: z.enum(ticketStatuses).optional().describe('new: open when somebody has answered'),
  since: z
    .strictObject({ waitingSince: instant.nullable(), solvedAt: instant.nullable() })
    .optional()
    .describe('of an undo: what the status brought with it'),
})

const ticketId = z.object({ id })

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
      topic: topic.optional(),
      tags: z.array(tag).max(20).default([]),
      priority: z.enum(priorities).default('normal'),
      by: z
        .enum(['customer', 'member'])
        .default('customer')
        .describe('who wrote the text: what a member writes is sent to the customer'),
    }),
    reply: ticket,
  }),
  get: entry({
    method: 'GET',
    path: '/tickets/:id',
    summary: 'One ticket with all that stands beside its conversation',
    permission: 'tickets.read',
    params: ticketId,
    reply: ticket,
  }),
  entries: entry({
    method: 'GET',
    path: '/tickets/:id/entries',
    summary: 'What was written and what happened, newest first; messages of merged tickets among them',
    permission: 'tickets.read',
    params: ticketId,
    query: z.object(pageQuery),
    reply: page(ticketEntry),
  }),
  change: entry({
    method: 'PATCH',
    path: '/tickets/:id',
    summary: 'Change a ticket',
    permission: 'tickets.write',
    params: ticketId,
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
    summary: 'Tickets by number, address or words in them: the best of the newest 1,000 that match',
    permission: 'tickets.read',
    query: z.strictObject({ query: text(200, 1), limit: pageQuery.limit }),
    reply: z.object({ items: z.array(ticketLine), more: z.boolean() }),
  }),

  write: entry({
    method: 'POST',
    path: '/tickets/:id/messages',
    summary: 'Write a reply to the customer or a note for members; a reply leaves after ten seconds',
    permission: 'tickets.write',
    params: ticketId,
    status: 201,
    keyed: true,
    body: draft.omit({ recipients: true, text: true }).extend({
      text: text(100_000, 1),
      recipients: z.array(givenAddress).max(20).optional().describe('the requester when left out'),
      status: z.enum(settableStatuses).optional().describe('set with it'),
      sendAt: instant.optional().describe('later'),
      seen: id
        .optional()
        .describe('the greatest id among the entries that its writer has seen: messages that came later stop it'),
      macroId: id.optional().describe('which is counted as used'),
    }),
    reply: ticketMessage,
  }),
  takeBack: entry({
    method: 'DELETE',
    path: '/ticket-messages/:id',
    summary: 'Take back a reply that has not left yet; it is the draft again',
    permission: 'tickets.write',
    params: ticketId,
    reply: draft,
  }),
  resend: entry({
    method: 'POST',
    path: '/ticket-messages/:id/resend',
    summary: 'Send a reply once more that failed, or of which nobody knows whether it arrived',
    permission: 'tickets.write',
    params: ticketId,
  }),
  saveDraft: entry({
    method: 'PUT',
    path: '/tickets/:id/draft',
    summary: 'Keep what is being written; found again on another device',
    permission: 'tickets.write',
    params: ticketId,
    body: draft,
  }),
  dropDraft: entry({
    method: 'DELETE',
    path: '/tickets/:id/draft',
    summary: 'Throw away what was being written',
    permission: 'tickets.write',
    params: ticketId,
  }),
  source: entry({
    method: 'GET',
    path: '/ticket-messages/:id/source',
    summary: 'The mail as it came',
    permission: 'tickets.read',
    params: ticketId,
    content: 'file',
  }),
  page: entry({
    method: 'GET',
    path: '/ticket-messages/:id/page',
    summary:
      'A message as its writer made it, as a page that runs nothing, and loads pictures of other servers only when asked to',
    permission: 'tickets.read',
    params: ticketId,
    query: z.strictObject({ images: z.enum(['yes', 'no']).default('no') }),
    content: 'file',
  }),
  acceptAuthor: entry({
    method: 'PUT',
    path: '/ticket-messages/:id/author',
    summary: 'Say that an unverified mail really is by the member whose address it bears: it counts as their answer',
    permission: 'tickets.write',
    params: ticketId,
    reply: ticketMessage,
  }),
  attach: entry({
    method: 'POST',
    path: '/files',
    summary: 'Upload what is to be attached; gone after a week when nothing was sent with it',
    permission: 'tickets.write',
    query: z.strictObject({ name: text(200, 1) }),
    content: 'upload',
    mostBytes: 25 * 1024 * 1024,
    status: 201,
    reply: attachment,
  }),
  file: entry({
    method: 'GET',
    path: '/files/:id',
    summary: 'What is attached, as it is',
    permission: 'tickets.read',
    params: ticketId,
    content: 'file',
  }),

  merge: entry({
    method: 'PUT',
    path: '/tickets/:id/merge',
    summary: 'Merge this ticket into another: that one shows its messages, nothing is moved',
    permission: 'tickets.write',
    params: ticketId,
    body: z.strictObject({ intoId: id }),
    reply: ticket,
  }),
  unmerge: entry({
    method: 'DELETE',
    path: '/tickets/:id/merge',
    summary: 'Take a merge back; what answered this ticket’s mails meanwhile is its own again',
    permission: 'tickets.write',
    params: ticketId,
    reply: ticket,
  }),
  split: entry({
    method: 'POST',
    path: '/ticket-messages/:id/split',
    summary: 'Make a ticket of its own of one message; merging it takes that back',
    permission: 'tickets.write',
    params: ticketId,
    status: 201,
    reply: ticket,
  }),
  follow: entry({
    method: 'PUT',
    path: '/tickets/:id/follow',
    summary: 'Be told of what happens in this ticket',
    permission: 'tickets.read',
    params: ticketId,
  }),
  unfollow: entry({
    method: 'DELETE',
    path: '/tickets/:id/follow',
    summary: 'Be told no more',
    permission: 'tickets.read',
    params: ticketId,
  }),
  read: entry({
    method: 'PUT',
    path: '/tickets/:id/reader',
    summary: 'Say that one has the ticket open, for the next 30 seconds, and who else has',
    permission: 'tickets.read',
    params: ticketId,
    body: z.strictObject({ writes: z.boolean() }),
    reply: z.object({ readers: z.array(reader) }),
  }),
  leave: entry({
    method: 'DELETE',
    path: '/tickets/:id/reader',
    summary: 'Say that one has left it',
    permission: 'tickets.read',
    params: ticketId,
  }),

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
    params: ticketId,
    body: givenView,
    reply: ticketView,
  }),
  removeView: entry({
    method: 'DELETE',
    path: '/ticket-views/:id',
    summary: 'Remove a saved list',
    permission: 'tickets.read',
    params: ticketId,
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
