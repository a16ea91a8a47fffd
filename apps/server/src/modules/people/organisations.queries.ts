import { sql } from 'kysely'
import { uuidv7 } from '#platform/identifiers.ts'
import type { Db, Tx } from '#platform/store.ts'

export type OrganisationRow = {
  id: string
  name: string
  attributes: Record<string, string>
  merged_into: string | null
  created_at: Date
}
/** What stands with one in lists; customers are counted no further than asked. */
type OrganisationLineRow = OrganisationRow & { customers: number }

const columns = sql.raw('o.id, o.name, o.attributes, o.merged_into, o.created_at')

export async function findOrganisation(db: Db, id: string): Promise<OrganisationRow | undefined> {
  const { rows } = await sql<OrganisationRow>`
    select ${columns} from organisations o where o.workspace_id = ${db.workspaceId} and o.id = ${id}`.execute(db.kysely)
  return rows[0]
}

export async function listOrganisationsByIds(db: Db, ids: readonly string[]): Promise<OrganisationRow[]> {
  const { rows } = await sql<OrganisationRow>`
    select ${columns} from organisations o where o.workspace_id = ${db.workspaceId} and o.id = any(${ids}::uuid[])
    order by lower(o.name), o.id`.execute(db.kysely)
  return rows
}

/** More than these that hold a word are so many that going through all in their order meets them soon. */
const mostFound = 2_000

/** A page by name. @param after the id of the last one before */
export async function listOrganisationRows(
  db: Db,
  { search, after, limit }: { search?: string; after?: string; limit: number },
  mostCounted: number,
): Promise<OrganisationLineRow[]> {
  const those = search ? await holding(db, search) : sql`true`
  const { rows } = await sql<OrganisationLineRow>`
    select o.*, n.customers from (
      select ${columns}, o.workspace_id from organisations o
      where o.workspace_id = ${db.workspaceId} and o.merged_into is null and ${those}
        ${after ? sql`and (lower(o.name), o.id) > (select lower(a.name), a.id from organisations a where a.workspace_id = ${db.workspaceId} and a.id = ${after})` : sql``}
      order by lower(o.name), o.id limit ${limit}
    ) o cross join lateral (
      select count(*)::integer as customers from (
        select from customers c where c.workspace_id = o.workspace_id and c.merged_into is null
          and c.organisation_id = any(array(
            select o.id union all select s.id from organisations s where s.workspace_id = o.workspace_id and s.merged_into = o.id))
        limit ${mostCounted}) c
    ) n order by lower(o.name), o.id`.execute(db.kysely)
  return rows
}

async function holding(db: Db, search: string) {
  const pattern = `%${search.replace(/[\\%_]/g, '\\$&')}%`
  const { rows } = await sql<{ id: string }>`select search_organisations(${pattern}, ${mostFound + 1}) as id`.execute(
    db.kysely,
  )
  if (rows.length <= mostFound) return sql`o.id = any(${rows.map(({ id }) => id)}::uuid[])`
  // Without the case PostgreSQL would take frequent words for rare ones, and sort all that hold them.
  return sql`case when o.searched ilike ${pattern} then true else false end`
}

/** How many customers these have, counted no further than asked. */
export async function countCustomersIn(db: Db, ids: readonly string[], most: number): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::integer as count from (
      select from customers where workspace_id = ${db.workspaceId} and merged_into is null
        and organisation_id = any(${ids}::uuid[]) limit ${most}) c`.execute(db.kysely)
  return rows[0]!.count
}

/** The ids of their customers, newest first; who was merged into somebody stands there. @param after the last one before */
export async function listCustomerIdsIn(
  db: Db,
  ids: readonly string[],
  { after, limit }: { after?: string; limit: number },
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from customers where workspace_id = ${db.workspaceId} and merged_into is null
      and organisation_id = any(${ids}::uuid[]) ${after ? sql`and id < ${after}` : sql``}
    order by id desc limit ${limit}`.execute(db.kysely)
  return rows.map(({ id }) => id)
}

