import { emit, emitBatch, wakeAll, type Fact } from '#platform/events.ts'
import { Problem } from '#platform/problem.ts'
import type { Db, Tx } from '#platform/store.ts'
import { lockTickets } from './changing.queries.ts'
import { findRoundFrom } from './effort-facts.queries.ts'
import {
  deleteMerge,
  insertMerges,
  listMergesAbove,
  listMergesBelow,
  listMessageIds,
  listSince,
  listTargetsAbove,
  lockMerging,
  moveMessages,
  type Answering,
  type MergeRow,
} from './merging.queries.ts'
import { countShown } from './recounting.ts'
import { ownerOf, retell, takeOver } from './retelling.ts'
import { standingOf } from './standing.ts'
import { tellEffort } from './telling-effort.ts'
import { listMessagesByIds } from './ticket-messages.queries.ts'
import {
  addParticipants,
  findMergeTarget,
  listMergedSources,
  listMerges,
  listParticipants,
  updateTicket,
  type TicketRow,
} from './tickets.queries.ts'
import { writersOf } from './writing-in.ts'

/**
 * Merges a ticket into another: that one shows its messages from then on, and takes over that its customer waits.
 * Nothing is moved.
 * @throws Problem not_found; conflict `desk.merged` when it stands in a third one, `desk.circle`
 */
export async function merge(tx: Tx, sourceId: string, intoId: string): Promise<void> {
  await mergeInto(tx, [sourceId], intoId)
}

/** Merges these into one, in their order: as many statements for two hundred as for one. @throws Problem as `merge` does */
async function mergeInto(tx: Tx, sourceIds: readonly string[], intoId: string): Promise<void> {
  await lockMerging(tx)
  const rootId = (await findMergeTarget(tx, intoId)) ?? intoId
  const rows = await lockTickets(tx, [...new Set([...sourceIds, intoId, rootId])])
  const byId = new Map(rows.map((row) => [row.id, row]))
  const [into, root] = [byId.get(intoId), byId.get(rootId)]
  if (!into || !root || !sourceIds.every((id) => byId.has(id))) throw new Problem('not_found', 'platform.not_found')
  const already = await listMerges(tx, sourceIds)
  const coming = sourceIds.flatMap((id) => (already.get(id)?.id === intoId ? [] : byId.get(id)!))
  if (coming.length === 0) return
  if (coming.some(({ id }) => already.has(id))) throw new Problem('conflict', 'desk.merged')
  if (coming.some(({ id }) => id === rootId)) throw new Problem('conflict', 'desk.circle')
  const steps = stepsOf(root, coming, await nextMoment(tx, [rootId, ...coming.map(({ id }) => id)]))
  await insertMerges(
    tx,
    steps.map(({ source, at, before }) => ({
      source_id: source.id,
      target_id: intoId,
      at,
      before: standingOf(before),
    })),
  )
  const updatedAt = new Date(Math.max(...[root, ...coming].map((row) => row.updated_at.getTime())))
  const now = { ...steps.at(-1)!.now, ...(await countShown(tx, rootId)), updated_at: updatedAt }
  await updateTicket(tx, now)
  await emitBatch(
    tx,
    steps.flatMap((step) => factsOf(step, into)),
  )
  const ids = [...coming.map(({ id }) => id), rootId]
  await tellEffort(tx, ids, { began: await beginningOf(tx, steps) })
  await wakeAll(tx, 'ticket.merged', ids)
}

/** One merge of several: how the ticket that takes in stood before it and stands after it. */
type MergeStep = { source: TicketRow; at: Date; before: TicketRow; now: TicketRow }

/** @param from when the first of them is; which came first must be told apart */
function stepsOf(root: TicketRow, sources: readonly TicketRow[], from: Date): MergeStep[] {
  let now = root
  return sources.map((source, place) => {
    const before = now
    now = takeOver(before, source)
    return { source, at: new Date(from.getTime() + place), before, now }
  })
}

function factsOf({ source, at, before, now }: MergeStep, into: TicketRow): Fact[] {
  const data = { intoId: into.id, into: into.number, number: source.number }
  const merged = { type: 'ticket.merged', subjectId: source.id, data }
  return [merged, ...statusFacts(before, now, { sourceId: source.id, mergedAt: at })]
}

