import { momentOfId } from '#platform/identifiers.ts'
import type { Db, Tx } from '#platform/store.ts'
import { listDoings, type Doing } from './facts.queries.ts'
import { listMergesBelow, updateBefore, type MergeRow } from './merging.queries.ts'
import { countShown, waitsOf } from './recounting.ts'
import { listWrittenSince, updateLaterUndo, type Standing, type WrittenMessage } from './replies.queries.ts'
import { standingOf, withStanding } from './standing.ts'
import { changed } from './ticket-changes.ts'
import { listTicketLines, type TicketRow } from './tickets.queries.ts'
import { followWriting } from './writing-in.ts'

type Step = { at: Date } & (
  | { kind: 'message'; message: WrittenMessage; past: boolean }
  | { kind: 'merge'; source: TicketRow }
  | { kind: 'doing'; data: Doing['data'] }
)

/**
 * A ticket as what has been written and done in it since a moment makes it: what is there no more, a message that went
 * elsewhere or a merge, has never been. So do later merges and replies remember it, should they be taken back.
 * @param row the ticket, locked
 * @param from the moment, and how the ticket stood then
 */
export async function retell(tx: Tx, row: TicketRow, from: { at: Date; before: Standing }): Promise<TicketRow> {
  const story = await storyOf(tx, row.id, from.at)
  const waits = story.length > 0 ? (await waitsOf(tx, [row.id])).get(row.id) : undefined
  let now = withStanding(row, from.before)
  for (const step of story) {
    const before = standingOf(now)
    now = afterStep(now, step, waits)
    if (step.kind === 'merge') await updateBefore(tx, step.source.id, before)
    if (step.kind === 'message' && step.message.undo)
      await updateLaterUndo(tx, step.message.id, { before, after: standingOf(now) })
  }
  return { ...now, updated_at: row.updated_at, ...(await countShown(tx, row.id)) }
}

/** The target with the wait that a source brings: whose customer waits, waits in the target. Pure. */
export function takeOver(target: TicketRow, source: TicketRow): TicketRow {
  const waiting = source.spam_at ? null : source.waiting_since
  if (!waiting) return target
  const since = target.waiting_since && target.waiting_since < waiting ? target.waiting_since : waiting
  const status = target.status === 'new' ? 'new' : 'open'
  return { ...target, status, waiting_since: since, solved_at: null, snoozed_until: null }
}

/** @param waits since when somebody waits now */
function afterStep(row: TicketRow, step: Step, waits: Date | undefined): TicketRow {
  if (step.kind === 'merge') return takeOver(row, step.source)
  if (step.kind === 'doing') return afterDoing(row, step, waits)
  const { message, past } = step
  const { undo } = message
  // Whatever leaves later changed its ticket when it was written; a forward changes it only where its writer said so.
  const at = undo ? step.at : message.at
  const isChosen = message.kind === 'reply' || undo?.before.status !== undo?.after.status
  return followWriting(row, { ...message, at }, { past, ...(isChosen && { status: undo?.after.status }) })
}

function afterDoing(row: TicketRow, { at, data }: Step & { kind: 'doing' }, waits: Date | undefined): TicketRow {
  const { to, until = null, noAnswer, solvedAt, since } = data
  const circumstances = {
    now: at,
    unansweredSince: waits && waits < at ? waits : null,
    solvedBefore: solvedAt ? new Date(solvedAt) : null,
  }
  const solved = since === undefined ? {} : { since: { waitingSince: null, solvedAt: since } }
  const change = to === undefined ? { snoozedUntil: until } : noAnswer ? { noAnswer } : { status: to, ...solved }
  return changed({ row, tags: [] }, change, circumstances).row
}

async function storyOf(db: Db, id: string, from: Date): Promise<Step[]> {
  const messages = await listWrittenSince(db, id, from)
  const merges = (await listMergesBelow(db, [id])).filter((one, _, all) => one.at >= from && ownerOf(one, all) === id)
  const sources = await listTicketLines(
    db,
    merges.map((one) => one.source_id),
  )
  const byId = new Map(sources.map((source) => [source.id, source]))
  const doings = await listDoings(db, id, from)
  const past = new Set(doings.flatMap(({ data }) => data.messageId ?? []))
  const steps: Step[] = [
    ...merges.map(({ source_id: source, at }) => ({ kind: 'merge' as const, at, source: byId.get(source)! })),
    ...messages.map((message) => {
      return { kind: 'message' as const, at: momentOfId(message.id), message, past: past.has(message.id) }
    }),
    ...doings.flatMap(({ at, data }) => (data.messageId ? [] : { kind: 'doing' as const, at, data })),
  ]
  return steps.toSorted((one, other) => one.at.getTime() - other.at.getTime())
}

/** Which ticket took over what a merge brought: the last one in which its target stood at that time. Pure. */
export function ownerOf(merge: MergeRow, all: readonly MergeRow[]): string {
  let owner = merge.target_id
  for (;;) {
    const next = all.find((one) => one.source_id === owner && one.at < merge.at)
    if (!next) return owner
    owner = next.target_id
  }
}
