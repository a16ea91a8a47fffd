import type { TicketMessage } from '@lahko/contract/tickets'
import { emit } from '#platform/events.ts'
import { Problem } from '#platform/problem.ts'
import type { Tx } from '#platform/store.ts'
import { lockMessage, updateToReply } from './accepting.queries.ts'
import { asReply, findMember } from './settling-mail.ts'
import { listAttachments, type MessageRow } from './ticket-messages.queries.ts'
import { sayStatus } from './merging.ts'
import { tellEffort } from './telling-effort.ts'
import { lockTicket, updateTicket } from './tickets.queries.ts'
import { viewMessage } from './tickets.view.ts'
import { follow } from './writing-in.ts'

const banner = 'unverified_member'

/**
 * Takes an unverified mail for the answer of the member whose address it bears. Where it has not gone to the customer
 * already, it goes now. Doing it twice is doing it once.
 * @throws Problem not_found, conflict
 */
export async function acceptAuthor(tx: Tx, id: string): Promise<TicketMessage> {
  const row = await lockMessage(tx, id)
  if (!row) throw new Problem('not_found', 'platform.not_found')
  const member = await findMember(tx, row.from_address)
  if (row.kind === 'reply' && row.member_id !== null && row.member_id === member?.id) return view(tx, row, member.name)
  if (!row.banners.includes(banner) || !member) throw new Problem('conflict', 'mailboxes.no_author')
  const ticket = await lockTicket(tx, row.ticket_id)
  const now = await replyOf(tx, row, member.id)
  await updateToReply(tx, now)
  const { message_count: count } = ticket!
  const followed = { ...follow(ticket!, now), message_count: count }
  await updateTicket(tx, followed)
  await sayStatus(tx, ticket!, followed, { messageId: id })
  await emit(tx, { type: 'ticket.author_accepted', subjectId: row.ticket_id, data: { messageId: id } })
  await tellEffort(tx, [row.ticket_id])
  return view(tx, now, member.name)
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
    banners: row.banners.filter((one) => one !== banner),
    send_at: reply.sendAt ?? null,
  }
}

async function view(tx: Tx, row: MessageRow, name: string): Promise<TicketMessage> {
  return viewMessage(row, await listAttachments(tx, [row.id]), name)
}
