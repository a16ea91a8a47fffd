import type { CustomerReference } from '@lahko/contract/people'
import { sql } from 'kysely'
import type { DB } from '#platform/database.generated.ts'
import { uuidv7 } from '#platform/identifiers.ts'
import { Problem } from '#platform/problem.ts'
import { tablesOf, type Db, type Tx } from '#platform/store.ts'

const on = tablesOf<Pick<DB, 'customers' | 'organisations'>>()

/** A person who was helped, as far as the workspace knows. */
export type Customer = { id: string; externalId: string | null; name: string | null; email: string | null }

/** Customers by their ids; those that are not there are left out. */
export async function findCustomers(db: Db, ids: readonly string[]): Promise<Map<string, Customer>> {
  if (ids.length === 0) return new Map()
  const rows = await on(db)
    .selectFrom('customers')
    .select(['id', 'external_id as externalId', 'name', 'email'])
    .where('workspace_id', '=', db.workspaceId)
    .where('id', 'in', [...new Set(ids)])
    .execute()
  return new Map(rows.map((row) => [row.id, row]))
}

/** What must be known of somebody to write to them. */
export type Contact = {
  id: string
  /** Under whom everything of this person stands: themselves, or into whom they were merged. */
  person: string
  name: string | null
  email: string | null
  language: string | null
  organisation: string | null
  organisationId: string | null
  /** Under which everything of that organisation stands: itself, or into which it was merged. */
  organisationRoot: string | null
  /** Null is the workspace's. */
  timeZone: string | null
}

/** How customers are reached, by their ids; those that are not there are left out. */
export async function findContacts(db: Db, ids: readonly string[]): Promise<Map<string, Contact>> {
  if (ids.length === 0) return new Map()
  const rows = await on(db)
    .selectFrom('customers as c')
    .leftJoin('organisations as o', (join) =>
      join.onRef('o.workspace_id', '=', 'c.workspace_id').onRef('o.id', '=', 'c.organisation_id'),
    )
    .select((eb) => [
      ...(['c.id', 'c.name', 'c.email', 'c.language', 'c.organisation', 'c.time_zone as timeZone'] as const),
      'c.organisation_id as organisationId',
      eb.fn.coalesce('o.merged_into', 'o.id').as('organisationRoot'),
      eb.fn.coalesce('c.merged_into', 'c.id').as('person'),
    ])
    .where('c.workspace_id', '=', db.workspaceId)
    .where('c.id', '=', sql<string>`any(${[...new Set(ids)]}::uuid[])`)
    .execute()
  return new Map(rows.map((row) => [row.id, row]))
}

/** Everything that is known of a customer. */
export type CustomerRow = {
  id: string
  external_id: string | null
  name: string | null
  email: string | null
  phone: string | null
  language: string | null
  organisation: string | null
  organisation_id: string | null
  attributes: Record<string, string>
  time_zone: string | null
  sees_organisation: boolean
  merged_into: string | null
  created_at: Date
}

const columns = [
  'id',
  'external_id',
  'name',
  'email',
  'phone',
  'language',
  'organisation',
  'organisation_id',
  'attributes',
  'time_zone',
  'sees_organisation',
  'merged_into',
  'created_at',
] as const

/** What names one customer. */
export type CustomerName = { externalId?: string; email?: string; phone?: string }

/** The customer with this external id or, when none is given, one of whose addresses this is, or this phone. */
export async function listCustomersCalled(db: Db, { externalId, email, phone }: CustomerName): Promise<CustomerRow[]> {
  const name = externalId !== undefined ? { externalId } : email !== undefined ? { email } : { phone }
  return listCustomersNamed(db, [name as CustomerName])
}

/** More than these who hold a word are so many that going through all in their order meets them soon. */
const mostFound = 2_000

/** A page, newest first. @param after the id of the last one before */
export async function listCustomerRows(
  db: Db,
  { search, after, limit }: { search?: string; after?: string; limit: number },
): Promise<CustomerRow[]> {
  let all = on(db)
    .selectFrom('customers')
    .select(columns)
    .$castTo<CustomerRow>()
    .where('workspace_id', '=', db.workspaceId)
    .where('merged_into', 'is', null)
  if (after) all = all.where('id', '<', after)
  if (search) {
    const pattern = patternOf(search)
    const found = await searchCustomers(db, pattern, mostFound)
    // Without the case PostgreSQL would take frequent words for rare ones, and sort all who hold them.
    const holds = sql<boolean>`case when searched ilike ${pattern} then true else false end`
    all = all.where(found ? sql<boolean>`id = any(${found}::uuid[])` : holds)
  }
  return all.orderBy('id', 'desc').limit(limit).execute()
}

/** Undefined where they are too many to name. */
async function searchCustomers(db: Db, pattern: string, most: number): Promise<string[] | undefined> {
  const { rows } = await sql<{ id: string }>`select search_customers(${pattern}, ${most + 1}) as id`.execute(db.kysely)
  return rows.length > most ? undefined : rows.map(({ id }) => id)
}

/** @returns for `ilike` and the functions that look for it */
export function patternOf(search: string): string {
  return `%${search.replace(/[\\%_]/g, '\\$&')}%`
}

