import type { Draft } from '@lahko/contract/tickets'
import { Problem } from '#platform/problem.ts'
import type { Tx } from '#platform/store.ts'
import { deleteDrafts, findDraft, upsertDraft } from './drafts.queries.ts'
import { findTicketRow } from './tickets.queries.ts'

/** Keeps what the member who asks is writing in a ticket. @throws Problem not_found; forbidden for a key */
export async function saveDraft(tx: Tx, ticketId: string, draft: Draft): Promise<void> {
  const memberId = await demandWriter(tx, ticketId)
  await upsertDraft(tx, ticketId, memberId, draft)
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
