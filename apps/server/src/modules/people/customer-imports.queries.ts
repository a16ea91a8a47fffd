import { sql, type Updateable } from 'kysely'
import type { CustomerColumns, CustomerImport } from '@lahko/contract/customer-imports'
import type { CustomerImports, DB } from '#platform/database.generated.ts'
import { Problem } from '#platform/problem.ts'
import { tablesOf, type Db, type Tx } from '#platform/store.ts'
import type { RefusedRow, Said } from '#platform/uploads.ts'

const on = tablesOf<Pick<DB, 'customer_imports'>>()

export type CustomerImportRow = {
  id: string
  file_name: string
  state: CustomerImport['state']
  /** `guess` is the mapping as long as nobody has chosen one. */
  shape: { columns: readonly string[]; sample: readonly Record<string, string>[]; guess: CustomerColumns }
  mapping: CustomerColumns | null
  overwrite: boolean
  line: number
  rows_read: number
  rows_new: number
  rows_changed: number
  rows_same: number
  rows_refused: number
  refused: RefusedRow[]
  rows_partly: number
  partly: RefusedRow[]
  progress: number
  error: Said | null
  created_at: Date
  started_at: Date | null
  finished_at: Date | null
}

export type Changes = Partial<Omit<CustomerImportRow, 'id' | 'file_name' | 'created_at'>>

export async function insertCustomerImport(
  tx: Tx,
  { shape, ...plain }: Pick<CustomerImportRow, 'id' | 'file_name' | 'shape'>,
): Promise<void> {
  await on(tx)
    .insertInto('customer_imports')
    .values({
      ...plain,
      workspace_id: tx.workspaceId,
      shape: JSON.stringify(shape),
      state: 'uploaded',
      created_at: tx.now,
    })
    .execute()
}

/** @throws Problem not_found */
export async function getCustomerImport(db: Db, id: string): Promise<CustomerImportRow> {
  const { rows } = await sql<CustomerImportRow>`
    select * from customer_imports where workspace_id = ${db.workspaceId} and id = ${id}`.execute(db.kysely)
  if (!rows[0]) throw new Problem('not_found', 'platform.not_found')
  return rows[0]
}

/** The same, and nobody else changes it until this transaction ends. @throws Problem not_found */
export async function lockCustomerImport(tx: Tx, id: string): Promise<CustomerImportRow> {
  const { rows } = await sql<CustomerImportRow>`
    select * from customer_imports where workspace_id = ${tx.workspaceId} and id = ${id} for no key update`.execute(
    tx.kysely,
  )
  if (!rows[0]) throw new Problem('not_found', 'platform.not_found')
  return rows[0]
}

/** Newest first; `after` is the id of the last one that was seen. */
export async function listCustomerImports(
  db: Db,
  { after, limit }: { after?: string; limit: number },
): Promise<CustomerImportRow[]> {
  const older = after === undefined ? sql`` : sql`and id < ${after}`
  const { rows } = await sql<CustomerImportRow>`
    select * from customer_imports where workspace_id = ${db.workspaceId} ${older}
    order by id desc limit ${limit}`.execute(db.kysely)
  return rows
}

export async function updateCustomerImport(tx: Tx, id: string, changes: Changes): Promise<void> {
  const json = ['shape', 'mapping', 'refused', 'partly', 'error'] as const
  const written = Object.fromEntries(
    json
      .filter((name) => changes[name] !== undefined)
      .map((name) => [name, changes[name] === null ? null : JSON.stringify(changes[name])]),
  )
  await on(tx)
    .updateTable('customer_imports')
    .set({ ...changes, ...written } as Updateable<CustomerImports>)
    .where('workspace_id', '=', tx.workspaceId)
    .where('id', '=', id)
    .execute()
}
