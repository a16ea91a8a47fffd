import { sql } from 'kysely'
import type { Db, Tx } from '#platform/store.ts'

/** The days on which a new normal began, the first one first. */
export async function listAcceptedChanges(db: Db, surveyId: string, wording: number): Promise<string[]> {
  const { rows } = await sql<{ on: string }>`
    select starts_on as on from accepted_changes
    where workspace_id = ${db.workspaceId} and survey_id = ${surveyId} and wording = ${wording}
    order by starts_on`.execute(db.kysely)
  return rows.map(({ on }) => on)
}

/** @returns false when it had been accepted before */
export async function insertAcceptedChange(tx: Tx, surveyId: string, wording: number, on: string): Promise<boolean> {
  const { numAffectedRows } = await sql`
    insert into accepted_changes (workspace_id, survey_id, wording, starts_on, accepted_at)
    values (${tx.workspaceId}, ${surveyId}, ${wording}, ${on}, ${tx.now}) on conflict do nothing`.execute(tx.kysely)
  return Number(numAffectedRows ?? 0) > 0
}

/** @returns false when there was none */
export async function deleteAcceptedChange(tx: Tx, surveyId: string, wording: number, on: string): Promise<boolean> {
  const { numAffectedRows } = await sql`
    delete from accepted_changes where workspace_id = ${tx.workspaceId} and survey_id = ${surveyId}
      and wording = ${wording} and starts_on = ${on}`.execute(tx.kysely)
  return Number(numAffectedRows ?? 0) > 0
}
