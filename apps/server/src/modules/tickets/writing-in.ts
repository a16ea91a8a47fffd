import type { Channel, Draft, MailAddress, TicketStatus } from '@lahko/contract/tickets'
import type { Fact } from '#platform/events.ts'
import { uuidv7 } from '#platform/identifiers.ts'
import { Problem } from '#platform/problem.ts'
import type { Tx } from '#platform/store.ts'
import { isTakenForThanks, thanksBanner } from './desk-rules.ts'
import { plainOfText } from './markup.ts'
import { viewSnooze } from './snoozing.ts'
import { standingOf } from './standing.ts'
import { tell, type Untold } from './telling.ts'
import { insertAttachments, insertMessage, type MessageKind, type MessageRow } from './ticket-messages.queries.ts'
import { findMergesOf, lockTicketOrTarget, updateTicket, type TicketRow } from './tickets.queries.ts'

/** What somebody wrote, before it stands in a ticket. Everything is clean text; `html` has been through the sanitiser. */
export type Writing = {
  kind: MessageKind
  channel: Channel
  author: { memberId?: string; customerId?: string; name: string; address: string }
  text: string
  html?: string
  subject?: string
  recipients?: readonly MailAddress[]
  copies?: readonly MailAddress[]
  blindCopies?: readonly MailAddress[]
  attachments?: readonly { fileId: string; contentId?: string }[]
  mail?: Partial<Pick<MessageRow, 'message_id' | 'in_reply_to' | 'reference_ids' | 'raw_file_id' | 'incoming_mail_id'>>
  /** Somebody wrote it whom the desk has asked, and not the customer. */
  outside?: boolean
  automatic?: boolean
  banners?: readonly string[]
  authentication?: MessageRow['authentication']
  /** When it was written, if that was not now. */
  at?: Date
  /** Members whom a note names. */
  mentions?: readonly string[]
  /** When a reply leaves. */
  sendAt?: Date
  /** Its writer may take it back as long as it has not left. */
  canBeTakenBack?: boolean
  /** The macro whose text was taken for it. */
  macroId?: string
  /** What of the macro was not done. */
  leftOut?: Draft['leftOut']
  /** What the ticket is afterwards, where the writer says so. */
  status?: TicketStatus
  /** It was over before it came here: it changes no ticket, and nobody is told. */
  past?: boolean
}

/**
 * Writes a message into a ticket, and lets the ticket follow: a customer's opens it again, a reply makes it wait for
 * them. What a program wrote, such as *out of office*, changes nothing, nor do mere thanks where a rule says so.
 * @param intoId what was merged goes to where it was merged into
 * @param ourAddresses those that are nobody's but the workspace's, in lower case: they take part in no ticket
 * @throws Problem not_found
 */
export async function writeIn(
  tx: Tx,
  intoId: string,
  writing: Writing,
  ourAddresses: ReadonlySet<string> = new Set(),
): Promise<MessageRow> {
  const { row, untold } = await writeUntold(tx, intoId, writing, ourAddresses)
  await tell(tx, untold)
  return row
}

/** The same, when it is told later what it has brought. */
export async function writeUntold(
  tx: Tx,
  intoId: string,
  writing: Writing,
  ourAddresses: ReadonlySet<string>,
): Promise<Written> {
  const { ticket } = await lockWhereItGoes(tx, intoId)
  return writeLocked(tx, ticket, writing, ourAddresses)
}

type Written = { row: MessageRow; untold: Untold }

/** The same into a ticket that is locked, and stands in no other. */
export async function writeLocked(
  tx: Tx,
  ticket: TicketRow,
  writing: Writing,
  ourAddresses: ReadonlySet<string>,
): Promise<Written> {
  const thanks = !writing.past && (await isTakenForThanks(tx, ticket, writing)) ? [thanksBanner] : []
  const row = messageOf(tx, ticket.id, { ...writing, banners: [...(writing.banners ?? []), ...thanks] })
  const now = followWriting(ticket, row, writing)
  await keepMessage(tx, row, writing, { ourAddresses, before: ticket, now })
  await updateTicket(tx, now)
  return { row, untold: untoldOf(ticket, now, row, writing) }
}

