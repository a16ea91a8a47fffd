import { CompiledQuery, Kysely, PostgresDialect, sql } from 'kysely'
import { nobody, type Db } from '#platform/store.ts'
import type { TestHouse } from '#platform/testing/house.ts'

/** The plans of all that some work asks, as the application's role. */
export async function plansOf(
  house: TestHouse,
  workspaceId: string,
  work: (db: Db) => Promise<unknown>,
): Promise<string> {
  const asked: CompiledQuery[] = []
  const kysely = new Kysely<unknown>({
    dialect: new PostgresDialect({ pool: house.store.pool }),
    log: ({ query }) => void asked.push(query),
  })
  return kysely.transaction().execute(async (transaction) => {
    await sql`select set_config('app.workspace', ${workspaceId}, true)`.execute(transaction)
    asked.length = 0
    await work({ workspaceId, actor: nobody, kysely: transaction, now: house.clock.now() })
    const plans: string[] = []
    for (const { sql: text, parameters } of asked.slice()) {
      const { rows } = await transaction.executeQuery<{ 'QUERY PLAN': string }>(
        CompiledQuery.raw(`explain ${text}`, [...parameters]),
      )
      plans.push(rows.map((row) => row['QUERY PLAN']).join('\n'))
    }
    return plans.join('\n')
  })
}
