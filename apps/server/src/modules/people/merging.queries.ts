import { sql, type RawBuilder } from 'kysely'
import type { Db, Tx } from '#platform/store.ts'
import { organisationGroup } from './organisations.queries.ts'

/** All that is one person: the one under whom it stands first, then whoever was merged into them. */
export async function customerGroup(db: Db, id: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    with root as (
      select coalesce(merged_into, id) as id from customers where workspace_id = ${db.workspaceId} and id = ${id}
    )
    select id, 0 as turn from root
    union all
    select c.id, 1 from root join customers c on c.workspace_id = ${db.workspaceId} and c.merged_into = root.id
    order by turn, id limit 200`.execute(db.kysely)
  return rows.map((row) => row.id)
}

/** The same of many at once, by the ids that were asked for; who is not there is alone. */
export function customerGroups(db: Db, ids: readonly string[]): Promise<Map<string, string[]>> {
  return groupsIn(db, 'customers', ids)
}

/** All that is one organisation, of many at once, by the ids that were asked for. */
export function organisationGroups(db: Db, ids: readonly string[]): Promise<Map<string, string[]>> {
  return groupsIn(db, 'organisations', ids)
}

async function groupsIn(
  db: Db,
  table: 'customers' | 'organisations',
  ids: readonly string[],
): Promise<Map<string, string[]>> {
  const groups = new Map(ids.map((id) => [id, [id]]))
  if (ids.length === 0) return groups
  const { rows } = await sql<{ asked: string; ids: string[] }>`
    with asked as (
      select id, coalesce(merged_into, id) as root from ${sql.table(table)}
      where workspace_id = ${db.workspaceId} and id = any(${[...new Set(ids)]}::uuid[])
    )
    select asked.id as asked, array_agg(c.id order by c.id) || asked.root as ids
    from asked join ${sql.table(table)} c on c.workspace_id = ${db.workspaceId} and c.merged_into = asked.root
    group by asked.id, asked.root`.execute(db.kysely)
  for (const { asked, ids: theirs } of rows) groups.set(asked, theirs)
  return groups
}

/** Every address of these customers, in lower case. */
export async function listAddressesOf(db: Db, ids: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ address: string }>`
    select email as address from customers
    where workspace_id = ${db.workspaceId} and id = any(${ids}::uuid[]) and email is not null
    union
    select address from customer_addresses where workspace_id = ${db.workspaceId} and customer_id = any(${ids}::uuid[])
    limit 2000`.execute(db.kysely)
  return rows.map(({ address }) => address)
}

/** More of one organisation are not looked through. */
const mostColleagues = 2_000

/** Everybody of a customer's organisation, where they may follow what those ask; nobody otherwise. */
export async function listColleagues(db: Db, id: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select organisation_id as id from customers
    where workspace_id = ${db.workspaceId} and id = ${id} and sees_organisation and organisation_id is not null`.execute(
    db.kysely,
  )
  return rows[0] ? listCustomersIn(db, rows[0].id) : []
}

/** Everybody in an organisation, and whoever was merged into one of them: of so many as are looked through. */
export async function listCustomersIn(db: Db, organisationId: string, most = mostColleagues): Promise<string[]> {
  const ids = await organisationGroup(db, organisationId)
  const { rows } = await sql<{ id: string }>`
    with inside as (
      select id from customers where workspace_id = ${db.workspaceId} and organisation_id = any(${ids}::uuid[])
      order by id desc limit ${most}
    )
    select id from inside
    union
    select s.id from inside join customers s on s.workspace_id = ${db.workspaceId} and s.merged_into = inside.id
    order by id limit ${2 * most}`.execute(db.kysely)
  return rows.map((row) => row.id)
}

/** The organisation of a customer, for a query of another module's rows. @param customer the column that names them */
export function organisationOf(db: Db, customer: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`(select coalesce(p.organisation, c.organisation) from customers c
    left join customers p on p.workspace_id = c.workspace_id and p.id = c.merged_into
    where c.workspace_id = ${db.workspaceId} and c.id = ${customer})`
}

/**
 * Whether a customer, or the person under whom they stand, belongs to one of some organisations, for a query of another
 * module's rows.
 * @param customer the column that names them
 */
export function belongsTo(
  db: Db,
  customer: RawBuilder<unknown>,
  organisationIds: readonly string[],
): RawBuilder<unknown> {
  return sql`exists (select from customers c
    left join customers p on p.workspace_id = c.workspace_id and p.id = c.merged_into
    where c.workspace_id = ${db.workspaceId} and c.id = ${customer}
      and (c.organisation_id = any(${organisationIds}::uuid[]) or p.organisation_id = any(${organisationIds}::uuid[])))`
}

/** Locks all customers of two persons, in the order of their ids. */
export async function lockPersons(tx: Tx, ids: readonly string[]): Promise<void> {
  await sql`
    select from customers where workspace_id = ${tx.workspaceId} and (id = any(${ids}::uuid[])
      or merged_into = any(${ids}::uuid[])) order by id for update`.execute(tx.kysely)
}

export async function insertMerge(tx: Tx, sourceId: string, targetId: string): Promise<void> {
  const memberId = tx.actor.kind === 'member' ? tx.actor.memberId : null
  await sql`
    insert into customer_merges (workspace_id, source_id, target_id, member_id, at)
    values (${tx.workspaceId}, ${sourceId}, ${targetId}, ${memberId}, ${tx.now})`.execute(tx.kysely)
}

/** @returns into whom they had been merged */
export async function deleteMerge(tx: Tx, sourceId: string): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`
    delete from customer_merges where workspace_id = ${tx.workspaceId} and source_id = ${sourceId}
    returning target_id as id`.execute(tx.kysely)
  return rows[0]?.id
}

/** Writes for a customer and all who were merged into them, also by way of others, under whom they stand now. */
export async function updateMergedInto(tx: Tx, id: string, rootId: string): Promise<void> {
  await sql`
    with recursive below as (
      select ${id}::uuid as id
      union
      select m.source_id from below b join customer_merges m
        on m.workspace_id = ${tx.workspaceId} and m.target_id = b.id
    )
    update customers c set merged_into = nullif(${rootId}::uuid, c.id)
    from below b where c.workspace_id = ${tx.workspaceId} and c.id = b.id`.execute(tx.kysely)
}
