import type { DB } from './database.generated.ts'
import { uuidv7 } from './identifiers.ts'
import { tablesOf, type Db, type Tx } from './store.ts'

const on = tablesOf<Pick<DB, 'failed_jobs'>>()

/** A job that was given up. `error` is for whoever runs the server. */
export type FailedJob = { id: string; task: string; error: string; failed_at: Date }

type Given = { task: string; payload: Readonly<Record<string, unknown>>; error: unknown }

/** What no retry will mend is shown to the workspace instead of vanishing; given up again, it takes its earlier place. */
export async function insertFailedJob(tx: Tx, { task, payload, error }: Given): Promise<void> {
  await on(tx)
    .deleteFrom('failed_jobs')
    .where('workspace_id', '=', tx.workspaceId)
    .where('task', '=', task)
    .where('payload', '=', JSON.stringify(payload))
    .execute()
  await on(tx)
    .insertInto('failed_jobs')
    .values({
      workspace_id: tx.workspaceId,
      id: uuidv7(tx.now.getTime()),
      task,
      payload: JSON.stringify(payload),
      error: error instanceof Error ? error.message : String(error),
      failed_at: tx.now,
    })
    .execute()
}

/** Newest first, by key. */
export async function listFailedJobs(db: Db, page: { after?: string; limit: number }): Promise<FailedJob[]> {
  const rows = await on(db)
    .selectFrom('failed_jobs')
    .select(['id', 'task', 'error', 'failed_at'])
    .where('workspace_id', '=', db.workspaceId)
    .$if(page.after !== undefined, (query) => query.where('id', '<', page.after!))
    .orderBy('id', 'desc')
    .limit(page.limit)
    .execute()
  return rows as unknown as FailedJob[]
}

/** Removes a job that was given up. @returns what it was; undefined when it is not there */
export async function takeFailedJob(tx: Tx, id: string) {
  const row = await on(tx)
    .deleteFrom('failed_jobs')
    .where('workspace_id', '=', tx.workspaceId)
    .where('id', '=', id)
    .returning(['task', 'payload'])
    .executeTakeFirst()
  return row && { task: row.task, payload: row.payload as Record<string, unknown> }
}
