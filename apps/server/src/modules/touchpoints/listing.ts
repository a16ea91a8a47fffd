import type { Touchpoint } from '@lahko/contract/touchpoints'
import type { AnswerEntry, TimelineEntry } from '@lahko/contract/people'
import { getWorkspace } from '#accounts'
import { findCustomers, listHappenings, type Customer } from '#people'
import type { Module, TimelinePage, TimelineSubject } from '#platform/module.ts'
import { invalidField, Problem } from '#platform/problem.ts'
import { isMoment } from '#platform/moments.ts'
import type { Db } from '#platform/store.ts'
import {
  findTouchpointRow,
  listNewestOf,
  listNewestTouchpoints,
  listTouchpointsBeginning,
  type TouchpointRow,
} from './listing.queries.ts'

/** What a reader asks for, as the contract parsed it. */
export type TouchpointQuery = {
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
  const rows = search
    ? await listTouchpointsBeginning(db, filter, { beginning: search, after: readName(after), limit: limit + 1 })
    : await listNewestTouchpoints(db, filter, { before: readEnd(after), limit: limit + 1 })
  const shown = rows.slice(0, limit)
  const customers = await findCustomers(db, customerIds(shown))
  return {
    items: shown.map((row) => viewTouchpoint(row, customers)),
    next: rows.length > limit ? endAfter(shown.at(-1)!, search) : null,
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
    decidedAt: row.decided_at?.toISOString() ?? null,
    attributes: row.attributes,
    customer: customers.get(row.customer_id ?? '') ?? null,
  }
}

function customerIds(rows: readonly TouchpointRow[]): string[] {
  return rows.flatMap(({ customer_id: id }) => id ?? [])
}

function endAfter(row: TouchpointRow, search: string | undefined): string {
  const end = search ? row.external_id! : `${row.happened_at.toISOString()} ${row.id}`
  return Buffer.from(end).toString('base64url')
}

function readName(after: string | undefined): string | undefined {
  if (after === undefined) return undefined
  const name = Buffer.from(after, 'base64url').toString()
  if (/[^\P{Cc}\t\n\r]|\ufffd/u.test(name)) throw badPage()
  return name
}

function readEnd(after: string | undefined): { at: string; id: string } | undefined {
  if (after === undefined) return undefined
  const [, at, id] =
    /^([12]\d{3}-[\d:T.-]+Z) ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(
      Buffer.from(after, 'base64url').toString(),
    ) ?? []
  if (at === undefined || id === undefined || !isMoment(at)) throw badPage()
  return { at, id }
}

function badPage(): Problem {
  return invalidField('/query/after', 'touchpoints.bad_page')
}
