import type { TakenBack } from '@lahko/contract/tickets'
import { retractAbout } from '#notices'
import { emit } from '#platform/events.ts'
import { momentOfId } from '#platform/identifiers.ts'
import { withdrawMails } from '#platform/mail/mails.queries.ts'
import { Problem } from '#platform/problem.ts'
import type { Tx } from '#platform/store.ts'
import { bringBackDraft } from './drafts.ts'
import { updateUploader } from './files.queries.ts'
import {
  deleteMessage,
  deleteParticipantsOf,
  deleteTicket,
  isAllThereIs,
  listUntilNextReply,
  lockReply,
  updateLaterUndo,
  type Undo,
} from './replies.queries.ts'
import { replyMailKind } from './leaving.ts'
import { uncountMacroUse } from './macros.queries.ts'
import { chosenAddress } from './own-addresses.ts'
import { listMergesBelow, updateBefore } from './merging.queries.ts'
import { lockWithAbove, retellAbove, sayStatus } from './merging.ts'
import { countShown } from './recounting.ts'
import { ownerOf } from './retelling.ts'
import { standingOf, standingWithout, withStanding } from './standing.ts'
import { forgetEffort, tellEffort } from './telling-effort.ts'
import { listAttachments, listForwards, type MessageRow } from './ticket-messages.queries.ts'
import { updateTicket } from './tickets.queries.ts'

/**
 * Takes back a reply that has not left the house; its ticket is as it was, and the reply is a draft again. A ticket that
 * was begun with it, and holds nothing else, has never been. Whoever sends it at this moment comes first, or not at all.
 * @throws Problem not_found; conflict `replying.gone`
 */
export async function takeBack(tx: Tx, id: string): Promise<TakenBack> {
  const row = await lockReply(tx, id)
  if (!row) throw new Problem('not_found', 'platform.not_found')
  const isHere = row.undo !== null && (row.send_at !== null || (await withdrawMails(tx, replyMailKind, id)))
  if ((row.kind !== 'reply' && row.kind !== 'forward') || !isHere) throw new Problem('conflict', 'replying.gone')
  const messageIds = (await listForwards(tx, [id])).get(id) ?? []
  const theirs = new Set((await listAttachments(tx, messageIds)).map((file) => file.id))
  const files = (await listAttachments(tx, [id])).flatMap((file) => (theirs.has(file.id) ? [] : file.id))
  const from = await chosenAddress(tx, row)
  const subject = await vanish(tx, row)
  if (subject === undefined) await forget(tx, row, row.undo!)
  await updateUploader(tx, files, tx.actor.kind === 'member' ? tx.actor.memberId : tx.workspaceId)
  await emit(tx, { type: 'ticket.taken_back', subjectId: row.ticket_id, data: { messageId: id, kind: row.kind } })
  const { text, recipients, copies, blind_copies: blindCopies } = row
  const { macroId, leftOut } = row.undo!
  if (macroId !== undefined) await uncountMacroUse(tx, macroId)
  // What came after it was sent has not been seen.
  const said = { kind: row.kind, text, recipients, copies, blindCopies, from, macroId, leftOut }
  const written = { ...said, fileIds: files, messageIds, seen: id }
  if (subject !== undefined) return { ...written, from: row.from_address || undefined, newTicket: { subject } }
  return { ...(await bringBackDraft(tx, row.ticket_id, written)), newTicket: null }
}

/** Removes a ticket that is nothing but this mail. @returns its subject; undefined when it is more */
async function vanish(tx: Tx, row: MessageRow): Promise<string | undefined> {
  const { ticket, above } = await lockWithAbove(tx, row.ticket_id)
  if (above.length > 0 || ticket.message_count !== 1 || !(await isAllThereIs(tx, row))) return undefined
  if (!(await forgetEffort(tx, ticket.id))) return undefined
  await deleteTicket(tx, ticket.id)
  for (const kind of [
    'ticket_assigned',
    'ticket_mentioned',
    'ticket_message',
    'ticket_new',
    'ticket_unowned',
    'ticket_woken',
  ] as const)
    await retractAbout(tx, kind, ticket.id)
  return ticket.subject
}

/** What a later reply has said of the ticket stays, and taking that one back does not bring this one again. */
async function forget(tx: Tx, row: MessageRow, undo: Undo): Promise<void> {
  const { ticket, above, rows } = await lockWithAbove(tx, row.ticket_id)
  const later = await listUntilNextReply(tx, row)
  const next = later.find(({ kind }) => kind === 'reply')
  for (const one of later) {
    if (!one.undo) continue
    const before = standingWithout(one.undo.before, undo)
    const after = one.kind === 'reply' ? one.undo.after : standingWithout(one.undo.after, undo)
    await updateLaterUndo(tx, one.id, { ...one.undo, before, after })
  }
  await deleteParticipantsOf(tx, row)
  await deleteMessage(tx, row.id)
  await forgetInMerges(tx, row, undo, next?.id)
  const standing = next ? ticket : withStanding(ticket, standingWithout(standingOf(ticket), undo))
  const now = { ...standing, ...(await countShown(tx, ticket.id)) }
  await updateTicket(tx, now)
  await sayStatus(tx, ticket, now, { messageId: row.id })
  await retellAbove(tx, above, rows)
  const ids = rows.map(({ id }) => id)
  await tellEffort(tx, ids, { goesOn: true })
}

/** What was merged in after a reply, and before the next one, was merged into a ticket without it. */
async function forgetInMerges(tx: Tx, { id, ticket_id: ticketId }: MessageRow, undo: Undo, nextId?: string) {
  const all = await listMergesBelow(tx, [ticketId])
  const [from, until] = [momentOfId(id), nextId === undefined ? undefined : momentOfId(nextId)]
  for (const one of all) {
    const isBetween = one.at >= from && (!until || one.at < until) && ownerOf(one, all) === ticketId
    if (isBetween) await updateBefore(tx, one.source_id, standingWithout(one.before, undo))
  }
}
