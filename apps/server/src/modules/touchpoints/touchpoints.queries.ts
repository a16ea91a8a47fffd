import { sql } from 'kysely'
import type { DB } from '#platform/database.generated.ts'
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

/** The ids of touchpoints by their external ids; those that are not there are left out. */
export async function findTouchpointsCalled(db: Db, externalIds: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await sql<{ id: string; externalId: string }>`
    select id, external_id as "externalId" from touchpoints
    where workspace_id = ${db.workspaceId} and external_id = any(${externalIds}::text[])`.execute(db.kysely)
  return new Map(rows.map(({ id, externalId }) => [externalId, id]))
}

/** One touchpoint with what is known of it. */
export async function findTouchpoint(
  db: Db,
  id: string,
): Promise<(Touchpoint & { attributes: Record<string, string> }) | undefined> {
  const row = await on(db)
    .selectFrom('touchpoints')
    .select(['id', 'external_id as externalId', 'kind', 'attributes'])
    .where('workspace_id', '=', db.workspaceId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row && { ...row, attributes: row.attributes as Record<string, string> }
}

/** A page of touchpoints that happened before one moment and were reported before another, oldest first. */
export async function listOldTouchpoints(
  db: Db,
  { happened, reported }: { happened: Date; reported: Date },
  { after, limit }: { after?: OldTouchpoint; limit: number },
): Promise<OldTouchpoint[]> {
  const { rows } = await sql<OldTouchpoint>`
    select t.id, t.happened_at as "happenedAt" from touchpoints t
    where t.workspace_id = ${db.workspaceId} and t.happened_at < ${happened} and t.created_at < ${reported}
      ${after ? sql`and (t.happened_at, t.id) > (${after.happenedAt}, ${after.id})` : sql``}
    order by t.happened_at, t.id limit ${limit}`.execute(db.kysely)
  return rows
}

export type OldTouchpoint = { id: string; happenedAt: Date }

/** Those of these touchpoints that nobody else works with; they stay as they are until the transaction ends. */
export async function lockTouchpoints(tx: Tx, ids: readonly string[]): Promise<string[]> {
  const rows = await on(tx)
    .selectFrom('touchpoints')
    .select('id')
    .where('workspace_id', '=', tx.workspaceId)
    .where('id', '=', sql<string>`any(${ids}::uuid[])`)
    .orderBy('id')
    .forUpdate()
    .skipLocked()
    .execute()
  return rows.map(({ id }) => id)
}

/** @returns the customers whose they were */
export async function removeTouchpoints(tx: Tx, ids: readonly string[]): Promise<string[]> {
  const rows = await on(tx)
    .deleteFrom('touchpoints')
    .where('workspace_id', '=', tx.workspaceId)
    .where('id', '=', sql<string>`any(${ids}::uuid[])`)
    .returning('customer_id')
    .execute()
  return rows.flatMap((row) => row.customer_id ?? [])
}

/** Which of these customers have touchpoints. */
export async function listCustomersWithTouchpoints(db: Db, customerIds: readonly string[]): Promise<Set<string>> {
  const rows = await on(db)
    .selectFrom('touchpoints')
    .select('customer_id')
    .distinct()
    .where('workspace_id', '=', db.workspaceId)
    .where('customer_id', '=', sql<string>`any(${customerIds}::uuid[])`)
    .execute()
  return new Set(rows.map((row) => row.customer_id!))
}

/** The touchpoints of a customer, newest first. */
export function listTouchpointsOfCustomer(db: Db, customerId: string, most?: number) {
  const all = on(db)
    .selectFrom('touchpoints')
    .select(['id', 'external_id', 'kind', 'started_at', 'ended_at', 'attributes'])
    .where('workspace_id', '=', db.workspaceId)
    .where('customer_id', '=', customerId)
    .orderBy('id', 'desc')
  return (most === undefined ? all : all.limit(most)).execute()
}

/** The ids of those of some customers, no more than the newest of each. */
export async function listTouchpointIdsOf(db: Db, customerIds: readonly string[], most: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select t.id from unnest(${customerIds}::uuid[]) c(id) cross join lateral (
      select t.id from touchpoints t where t.workspace_id = ${db.workspaceId} and t.customer_id = c.id
      order by t.happened_at desc, t.id desc limit ${most}) t`.execute(db.kysely)
  return rows.map(({ id }) => id)
}

/** The touchpoints of a customer; until the transaction ends nobody answers about one of them. */
export async function lockTouchpointsOfCustomer(tx: Tx, customerId: string): Promise<string[]> {
  const rows = await on(tx)
    .selectFrom('touchpoints')
    .select('id')
    .where('workspace_id', '=', tx.workspaceId)
    .where('customer_id', '=', customerId)
    .orderBy('id')
    .forUpdate()
    .execute()
  return rows.map(({ id }) => id)
}

export async function removeTouchpointsOfCustomer(tx: Tx, customerId: string): Promise<void> {
  await on(tx)
    .deleteFrom('touchpoints')
    .where('workspace_id', '=', tx.workspaceId)
    .where('customer_id', '=', customerId)
    .execute()
}
