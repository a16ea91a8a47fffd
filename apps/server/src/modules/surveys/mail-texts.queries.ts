import { sql } from 'kysely'
import type { ProgrammeTexts } from '@lahko/contract/mail-texts'
import type { Db, Tx } from '#platform/store.ts'

/** What a programme says, and with which survey; undefined when it is not there. */
export async function findProgrammeTexts(
  db: Db,
  id: string,
): Promise<{ surveyId: string; texts: ProgrammeTexts } | undefined> {
  const { rows } = await sql<{ surveyId: string; texts: ProgrammeTexts }>`
    select survey_id as "surveyId", texts from programmes
    where workspace_id = ${db.workspaceId} and id = ${id} and removed_at is null`.execute(db.kysely)
  return rows[0]
}

export async function updateProgrammeTexts(tx: Tx, id: string, texts: ProgrammeTexts): Promise<void> {
  await sql`
    update programmes set texts = ${JSON.stringify(texts)}
    where workspace_id = ${tx.workspaceId} and id = ${id}`.execute(tx.kysely)
}
