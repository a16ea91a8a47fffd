import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import type pg from 'pg'

const made = readFileSync(new URL('./desk-data.sql', import.meta.url), 'utf8')
const migrations = new URL('../apps/server/migrations/', import.meta.url)

/** When the two years of tickets end. */
export const until = '2026-11-20T10:00:00Z'
export const workspaceId = '019aa0a0-0000-7000-8000-00000000de5c'

/** What the data come from: other SQL makes other data. */
export function hashOfData(): string {
  const hash = createHash('sha256').update(made).update(until)
  for (const file of readdirSync(migrations).toSorted()) hash.update(readFileSync(new URL(file, migrations)))
  return hash.digest('hex').slice(0, 12)
}

/** Fills a migrated database. @param owner whom no row-level security binds */
export async function fillDesk(owner: pg.Client, tickets: number): Promise<void> {
  await owner.query(
    `insert into workspaces (workspace_id, slug, name, language, time_zone, created_at)
     values ($1, 'bench', 'Bench', 'en', 'Europe/Ljubljana', $2::timestamptz - interval '800 days')`,
    [workspaceId, until],
  )
  await owner.query(
    `select set_config('bench.workspace', $1, false), set_config('bench.tickets', $2, false),
      set_config('bench.until', $3, false), set_config('work_mem', '256MB', false),
      set_config('maintenance_work_mem', '512MB', false)`,
    [workspaceId, String(tickets), until],
  )
  await withoutWordIndexes(owner, () => owner.query(made))
  await owner.query('vacuum analyze')
}

/** An index of words is written many times faster at once than word by word. */
async function withoutWordIndexes(owner: pg.Client, work: () => Promise<unknown>): Promise<void> {
  const names = ['ticket_messages_searched', 'ticket_words_searched']
  const { rows } = await owner.query<{ definition: string }>(
    'select pg_get_indexdef(name::regclass) as definition from unnest($1::text[]) name',
    [names],
  )
  for (const name of names) await owner.query(`drop index ${name}`)
  await work()
  for (const { definition } of rows) await owner.query(definition)
}