/** All that is one organisation: the one as which it is shown first, then what was merged into it; none when it is not there. */
export async function organisationGroup(db: Db, id: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    with root as (
      select coalesce(merged_into, id) as id from organisations where workspace_id = ${db.workspaceId} and id = ${id}
    )
    select id, 0 as turn from root
    union all
    select o.id, 1 from root join organisations o on o.workspace_id = ${db.workspaceId} and o.merged_into = root.id
    order by turn, id limit 200`.execute(db.kysely)
  return rows.map((row) => row.id)
}

/** Which organisation a name leads to. */
async function findOrganisationNamed(db: Db, name: string): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`
    select organisation_id as id from organisation_names
    where workspace_id = ${db.workspaceId} and name = lower(btrim(${name}))`.execute(db.kysely)
  return rows[0]?.id
}

/** All that is one with the organisation to which a name leads, by the names as they are given; others are left out. */
export async function organisationGroupsNamed(db: Db, names: readonly string[]): Promise<Map<string, string[]>> {
  if (names.length === 0) return new Map()
  const { rows } = await sql<{ name: string; ids: string[] }>`
    select g.name, array_agg(o.id) as ids from unnest(${[...new Set(names)]}::text[]) g(name)
    join organisation_names n on n.workspace_id = ${db.workspaceId} and n.name = lower(btrim(g.name))
    join organisations f on f.workspace_id = n.workspace_id and f.id = n.organisation_id
    cross join lateral (
      select coalesce(f.merged_into, f.id) as id
      union all
      select s.id from organisations s
      where s.workspace_id = f.workspace_id and s.merged_into = coalesce(f.merged_into, f.id)
    ) o group by g.name`.execute(db.kysely)
  return new Map(rows.map(({ name, ids }) => [name, ids]))
}

/** Every name that leads to these, in lower case. */
export async function listNamesOf(db: Db, ids: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select name from organisation_names where workspace_id = ${db.workspaceId} and organisation_id = any(${ids}::uuid[])
    order by name limit 1000`.execute(db.kysely)
  return rows.map(({ name }) => name)
}

/** Every name of the organisations to which these customers belong, in lower case. */
export async function listOrganisationNamesOf(db: Db, customerIds: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    with roots as (
      select distinct coalesce(o.merged_into, o.id) as id from customers c
      join organisations o on o.workspace_id = c.workspace_id and o.id = c.organisation_id
      where c.workspace_id = ${db.workspaceId} and c.id = any(${customerIds}::uuid[])
    )
    select n.name from roots join organisation_names n on n.workspace_id = ${db.workspaceId} and n.organisation_id = roots.id
    union
    select n.name from roots
    join organisations s on s.workspace_id = ${db.workspaceId} and s.merged_into = roots.id
    join organisation_names n on n.workspace_id = s.workspace_id and n.organisation_id = s.id
    limit 1000`.execute(db.kysely)
  return rows.map(({ name }) => name)
}

/** The addresses by which customers join these, by the organisations. */
export async function listAddressesOfOrganisations(
  db: Db,
  ids: readonly string[],
): Promise<{ organisationId: string; address: string }[]> {
  const { rows } = await sql<{ organisationId: string; address: string }>`
    select organisation_id as "organisationId", address from organisation_addresses
    where workspace_id = ${db.workspaceId} and organisation_id = any(${ids}::uuid[]) order by address`.execute(
    db.kysely,
  )
  return rows
}

/** Nobody else changes these until the transaction ends. @returns those that are there */
export async function lockOrganisations(tx: Tx, ids: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from organisations where workspace_id = ${tx.workspaceId} and (id = any(${ids}::uuid[])
      or merged_into = any(${ids}::uuid[])) order by id for no key update`.execute(tx.kysely)
  return rows.map(({ id }) => id)
}

/** @returns its id; undefined when the name leads to another one */
export async function insertOrganisation(
  tx: Tx,
  { name, attributes }: Pick<OrganisationRow, 'name' | 'attributes'>,
): Promise<string | undefined> {
  const id = uuidv7(tx.now.getTime())
  await sql`
    insert into organisations (workspace_id, id, name, attributes, created_at)
    values (${tx.workspaceId}, ${id}, ${name}, ${JSON.stringify(attributes)}, ${tx.now})`.execute(tx.kysely)
  return (await insertName(tx, id, name)) === id ? id : undefined
}

/** Has a name lead to an organisation, unless it leads to one already. @returns to which it leads now */
export async function insertName(tx: Tx, id: string, name: string): Promise<string> {
  await sql`
    insert into organisation_names (workspace_id, name, organisation_id) values (${tx.workspaceId}, lower(${name}), ${id})
    on conflict do nothing`.execute(tx.kysely)
  return (await findOrganisationNamed(tx, name))!
}

export async function updateOrganisation(
  tx: Tx,
  id: string,
  { name, attributes }: Pick<OrganisationRow, 'name' | 'attributes'>,
): Promise<void> {
  await sql`
    update organisations set name = ${name}, attributes = ${JSON.stringify(attributes)}
    where workspace_id = ${tx.workspaceId} and id = ${id}`.execute(tx.kysely)
}