type Into = { ourAddresses: ReadonlySet<string>; before: TicketRow; now: TicketRow }

/** The message itself, with what is attached and who takes part by it. `before` and `now`: its ticket. */
export async function keepMessage(
  tx: Tx,
  row: MessageRow,
  { attachments = [], canBeTakenBack = false, macroId, leftOut }: Writing,
  { ourAddresses, before, now }: Into,
): Promise<void> {
  const undo = canBeTakenBack ? { before: standingOf(before), after: standingOf(now), macroId, leftOut } : null
  await insertMessage(tx, row, participantsOf(row, ourAddresses), undo)
  await insertAttachments(tx, row.id, attachments)
}

/** What a message has brought. @param before the ticket without it, and `now` with it. Pure. */
export function untoldOf(before: TicketRow, now: TicketRow, row: MessageRow, { mentions = [], past }: Writing): Untold {
  const data = {
    ...{ messageId: row.id, kind: row.kind },
    ...(mentions.length > 0 && { mentions }),
    ...(past === true && { past }),
  }
  const facts: Fact[] = [{ type: 'ticket.message', subjectId: now.id, data }]
  const turned = !past && now.status !== before.status
  // Whoever sets a status with a note sets it by hand: it stays, whatever becomes of the note.
  const because = row.kind === 'note' ? {} : { messageId: row.id }
  const status = { from: before.status, to: now.status, ...because }
  if (turned) facts.push({ type: 'ticket.status', subjectId: now.id, data: status })
  // A change of status says that it sleeps no more.
  else if (before.snoozed_until && !now.snoozed_until)
    facts.push({
      type: 'ticket.woken',
      subjectId: now.id,
      data: { from: viewSnooze(before.snoozed_until), ...because },
    })
  const isEffort = row.kind !== 'note' && !isOutside(row)
  return { facts, ticketIds: isEffort || turned ? [now.id] : [], customerIds: [] }
}

/**
 * The ticket itself, or what it was merged into, also while somebody else just did so; `sources`: what was merged into
 * it.
 * @throws Problem not_found
 */
export async function lockWhereItGoes(tx: Tx, id: string): Promise<{ ticket: TicketRow; sources: string[] }> {
  const ticket = await lockTicketOrTarget(tx, id)
  if (!ticket) throw new Problem('not_found', 'platform.not_found')
  const { target, sources } = await findMergesOf(tx, ticket.id)
  return target ? lockWhereItGoes(tx, ticket.id) : { ticket, sources }
}

/** A message as it is kept. */
export function messageOf(tx: Tx, ticketId: string, writing: Writing): MessageRow {
  const { author, mail } = writing
  return {
    id: uuidv7(tx.now.getTime()),
    ticket_id: ticketId,
    kind: writing.kind,
    channel: writing.channel,
    member_id: author.memberId ?? null,
    customer_id: author.customerId ?? null,
    from_name: author.name,
    from_address: author.address.toLowerCase(),
    recipients: [...(writing.recipients ?? [])],
    copies: [...(writing.copies ?? [])],
    blind_copies: [...(writing.blindCopies ?? [])],
    subject: writing.subject ?? '',
    text: writing.text,
    html: writing.html ?? null,
    message_id: mail?.message_id ?? null,
    in_reply_to: mail?.in_reply_to ?? null,
    reference_ids: mail?.reference_ids ?? [],
    raw_file_id: mail?.raw_file_id ?? null,
    incoming_mail_id: mail?.incoming_mail_id ?? null,
    outside: writing.outside ?? false,
    automatic: writing.automatic ?? false,
    banners: [...(writing.banners ?? [])],
    authentication: writing.authentication ?? null,
    at: writing.at ?? tx.now,
    send_at: writing.sendAt ?? null,
  }
}

