import { emit, wake } from '#platform/events.ts'
import { firstIdAt } from '#platform/identifiers.ts'
import { Problem } from '#platform/problem.ts'
import type { Db, Tx } from '#platform/store.ts'
import { lockTickets } from './changing.queries.ts'
import { recount } from './recounting.ts'
import { deleteMerge, insertMerge, listMessageIds, listSince, lockMerging, moveMessages } from './merging.queries.ts'
import type { Answering, MergeRow, TakenOver } from './merging.queries.ts'
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
import { follow, writersOf } from './writing-in.ts'

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
  const now = takeOver(target, source)
  await insertMerge(tx, sourceId, { targetId: intoId, before: takenOf(target), after: takenOf(now) })
  await updateTicket(tx, now)
  const data = { intoId, into: into.number, number: source.number }
  await emit(tx, { type: 'ticket.merged', subjectId: sourceId, data })
  await sayStatus(tx, target, now)
  await tellEffort(tx, [sourceId, rootId])
  await wake(tx, 'ticket.merged', rootId)
}

/**
 * Takes a merge back: what answered this ticket's mails meanwhile is its own again, and the other one is what it was
 * unless something else has happened to it. Doing it twice is doing it once.
 * @throws Problem not_found
 */
export async function unmerge(tx: Tx, sourceId: string): Promise<void> {
  await lockMerging(tx)
  const rootId = await findMergeTarget(tx, sourceId)
  const rows = await lockTickets(tx, [sourceId, ...(rootId ? [rootId] : [])])
  const [source, target] = [sourceId, rootId].map((id) => rows.find((row) => row.id === id))
  if (!source) throw new Problem('not_found', 'platform.not_found')
  const past = await deleteMerge(tx, sourceId)
  if (!past || !target) return
  const { given, stayed } = await giveBack(tx, source, target, past)
  const restored = stayed ? target : putBack(target, past)
  const now = given === 0 && !stayed ? restored : await recount(tx, restored, null)
  await updateTicket(tx, now)
  await emit(tx, { type: 'ticket.unmerged', subjectId: sourceId, data: { fromId: target.id, from: target.number } })
  const data = { sourceId, number: source.number, messages: given }
  await emit(tx, { type: 'ticket.gave_back', subjectId: target.id, data })
  await sayStatus(tx, target, now)
  await tellEffort(tx, [sourceId, target.id])
}

/** That a ticket is in another state than before. */
export async function sayStatus(tx: Tx, before: TicketRow, now: TicketRow): Promise<void> {
  if (before.status === now.status) return
  await emit(tx, { type: 'ticket.status', subjectId: now.id, data: { from: before.status, to: now.status } })
}

/** The target with what the source brings: whose customer waits, waits in the target. */
function takeOver(target: TicketRow, source: TicketRow): TicketRow {
  const newer = source.updated_at > target.updated_at
  const told = {
    ...target,
    updated_at: newer ? source.updated_at : target.updated_at,
    last_author: newer ? source.last_author : target.last_author,
    last_excerpt: newer ? source.last_excerpt : target.last_excerpt,
  }
  const waiting = source.spam_at ? null : source.waiting_since
  if (!waiting) return told
  const since = target.waiting_since && target.waiting_since < waiting ? target.waiting_since : waiting
  const status = target.status === 'new' ? 'new' : 'open'
  return { ...told, status, waiting_since: since, solved_at: null, snoozed_until: null }
}

const taken = [
  ['status', 'status'],
  ['waitingSince', 'waiting_since'],
  ['solvedAt', 'solved_at'],
  ['snoozedUntil', 'snoozed_until'],
] as const

function takenOf(row: TicketRow): TakenOver {
  return {
    status: row.status,
    waitingSince: row.waiting_since?.toISOString() ?? null,
    solvedAt: row.solved_at?.toISOString() ?? null,
    snoozedUntil: row.snoozed_until?.toISOString() ?? null,
    lastAuthor: row.last_author,
    lastExcerpt: row.last_excerpt,
  }
}

/** Each as before the merge, where it still is as the merge left it. */
function putBack(row: TicketRow, { before, after }: MergeRow): TicketRow {
  const is = takenOf(row)
  const untouched = taken.every(([name]) => is[name] === after[name])
  const said = is.lastAuthor === after.lastAuthor && is.lastExcerpt === after.lastExcerpt
  const momentOf = (at: string | null) => (at === null ? null : new Date(at))
  return {
    ...row,
    ...(untouched && {
      status: before.status,
      waiting_since: momentOf(before.waitingSince),
      solved_at: momentOf(before.solvedAt),
      snoozed_until: momentOf(before.snoozedUntil),
    }),
    ...(said && { last_author: before.lastAuthor, last_excerpt: before.lastExcerpt }),
  }
}

/** @returns how many messages the source got, and whether people have written what stays with the target */
async function giveBack(tx: Tx, source: TicketRow, target: TicketRow, { at }: MergeRow) {
  const own = [source.id, ...(await listMergedSources(tx, source.id))]
  const others = [target.id, ...(await listMergedSources(tx, target.id))]
  const came = await listSince(tx, others, at)
  const ids = await answersTo(tx, own, others, came)
  const given = new Set(ids)
  const afterwards = firstIdAt(at.getTime() + 1)
  const stayed = came.some(({ id, automatic }) => id >= afterwards && !automatic && !given.has(id))
  if (ids.length === 0) return { given: 0, stayed }
  const before = await listParticipants(tx, target.id)
  const known = new Set(before.map(({ address }) => address))
  await moveMessages(tx, ids, source.id)
  const moved = await listMessagesByIds(tx, ids)
  await updateTicket(
    tx,
    moved.reduce((row, message) => follow(row, message), source),
  )
  const writers = moved.flatMap((row) => writersOf(row)).filter(({ address }) => known.has(address.toLowerCase()))
  await addParticipants(tx, source.id, writers)
  return { given: ids.length, stayed }
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
