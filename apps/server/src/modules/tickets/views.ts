import type { TicketView, ViewFilter } from '@lahko/contract/tickets'
import { emit } from '#platform/events.ts'
import { uuidv7 } from '#platform/identifiers.ts'
import { Problem } from '#platform/problem.ts'
import type { Db, Tx } from '#platform/store.ts'
import { countTicketRows, type TicketSort } from './listing.queries.ts'
import { filterOf, keptFields } from './listing.ts'
import {
  deleteView,
  insertView,
  listLanguages,
  listMailboxNames,
  listTagsBeginning,
  listViewRows,
  lockView,
  mostViews,
  updateView,
  type ViewRow,
} from './views.queries.ts'

const mostCounted = 1_000
const mostTags = 50

export type GivenView = { name: string; shared: boolean; filter: ViewFilter; sort: TicketSort }

/** Saved lists, one's own and everybody's, with how many tickets stand in each. */
export async function listViews(db: Db): Promise<TicketView[]> {
  const views: TicketView[] = []
  for (const row of await listViewRows(db, memberOf(db))) views.push(await viewOf(db, row))
  return views
}

/** @throws Problem forbidden for everybody's by who does not manage the desk; conflict `desk.too_many_views` */
export async function createView(tx: Tx, given: GivenView): Promise<TicketView> {
  const row = { ...(await rowOf(tx, given)), id: uuidv7(tx.now.getTime()) }
  if ((await listViewRows(tx, memberOf(tx))).length >= mostViews)
    throw new Problem('conflict', 'desk.too_many_views', { most: mostViews })
  await insertView(tx, row)
  await emit(tx, { type: 'ticket_view.saved', subjectId: row.id })
  return viewOf(tx, row)
}

/** @throws Problem not_found; forbidden for everybody's by who does not manage the desk */
export async function changeView(tx: Tx, id: string, given: GivenView): Promise<TicketView> {
  await lockChangeable(tx, id)
  const row = { ...(await rowOf(tx, given)), id }
  await updateView(tx, row)
  await emit(tx, { type: 'ticket_view.saved', subjectId: id })
  return viewOf(tx, row)
}

/** @throws Problem not_found; forbidden for everybody's by who does not manage the desk */
export async function removeView(tx: Tx, id: string): Promise<void> {
  await lockChangeable(tx, id)
  await deleteView(tx, id)
  await emit(tx, { type: 'ticket_view.removed', subjectId: id })
}

/** By what lists can be narrowed besides what everybody knows. */
export async function listNarrowings(db: Db) {
  return { mailboxes: await listMailboxNames(db), languages: await listLanguages(db) }
}

/** Tags that begin with some letters. */
export function listTagsThatBegin(db: Db, begins: string): Promise<string[]> {
  return listTagsBeginning(db, begins.toLowerCase(), mostTags)
}

async function lockChangeable(tx: Tx, id: string): Promise<void> {
  const row = await lockView(tx, id, memberOf(tx))
  if (!row) throw new Problem('not_found', 'platform.not_found')
  if (row.member_id === null) demandManager(tx)
}

async function rowOf(db: Db, { name, shared, filter: given, sort }: GivenView): Promise<Omit<ViewRow, 'id'>> {
  if (shared) demandManager(db)
  else if (memberOf(db) === null) throw new Problem('forbidden', 'desk.members_only')
  const filter = { ...given, ...(given.field && { field: await keptFields(db, [given.field].flat(), '/body/filter') }) }
  return { name, filter, sort, member_id: shared ? null : memberOf(db) }
}

function demandManager({ actor }: Db): void {
  if (!actor.permissions.has('tickets.manage'))
    throw new Problem('forbidden', 'platform.not_allowed', { permission: 'tickets.manage' })
}

function memberOf({ actor }: Db): string | null {
  return actor.kind === 'member' ? actor.memberId : null
}

async function viewOf(db: Db, { id, name, member_id: memberId, filter, sort }: ViewRow): Promise<TicketView> {
  return { id, name, shared: memberId === null, filter, sort, count: await countOf(db, filter) }
}

/** A key is nobody, so that *mine* holds nothing for it. */
async function countOf(db: Db, filter: ViewFilter): Promise<number | null> {
  if (filter.shelf === 'solved') return null
  if (memberOf(db) === null && (filter.owner === 'me' || filter.followed)) return 0
  return countTicketRows(db, await filterOf(db, filter), mostCounted)
}
