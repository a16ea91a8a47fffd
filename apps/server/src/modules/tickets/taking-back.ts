import type { Draft } from '@lahko/contract/tickets'
import { emit } from '#platform/events.ts'
import { withdrawMails } from '#platform/mail/mails.queries.ts'
import { Problem } from '#platform/problem.ts'
import type { Tx } from '#platform/store.ts'
import { bringBackDraft } from './drafts.ts'
import { updateUploader } from './files.queries.ts'
import { deleteMessage, deleteParticipantsOf, lockReply } from './replies.queries.ts'
import { replyMailKind } from './leaving.ts'
import { withoutReply } from './standing.ts'
import { listAttachments } from './ticket-messages.queries.ts'
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
  if (row.kind !== 'reply' || !isHere) throw new Problem('conflict', 'replying.gone')
  const files = (await listAttachments(tx, [id])).map((file) => file.id)
  const ticket = await lockTicket(tx, row.ticket_id)
  await updateTicket(tx, withoutReply(ticket!, row.undo!))
  await deleteParticipantsOf(tx, row)
  await deleteMessage(tx, id)
  await updateUploader(tx, files, tx.actor.kind === 'member' ? tx.actor.memberId : tx.workspaceId)
  await emit(tx, { type: 'ticket.taken_back', subjectId: row.ticket_id, data: { messageId: id } })
  const { text, recipients, copies, blind_copies: blindCopies } = row
  return bringBackDraft(tx, row.ticket_id, { kind: 'reply', text, recipients, copies, blindCopies, fileIds: files })
}
