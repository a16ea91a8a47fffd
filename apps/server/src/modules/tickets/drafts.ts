import type { Draft, DraftToKeep } from '@lahko/contract/tickets'
import { Problem } from '#platform/problem.ts'
import type { Tx } from '#platform/store.ts'
import { deleteDrafts, findDraft, upsertDraft } from './drafts.queries.ts'
import { findTicketRow } from './tickets.queries.ts'

/**
 * Keeps what the member who asks is writing in a ticket, and what another device of theirs has kept since as well.
 * @returns what is kept now. @throws Problem not_found; forbidden for a key
 */
export async function saveDraft(tx: Tx, ticketId: string, { over, ...draft }: DraftToKeep): Promise<Draft> {
  const memberId = await demandWriter(tx, ticketId)
  const before = over === undefined ? undefined : (await findDraft(tx, ticketId, memberId))?.content
  const kept = before && before.text !== over ? bothDrafts(before, draft, over!) : draft
  await upsertDraft(tx, ticketId, memberId, kept)
  return kept
}

/** What was typed on goes where it was begun, else below. A note that gets into it makes it a note, never a mail. */
function bothDrafts(before: Draft, draft: Draft, over: string): Draft {
  const text = bothTexts(before.text, draft.text, over)
  if (text === draft.text) return draft
  const kind = before.kind === 'note' ? 'note' : draft.kind
  const fileIds = [...new Set([...draft.fileIds, ...before.fileIds])].slice(0, 20)
  return { ...draft, kind, text: text.slice(0, 100_000), fileIds }
}

function bothTexts(before: string, now: string, over: string): string {
  if (now.includes(before)) return now
  if (before.includes(now)) return before
  return over !== '' && before.includes(over) ? before.replace(over, () => now) : `${before}\n\n${now}`
}

/** Throws away what the member who asks was writing; nothing is nothing. @throws Problem not_found; forbidden for a key */
export async function dropDraft(tx: Tx, ticketId: string): Promise<void> {
  const memberId = await demandWriter(tx, ticketId)
  await deleteDrafts(tx, [ticketId], memberId)
}

/** What was written is a draft again, above what has been begun meanwhile. */
export async function bringBackDraft(tx: Tx, ticketId: string, written: Draft): Promise<Draft> {
  if (tx.actor.kind !== 'member') return written
  const { memberId } = tx.actor
  const begun = (await findDraft(tx, ticketId, memberId))?.content
  const isMore = begun?.kind === written.kind && begun.text.trim() !== ''
  const draft = isMore ? { ...written, text: `${written.text}\n\n${begun.text}`.slice(0, 100_000) } : written
  await upsertDraft(tx, ticketId, memberId, draft)
  return draft
}

async function demandWriter(tx: Tx, ticketId: string): Promise<string> {
  if (!(await findTicketRow(tx, ticketId))) throw new Problem('not_found', 'platform.not_found')
  if (tx.actor.kind !== 'member') throw new Problem('forbidden', 'replying.members_only')
  return tx.actor.memberId
}
