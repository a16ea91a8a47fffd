import { sql, type RawBuilder } from 'kysely'
import { toldAttributes } from '@lahko/contract/touchpoints'
import { listCustomersSought, patternOf } from '#people'
import type { Db } from '#platform/store.ts'

export type TouchpointRow = {
  id: string
  external_id: string | null
  kind: string
  customer_id: string | null
  started_at: Date | null
  ended_at: Date | null
  created_at: Date
  decided: boolean
  happened_at: Date
  attributes: Record<string, string>
}

const columns = sql.raw(
  `t.id, t.external_id, t.kind, t.customer_id, t.started_at, t.ended_at, t.created_at, t.happened_at, t.attributes,
    is_decided(t.id) as decided`,
)

/** What every help desk tells, each as the whole value. */
export type ToldFilter = { [name in (typeof toldAttributes)[number]]?: string }

export type TouchpointFilter = ToldFilter & {
  kind?: string
  customer?: string
  state?: 'open' | 'ended'
  /** Local days, inclusive, of this time zone. */
  from?: string
  to?: string
  timeZone: string
}

/** Where a page ends that shows the newest first. */
export type Place = { at: string; id: string }
const newestFirst = sql`order by t.happened_at desc, t.id desc`
const isBefore = (before: Place | undefined) =>
  before ? sql`and (t.happened_at, t.id) < (${before.at}, ${before.id})` : sql``

/** Among so many, the newest, is looked for what no index knows: one for each thing told would cost every report more. */
const mostLookedAt = 20_000

/** A page, newest first; of what is told among so many only. */
export async function listNewestTouchpoints(
  db: Db,
  filter: TouchpointFilter,
  { before, limit }: { before?: Place; limit: number },
): Promise<TouchpointRow[]> {
  const most = narrowsByTold(filter) ? mostLookedAt : limit
  const { rows } = await sql<TouchpointRow>`
    select ${columns} from (
      select t.* from touchpoints t where ${indexedConditionsOf(db, filter)} ${isBefore(before)}
      ${newestFirst} limit ${most}
    ) t where ${toldConditionsOf(filter)} ${newestFirst} limit ${limit}`.execute(db.kysely)
  return rows
}

/** Where looking for what is told has ended, when there is more to look at. */
export async function findEndOfLook(
  db: Db,
  filter: TouchpointFilter,
  before: Place | undefined,
): Promise<Pick<TouchpointRow, 'happened_at' | 'id'> | undefined> {
  if (!narrowsByTold(filter)) return undefined
  const { rows } = await sql<Pick<TouchpointRow, 'happened_at' | 'id'>>`
    select t.happened_at, t.id from touchpoints t where ${indexedConditionsOf(db, filter)} ${isBefore(before)}
    ${newestFirst} offset ${mostLookedAt - 1} limit 1`.execute(db.kysely)
  return rows[0]
}

/** The newest of some customers, before one that was shown. However many they are, of most one row is looked at. */
export async function listNewestOf(
  db: Db,
  customerIds: readonly string[],
  { before, limit }: { before?: Place; limit: number },
  fits: RawBuilder<unknown> = sql`t.workspace_id = ${db.workspaceId}`,
): Promise<TouchpointRow[]> {
  if (customerIds.length === 0) return []
  const theirs = sql`from touchpoints t where ${fits} and t.customer_id = c.id ${isBefore(before)} ${newestFirst}`
  const { rows } = await sql<TouchpointRow>`
    with c as (
      select c.id from unnest(${customerIds}::uuid[]) c(id)
      cross join lateral (select t.happened_at, t.id ${theirs} limit 1) t ${newestFirst} limit ${limit}
    )
    select t.* from c cross join lateral (select ${columns} ${theirs} limit ${limit}) t
    ${newestFirst} limit ${limit}`.execute(db.kysely)
  return rows
}

const endOf = (beginning: string) => `${beginning}\u{10ffff}`

/** A page of those whose external id begins like this, in the order of these. */
export async function listTouchpointsBeginning(
  db: Db,
  filter: TouchpointFilter,
  { beginning, after, limit }: { beginning: string; after?: string; limit: number },
): Promise<TouchpointRow[]> {
  const { rows } = await sql<TouchpointRow>`
    select ${columns} from touchpoints t where ${conditionsOf(db, filter)}
      and t.external_id >= ${beginning} and t.external_id < ${endOf(beginning)}
      ${after === undefined ? sql`` : sql`and t.external_id > ${after}`}
    order by t.external_id limit ${limit}`.execute(db.kysely)
  return rows
}

/** More than these customers are so many that some are met among the newest touchpoints, if they have any at all. */
const mostFew = 2_000
const mostMet = 20_000
const mostAll = 1_000_000

