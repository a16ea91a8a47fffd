import { sql } from 'kysely'
import type { DB } from '#platform/database.generated.ts'
import { uuidv7 } from '#platform/identifiers.ts'
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

/** What somebody reports about a customer: at least an external id or an e-mail address. */
export type KnownOfCustomer = { externalId?: string; email?: string; name?: string; language?: string }

/** The id of the customer, made when nobody has this external id or address. What was unknown is filled in. */
export async function ensureCustomer(tx: Tx, known: KnownOfCustomer): Promise<string | null> {
  const given = JSON.stringify({ ...known, id: uuidv7(tx.now.getTime()) })
  const { rows } = await sql<{ id: string | null }>`select ensure_customer(${given}::jsonb, ${tx.now}) as id`.execute(
    tx.kysely,
  )
  return rows[0]?.id ?? null
}

/** Everything that this module keeps about one customer. */
export async function exportCustomer(db: Db, id: string): Promise<Record<string, unknown>> {
  const row = await on(db)
    .selectFrom('customers')
    .select(['id', 'external_id', 'name', 'email', 'language', 'created_at'])
    .where('workspace_id', '=', db.workspaceId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row ? { customer: row } : {}
}