/** When the problem began with which a ticket goes on: with the first that it took in and that leaves it unsolved. */
async function beginningOf(tx: Tx, steps: readonly MergeStep[]): Promise<Date | undefined> {
  const source = steps.find(({ now }) => now.solved_at === null)?.source
  return source && ((await findRoundFrom(tx, source.id)) ?? source.created_at)
}

type MergeOfOne = { id: string; intoId: string | null }

/**
 * Merges all of these or none; null takes a merge back.
 * @returns what takes all of it back
 * @throws Problem as `merge` does
 */
export async function mergeAll(tx: Tx, merges: readonly MergeOfOne[]): Promise<{ undo: MergeOfOne[] }> {
  await lockMerging(tx)
  const named = [...new Set(merges.flatMap(({ id, intoId }) => [id, intoId ?? []].flat()))]
  // In one order, so that whoever changes some of them meanwhile waits, and in no circle.
  await lockTickets(tx, [...new Set([...named, ...(await listTargetsAbove(tx, named))])])
  const undo: MergeOfOne[] = []
  for (const { ids, intoId } of inRuns(merges)) {
    const were = await listMerges(tx, ids)
    if (intoId !== null) await mergeInto(tx, ids, intoId)
    else await unmergeAll(tx, ids)
    for (const id of ids) {
      const was = were.get(id)?.id ?? null
      if (was !== intoId) undo.unshift({ id, intoId: was })
    }
  }
  return { undo }
}

/** Those that follow each other and go into the same, each once. Pure. */
function inRuns(merges: readonly MergeOfOne[]): { ids: string[]; intoId: string | null }[] {
  const runs: { ids: string[]; intoId: string | null }[] = []
  for (const { id, intoId } of merges) {
    const last = runs.at(-1)
    if (last?.intoId !== intoId) runs.push({ ids: [id], intoId })
    else if (!last.ids.includes(id)) last.ids.push(id)
  }
  return runs
}

/** Now, or later than every merge by which something stands in these: which came first must be told apart. */
async function nextMoment(tx: Tx, ids: readonly string[]): Promise<Date> {
  const below = await listMergesBelow(tx, ids)
  return new Date(Math.max(tx.now.getTime(), ...below.map(({ at }) => at.getTime() + 1)))
}

/**
 * Takes a merge back: what answered this ticket's mails meanwhile is its own again, and the other one is what it was
 * unless something else has happened to it. Doing it twice is doing it once.
 * @throws Problem not_found
 */
export async function unmerge(tx: Tx, sourceId: string): Promise<void> {
  await unmergeAll(tx, [sourceId])
}

/** The same of several: what they leave together is told again once. */
async function unmergeAll(tx: Tx, sourceIds: readonly string[]): Promise<void> {
  await lockMerging(tx)
  const left = new Map<string, { first: MergeRow; row: TicketRow }>()
  const touched: string[] = []
  for (const id of sourceIds) {
    const parted = await part(tx, id)
    if (!parted) continue
    const { above, rows } = parted
    touched.push(...rows.map((row) => row.id))
    const [merge, another] = above as [MergeRow, MergeRow?]
    if (another) {
      await retellAbove(tx, above, rows)
      continue
    }
    const row = rows.find((one) => one.id === merge.target_id)!
    const { first = merge } = left.get(row.id) ?? {}
    left.set(row.id, { first: merge.at < first.at ? merge : first, row })
  }
  for (const { first, row } of left.values()) await retellAbove(tx, [first], [row])
  await tellEffort(tx, touched, { goesOn: true })
}

/** Takes a merge back as far as what was merged goes. @returns what has to be told of those in which it stood */
async function part(tx: Tx, sourceId: string): Promise<Omit<Locked, 'ticket'> | undefined> {
  const above = await listMergesAbove(tx, sourceId)
  const rows = await lockTickets(tx, [sourceId, ...above.map((one) => one.target_id)])
  const source = rows.find(({ id }) => id === sourceId)
  if (!source) throw new Problem('not_found', 'platform.not_found')
  const past = await deleteMerge(tx, sourceId)
  const target = rows.find(({ id }) => id === above.at(-1)?.target_id)
  if (!past || !target) return undefined
  const given = await giveBack(tx, source, above)
  const own = await retell(tx, source, { at: past.at, before: standingOf(source) })
  await updateTicket(tx, own)
  await emit(tx, { type: 'ticket.unmerged', subjectId: sourceId, data: { fromId: target.id, from: target.number } })
  await sayStatus(tx, source, own, { sourceId })
  const data = { sourceId, number: source.number, messages: given }
  await emit(tx, { type: 'ticket.gave_back', subjectId: target.id, data })
  return { above, rows }
}

