import { sql } from 'kysely'
import type { DB } from '#platform/database.generated.ts'
import { uuidv7 } from '#platform/identifiers.ts'
import { tablesOf, type Db, type Tx } from '#platform/store.ts'

const on = tablesOf<Pick<DB, 'touchpoints'>>()

/** One interaction whose effort can be asked for. */
export type Touchpoint = { id: string; externalId: string | null; kind: string }

/** Touchpoints by their ids; those that are not there are left out. */
export async function findTouchpoints(db: Db, ids: readonly string[]): Promise<Map<string, Touchpoint>> {
  if (ids.length === 0) return new Map()
  const rows = await on(db)
    .selectFrom('touchpoints')
    .select(['id', 'external_id as externalId', 'kind'])
    .where('workspace_id', '=', db.workspaceId)
    .where('id', 'in', [...new Set(ids)])
    .execute()
  return new Map(rows.map((row) => [row.id, row]))
}

/** What somebody reports about an interaction. Moments are ISO 8601. */
export type KnownOfTouchpoint = {
  externalId: string
  kind: string
  startedAt?: string
  endedAt?: string
  attributes?: Readonly<Record<string, string>>
}

/** The id of the touchpoint, made when its external id is new; what is given replaces what was reported before. */
export async function ensureTouchpoint(tx: Tx, known: KnownOfTouchpoint, customerId: string | null): Promise<string> {
  const given = JSON.stringify({ ...known, id: uuidv7(tx.now.getTime()) })
  const { rows } = await sql<{ id: string }>`
    select ensure_touchpoint(${given}::jsonb, ${customerId}, ${tx.now}) as id`.execute(tx.kysely)
  return rows[0]!.id
}

/** Everything that this module keeps about one customer. */
export async function exportCustomer(db: Db, customerId: string): Promise<Record<string, unknown>> {
  const rows = await on(db)
    .selectFrom('touchpoints')
    .select(['id', 'external_id', 'kind', 'started_at', 'ended_at', 'attributes'])
    .where('workspace_id', '=', db.workspaceId)
    .where('customer_id', '=', customerId)
    .orderBy('id')
    .limit(10_000)
    .execute()
  return { touchpoints: rows }
}
