import { sql, type Kysely } from 'kysely'

/** Without any of these a figure about kept answers would be worth nothing. */
const needed = ['fsync', 'synchronous_commit', 'full_page_writes']

/** Those of them that are not on. */
export async function findUnsafeSettings(owner: Kysely<unknown>): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select name from pg_settings where name = any(${needed}) and setting <> 'on'`.execute(owner)
  return rows.map(({ name }) => name)
}