/** What passes between the desk and somebody whom it asks: the customer has no part in it. */
function isOutside({ kind, outside }: MessageRow): boolean {
  return kind === 'forward' || outside
}

function participantsOf(row: MessageRow, ours: ReadonlySet<string>): MailAddress[] {
  return writersOf(row).filter(({ address }) => !ours.has(address.toLowerCase()))
}

/** Every From, To and Cc address of a message, a member's own left out; ours are among them. */
export function writersOf(row: MessageRow): MailAddress[] {
  if (row.kind === 'note') return []
  const from = row.member_id ? [] : [{ name: row.from_name, address: row.from_address }]
  return [...from, ...row.recipients, ...row.copies].filter(({ address }) => address.includes('@'))
}

const longestExcerpt = 140

/** The beginning of a message in one line, for lists. Pure. */
export function excerptOf(kind: MessageKind, text: string): string {
  // What looks like one of our pictures in a customer's words is their words.
  const plain = kind === 'message' ? text : plainOfText(text)
  return plain.replaceAll(/\s+/g, ' ').trim().slice(0, longestExcerpt).toWellFormed()
}

/** The same for what somebody writes: what is over changes nothing but what stands in the list. Pure. */
export function followWriting(
  ticket: TicketRow,
  row: MessageRow,
  { past, status }: Pick<Writing, 'past' | 'status'>,
): TicketRow {
  if (!past) return follow(ticket, row, status)
  const { status: was, waiting_since, snoozed_until, solved_at, first_answered_at } = ticket
  return { ...follow(ticket, row), ...{ status: was, waiting_since, snoozed_until, solved_at, first_answered_at } }
}

/** The ticket as it is after a message. Pure. */
export function follow(ticket: TicketRow, row: MessageRow, status?: TicketStatus): TicketRow {
  const counted = { ...ticket, message_count: ticket.message_count + 1 }
  if (row.kind === 'note' || row.kind === 'forward')
    return afterNote({ ...counted, updated_at: later(ticket.updated_at, row.at) }, row, status)
  const told = {
    ...counted,
    updated_at: later(ticket.updated_at, row.at),
    last_message_at: later(ticket.last_message_at ?? row.at, row.at),
    last_author: row.from_name || row.from_address,
    last_excerpt: excerptOf(row.kind, row.text),
  }
  if (row.automatic || row.banners.includes(thanksBanner)) return told
  return row.kind === 'message' ? afterCustomer(told, row) : afterReply(told, row, status)
}

function afterCustomer(ticket: TicketRow, { at }: MessageRow): TicketRow {
  return {
    ...ticket,
    status: ticket.status === 'new' ? 'new' : 'open',
    waiting_since: ticket.waiting_since ?? at,
    snoozed_until: null,
    solved_at: null,
  }
}

function afterNote(ticket: TicketRow, { at }: MessageRow, status: TicketStatus = ticket.status): TicketRow {
  return status === ticket.status ? ticket : { ...ticket, ...standingAs(ticket, status, at) }
}

function afterReply(ticket: TicketRow, { at }: MessageRow, status: TicketStatus = 'waiting'): TicketRow {
  return { ...ticket, ...standingAs(ticket, status, at), first_answered_at: ticket.first_answered_at ?? at }
}

function standingAs(ticket: TicketRow, status: TicketStatus, at: Date) {
  return {
    status,
    waiting_since: status === 'open' ? (ticket.waiting_since ?? at) : null,
    solved_at: status === 'solved' ? (ticket.solved_at ?? at) : null,
    // What is solved sleeps no more.
    snoozed_until: status === 'solved' ? null : ticket.snoozed_until,
  }
}

function later(one: Date, other: Date): Date {
  return one > other ? one : other
}
