import type { Draft } from '@lahko/contract/tickets'
import { emit } from '#platform/events.ts'
import { withdrawMails } from '#platform/mail/mails.queries.ts'
import { Problem } from '#platform/problem.ts'
import type { Tx } from '#platform/store.ts'
import { bringBackDraft } from './drafts.ts'
import { updateUploader } from './files.queries.ts'
import {
  deleteMessage,
  deleteParticipantsOf,
  findNextReply,
  lockReply,
  updateLaterUndo,
  type Undo,
} from './replies.queries.ts'
import { replyMailKind } from './leaving.ts'
import { countMessages } from './merging.queries.ts'
import { standingWithout, withoutReply } from './standing.ts'
import { tellEffort } from './telling-effort.ts'
import { listAttachments, listForwards, type MessageRow } from './ticket-messages.queries.ts'
import { lockTicket, updateTicket } from './tickets.queries.ts'

/**
 * Takes back a reply that has not left the house; its ticket is as it was, and the reply is a draft again. Whoever
 * sends it at this moment comes first, or not at all.
 * @throws Problem not_found; conflict `replying.gone`
 */
export async function takeBack(tx: Tx, id: string): Promise<Draft> {
  const row = await lockReply(tx, id)
  if (!row) throw new Problem('not_found', 'platform.not_found')
  const isHere = row.undo !== null && (row.send_at !== null || (await withdrawMails(tx, replyMailKind, id)))
  if ((row.kind !== 'reply' && row.kind !== 'forward') || !isHere) throw new Problem('conflict', 'replying.gone')
  const messageIds = (await listForwards(tx, [id])).get(id) ?? []
  const theirs = new Set((await listAttachments(tx, messageIds)).map((file) => file.id))
  const files = (await listAttachments(tx, [id])).flatMap((file) => (theirs.has(file.id) ? [] : file.id))
  await forget(tx, row, row.undo!)
  await updateUploader(tx, files, tx.actor.kind === 'member' ? tx.actor.memberId : tx.workspaceId)
  await emit(tx, { type: 'ticket.taken_back', subjectId: row.ticket_id, data: { messageId: id, kind: row.kind } })
  const { text, recipients, copies, blind_copies: blindCopies } = row
  const written = { kind: row.kind, text, recipients, copies, blindCopies, fileIds: files, messageIds }
  return bringBackDraft(tx, row.ticket_id, written)
}

/** What a later reply has said of the ticket stays, and taking that one back does not bring this one again. */
async function forget(tx: Tx, row: MessageRow, undo: Undo): Promise<void> {
  const ticket = (await lockTicket(tx, row.ticket_id))!
  const next = await findNextReply(tx, row)
  if (next?.undo) await updateLaterUndo(tx, next.id, { ...next.undo, before: standingWithout(next.undo.before, undo) })
  await deleteParticipantsOf(tx, row)
  await deleteMessage(tx, row.id)
  const { message_count, first_answered_at } = await countMessages(tx, ticket.id)
  const standing = next ? ticket : withoutReply(ticket, undo)
  await updateTicket(tx, { ...standing, message_count, first_answered_at })
  await tellEffort(tx, [ticket.id])
}
