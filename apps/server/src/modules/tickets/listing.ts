import type { TicketLine, ViewFilter } from '@lahko/contract/tickets'
import { listCustomersOfOrganisation } from '#people'
import { invalidField } from '#platform/problem.ts'
import { isMoment } from '#platform/moments.ts'
import type { Db } from '#platform/store.ts'
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
  const known = { ...filter, ...(filter.field && { field: await keptFields(db, [filter.field].flat(), '/query') }) }
  const rows = await listTicketRows(db, await filterOf(db, known), page)
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return {
    items: await viewLines(db, shown),
    next: rows.length > limit && last ? Buffer.from(`${last.key} ${last.id}`).toString('base64url') : null,
  }
}

/**
 * What custom fields say, as they keep it: a number that was typed with a comma is found too.
 * @param where what holds the filter, for what is refused
 * @throws Problem invalid `requests.no_field`, `requests.not_of_kind`
 */
export async function keptFields(
  db: Db,
  given: readonly string[],
  where: '/query' | '/body/filter',
): Promise<string[]> {
  const fields = await listFields(db)
  return given.map((one) => {
    const kept = keptField(fields, one)
    if (!kept) throw invalidField(`${where}/field`, 'requests.no_field')
    if (typeof kept !== 'string') throw invalidField(`${where}/field`, 'requests.not_of_kind', kept)
    return kept
  })
}

/** The same of one of them. @returns the kind of field that it is not of, undefined when there is no such field */
export function keptField(fields: readonly TicketFieldRow[], given: string): string | { kind: string } | undefined {
  const { fieldId, value } = readField(given)
  const field = fields.find(({ id }) => id === fieldId)
  if (!field) return undefined
  const kept = typedValue(field, value)
  return kept === undefined ? { kind: field.kind } : `${fieldId}:${kept}`
}

function readField(given: string): FieldIs {
  const at = given.indexOf(':')
  return { fieldId: given.slice(0, at).toLowerCase(), value: given.slice(at + 1) }
}

/** A filter for whoever asks: `me` is the member who does. @throws Problem invalid when nobody is meant by it */
export async function filterOf(
  db: Db,
  { owner, followed, organisation, field, ...rest }: ViewFilter,
): Promise<TicketFilter> {
  const me = db.actor.kind === 'member' ? db.actor.memberId : undefined
  if (me === undefined && (owner === 'me' || followed)) throw invalidField('/query/owner', 'tickets.no_member')
  return {
    ...rest,
    ...(owner !== undefined && { ownerId: owner === 'me' ? me! : owner === 'nobody' ? null : owner }),
    ...(followed && { followerId: me! }),
    ...(organisation !== undefined && { customerIds: await listCustomersOfOrganisation(db, organisation) }),
    ...(field && { fields: [field].flat().map(readField) }),
  }
}

const moment = String.raw`(?:\d{4,}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?[+-]\d\d(?::\d\d){0,2}|infinity)`
const end = new RegExp(`^([0-3]/)?(${moment}) ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$`)

function readEnd(after: string | undefined, sort: TicketSort): { key: string; id: string } | undefined {
  if (after === undefined) return undefined
  const [, rank = '', at, id] = end.exec(Buffer.from(after, 'base64url').toString()) ?? []
  const wellFormed = at !== undefined && (at === 'infinity' || isMoment(at))
  if (!wellFormed || (sort === 'priority') !== (rank !== '')) throw invalidField('/query/after', 'tickets.bad_page')
  return { key: rank + at, id: id! }
}
