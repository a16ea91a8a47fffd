import { sql } from 'kysely'
import type { DB } from '#platform/database.generated.ts'
import { uuidv7 } from '#platform/identifiers.ts'
import { tablesOf, type Db, type Tx } from '#platform/store.ts'

const on = tablesOf<Pick<DB, 'suppressions'>>()

export type SuppressionReason = 'unsubscribed' | 'bounced' | 'complained' | 'by_hand' | 'imported'
/** An address that is not written to, and why. */
export type Suppression = { id: string; address: string; reason: SuppressionReason; at: Date }

const columns = ['id', 'address', 'reason', 'at'] as const

/** @param address in lower case, as all addresses are kept */
export async function findSuppression(db: Db, address: string): Promise<Suppression | undefined> {
  const row = await on(db)
    .selectFrom('suppressions')
    .select(columns)
    .where('workspace_id', '=', db.workspaceId)
    .where('address', '=', address)
    .executeTakeFirst()
  return row as Suppression | undefined
}

/** What a person said, from whichever address: it holds for all of theirs. The others are facts of one address. */
const saidByPerson: readonly SuppressionReason[] = ['unsubscribed', 'complained']

/** What their person said at any of these addresses, in lower case. */
export async function listSaidAt(db: Db, addresses: readonly string[]): Promise<Suppression[]> {
  const { rows } = await sql<Suppression>`
    select id, address, reason, at from suppressions
    where workspace_id = ${db.workspaceId} and address = any(${[...addresses]}::text[])
      and reason = any(${[...saidByPerson]}::text[])`.execute(db.kysely)
  return rows
}

/** Why these customers are not written to, by their ids; who may be is left out. What they said comes first. */
export async function findSuppressionsOf(db: Db, ids: readonly string[]): Promise<Map<string, SuppressionReason>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<{ id: string; reason: SuppressionReason }>`
    with asked as (
      select id, coalesce(merged_into, id) as root, email from customers
      where workspace_id = ${db.workspaceId} and id = any(${[...new Set(ids)]}::uuid[])
    ), theirs as (
      select id, root as one from asked
      union all
      select a.id, c.id from asked a join customers c on c.workspace_id = ${db.workspaceId} and c.merged_into = a.root
    ), addresses as (
      select id, email as address, true as own from asked where email is not null
      union all
      select t.id, c.email, false from theirs t join customers c on c.workspace_id = ${db.workspaceId} and c.id = t.one
      where c.email is not null and c.id <> t.id
      union all
      select t.id, o.address, false from theirs t
      join customer_addresses o on o.workspace_id = ${db.workspaceId} and o.customer_id = t.one
    )
    select distinct on (a.id) a.id, s.reason
    from addresses a join suppressions s on s.workspace_id = ${db.workspaceId} and s.address = lower(a.address)
    where a.own or s.reason = any(${[...saidByPerson]}::text[])
    order by a.id, s.reason = 'unsubscribed' desc, a.own desc`.execute(db.kysely)
  return new Map(rows.map(({ id, reason }) => [id, reason]))
}

/** Which of them; days are local, both included. */
export type SuppressionFilter = {
  address?: string
  begins?: string
  reason?: SuppressionReason
  from?: string
  to?: string
}

/** Newest first, by key. */
export async function listSuppressions(
  db: Db,
  timeZone: string,
  { address, begins, reason, from, to, after, limit }: SuppressionFilter & { after?: string; limit: number },
): Promise<Suppression[]> {
  const { rows } = await sql<Suppression>`
    select id, address, reason, at from suppressions
    where workspace_id = ${db.workspaceId}
      ${address === undefined ? sql`` : sql`and address = ${address}`}
      ${begins === undefined ? sql`` : sql`and address collate "C" >= ${begins} and address collate "C" < ${`${begins}\u{10ffff}`}`}
      ${reason === undefined ? sql`` : sql`and reason = ${reason}`}
      ${from === undefined ? sql`` : sql`and at >= ${from}::timestamp at time zone ${timeZone}`}
      ${to === undefined ? sql`` : sql`and at < (${to}::timestamp + interval '1 day') at time zone ${timeZone}`}
      ${after === undefined ? sql`` : sql`and id < ${after}`}
    order by id desc limit ${limit}`.execute(db.kysely)
  return rows
}

/** @returns the ids of those that were not there before */
export async function insertSuppressions(
  tx: Tx,
  addresses: readonly string[],
  reason: SuppressionReason,
): Promise<string[]> {
  const ids = addresses.map(() => uuidv7(tx.now.getTime()))
  const { rows } = await sql<{ id: string }>`
    insert into suppressions (workspace_id, id, address, reason, at)
    select ${tx.workspaceId}, given.id, given.address, ${reason}, ${tx.now}
    from unnest(${ids}::uuid[], ${[...addresses]}::text[]) as given (id, address)
    on conflict (workspace_id, address) do nothing returning id`.execute(tx.kysely)
  return rows.map(({ id }) => id)
}

/** @returns the id of what was removed; undefined when it was not there */
export async function deleteSuppression(tx: Tx, by: { id: string } | { address: string }): Promise<string | undefined> {
  const [column, value] = 'id' in by ? (['id', by.id] as const) : (['address', by.address] as const)
  const row = await on(tx)
    .deleteFrom('suppressions')
    .where('workspace_id', '=', tx.workspaceId)
    .where(column, '=', value)
    .returning('id')
    .executeTakeFirst()
  return row?.id
}