/** A page of the others whose customer holds the words, newest first. */
export async function listTouchpointsOfSought(
  db: Db,
  filter: TouchpointFilter,
  { search, ...page }: { search: string; before?: Place; limit: number },
): Promise<TouchpointRow[]> {
  const fits = sql`${conditionsOf(db, filter)}
    and (t.external_id >= ${search} and t.external_id < ${endOf(search)}) is not true`
  const few = await listCustomersSought(db, search, mostFew)
  const met = few ? [] : await listNewestMet(db, fits, { search, ...page })
  if (met.length === page.limit) return met
  const all = few ?? (await listCustomersSought(db, search, mostAll))
  return all ? listNewestOf(db, all, page, fits) : met
}

async function listNewestMet(
  db: Db,
  fits: RawBuilder<unknown>,
  { search, before, limit }: { search: string; before?: Place; limit: number },
): Promise<TouchpointRow[]> {
  const { rows } = await sql<TouchpointRow>`
    select ${columns} from (
      select t.* from touchpoints t where ${fits} ${isBefore(before)} ${newestFirst} limit ${mostMet}
    ) t where exists (select from searched_of(t.customer_id) s where s.searched ilike ${patternOf(search)})
    ${newestFirst} limit ${limit}`.execute(db.kysely)
  return rows
}

function conditionsOf(db: Db, filter: TouchpointFilter): RawBuilder<unknown> {
  return sql`${indexedConditionsOf(db, filter)} and ${toldConditionsOf(filter)}`
}

function narrowsByTold(filter: TouchpointFilter): boolean {
  return toldAttributes.some((name) => filter[name] !== undefined)
}

function toldConditionsOf(filter: TouchpointFilter): RawBuilder<unknown> {
  const told = toldAttributes.flatMap((name) =>
    filter[name] === undefined ? [] : [sql`t.attributes->>${name} = ${filter[name]}`],
  )
  return told.length === 0 ? sql`true` : sql.join(told, sql` and `)
}

function indexedConditionsOf(
  db: Db,
  { kind, customer, state, from, to, timeZone }: TouchpointFilter,
): RawBuilder<unknown> {
  const conditions = [sql`t.workspace_id = ${db.workspaceId}`]
  if (kind !== undefined) conditions.push(sql`t.kind = ${kind}`)
  if (customer !== undefined) conditions.push(sql`t.customer_id = ${customer}`)
  if (state === 'open') conditions.push(sql`t.ended_at is null`)
  if (state === 'ended') conditions.push(sql`t.ended_at is not null`)
  if (from) conditions.push(sql`t.happened_at >= ${from}::date::timestamp at time zone ${timeZone}`)
  if (to) conditions.push(sql`t.happened_at < (${to}::date + 1)::timestamp at time zone ${timeZone}`)
  return sql.join(conditions, sql` and `)
}

/** @throws never; undefined when it is not there */
export async function findTouchpointRow(db: Db, id: string): Promise<TouchpointRow | undefined> {
  const { rows } = await sql<TouchpointRow>`
    select ${columns} from touchpoints t where t.workspace_id = ${db.workspaceId} and t.id = ${id}`.execute(db.kysely)
  return rows[0]
}

/** The kinds that there are: each is one step in its index, however many touchpoints it has. */
export async function listKinds(db: Db, most: number): Promise<string[]> {
  const { rows } = await sql<{ kind: string }>`
    with recursive kinds as (
      (select kind from touchpoints where workspace_id = ${db.workspaceId} order by kind limit 1)
      union all
      select (select t.kind from touchpoints t where t.workspace_id = ${db.workspaceId} and t.kind > k.kind
        order by t.kind limit 1) from kinds k where k.kind is not null
    )
    select kind from kinds where kind is not null limit ${most}`.execute(db.kysely)
  return rows.map(({ kind }) => kind)
}

/** What the newest touchpoints tell, of each the most frequent values, the most frequent first. */
export async function listTold(db: Db, most: number): Promise<{ name: keyof ToldFilter; values: string[] }[]> {
  const { rows } = await sql<{ name: keyof ToldFilter; values: string[] }>`
    select name, array_agg(value order by place) as values from (
      select a.name, a.value, row_number() over (partition by a.name order by count(*) desc, a.value) as place
      from (
        select t.attributes from touchpoints t where t.workspace_id = ${db.workspaceId}
        ${newestFirst} limit ${mostLookedAt}
      ) t cross join lateral jsonb_each_text(t.attributes) a(name, value)
      where a.name = any(${[...toldAttributes]}::text[]) group by a.name, a.value
    ) told where place <= ${most} group by name`.execute(db.kysely)
  return rows
}
