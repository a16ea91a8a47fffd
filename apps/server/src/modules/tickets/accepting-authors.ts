import type { TicketMessage } from '@lahko/contract/tickets'
import { emit } from '#platform/events.ts'
import { Problem } from '#platform/problem.ts'
import type { Tx } from '#platform/store.ts'
import { lockMessage, updateToMembers, updateToReply } from './accepting.queries.ts'
import { wordsAbove } from './notice-answers.ts'
import { asReply, findMember, forMembers, unverified } from './settling-mail.ts'
import { listAttachments, type MessageRow } from './ticket-messages.queries.ts'
import { lockWithAbove, retellAbove, sayStatus, type Locked } from './merging.ts'
import { countShown } from './recounting.ts'
import { standingOf } from './standing.ts'
import { tellEffort } from './telling-effort.ts'
import { lockTicket, updateTicket, type TicketRow } from './tickets.queries.ts'
import { viewMessage } from './tickets.view.ts'
import { follow } from './writing-in.ts'

/**
 * Takes an unverified mail for the words of the member whose address it bears. An answer that has not gone to the
 * customer already goes now, and can be taken back like any reply; what answers a notice that is for members stays a
 * note, and so does what says nothing above the notice. Doing it twice is doing it once.
 * @throws Problem not_found, conflict
 */
export async function acceptAuthor(tx: Tx, id: string): Promise<TicketMessage> {
  const row = await lockMessage(tx, id)
  if (!row) throw new Problem('not_found', 'platform.not_found')
  const member = await findMember(tx, row.from_address)
  if (row.member_id !== null && row.member_id === member?.id) return view(tx, row, member.name)
  if (!row.banners.includes(unverified) || !member) throw new Problem('conflict', 'mailboxes.no_author')
  const now = isForMembers(row) ? await acceptNote(tx, row, member.id) : await acceptReply(tx, row, member.id)
  await emit(tx, { type: 'ticket.author_accepted', subjectId: row.ticket_id, data: { messageId: id } })
  return view(tx, now, member.name)
}

function isForMembers({ banners, text }: MessageRow): boolean {
  return banners.includes(forMembers) || (text !== '' && wordsAbove(text) === '')
}

async function acceptNote(tx: Tx, row: MessageRow, memberId: string): Promise<MessageRow> {
  const banners = row.banners.filter((one) => one !== unverified && one !== forMembers)
  const now = {
    ...row,
    customer_id: null,
    member_id: memberId,
    text: wordsAbove(row.text) || row.text,
    html: null,
    banners,
  }
  await updateToMembers(tx, now)
  return now
}

async function acceptReply(tx: Tx, row: MessageRow, memberId: string): Promise<MessageRow> {
  const locked = await lockWithAbove(tx, row.ticket_id)
  const now = await replyOf(tx, row, memberId)
  await answer(tx, locked, now)
  const ids = locked.rows.map((one) => one.id)
  await tellEffort(tx, ids)
  return now
}

/** Its ticket has its answer, and so has the one in which that stands. */
async function answer(tx: Tx, { ticket, above, rows }: Locked, reply: MessageRow): Promise<void> {
  const followed = follow(ticket, reply)
  const undo = reply.send_at ? { before: standingOf(ticket), after: standingOf(followed) } : null
  await updateToReply(tx, { ...reply, undo })
  await answered(tx, ticket, reply)
  await retellAbove(tx, above, rows)
  const root = above.length > 0 ? await lockTicket(tx, above.at(-1)!.target_id) : undefined
  if (root) await answered(tx, root, reply)
}

async function answered(tx: Tx, ticket: TicketRow, reply: MessageRow): Promise<void> {
  const now = { ...follow(ticket, reply), ...(await countShown(tx, ticket.id)) }
  await updateTicket(tx, now)
  await sayStatus(tx, ticket, now, { messageId: reply.id })
}

async function replyOf(tx: Tx, row: MessageRow, memberId: string): Promise<MessageRow> {
  const { text, html, recipients, copies, channel } = row
  const author = { name: row.from_name, address: row.from_address }
  const written = { kind: 'note' as const, channel, author, text, html: html ?? undefined, recipients, copies }
  const reply = await asReply(tx, row.ticket_id, written, memberId)
  return {
    ...row,
    kind: 'reply',
    customer_id: null,
    member_id: memberId,
    text: reply.text,
    html: reply.html ?? null,
    recipients: [...(reply.recipients ?? [])],
    copies: [...(reply.copies ?? [])],
    banners: row.banners.filter((one) => one !== unverified),
    send_at: reply.sendAt ?? null,
    // What goes only now is written now.
    at: reply.sendAt ? tx.now : row.at,
  }
}

async function view(tx: Tx, row: MessageRow, name: string): Promise<TicketMessage> {
  const message = viewMessage(row, await listAttachments(tx, [row.id]), name)
  if (!row.send_at) return message
  return {
    ...message,
    delivery: { state: 'undo', at: row.send_at.toISOString(), says: '', status: null, mailId: null },
  }
}