/** A ticket, the merges by which it stands in others, its own first, and with it all of these. */
export type Locked = { ticket: TicketRow; above: MergeRow[]; rows: TicketRow[] }

/** A ticket and those in which it stands; while it stands in any, nothing is merged or unmerged meanwhile. */
export async function lockWithAbove(tx: Tx, id: string): Promise<Locked> {
  if ((await listMergesAbove(tx, id)).length > 0) await lockMerging(tx)
  const above = await listMergesAbove(tx, id)
  const rows = await lockTickets(tx, [id, ...above.map((one) => one.target_id)])
  // Somebody else may have merged it meanwhile.
  if ((await listMergesAbove(tx, id)).length !== above.length) return lockWithAbove(tx, id)
  return { ticket: rows.find((row) => row.id === id)!, above, rows }
}

/**
 * Tells the tickets again in which one stands, or stood until now, since that has changed.
 * @param above the merges by which it stands in them, its own first
 * @param rows these tickets, locked
 */
export async function retellAbove(tx: Tx, above: readonly MergeRow[], rows: readonly TicketRow[]): Promise<void> {
  let merge = above[0]
  while (merge) {
    const { source_id: sourceId } = merge
    const ownerId = ownerOf(merge, above)
    const owner = rows.find(({ id }) => id === ownerId)!
    const now = await retell(tx, owner, merge)
    await updateTicket(tx, now)
    await sayStatus(tx, owner, now, { sourceId })
    merge = above.find((one) => one.source_id === ownerId)
  }
}

type Because = { messageId: string } | { sourceId: string; mergedAt?: Date }

/** That a ticket is in another state than before. @param because of which message or merge */
export async function sayStatus(tx: Tx, before: TicketRow, now: TicketRow, because: Because): Promise<void> {
  await emitBatch(tx, statusFacts(before, now, because))
}

function statusFacts(before: TicketRow, now: TicketRow, because: Because): Fact[] {
  if (before.status === now.status) return []
  const data = { from: before.status, to: now.status, ...because }
  return [{ type: 'ticket.status', subjectId: now.id, data }]
}

/** @returns how many messages the source got */
async function giveBack(tx: Tx, source: TicketRow, above: readonly MergeRow[]): Promise<number> {
  const [{ at }] = above as [MergeRow]
  const places = above.map((one) => one.target_id)
  const came = await listSince(tx, places, at)
  if (came.length === 0) return 0
  const targetId = places.at(-1)!
  const own = [source.id, ...(await listMergedSources(tx, source.id))]
  const others = [targetId, ...(await listMergedSources(tx, targetId))]
  const ids = await answersTo(tx, own, others, came)
  if (ids.length === 0) return 0
  const before = await listParticipants(tx, targetId)
  const known = new Set(before.map(({ address }) => address))
  await moveMessages(tx, ids, source.id)
  const moved = await listMessagesByIds(tx, ids)
  const writers = moved.flatMap((row) => writersOf(row)).filter(({ address }) => known.has(address.toLowerCase()))
  await addParticipants(tx, source.id, writers)
  return ids.length
}

/** What came since into the other tickets and answers, by way of others too, a mail of these. */
async function answersTo(
  db: Db,
  own: readonly string[],
  others: readonly string[],
  came: readonly Answering[],
): Promise<string[]> {
  const ours = new Set(await listMessageIds(db, own))
  const theirs = new Set(await listMessageIds(db, others))
  const found: string[] = []
  for (const { message_id: id } of came) if (id) theirs.delete(id)
  for (const { id, message_id: name, in_reply_to: answered, reference_ids: references } of came) {
    const parents = [...(answered ? [answered] : []), ...references.toReversed()]
    const parent = parents.find((one) => ours.has(one) || theirs.has(one))
    const isOurs = parent !== undefined && ours.has(parent)
    if (isOurs) found.push(id)
    if (name) (isOurs ? ours : theirs).add(name)
  }
  return found
}
