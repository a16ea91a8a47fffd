import type { DB } from '#platform/database.generated.ts'
import { tablesOf, type Db, type Tx } from '#platform/store.ts'

const on = tablesOf<Pick<DB, 'demo_builds'>>()

/** How far the demo is; `done` and `total` count the same thing, whatever the builder chooses. */
export type DemoProgress = { state: 'building' | 'ready' | 'failed'; done: number; total: number }

export async function findDemoProgress(db: Db): Promise<DemoProgress | undefined> {
  const row = await on(db)
    .selectFrom('demo_builds')
    .select(['state', 'done', 'total'])
    .where('workspace_id', '=', db.workspaceId)
    .executeTakeFirst()
  return row as DemoProgress | undefined
}

export async function upsertDemoProgress(tx: Tx, progress: DemoProgress): Promise<void> {
  await on(tx)
    .insertInto('demo_builds')
    .values({ workspace_id: tx.workspaceId, ...progress })
    .onConflict((conflict) => conflict.column('workspace_id').doUpdateSet(progress))
    .execute()
}

/** The survey that the builder fills; undefined until it has made one. */
export async function findDemoSurvey(db: Db): Promise<string | undefined> {
  const row = await on(db)
    .selectFrom('demo_builds')
    .select('survey_id')
    .where('workspace_id', '=', db.workspaceId)
    .executeTakeFirst()
  return row?.survey_id ?? undefined
}

export async function updateDemoSurvey(tx: Tx, surveyId: string): Promise<void> {
  await on(tx)
    .updateTable('demo_builds')
    .set({ survey_id: surveyId })
    .where('workspace_id', '=', tx.workspaceId)
    .execute()
}
