import type { Permission } from '@lahko/contract'
import type { DB } from '#platform/database.generated.ts'
import { Problem } from '#platform/problem.ts'
import { tablesOf, type Db, type Tx } from '#platform/store.ts'

const on = tablesOf<Pick<DB, 'api_keys'>>()

export type ApiKeyRow = {
  id: string
  name: string
  hint: string
  scopes: Permission[]
  created_at: Date
  last_used_at: Date | null
}

const shown = ['id', 'name', 'hint', 'scopes', 'created_at', 'last_used_at'] as const

/** The keys that open something, newest first, by key. */
export async function listKeys(db: Db, page: { after?: string; limit: number }): Promise<ApiKeyRow[]> {
  const query = on(db)
    .selectFrom('api_keys')
    .select(shown)
    .where('workspace_id', '=', db.workspaceId)
    .where('revoked_at', 'is', null)
  const rows = await (page.after ? query.where('id', '<', page.after) : query)
    .orderBy('id', 'desc')
    .limit(page.limit)
    .execute()
  return rows as ApiKeyRow[]
}

/** @throws Problem not_found */
export async function getKey(db: Db, id: string): Promise<ApiKeyRow & { revoked_at: Date | null }> {
  const row = await on(db)
    .selectFrom('api_keys')
    .select([...shown, 'revoked_at'])
    .where('workspace_id', '=', db.workspaceId)
    .where('id', '=', id)
    .executeTakeFirst()
  if (!row) throw new Problem('not_found', 'platform.not_found')
  return row as ApiKeyRow & { revoked_at: Date | null }
}

export async function countKeys(db: Db): Promise<number> {
  const row = await on(db)
    .selectFrom('api_keys')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('workspace_id', '=', db.workspaceId)
    .where('revoked_at', 'is', null)
    .executeTakeFirstOrThrow()
  return row.count
}

export async function insertKey(
  tx: Tx,
  key: { id: string; name: string; hint: string; hash: Buffer; scopes: Permission[] },
): Promise<void> {
  await on(tx)
    .insertInto('api_keys')
    .values({ ...key, workspace_id: tx.workspaceId, created_at: tx.now })
    .execute()
}

/** False when it was revoked before. */
export async function markKeyRevoked(tx: Tx, id: string): Promise<boolean> {
  const { numUpdatedRows } = await on(tx)
    .updateTable('api_keys')
    .set({ revoked_at: tx.now })
    .where('workspace_id', '=', tx.workspaceId)
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export async function touchKey(tx: Tx, id: string): Promise<void> {
  await on(tx)
    .updateTable('api_keys')
    .set({ last_used_at: tx.now })
    .where('workspace_id', '=', tx.workspaceId)
    .where('id', '=', id)
    .execute()
}
