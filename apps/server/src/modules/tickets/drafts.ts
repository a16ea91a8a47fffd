import type { Draft, DraftToKeep } from '@lahko/contract/tickets'
import { Problem } from '#platform/problem.ts'
import type { Tx } from '#platform/store.ts'
import { deleteDrafts, insertDraft, lockDraft, upsertDraft } from './drafts.queries.ts'
import { findTicketRow } from './tickets.queries.ts'

const longest = 100_000

/**
 * Keeps what the member who asks is writing in a ticket, and what another device of theirs has kept since as well; what
 * says nothing is no draft.
 * @returns what is kept now. @throws Problem not_found; forbidden for a key
 */
export async function saveDraft(tx: Tx, ticketId: string, { over, ...draft }: DraftToKeep): Promise<Draft> {
  const memberId = await demandWriter(tx, ticketId)
  if (!saysNothing(draft) && (await insertDraft(tx, ticketId, memberId, draft))) return draft
  const before = await lockDraft(tx, ticketId, memberId)
  const isOther = before !== undefined && over !== undefined && before.text !== over
  const kept = isOther ? bothDrafts(before, draft, over) : draft
  if (saysNothing(kept)) await deleteDrafts(tx, [ticketId], memberId)
  else await upsertDraft(tx, ticketId, memberId, kept)
  return kept
}

function saysNothing({ kind, text, fileIds, messageIds }: Draft): boolean {
  return text === '' && fileIds.length === 0 && (kind !== 'forward' || messageIds.length === 0)
}

/** What was typed on goes where it was begun, else below. A note that gets into it makes it a note, never a mail. */
function bothDrafts(before: Draft, draft: Draft, over: string): Draft {
  const text = bothTexts(before.text, draft.text, over)
  if (text === draft.text) return draft
  const kind = before.kind === 'note' ? 'note' : draft.kind
  const fileIds = [...new Set([...draft.fileIds, ...before.fileIds])].slice(0, 20)
  const { macroId, leftOut } = draft.macroId === undefined ? before : draft
  return { ...draft, kind, text: text.slice(0, longest), fileIds, macroId, leftOut }
}

function bothTexts(before: string, now: string, over: string): string {
  if (now === '') return without(before, over)
  if (now.includes(before)) return now
  if (before.includes(now)) return before
  return inPlaceOf(before, over, now) ?? `${before}\n\n${now}`
}

/** What another device has written beside what was known here; what it wrote into that stays whole. */
function without(text: string, over: string): string {
  return (inPlaceOf(text, over, '') ?? text).trim()
}

/** A text with something else where a part stands that was put together with others; undefined where there is none. */
function inPlaceOf(text: string, part: string, other: string): string | undefined {
  const parted = `\n\n${text}\n\n`
  const at = part === '' ? -1 : parted.indexOf(`\n\n${part}\n\n`)
  return at < 0 ? undefined : text.slice(0, at) + other + text.slice(at + part.length)
}

/** Throws away what the member who asks was writing; nothing is nothing. @throws Problem not_found; forbidden for a key */
export async function dropDraft(tx: Tx, ticketId: string): Promise<void> {
  const memberId = await demandWriter(tx, ticketId)
  await deleteDrafts(tx, [ticketId], memberId)
}

/** What was sent, and the text that its writer last knew to be kept. */
type SentDraft = { text: string; fileIds: readonly string[]; over: string | undefined }

/** What was sent is a draft no more; what another device has kept since stays one. */
export async function dropSentDraft(tx: Tx, ticketIds: readonly string[], sent: SentDraft): Promise<void> {
  if (tx.actor.kind !== 'member') return
  const { memberId } = tx.actor
  for (const ticketId of new Set(ticketIds)) {
    const before = sent.over === undefined ? undefined : await lockDraft(tx, ticketId, memberId)
    const rest = before && unsentOf(before, sent)
    if (rest) await upsertDraft(tx, ticketId, memberId, rest)
    else await deleteDrafts(tx, [ticketId], memberId)
  }
}

function unsentOf(before: Draft, { text: sent, fileIds: gone, over = '' }: SentDraft): Draft | undefined {
  const text = before.text === over || sent.includes(before.text) ? '' : without(before.text, over)
  const fileIds = before.fileIds.filter((id) => !gone.includes(id))
  return text === '' && fileIds.length === 0 ? undefined : { ...before, text, fileIds }
}

/** What was written is a draft again, above what has been begun meanwhile. A note that was begun stays one. */
export async function bringBackDraft(tx: Tx, ticketId: string, written: Draft): Promise<Draft> {
  if (tx.actor.kind !== 'member') return written
  const { memberId } = tx.actor
  const begun = await lockDraft(tx, ticketId, memberId)
  const draft = begun && !saysNothing(begun) ? above(written, begun) : written
  await upsertDraft(tx, ticketId, memberId, draft)
  return draft
}

function above(written: Draft, begun: Draft): Draft {
  const kind = begun.kind === 'note' ? 'note' : written.kind
  const fileIds = [...new Set([...written.fileIds, ...begun.fileIds])].slice(0, 20)
  const text = [written.text, begun.text].filter((one) => one !== '').join('\n\n')
  return { ...written, kind, text: text.slice(0, longest), fileIds }
}

async function demandWriter(tx: Tx, ticketId: string): Promise<string> {
  if (!(await findTicketRow(tx, ticketId))) throw new Problem('not_found', 'platform.not_found')
  if (tx.actor.kind !== 'member') throw new Problem('forbidden', 'replying.members_only')
  return tx.actor.memberId
}
