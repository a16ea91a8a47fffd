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

/** Newest first, by key. */
export async function listSuppressions(
  db: Db,
  page: { address?: string; after?: string; limit: number },
): Promise<Suppression[]> {
  const rows = await on(db)
    .selectFrom('suppressions')
    .select(columns)
    .where('workspace_id', '=', db.workspaceId)
    .$if(page.address !== undefined, (query) => query.where('address', '=', page.address!))
    .$if(page.after !== undefined, (query) => query.where('id', '<', page.after!))
    .orderBy('id', 'desc')
    .limit(page.limit)
    .execute()
  return rows as unknown as Suppression[]
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
