import { sql } from 'kysely'
import type { Tx } from '#platform/store.ts'

/** Plans the first look; one that is planned stays. */
export async function insertWatch(tx: Tx, dueAt: Date): Promise<void> {
  await sql`insert into effort_watches (workspace_id, due_at) values (${tx.workspaceId}, ${dueAt})
    on conflict do nothing`.execute(tx.kysely)
}

/** @returns whether it is due, and nobody else looks now */
export async function lockDueWatch(tx: Tx): Promise<boolean> {
  const { rows } = await sql`
    select from effort_watches where workspace_id = ${tx.workspaceId} and due_at <= ${tx.now}
    for update skip locked`.execute(tx.kysely)
  return rows.length > 0
}

export async function updateWatch(tx: Tx, dueAt: Date): Promise<void> {
  await sql`update effort_watches set due_at = ${dueAt} where workspace_id = ${tx.workspaceId}`.execute(tx.kysely)
}
