import { sql } from 'kysely'
import type { Store } from './store.ts'

/** Has PostgreSQL count again what each workspace has of each table; to be called now and then. */
export async function knowWorkspacesAgain({ outside }: Pick<Store, 'outside'>): Promise<void> {
  const { rows } = await sql<{ name: string }>`
    select tablename as name from pg_policies where schemaname = 'public' and policyname = 'workspace'`.execute(outside)
  // One after the other, so that each is held only as long as it is counted.
  for (const { name } of rows) await sql`select know_workspaces(${name}::regclass, true)`.execute(outside)
}
