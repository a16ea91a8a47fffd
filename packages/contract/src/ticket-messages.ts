import { z } from 'zod'
import { entry } from './entry.ts'
import { channels, givenAddress, mailAddress, settableStatuses, ticketParams } from './ticket-lines.ts'
import { email, id, instant, text } from './values.ts'

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
  kind: z.enum(['message', 'reply', 'note', 'forward']),
  outside: z.boolean().describe('of somebody whom the desk has asked: not of the customer, who does not see it'),
  forwards: z.array(id).describe('of a forward: the messages in it'),
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
  delivery: delivery
    .nullable()
    .describe('of a reply by mail; of a customer’s message only where its confirmation did not arrive: bounced'),
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

/** Of what a ticket has one, or several of which one came or went. */
export const historyParts = [
  ...(['status', 'owner', 'priority', 'topic', 'tag', 'field', 'customer', 'organisation', 'subject'] as const),
  ...(['language', 'snoozed', 'follower', 'link', 'merged', 'source', 'split'] as const),
] as const
/** What a ticket is, has, or is called: before and after. */
const historyChange = z.object({
  of: z.enum(historyParts),
  name: z.string().nullable().describe('of a field its name, of a link its kind'),
  from: z
    .string()
    .nullable()
    .describe('people by their names, tickets by their numbers, moments as such; null: nothing, or nobody'),
  to: z.string().nullable(),
})
export type HistoryChange = z.infer<typeof historyChange>
export const historyEntry = ticketFact.extend({
  ticketNumber: z.int().describe('of the ticket itself, or of one that was merged into it'),
  changes: z.array(historyChange).describe('empty: what happened has no before and after'),
})
export type HistoryEntry = z.infer<typeof historyEntry>

const macroParts = ['status', 'priority', 'addTags', 'topic', 'assignToMe'] as const

export const ticketDraft = z.strictObject({
  kind: z.enum(['reply', 'note', 'forward']).describe('forward: to somebody outside; the customer does not see it'),
  text: text(100_000).describe('with *marks* of Markdown; a picture that was uploaded stands as ![name](file:ID)'),
  recipients: z.array(givenAddress).max(20),
  copies: z.array(givenAddress).max(20).default([]),
  blindCopies: z.array(givenAddress).max(20).default([]),
  from: email
    .optional()
    .describe('from which of the mailbox’s addresses it leaves; that to which the customer wrote when left out'),
  fileIds: z.array(id).max(20).default([]),
  messageIds: z
    .array(id)
    .max(20)
    .default([])
    .describe('of a forward: what is forwarded, with all that is attached to it'),
  seen: id.optional().describe('the greatest id among the entries that its writer had seen'),
  macroId: id.optional().describe('whose text was taken: when this is sent, it is counted as used'),
  leftOut: z.array(z.enum(macroParts)).max(macroParts.length).optional().describe('what it would do, and does not'),
})
export type Draft = z.infer<typeof ticketDraft>
const draftToKeep = z.strictObject({
  ...ticketDraft.shape,
  over: text(100_000)
    .optional()
    .describe(
      'the text that its writer last knew to be kept here. Where another device has kept something else since, both ' +
        'stand in what is kept. Left out: whatever is kept is written over',
    ),
})
export type DraftToKeep = z.infer<typeof draftToKeep>
export type TakenBack = Draft & { newTicket: { subject: string } | null }

/** What is written in a ticket, and what is attached to it. */
export const ticketMessages = {
  write: entry({
    method: 'POST',
    path: '/tickets/:id/messages',
    summary:
      'Write a reply to the customer, a note for members, or forward messages to somebody else; mails leave after ten seconds',
    permission: 'tickets.write',
    params: ticketParams,
    status: 201,
    keyed: true,
    body: ticketDraft
      .omit({ recipients: true, text: true })
      .extend({
        text: text(100_000),
        recipients: z
          .array(givenAddress)
          .max(20)
          .optional()
          .describe('the requester when left out; of a forward they are given'),
        status: z.enum(settableStatuses).optional().describe('set with it'),
        sendAt: instant.optional().describe('later'),
        seen: id
          .optional()
          .describe('the greatest id among the entries that its writer has seen: messages that came later stop it'),
        over: draftToKeep.shape.over.describe(
          'the text that its writer last knew to be kept as their draft. What another device has kept since stays a ' +
            'draft. Left out: no draft stays',
        ),
      })
      .refine(({ kind, text: written, fileIds }) => kind === 'forward' || written !== '' || fileIds.length > 0, {
        message: 'not_empty',
        path: ['text'],
      })
      .refine(({ kind, messageIds }) => (kind === 'forward') === messageIds.length > 0, {
        message: 'what_is_forwarded',
        path: ['messageIds'],
      })
      .refine(({ kind, recipients }) => kind !== 'forward' || (recipients ?? []).length > 0, {
        message: 'forwarded_to_whom',
        path: ['recipients'],
      }),
    reply: ticketMessage,
  }),
  takeBack: entry({
    method: 'DELETE',
    path: '/ticket-messages/:id',
    summary: 'Take back a reply that has not left yet; it is the draft again',
    permission: 'tickets.write',
    params: ticketParams,
    reply: ticketDraft.extend({
      newTicket: z
        .object({ subject: z.string() })
        .nullable()
        .describe('of a ticket that was begun with it and held nothing else: it is there no more'),
    }),
  }),
  resend: entry({
    method: 'POST',
    path: '/ticket-messages/:id/resend',
    summary: 'Send a reply once more that failed, or of which nobody knows whether it arrived',
    permission: 'tickets.write',
    params: ticketParams,
  }),
  saveDraft: entry({
    method: 'PUT',
    path: '/tickets/:id/draft',
    summary:
      'Keep what is being written; found again on another device. Answers what is kept now; what says nothing is not',
    permission: 'tickets.write',
    params: ticketParams,
    body: draftToKeep,
    reply: ticketDraft,
  }),
  dropDraft: entry({
    method: 'DELETE',
    path: '/tickets/:id/draft',
    summary: 'Throw away what was being written',
    permission: 'tickets.write',
    params: ticketParams,
  }),
  source: entry({
    method: 'GET',
    path: '/ticket-messages/:id/source',
    summary: 'The mail as it came',
    permission: 'tickets.read',
    params: ticketParams,
    content: 'file',
  }),
  page: entry({
    method: 'GET',
    path: '/ticket-messages/:id/page',
    summary:
      'A message as its writer made it, as a page that runs nothing, and shows pictures of other servers only when asked to',
    permission: 'tickets.read',
    params: ticketParams,
    query: z.strictObject({ images: z.enum(['yes', 'no']).default('no') }),
    content: 'file',
  }),
  picture: entry({
    method: 'GET',
    path: '/ticket-messages/:id/pictures/:place',
    summary:
      'A picture of another server that a message shows, fetched for its reader: its server learns nothing of them',
    permission: 'tickets.read',
    params: z.object({ id, place: z.coerce.number().int().min(0).max(9_999).describe('the first is 0') }),
    content: 'file',
  }),
  acceptAuthor: entry({
    method: 'PUT',
    path: '/ticket-messages/:id/author',
    summary:
      'Say that an unverified mail really is by the member whose address it bears: it counts as their answer, or as their note where it answers what is for members',
    permission: 'tickets.write',
    params: ticketParams,
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
    params: ticketParams,
    content: 'file',
  }),
} as const