/** All who hold the words and all who are one person with them, in no order; undefined where more than `most` hold them. */
export async function listCustomersSought(db: Db, search: string, most: number): Promise<string[] | undefined> {
  const found = await searchCustomers(db, patternOf(search), most)
  if (!found || found.length === 0) return found
  const { rows } = await sql<{ id: string }>`
    select unnest(${found}::uuid[]) as id union
    select c.id from customers c
    where c.workspace_id = ${db.workspaceId} and c.merged_into = any(${found}::uuid[])`.execute(db.kysely)
  return rows.map(({ id }) => id)
}

/** @throws Problem not_found */
export async function getCustomer(db: Db, id: string): Promise<CustomerRow> {
  const row = await on(db)
    .selectFrom('customers')
    .select(columns)
    .$castTo<CustomerRow>()
    .where('workspace_id', '=', db.workspaceId)
    .where('id', '=', id)
    .executeTakeFirst()
  if (!row) throw new Problem('not_found', 'platform.not_found')
  return row
}

export type CustomerColumns = Partial<Omit<CustomerRow, 'id' | 'created_at' | 'merged_into' | 'organisation_id'>>

/** Which of these names somebody else has. */
export async function findTakenName(
  db: Db,
  id: string,
  { external_id: externalId, email, phone }: CustomerColumns,
): Promise<'externalId' | 'email' | 'phone' | undefined> {
  const { rows } = await sql<{ name: 'externalId' | 'email' | 'phone' }>`
    select case when external_id = ${externalId ?? null} then 'externalId' when email = ${email ?? null} then 'email'
      else 'phone' end as name
    from customers where workspace_id = ${db.workspaceId} and id <> ${id}
      and (external_id = ${externalId ?? null} or email = ${email ?? null} or phone = ${phone ?? null})
    union all
    select 'email' from customer_addresses where workspace_id = ${db.workspaceId} and customer_id <> ${id}
      and address = ${email ?? null} limit 1`.execute(db.kysely)
  return rows[0]?.name
}

export async function updateCustomer(tx: Tx, id: string, change: CustomerColumns): Promise<void> {
  await on(tx)
    .updateTable('customers')
    .set(change)
    .where('workspace_id', '=', tx.workspaceId)
    .where('id', '=', id)
    .execute()
}

/**
 * Until the transaction ends every look is by an index. A workspace without customers has statistics that say so: what
 * was planned by them would read all the rows that have come in since, for each row once more.
 */
export async function lookByIndex(tx: Tx): Promise<void> {
  await sql`select set_config('enable_seqscan', 'off', true), set_config('plan_cache_mode', 'force_custom_plan', true)`.execute(
    tx.kysely,
  )
}

/** Everybody who has one of these external ids, addresses or phones; for who was merged into somebody, that one. */
export async function listCustomersNamed(db: Db, given: readonly CustomerName[]): Promise<CustomerRow[]> {
  const all = (name: keyof CustomerName) => given.flatMap((one) => one[name] ?? [])
  const meant = sql`select coalesce(merged_into, id) from customers where workspace_id = ${db.workspaceId} and`
  const { rows } = await sql<CustomerRow>`
    select ${sql.raw(columns.join(', '))} from customers where workspace_id = ${db.workspaceId} and id in (
      ${meant} external_id = any(${all('externalId')}::text[])
      union ${meant} email = any(${all('email')}::text[])
      union ${meant} phone = any(${all('phone')}::text[])
      union ${meant} id in (select customer_id from customer_addresses
        where workspace_id = ${db.workspaceId} and address = any(${all('email')}::text[])))`.execute(db.kysely)
  return rows
}

export async function listCustomersByIds(db: Db, ids: readonly string[]): Promise<CustomerRow[]> {
  return on(db)
    .selectFrom('customers')
    .select(columns)
    .$castTo<CustomerRow>()
    .where('workspace_id', '=', db.workspaceId)
    .where('id', '=', sql<string>`any(${[...ids]}::uuid[])`)
    .execute()
}

/** Replaces what is given. An address or a phone that somebody else has stays with them; the external id stays. */
export async function overwriteCustomers(
  tx: Tx,
  given: readonly (CustomerReference & { id: string })[],
): Promise<void> {
  const free = (name: 'email' | 'phone') => sql`coalesce((select g.${sql.raw(name)} where not exists (
    select from customers o where o.workspace_id = ${tx.workspaceId} and o.${sql.raw(name)} = g.${sql.raw(name)}
      and o.id <> c.id) and not exists (select from customer_addresses a where a.workspace_id = ${tx.workspaceId}
      and a.address = g.${sql.raw(name)})), c.${sql.raw(name)})`
  await sql`
    update customers c set name = coalesce(g.name, c.name), language = coalesce(g.language, c.language),
      organisation = coalesce(g.organisation, c.organisation), time_zone = coalesce(g."timeZone", c.time_zone),
      email = ${free('email')}, phone = ${free('phone')}
    from jsonb_to_recordset(${JSON.stringify(given)}::jsonb)
      g(id uuid, name text, language text, organisation text, "timeZone" text, email text, phone text)
    where c.workspace_id = ${tx.workspaceId} and c.id = g.id`.execute(tx.kysely)
}

