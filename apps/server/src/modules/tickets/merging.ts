import { emit, wake } from '#platform/events.ts'
import { Problem } from '#platform/problem.ts'
import type { Db, Tx } from '#platform/store.ts'
import { lockTickets } from './changing.queries.ts'
import { findRoundFrom } from './effort-facts.queries.ts'
import {
  deleteMerge,
  insertMerge,
  listMergesAbove,
  listMergesBelow,
  listMessageIds,
  listSince,
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
  await lockMerging(tx)
  const already = (await listMerges(tx, [sourceId])).get(sourceId)
  const rootId = (await findMergeTarget(tx, intoId)) ?? intoId
  const rows = await lockTickets(tx, [sourceId, intoId, rootId])
  const [source, into, target] = [sourceId, intoId, rootId].map((id) => rows.find((row) => row.id === id))
  if (!source || !into || !target) throw new Problem('not_found', 'platform.not_found')
  if (already?.id === intoId) return
  if (already) throw new Problem('conflict', 'desk.merged')
  if (rootId === sourceId) throw new Problem('conflict', 'desk.circle')
  const taken = takeOver(target, source)
  const began = (await findRoundFrom(tx, sourceId)) ?? source.created_at
  const at = await nextMoment(tx, sourceId, rootId)
  await insertMerge(tx, sourceId, { target_id: intoId, at, before: standingOf(target) })
  const updatedAt = source.updated_at > target.updated_at ? source.updated_at : target.updated_at
  const now = { ...taken, ...(await countShown(tx, rootId)), updated_at: updatedAt }
  await updateTicket(tx, now)
  const data = { intoId, into: into.number, number: source.number }
  await emit(tx, { type: 'ticket.merged', subjectId: sourceId, data })
  await sayStatus(tx, target, now, { sourceId, mergedAt: at })
  await tellEffort(tx, [sourceId, rootId], { began })
  await wake(tx, 'ticket.merged', rootId)
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
  const above = await Promise.all(named.map((id) => listMergesAbove(tx, id)))
  // In one order, so that whoever changes some of them meanwhile waits, and in no circle.
  await lockTickets(tx, [...new Set([...named, ...above.flat().map((one) => one.target_id)])])
  const undo: MergeOfOne[] = []
  for (const { id, intoId } of merges) {
    const was = (await listMerges(tx, [id])).get(id)?.id ?? null
    await (intoId === null ? unmerge(tx, id) : merge(tx, id, intoId))
    if (was !== intoId) undo.unshift({ id, intoId: was })
  }
  return { undo }
}

/** Now, or later than every merge by which something stands in these: which came first must be told apart. */
async function nextMoment(tx: Tx, id: string, otherId: string): Promise<Date> {
  const below = [...(await listMergesBelow(tx, id)), ...(await listMergesBelow(tx, otherId))]
  return new Date(Math.max(tx.now.getTime(), ...below.map(({ at }) => at.getTime() + 1)))
}

/**
 * Takes a merge back: what answered this ticket's mails meanwhile is its own again, and the other one is what it was
 * unless something else has happened to it. Doing it twice is doing it once.
 * @throws Problem not_found
 */
export async function unmerge(tx: Tx, sourceId: string): Promise<void> {
  await lockMerging(tx)
  const above = await listMergesAbove(tx, sourceId)
  const rows = await lockTickets(tx, [sourceId, ...above.map((one) => one.target_id)])
  const source = rows.find(({ id }) => id === sourceId)
  if (!source) throw new Problem('not_found', 'platform.not_found')
  const past = await deleteMerge(tx, sourceId)
  const target = rows.find(({ id }) => id === above.at(-1)?.target_id)
  if (!past || !target) return
  const given = await giveBack(tx, source, above)
  const own = await retell(tx, source, { at: past.at, before: standingOf(source) })
  await updateTicket(tx, own)
  await emit(tx, { type: 'ticket.unmerged', subjectId: sourceId, data: { fromId: target.id, from: target.number } })
  await sayStatus(tx, source, own, { sourceId })
  const data = { sourceId, number: source.number, messages: given }
  await emit(tx, { type: 'ticket.gave_back', subjectId: target.id, data })
  await retellAbove(tx, above, rows)
  const ids = rows.map(({ id }) => id)
  await tellEffort(tx, ids, { goesOn: true })
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

/** That a ticket is in another state than before. @param because of which message or merge */
export async function sayStatus(
  tx: Tx,
  before: TicketRow,
  now: TicketRow,
  because: { messageId: string } | { sourceId: string; mergedAt?: Date },
): Promise<void> {
  if (before.status === now.status) return
  const data = { from: before.status, to: now.status, ...because }
  await emit(tx, { type: 'ticket.status', subjectId: now.id, data })
}

/** @returns how many messages the source got */
async function giveBack(tx: Tx, source: TicketRow, above: readonly MergeRow[]): Promise<number> {
  const [{ at }] = above as [MergeRow]
  const places = above.map((one) => one.target_id)
  const targetId = places.at(-1)!
  const own = [source.id, ...(await listMergedSources(tx, source.id))]
  const others = [targetId, ...(await listMergedSources(tx, targetId))]
  const ids = await answersTo(tx, own, others, await listSince(tx, places, at))
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
