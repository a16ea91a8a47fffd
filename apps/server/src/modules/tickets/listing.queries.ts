import type { ViewFilter } from '@lahko/contract/tickets'
import { priorities, type TicketView } from '@lahko/contract/tickets'
import { sql, type RawBuilder } from 'kysely'
import type { Db } from '#platform/store.ts'
import { holds, type KnownCondition } from './conditions.queries.ts'
import { isFollowed } from './followers.queries.ts'
import { lineColumns, type TicketLineRow } from './tickets.queries.ts'

/** A filter whose `me` has been replaced by a member; its organisation is a condition. */
export type TicketFilter = Omit<ViewFilter, 'owner' | 'followed' | 'organisation' | 'field' | 'where'> & {
  ownerId?: string | null
  followerId?: string
  fields?: readonly FieldIs[]
  conditions?: readonly KnownCondition[]
}
export type FieldIs = { fieldId: string; value: string }
export type TicketSort = TicketView['sort']
type Shelf = NonNullable<ViewFilter['shelf']>
type Keyed = TicketLineRow & { key: string }

/** By which a list goes, in which direction, and how its place is read from the key of a line. */
type Order = { by: readonly Part[]; down?: true }
type Part = { column: RawBuilder<unknown>; type: 'timestamptz' | 'integer' }

const at = (column: string): Part => ({ column: sql.raw(column), type: 'timestamptz' })
const rank = (column: string): Part => ({ column: sql.raw(column), type: 'integer' })
const orders: Record<TicketSort, Order> = {
  newest: { by: [at('t.updated_at')], down: true },
  oldest: { by: [at('t.updated_at')] },
  waiting: { by: [at('t.waits_from')] },
  // Who does not wait comes last in both directions.
  waiting_least: { by: [at("coalesce(t.waiting_since, '-infinity')")], down: true },
  priority: { by: [rank('(3 - t.priority)'), at('t.waits_from')] },
  priority_lowest: { by: [rank('t.priority'), at('t.waits_from')] },
  created_newest: { by: [at('t.created_at')], down: true },
  created_oldest: { by: [at('t.created_at')] },
  message_newest: { by: [at('t.talked_at')], down: true },
  message_oldest: { by: [at('t.talked_at')] },
}

/** One page of tickets; `key` with the id says where the next one begins. */
export async function listTicketRows(
  db: Db,
  filter: TicketFilter,
  { sort, after, limit }: { sort: TicketSort; after?: { key: string; id: string }; limit: number },
): Promise<Keyed[]> {
  const { rows } = await sql<Keyed>`
    select ${lineColumns}, ${keyOf(orders[sort])} as key from ${ticketsOf(db, filter, sort)} t
    where ${ticketConditions(db, filter)} ${after ? sql`and ${beyond(orders[sort], after)}` : sql``}
    order by ${orderOf(orders[sort])} limit ${limit}`.execute(db.kysely)
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
    (filter) => sql`least(${most}, count(*) filter (where ${sql.join(narrowings(db, filter), sql` and `)}))`,
  )
  const { rows } = await sql<{ counts: number[] }>`
    select array[${sql.join(counts)}]::integer[] as counts from ${lookedThrough(db, shelf)} t
    where ${sql.join(standingIn(db, shelf), sql` and `)}`.execute(db.kysely)
  return rows[0]!.counts
}

function orderOf({ by, down }: Order): RawBuilder<unknown> {
  const columns = [...by.map(({ column }) => column), sql`t.id`]
  return sql.join(columns.map((column) => (down ? sql`${column} desc` : column)))
}

function keyOf({ by }: Order): RawBuilder<unknown> {
  return sql.join(
    by.map(({ column }) => sql`${column}::text`),
    sql` || '/' || `,
  )
}

function beyond({ by, down }: Order, { key, id }: { key: string; id: string }): RawBuilder<unknown> {
  const given = key.split('/')
  const end = by.map(({ type }, place) => sql`${given[place]}::${sql.raw(type)}`)
  const columns = by.map(({ column }) => column)
  return sql`(${sql.join([...columns, sql`t.id`])}) ${sql.raw(down ? '<' : '>')} (${sql.join([...end, sql`${id}::uuid`])})`
}

/** What a filter means, of a table that is called `t`. What was merged into another is no ticket of its own. */
function ticketConditions(db: Db, filter: TicketFilter): RawBuilder<unknown> {
  return sql.join([...standingIn(db, filter.shelf ?? 'unsolved'), ...narrowings(db, filter)], sql` and `)
}

function standingIn(db: Db, shelf: Shelf): RawBuilder<unknown>[] {
  return [
    sql`t.workspace_id = ${db.workspaceId}`,
    sql`t.shelf = ${sql.lit(shelf)}`,
    sql`not exists (select from ticket_merges m where m.workspace_id = t.workspace_id and m.source_id = t.id)`,
  ]
}

function narrowings(db: Db, filter: TicketFilter): RawBuilder<unknown>[] {
  const is = [filter.snoozed === 'yes' ? sql`t.snoozed_until is not null` : sql`t.snoozed_until is null`]
  if (filter.status) is.push(sql`t.status = ${filter.status}`)
  if (filter.ownerId === null) is.push(sql`t.owner_id is null`)
  else if (filter.ownerId !== undefined) is.push(sql`t.owner_id = ${filter.ownerId}`)
  if (filter.customer) is.push(sql`t.customer_id = any(array(select p from same_person(${filter.customer}) p))`)
  if (filter.topic !== undefined) is.push(sql`t.topic = ${filter.topic}`)
  if (filter.priority) is.push(sql`t.priority = ${priorities.indexOf(filter.priority)}`)
  if (filter.mailbox) is.push(sql`t.mailbox_id = ${filter.mailbox}`)
  if (filter.language !== undefined) is.push(sql`t.language = ${filter.language}`)
  if (filter.channel) is.push(sql`t.channel = ${filter.channel}`)
  if (filter.tag !== undefined) {
    is.push(sql`exists (select from ticket_tags g where g.workspace_id = t.workspace_id and g.ticket_id = t.id
      and g.tag = ${filter.tag})`)
  }
  for (const { fieldId, value } of filter.fields ?? []) {
    is.push(sql`exists (select from ticket_field_values v where v.workspace_id = t.workspace_id and v.ticket_id = t.id
      and v.field_id = ${fieldId} and md5(v.value) = md5(${value}) and v.value = ${value})`)
  }
  if (filter.followerId !== undefined) is.push(isFollowed(db, [filter.followerId]))
  return [...is, ...(filter.conditions ?? []).map((condition) => holds(db, condition))]
}
