import { readCondition, type TicketCondition, type TicketLine, type ViewFilter } from '@lahko/contract/tickets'
import { invalidField } from '#platform/problem.ts'
import { isMoment } from '#platform/moments.ts'
import type { Db } from '#platform/store.ts'
import { keptCondition, knownCondition, meaningsOf, type Meanings, type Vain } from './conditions.ts'
import { typedValue } from './field-values.ts'
import { listTicketRows, type FieldIs, type TicketFilter, type TicketSort } from './listing.queries.ts'
import { listFields, type TicketFieldRow } from './ticket-fields.queries.ts'
import { viewLines } from './tickets.view.ts'

export type TicketQuery = ViewFilter & { sort: TicketSort; after?: string; limit: number }

/** One page of tickets. @throws Problem invalid `tickets.bad_page`, `tickets.no_member` */
export async function listTickets(
  db: Db,
  { sort, after, limit, ...filter }: TicketQuery,
): Promise<{ items: TicketLine[]; next: string | null }> {
  const page = { sort, after: readEnd(after, sort), limit: limit + 1 }
  const [asked] = await filtersOf(db, [await keptFilter(db, filter, '/query')])
  const rows = await listTicketRows(db, asked!, page)
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return {
    items: await viewLines(db, shown),
    next: rows.length > limit && last ? Buffer.from(`${last.key} ${last.id}`).toString('base64url') : null,
  }
}

/**
 * A filter as it is kept: what it asks of custom fields as those keep it.
 * @param where what holds the filter, for what is refused
 * @throws Problem invalid `requests.no_field`, `requests.not_of_kind`
 */
export async function keptFilter(db: Db, filter: ViewFilter, where: '/query' | '/body/filter'): Promise<ViewFilter> {
  const parts = vainParts.filter((part) => filter[part] !== undefined)
  if (parts.length === 0) return filter
  const fields = await listFields(db)
  const kept = parts.map((part) => [
    part,
    [filter[part]!].flat().map((one) => demandKept(keptPart(fields, part, one), `${where}/${part}`)),
  ])
  return { ...filter, ...Object.fromEntries(kept) }
}

/** Which parts of a filter may ask for a custom field that is not there. */
const vainParts = ['field', 'where'] as const

function keptPart(fields: readonly TicketFieldRow[], part: (typeof vainParts)[number], one: string): string | Vain {
  return part === 'where' ? keptCondition(fields, one) : keptField(fields, one)
}

function demandKept(kept: string | Vain, where: string): string {
  if (typeof kept === 'string') return kept
  const { code, ...args } = kept
  throw invalidField(where, code, args)
}

/** A filter without what it asks in vain, and what that is. Pure. */
export function withoutVain(
  fields: readonly TicketFieldRow[],
  filter: ViewFilter,
): { filter: ViewFilter; lost: string[] } {
  const lost: string[] = []
  const left = { ...filter }
  for (const part of vainParts) {
    if (filter[part] === undefined) continue
    const given = [filter[part]].flat()
    const vain = given.filter((one) => typeof keptPart(fields, part, one) !== 'string')
    lost.push(...vain)
    left[part] = given.filter((one) => !vain.includes(one))
  }
  return { filter: left, lost }
}

function keptField(fields: readonly TicketFieldRow[], given: string): string | Vain {
  const { fieldId, value } = readField(given)
  const field = fields.find(({ id }) => id === fieldId)
  if (!field) return { code: 'requests.no_field' }
  const kept = typedValue(field, value)
  return kept === undefined ? { code: 'requests.not_of_kind', kind: field.kind } : `${fieldId}:${kept}`
}

function readField(given: string): FieldIs {
  const at = given.indexOf(':')
  return { fieldId: given.slice(0, at).toLowerCase(), value: given.slice(at + 1) }
}

/** Filters for whoever asks: `me` is the member who does. @throws Problem invalid when nobody is meant by it */
export async function filtersOf(db: Db, filters: readonly ViewFilter[]): Promise<TicketFilter[]> {
  const meanings = await meaningsOf(db, filters)
  return filters.map((filter) => filterOf(db, meanings, filter))
}

function filterOf(
  db: Db,
  meanings: Meanings,
  { owner, followed, organisation, field, where = [], ...rest }: ViewFilter,
): TicketFilter {
  const me = db.actor.kind === 'member' ? db.actor.memberId : undefined
  if (me === undefined && (owner === 'me' || followed)) throw invalidField('/query/owner', 'tickets.no_member')
  const named: TicketCondition = { name: 'organisation', test: 'any', values: [organisation ?? ''] }
  const asked = [...(organisation === undefined ? [] : [named]), ...[where].flat().map((one) => readCondition(one)!)]
  return {
    ...rest,
    ...(owner !== undefined && { ownerId: owner === 'me' ? me! : owner === 'nobody' ? null : owner }),
    ...(followed && { followerId: me! }),
    ...(field?.length && { fields: [field].flat().map(readField) }),
    ...(asked.length > 0 && { conditions: asked.map((one) => knownCondition(db, meanings, one)) }),
  }
}

const moment = String.raw`(?:\d{4,}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?[+-]\d\d(?::\d\d){0,2}|-?infinity)`
const end = new RegExp(`^([0-3]/)?(${moment}) ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$`)

function readEnd(after: string | undefined, sort: TicketSort): { key: string; id: string } | undefined {
  if (after === undefined) return undefined
  const [, rank = '', at, id] = end.exec(Buffer.from(after, 'base64url').toString()) ?? []
  const wellFormed = at !== undefined && (at.endsWith('infinity') || isMoment(at))
  if (!wellFormed || sort.startsWith('priority') !== (rank !== ''))
    throw invalidField('/query/after', 'tickets.bad_page')
  return { key: rank + at, id: id! }
}
