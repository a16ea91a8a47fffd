import { sql } from 'kysely'
import type { DB } from '#platform/database.generated.ts'
import { Problem } from '#platform/problem.ts'
import { tablesOf, type Db, type Tx } from '#platform/store.ts'

const on = tablesOf<Pick<DB, 'customers'>>()

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
  email: string | null
  language: string | null
  organisation: string | null
  /** Null is the workspace's. */
  timeZone: string | null
}

/** How customers are reached, by their ids; those that are not there are left out. */
export async function findContacts(db: Db, ids: readonly string[]): Promise<Map<string, Contact>> {
  if (ids.length === 0) return new Map()
  const rows = await on(db)
    .selectFrom('customers')
    .select(['id', 'email', 'language', 'organisation', 'time_zone as timeZone'])
    .where('workspace_id', '=', db.workspaceId)
    .where('id', '=', sql<string>`any(${[...new Set(ids)]}::uuid[])`)
    .execute()
  return new Map(rows.map((row) => [row.id, row]))
}

/** The customer with this external id or, when none is given, this address. */
export function listCustomersCalled(db: Db, name: { externalId?: string; email?: string }): Promise<Customer[]> {
  const [column, value] =
    name.externalId === undefined ? (['email', name.email] as const) : (['external_id', name.externalId] as const)
  return on(db)
    .selectFrom('customers')
    .select(['id', 'external_id as externalId', 'name', 'email'])
    .where('workspace_id', '=', db.workspaceId)
    .where(column, '=', value ?? '')
    .execute()
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

export async function removeCustomers(tx: Tx, ids: readonly string[]): Promise<void> {
  await on(tx)
    .deleteFrom('customers')
    .where('workspace_id', '=', tx.workspaceId)
    .where('id', '=', sql<string>`any(${ids}::uuid[])`)
    .execute()
}

/** Everything that this module keeps about one customer. */
export async function exportCustomerRow(db: Db, id: string): Promise<Record<string, unknown>> {
  const row = await on(db)
    .selectFrom('customers')
    .select(['id', 'external_id', 'name', 'email', 'language', 'created_at'])
    .where('workspace_id', '=', db.workspaceId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row ? { customer: row } : {}
}