/**
 * The ids of customers as they are named, in one statement: known ones get what was unknown about them, others are
 * new. They stay until the transaction ends. Undefined for an id that is not there.
 */
export async function ensureCustomers(tx: Tx, given: readonly CustomerReference[]): Promise<(string | undefined)[]> {
  // In the order of their names, so that two batches lock in the same one.
  const places = given
    .map((one, place) => ({ one, place, key: keyOf(one) }))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
  const sorted = places.map(({ one }) => one)
  await lockNewOrganisations(tx, sorted)
  const rows = await ensured(tx, sorted)
  const ids: (string | undefined)[] = []
  places.forEach(({ place }, turn) => (ids[place] = rows[turn]))
  return ids
}

/**
 * Whoever else brings one of the organisations that are new here waits until the transaction ends: batches that made
 * the same ones in different orders would wait for each other in a circle.
 */
async function lockNewOrganisations(tx: Tx, given: readonly CustomerReference[]): Promise<void> {
  const names = [...new Set(given.flatMap(({ organisation }) => organisation?.trim() || []))]
  if (names.length === 0) return
  // Few locks for any number of names: the server keeps only so many.
  await sql`
    select pg_advisory_xact_lock(hashtext('organisations'), place) from (
      select distinct hashtext(${tx.workspaceId} || lower(g.name)) & 63 as place from unnest(${names}::text[]) g(name)
      where not exists (select from organisation_names n where n.workspace_id = ${tx.workspaceId}
        and n.name = lower(g.name)) order by place) p`.execute(tx.kysely)
}

function keyOf({ id, externalId, email, phone }: CustomerReference): string {
  return externalId ?? email ?? phone ?? id ?? ''
}

/** Whoever is known by the external id with all that is given: most are, and one look in an index finds them. */
const complete = (tx: Tx) => sql`(
  select coalesce(c.merged_into, c.id) from customers c
  where c.workspace_id = ${tx.workspaceId} and c.external_id = g.customer->>'externalId'
    and (c.email is not null or not g.customer ? 'email') and (c.phone is not null or not g.customer ? 'phone')
    and (c.name is not null or not g.customer ? 'name') and (c.language is not null or not g.customer ? 'language')
    and (c.organisation is not null or not g.customer ? 'organisation')
    and (c.time_zone is not null or not g.customer ? 'timeZone')
  for key share)`

async function ensured(tx: Tx, given: readonly CustomerReference[]): Promise<(string | undefined)[]> {
  if (given.length === 0) return []
  const known = given.map(({ id }) => id ?? null)
  const others = given.map((one) => JSON.stringify({ ...one, id: uuidv7(tx.now.getTime()) }))
  const { rows } = await sql<{ id: string | null }>`
    select case when g.known is null then coalesce(${complete(tx)}, ensure_customer(g.customer, ${tx.now}))
      else (select coalesce(c.merged_into, c.id) from customers c
        where c.workspace_id = ${tx.workspaceId} and c.id = g.known for key share) end as id
    from unnest(${known}::uuid[], ${others}::jsonb[]) with ordinality g(known, customer, place)
    order by g.place`.execute(tx.kysely)
  return rows.map(({ id }) => id ?? undefined)
}

/** Nobody else changes the customer until the transaction ends. @throws Problem not_found */
export async function demandCustomer(tx: Tx, id: string): Promise<void> {
  const row = await on(tx)
    .selectFrom('customers')
    .select('id')
    .where('workspace_id', '=', tx.workspaceId)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  if (!row) throw new Problem('not_found', 'platform.not_found')
}

/** Those of these customers that nobody else works with; they stay as they are until the transaction ends. */
export async function lockCustomers(tx: Tx, ids: readonly string[]): Promise<string[]> {
  const rows = await on(tx)
    .selectFrom('customers')
    .select('id')
    .where('workspace_id', '=', tx.workspaceId)
    .where('id', '=', sql<string>`any(${ids}::uuid[])`)
    .orderBy('id')
    .forUpdate()
    .skipLocked()
    .execute()
  return rows.map(({ id }) => id)
}

/** Those of these customers who have no tickets, and into whom nobody was merged who stays. */
export async function removeCustomers(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await sql`
    delete from customers c where c.workspace_id = ${tx.workspaceId} and c.id = any(${ids}::uuid[])
      and c.id <> all(array(select customers_with_tickets(${ids}::uuid[])))
      and not exists (select from customers s where s.workspace_id = c.workspace_id and s.merged_into = c.id
        and s.id <> all(${ids}::uuid[]))`.execute(tx.kysely)
}

/** Everything that this module keeps about one customer. */
export async function exportCustomerRow(db: Db, id: string): Promise<{ customer?: CustomerRow }> {
  const row = await on(db)
    .selectFrom('customers')
    .select(columns)
    .$castTo<CustomerRow>()
    .where('workspace_id', '=', db.workspaceId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row ? { customer: row } : {}
}
