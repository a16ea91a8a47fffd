import { sql } from 'kysely'
import type { Db, Tx } from '#platform/store.ts'

export type UndecidedRow = {
  id: string
  kind: string
  ended_at: Date
  attributes: Record<string, string>
  customer_id: string | null
}

/** Touchpoints that have ended and that nobody has decided about, oldest first; nobody else gets them meanwhile. */
export async function lockUndecided(tx: Tx, most: number): Promise<UndecidedRow[]> {
  const { rows } = await sql<UndecidedRow>`
    select t.id, t.kind, t.ended_at, t.attributes, t.customer_id from undecided_touchpoints u
    join touchpoints t on t.workspace_id = u.workspace_id and t.id = u.touchpoint_id
    where u.workspace_id = ${tx.workspaceId} and u.ended_at <= ${tx.now} and t.ended_at <= ${tx.now}
    order by u.ended_at, u.touchpoint_id limit ${most}
    for update of t skip locked`.execute(tx.kysely)
  return rows
}

/** Whether any has ended and waits for a decision, also one that somebody is just changing. */
export async function hasUndecided(db: Db): Promise<boolean> {
  const { rows } = await sql<{ there: boolean }>`
    select exists (select from undecided_touchpoints u where u.workspace_id = ${db.workspaceId}
      and u.ended_at <= ${db.now}) as there`.execute(db.kysely)
  return rows[0]!.there
}

export async function listEndedSince(db: Db, since: Date, most: number): Promise<UndecidedRow[]> {
  const { rows } = await sql<UndecidedRow>`
    select t.id, t.kind, t.ended_at, t.attributes, t.customer_id from touchpoints t
    where t.workspace_id = ${db.workspaceId} and t.ended_at is not null
      and t.happened_at >= ${since} and t.happened_at <= ${db.now}
    order by t.happened_at desc, t.id desc limit ${most}`.execute(db.kysely)
  return rows
}

type RowOfKind = {
  id: string
  startedAt: Date | null
  endedAt: Date | null
  attributes: Record<string, string>
  customerId: string | null
}

/** A page by primary key. */
export async function listRowsOfKind(
  db: Db,
  kind: string,
  { after, limit }: { after?: string; limit: number },
): Promise<RowOfKind[]> {
  const { rows } = await sql<RowOfKind>`
    select t.id, t.started_at as "startedAt", t.ended_at as "endedAt", t.attributes, t.customer_id as "customerId"
    from touchpoints t where t.workspace_id = ${db.workspaceId} and t.kind = ${kind}
      ${after === undefined ? sql`` : sql`and t.id > ${after}`}
    order by t.id limit ${limit}`.execute(db.kysely)
  return rows
}

/** Notes that it was decided whether to ask about these touchpoints. */
export async function markDecided(tx: Tx, ids: readonly string[]): Promise<void> {
  await sql`
    delete from undecided_touchpoints
    where workspace_id = ${tx.workspaceId} and touchpoint_id = any(${ids}::uuid[])`.execute(tx.kysely)
}

/** Which of these customers have a touchpoint that began, or was reported, within so many days and has not ended. */
export async function listCustomersInside(db: Db, customerIds: readonly string[], days: number): Promise<Set<string>> {
  const { rows } = await sql<{ customer_id: string }>`
    select distinct t.customer_id from touchpoints t
    where t.workspace_id = ${db.workspaceId} and t.customer_id = any(${customerIds}::uuid[])
      and t.ended_at is null and t.happened_at <= ${db.now}
      and t.happened_at > ${db.now}::timestamptz - make_interval(days => ${days}::integer)`.execute(db.kysely)
  return new Set(rows.map((row) => row.customer_id))
}
