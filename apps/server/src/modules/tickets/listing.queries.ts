import type { ViewFilter } from '@lahko/contract/tickets'
import { priorities } from '@lahko/contract/tickets'
import { sql, type RawBuilder } from 'kysely'
import type { Db } from '#platform/store.ts'
import { lineColumns, type TicketLineRow } from './tickets.queries.ts'

/** A filter whose `me` has been replaced by a member, and whose organisation by its customers. */
export type TicketFilter = Omit<ViewFilter, 'owner' | 'followed' | 'organisation' | 'field'> & {
  ownerId?: string | null
  followerId?: string
  customerIds?: readonly string[]
  fields?: readonly FieldIs[]
}
export type FieldIs = { fieldId: string; value: string }
export type TicketSort = 'newest' | 'waiting' | 'priority'
type Shelf = NonNullable<ViewFilter['shelf']>
type Keyed = TicketLineRow & { key: string }

const orders = {
  newest: { by: sql`t.updated_at desc, t.id desc`, key: sql`t.updated_at::text` },
  waiting: { by: sql`t.waits_from, t.id`, key: sql`t.waits_from::text` },
  priority: { by: sql`(3 - t.priority), t.waits_from, t.id`, key: sql`(3 - t.priority)::text || '/' || t.waits_from` },
} as const

/** One page of tickets; `key` with the id says where the next one begins. */
export async function listTicketRows(
  db: Db,
  filter: TicketFilter,
  { sort, after, limit }: { sort: TicketSort; after?: { key: string; id: string }; limit: number },
): Promise<Keyed[]> {
  const { rows } = await sql<Keyed>`
    select ${lineColumns}, ${orders[sort].key} as key from ${ticketsOf(db, filter, sort)} t
    where ${ticketConditions(db, filter)} ${after ? sql`and ${beyond(sort, after)}` : sql``}
    order by ${orders[sort].by} limit ${limit}`.execute(db.kysely)
  return rows
}

/** So many solved ones are looked through for what no index knows: there are ever more of them. */
const mostLookedThrough = 20_000

/** All, or the newest of a shelf. The shelf of unsolved ones is worked off, and a customer has only so many. */
function ticketsOf(
  db: Db,
  { shelf = 'unsolved', customer, ...rest }: TicketFilter,
  sort: TicketSort,
): RawBuilder<unknown> {
  const narrowed = Object.entries(rest).some(([name, value]) => name !== 'snoozed' && value !== undefined)
  if (customer !== undefined || (sort === 'newest' && !narrowed)) return sql`tickets`
  return lookedThrough(db, shelf)
}

function lookedThrough(db: Db, shelf: Shelf): RawBuilder<unknown> {
  if (shelf === 'unsolved') return sql`tickets`
  return sql`(select * from tickets n where n.workspace_id = ${db.workspaceId} and n.shelf = ${sql.lit(shelf)}
    order by n.updated_at desc, n.id desc limit ${mostLookedThrough})`
}

/** How many tickets each of some lists holds that have an index of their own, counted no further than asked. */
export async function countLists(db: Db, filters: readonly TicketFilter[], most: number): Promise<number[]> {
  const counts = filters.map(
    (filter) => sql`(select count(*) from (
      select from tickets t where ${ticketConditions(db, filter)} limit ${most}) t)`,
  )
  const { rows } = await sql<{ counts: number[] }>`select array[${sql.join(counts)}]::integer[] as counts`.execute(
    db.kysely,
  )
  return rows[0]!.counts
}

/** How many tickets of a shelf each of some filters means, no more than asked, in one pass through what is looked through. */
export async function countEach(
  db: Db,
  shelf: Shelf,
  filters: readonly TicketFilter[],
  most: number,
): Promise<number[]> {
  if (filters.length === 0) return []
  const counts = filters.map(
    (filter) => sql`least(${most}, count(*) filter (where ${sql.join(narrowings(filter), sql` and `)}))`,
  )
  const { rows } = await sql<{ counts: number[] }>`
    select array[${sql.join(counts)}]::integer[] as counts from ${lookedThrough(db, shelf)} t
    where ${sql.join(standingIn(db, shelf), sql` and `)}`.execute(db.kysely)
  return rows[0]!.counts
}

function beyond(sort: TicketSort, { key, id }: { key: string; id: string }): RawBuilder<unknown> {
  if (sort === 'newest') return sql`(t.updated_at, t.id) < (${key}::timestamptz, ${id}::uuid)`
  if (sort === 'waiting') return sql`(t.waits_from, t.id) > (${key}::timestamptz, ${id}::uuid)`
  const [rank, from] = key.split('/')
  return sql`((3 - t.priority), t.waits_from, t.id) > (${rank}::integer, ${from}::timestamptz, ${id}::uuid)`
}

/** What a filter means, of a table that is called `t`. What was merged into another is no ticket of its own. */
function ticketConditions(db: Db, filter: TicketFilter): RawBuilder<unknown> {
  return sql.join([...standingIn(db, filter.shelf ?? 'unsolved'), ...narrowings(filter)], sql` and `)
}

function standingIn(db: Db, shelf: Shelf): RawBuilder<unknown>[] {
  return [
    sql`t.workspace_id = ${db.workspaceId}`,
    sql`t.shelf = ${sql.lit(shelf)}`,
    sql`not exists (select from ticket_merges m where m.workspace_id = t.workspace_id and m.source_id = t.id)`,
  ]
}

function narrowings(filter: TicketFilter): RawBuilder<unknown>[] {
  const is = [filter.snoozed === 'yes' ? sql`t.snoozed_until is not null` : sql`t.snoozed_until is null`]
  if (filter.status) is.push(sql`t.status = ${filter.status}`)
  if (filter.ownerId === null) is.push(sql`t.owner_id is null`)
  else if (filter.ownerId !== undefined) is.push(sql`t.owner_id = ${filter.ownerId}`)
  if (filter.customer) is.push(sql`t.customer_id = any(array(select p from same_person(${filter.customer}) p))`)
  if (filter.topic !== undefined) is.push(sql`t.topic = ${filter.topic}`)
  if (filter.priority) is.push(sql`t.priority = ${priorities.indexOf(filter.priority)}`)
  if (filter.mailbox) is.push(sql`t.mailbox_id = ${filter.mailbox}`)
  if (filter.language !== undefined) is.push(sql`t.language = ${filter.language}`)
  if (filter.customerIds) is.push(sql`t.customer_id = any(${filter.customerIds}::uuid[])`)
  if (filter.channel) is.push(sql`t.channel = ${filter.channel}`)
  if (filter.tag !== undefined) {
    is.push(sql`exists (select from ticket_tags g where g.workspace_id = t.workspace_id and g.ticket_id = t.id
      and g.tag = ${filter.tag})`)
  }
  for (const { fieldId, value } of filter.fields ?? []) {
    is.push(sql`exists (select from ticket_field_values v where v.workspace_id = t.workspace_id and v.ticket_id = t.id
      and v.field_id = ${fieldId} and md5(v.value) = md5(${value}) and v.value = ${value})`)
  }
  if (filter.followerId !== undefined) {
    is.push(sql`exists (select from ticket_followers f where f.workspace_id = t.workspace_id and f.ticket_id = t.id
      and f.member_id = ${filter.followerId})`)
  }
  return is
}
