import { conditionsOf, type TicketView, type ViewFilter } from '@lahko/contract/tickets'
import { emit } from '#platform/events.ts'
import { uuidv7 } from '#platform/identifiers.ts'
import { findOutgoingMailbox } from './outgoing-mailboxes.queries.ts'
import { addressesOf } from './own-addresses.ts'
import { Problem } from '#platform/problem.ts'
import type { Db, Tx } from '#platform/store.ts'
import { countEach, type TicketSort } from './listing.queries.ts'
import { filtersOf, keptFilter, withoutVain } from './listing.ts'
import { listFields } from './ticket-fields.queries.ts'
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
  return viewsOf(db, await listViewRows(db, memberOf(db)))
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
  const mailboxes = (await listMailboxNames(db)).map(({ aliases, ...mailbox }) => {
    return { ...mailbox, addresses: addressesOf({ ...mailbox, aliases }) }
  })
  const writesFrom = (await findOutgoingMailbox(db, null))?.address ?? null
  return { mailboxes, writesFrom, languages: await listLanguages(db) }
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
  const filter = await keptFilter(db, given, '/body/filter')
  return { name, filter, sort, member_id: shared ? null : memberOf(db) }
}

function demandManager({ actor }: Db): void {
  if (!actor.permissions.has('tickets.manage'))
    throw new Problem('forbidden', 'platform.not_allowed', { permission: 'tickets.manage' })
}

function memberOf({ actor }: Db): string | null {
  return actor.kind === 'member' ? actor.memberId : null
}

async function viewOf(db: Db, row: ViewRow): Promise<TicketView> {
  return (await viewsOf(db, [row]))[0]!
}

async function viewsOf(db: Db, rows: readonly ViewRow[]): Promise<TicketView[]> {
  const asked = await askedOf(db, rows)
  const counts = new Map([...(await countsIn(db, 'unsolved', asked)), ...(await countsIn(db, 'spam', asked))])
  return asked.map(({ id, name, member_id: memberId, whole, lost, sort }) => ({
    ...{ id, name, shared: memberId === null, filter: whole, sort, lost },
    count: whole.shelf === 'solved' ? null : (counts.get(id) ?? 0),
  }))
}

/** Views without what they ask in vain: of a field, or a choice of one, that was removed since. */
async function askedOf(db: Db, rows: readonly ViewRow[]) {
  const isAsking = ({ filter }: ViewRow) => filter.field !== undefined || filter.where !== undefined
  const fields = rows.some(isAsking) ? await listFields(db) : []
  return rows.map((row) => ({ ...row, whole: row.filter, ...withoutVain(fields, row.filter) }))
}

/** How many tickets stand in each of the views over a shelf. A key is nobody, so that *mine* holds nothing for it. */
async function countsIn(db: Db, shelf: 'unsolved' | 'spam', all: readonly ViewRow[]): Promise<[string, number][]> {
  const isNobodys = (filter: ViewFilter) => memberOf(db) === null && isAboutMe(filter)
  const views = all.filter(({ filter }) => (filter.shelf ?? 'unsolved') === shelf && !isNobodys(filter))
  const filters = await filtersOf(
    db,
    views.map(({ filter }) => filter),
  )
  const counts = await countEach(db, shelf, filters, mostCounted)
  return views.map(({ id }, place) => [id, counts[place]!])
}

function isAboutMe(filter: ViewFilter): boolean {
  const ofMembers = conditionsOf(filter).filter(({ name }) => ['owner', 'followed', 'mentioned'].includes(name))
  return ofMembers.some(({ values }) => values.includes('me'))
}
