import { toldAttributes, type Touchpoint } from '@lahko/contract/touchpoints'
import type { AnswerEntry, TimelineEntry } from '@lahko/contract/people'
import { getWorkspace } from '#accounts'
import { findCustomers, listHappenings, type Customer } from '#people'
import type { Module, TimelinePage, TimelineSubject } from '#platform/module.ts'
import { invalidField, Problem } from '#platform/problem.ts'
import { isMoment } from '#platform/moments.ts'
import type { Db } from '#platform/store.ts'
import {
  findEndOfLook,
  findTouchpointRow,
  listNewestOf,
  listNewestTouchpoints,
  listTouchpointsBeginning,
  listTold,
  listTouchpointsOfSought,
  type Place,
  type ToldFilter,
  type TouchpointFilter,
  type TouchpointRow,
} from './listing.queries.ts'

/** What a reader asks for, as the contract parsed it. */
export type TouchpointQuery = ToldFilter & {
  kind?: string
  customer?: string
  state?: 'open' | 'ended'
  from?: string
  to?: string
  search?: string
  after?: string
  limit: number
}

/** One page of touchpoints. @throws Problem invalid `touchpoints.bad_page` */
export async function listTouchpoints(
  db: Db,
  { search, after, limit, ...given }: TouchpointQuery,
): Promise<{ items: Touchpoint[]; next: string | null }> {
  const filter = { ...given, timeZone: (await getWorkspace(db)).time_zone }
  const { rows, ends, further } = search
    ? await searchTouchpoints(db, filter, search, { after, limit: limit + 1 })
    : await listNewest(db, filter, { after, limit: limit + 1 })
  const shown = rows.slice(0, limit)
  const customers = await findCustomers(db, customerIds(shown))
  return {
    items: shown.map((row) => viewTouchpoint(row, customers)),
    next: endOfPage(rows.length > limit ? ends[limit - 1] : further),
  }
}

function endOfPage(end: string | undefined): string | null {
  return end === undefined ? null : Buffer.from(end).toString('base64url')
}

const mostValues = 200

/** What the newest touchpoints tell, by its name; of what none tells nothing. */
export async function viewTold(db: Db): Promise<Record<keyof ToldFilter, string[]>> {
  const found = new Map((await listTold(db, mostValues)).map(({ name, values }) => [name, values]))
  const told = toldAttributes.map((name) => [name, found.get(name) ?? []] as const)
  return Object.fromEntries(told) as Record<keyof ToldFilter, string[]>
}

/** What may stand on a page, how the page ends after each of them, and where to look further after all of them. */
type Found = { rows: TouchpointRow[]; ends: string[]; further?: string }
type From = { after?: string; limit: number }

async function listNewest(db: Db, filter: TouchpointFilter, { after, limit }: From): Promise<Found> {
  const before = after === undefined ? undefined : placeOf(Buffer.from(after, 'base64url').toString())
  const rows = await listNewestTouchpoints(db, filter, { before, limit })
  const end = rows.length < limit ? await findEndOfLook(db, filter, before) : undefined
  return { rows, ends: rows.map(placeAfter), further: end && placeAfter(end) }
}

/** First those whose number begins so, in the order of these, then those of customers who hold the words. */
async function searchTouchpoints(
  db: Db,
  filter: TouchpointFilter,
  search: string,
  { after, limit }: From,
): Promise<Found> {
  const { name, before } = readEnd(after)
  const called = before ? [] : await listTouchpointsBeginning(db, filter, { beginning: search, after: name, limit })
  const rest = limit - called.length
  const others = rest > 0 ? await listTouchpointsOfSought(db, filter, { search, before, limit: rest }) : []
  return {
    rows: [...called, ...others],
    ends: [...called.map((row) => `=${row.external_id}`), ...others.map((row) => `@${placeAfter(row)}`)],
  }
}

/** How many answers about one touchpoint are shown with it. */
const mostAnswers = 100

/** One touchpoint with the answers about it. @throws Problem not_found */
export async function viewTouchpointWithAnswers(
  db: Db,
  modules: readonly Module[],
  id: string,
): Promise<Touchpoint & { answers: AnswerEntry[] }> {
  const row = await findTouchpointRow(db, id)
  if (!row) throw new Problem('not_found', 'platform.not_found')
  const customers = await findCustomers(db, customerIds([row]))
  const entries = await listHappenings(db, modules, { touchpointId: id }, { limit: mostAnswers })
  return { ...viewTouchpoint(row, customers), answers: entries.filter((entry) => entry.type === 'answer') }
}

/** The touchpoints of customers, for their timeline. */
export async function touchpointTimeline(db: Db, about: TimelineSubject, page: TimelinePage): Promise<TimelineEntry[]> {
  if (!('customerIds' in about)) return []
  const rows = await listNewestOf(db, about.customerIds, page)
  return rows.map((row) => ({
    type: 'touchpoint',
    at: row.happened_at.toISOString(),
    id: row.id,
    kind: row.kind,
    externalId: row.external_id,
    startedAt: row.started_at?.toISOString() ?? null,
    endedAt: row.ended_at?.toISOString() ?? null,
    attributes: row.attributes,
  }))
}

function viewTouchpoint(row: TouchpointRow, customers: ReadonlyMap<string, Customer>): Touchpoint {
  return {
    id: row.id,
    externalId: row.external_id,
    kind: row.kind,
    startedAt: row.started_at?.toISOString() ?? null,
    endedAt: row.ended_at?.toISOString() ?? null,
    reportedAt: row.created_at.toISOString(),
    decided: row.decided,
    attributes: row.attributes,
    customer: customers.get(row.customer_id ?? '') ?? null,
  }
}

function customerIds(rows: readonly TouchpointRow[]): string[] {
  return rows.flatMap(({ customer_id: id }) => id ?? [])
}

function placeAfter({ happened_at: at, id }: Pick<TouchpointRow, 'happened_at' | 'id'>): string {
  return `${at.toISOString()} ${id}`
}

/** Where a page of a search ends: its first letter says in which of both orders. */
function readEnd(after: string | undefined): { name?: string; before?: Place } {
  if (after === undefined) return {}
  const end = Buffer.from(after, 'base64url').toString()
  if (end.startsWith('@')) return { before: placeOf(end.slice(1)) }
  if (!end.startsWith('=') || /[^\P{Cc}\t\n\r]|\ufffd/u.test(end)) throw badPage()
  return { name: end.slice(1) }
}

function placeOf(text: string): Place {
  const [, at, id] = /^([12]\d{3}-[\d:T.-]+Z) ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(text) ?? []
  if (at === undefined || id === undefined || !isMoment(at)) throw badPage()
  return { at, id }
}

function badPage(): Problem {
  return invalidField('/query/after', 'touchpoints.bad_page')
}