/** Only one that has no customers. @returns whether it had none */
export async function deleteOrganisation(tx: Tx, ids: readonly string[]): Promise<boolean> {
  const { rows } = await sql`
    select from customers where workspace_id = ${tx.workspaceId} and organisation_id = any(${ids}::uuid[])
    limit 1`.execute(tx.kysely)
  if (rows.length > 0) return false
  await sql`delete from organisations where workspace_id = ${tx.workspaceId} and id = any(${ids}::uuid[])`.execute(
    tx.kysely,
  )
  return true
}

/** @returns whose it is now */
export async function insertOrganisationAddress(tx: Tx, id: string, address: string): Promise<string> {
  const { rows } = await sql<{ id: string }>`
    insert into organisation_addresses as a (workspace_id, address, organisation_id, created_at)
    values (${tx.workspaceId}, ${address}, ${id}, ${tx.now})
    on conflict (workspace_id, address) do update set organisation_id = a.organisation_id
    returning organisation_id as id`.execute(tx.kysely)
  return rows[0]!.id
}

/** @returns whether it was one of theirs */
export async function deleteOrganisationAddress(tx: Tx, ids: readonly string[], address: string): Promise<boolean> {
  const { rows } = await sql`
    delete from organisation_addresses where workspace_id = ${tx.workspaceId} and address = ${address}
      and organisation_id = any(${ids}::uuid[]) returning 1 as done`.execute(tx.kysely)
  return rows.length > 0
}

/** Takes single addresses away from whatever organisations have them. @returns as which these are shown */
export async function deleteSingleAddresses(tx: Tx, addresses: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    with gone as (
      delete from organisation_addresses where workspace_id = ${tx.workspaceId} and address = any(${addresses}::text[])
      returning organisation_id
    )
    select distinct coalesce(o.merged_into, o.id) as id from gone
    join organisations o on o.workspace_id = ${tx.workspaceId} and o.id = gone.organisation_id order by 1`.execute(
    tx.kysely,
  )
  return rows.map(({ id }) => id)
}

/** Customers of these who are shown with another name; with an address, those at it of whom no organisation is known. */
export type Misnamed = { ids: readonly string[]; name: string; address: string | undefined }

function whichOf({ ids, name, address }: Misnamed) {
  if (address === undefined)
    return sql`organisation_id = any(${[...ids]}::uuid[]) and organisation is distinct from ${name}`
  const at = address.includes('@') ? sql`email = ${address}` : sql`id in (select customers_at_domain(${address}))`
  return sql`organisation_id is null and ${at}`
}

/** Shows them with the name, and has them belong to it; leaves out whom somebody else holds. @returns how many */
export async function nameSome(tx: Tx, those: Misnamed, most: number): Promise<number> {
  const { numAffectedRows } = await sql`
    update customers set organisation = ${those.name} where workspace_id = ${tx.workspaceId} and id in (
      select id from customers where workspace_id = ${tx.workspaceId} and ${whichOf(those)}
      limit ${most} for no key update skip locked)`.execute(tx.kysely)
  return Number(numAffectedRows ?? 0)
}

/** How many are left. */
export async function countLeft(db: Db, those: Misnamed): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::integer as count from customers
    where workspace_id = ${db.workspaceId} and ${whichOf(those)}`.execute(db.kysely)
  return rows[0]!.count
}

/** Until nobody else holds one of them. */
export async function waitForOne(tx: Tx, those: Misnamed): Promise<void> {
  await sql`
    select from customers where workspace_id = ${tx.workspaceId} and ${whichOf(those)}
    limit 1 for no key update`.execute(tx.kysely)
}

/** Writes anew by what an organisation is looked for: names and addresses of all that are one with it. */
export async function updateSearched(tx: Tx, id: string): Promise<void> {
  await sql`
    with those as (
      select o.id from organisations o where o.workspace_id = ${tx.workspaceId} and (o.id = ${id} or o.merged_into = ${id})
    )
    update organisations set searched = concat_ws(E'\n', name,
      (select string_agg(n.name, E'\n' order by n.name) from organisation_names n
        where n.workspace_id = ${tx.workspaceId} and n.organisation_id in (select t.id from those t)),
      (select string_agg(a.address, E'\n' order by a.address) from organisation_addresses a
        where a.workspace_id = ${tx.workspaceId} and a.organisation_id in (select t.id from those t)))
    where workspace_id = ${tx.workspaceId} and id = ${id}`.execute(tx.kysely)
}
