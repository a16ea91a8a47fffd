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

/** What has been looked at of a chart, and what the last look found. Days are local, `YYYY-MM-DD`. */
export type Look = { through: string; signalledOn: string | null; running: boolean }

/** Undefined before the first look. */
export async function lockLook(tx: Tx, surveyId: string, wording: number): Promise<Look | undefined> {
  const { rows } = await sql<Look>`
    select through, signalled_on as "signalledOn", running from effort_looks
    where workspace_id = ${tx.workspaceId} and survey_id = ${surveyId} and wording = ${wording} for update`.execute(
    tx.kysely,
  )
  return rows[0]
}

export async function upsertLook(tx: Tx, surveyId: string, wording: number, look: Look): Promise<void> {
  const { through, signalledOn, running } = look
  await sql`insert into effort_looks (workspace_id, survey_id, wording, through, signalled_on, running)
    values (${tx.workspaceId}, ${surveyId}, ${wording}, ${through}, ${signalledOn}, ${running})
    on conflict (workspace_id, survey_id, wording) do update
      set through = excluded.through, signalled_on = excluded.signalled_on, running = excluded.running`.execute(
    tx.kysely,
  )
}
