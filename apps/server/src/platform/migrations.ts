import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { migrateJobs } from './jobs.ts'

const folder = fileURLToPath(new URL('../../migrations', import.meta.url))

export class NewerDatabase extends Error {}

type Migration = { name: string; text: string; hash: string }

/**
 * Applies the numbered SQL files that the database has not seen, each in a transaction of its own.
 * Two starts at once take turns. Forward only.
 * @throws NewerDatabase when the database knows a migration that this version does not
 */
export async function migrate(owner: pg.ClientConfig, onStep: (name: string) => void = () => undefined): Promise<void> {
  const client = new pg.Client(owner)
  await client.connect()
  try {
    await client.query("select pg_advisory_lock(hashtext('lahko migrations'))")
    await client.query(`create table if not exists migrations (
      name text primary key, hash text not null, applied_at timestamptz not null default now())`)
    const files = await readMigrations()
    for (const migration of await pending(client, files)) {
      onStep(migration.name)
      await apply(client, migration)
    }
  } finally {
    await client.end()
  }
  await migrateJobs(owner)
}

/** What `migrate` would do, without doing it: the files that wait, and the names that only a newer version knows. */
export async function compareMigrations(client: pg.Client): Promise<{ waiting: string[]; unknown: string[] }> {
  const { rows: tables } = await client.query<{ there: boolean }>(
    "select to_regclass('migrations') is not null as there",
  )
  const { rows } = tables[0]!.there ? await client.query<{ name: string }>('select name from migrations') : { rows: [] }
  const [applied, files] = [rows.map((row) => row.name), (await readMigrations()).map((file) => file.name)]
  return {
    waiting: files.filter((name) => !applied.includes(name)),
    unknown: applied.filter((name) => !files.includes(name)),
  }
}

async function readMigrations(): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => /^\d{4}_[a-z_]+\.sql$/.test(name)).toSorted()
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(`${folder}/${name}`, 'utf8')
      return { name, text, hash: createHash('sha256').update(text).digest('hex') }
    }),
  )
}

async function pending(client: pg.Client, files: Migration[]): Promise<Migration[]> {
  const { rows } = await client.query<{ name: string; hash: string }>('select name, hash from migrations order by name')
  const known = new Map(files.map((file) => [file.name, file]))
  for (const row of rows) {
    const file = known.get(row.name)
    if (!file) throw new NewerDatabase(row.name)
    if (file.hash !== row.hash) throw new Error(`The migration ${row.name} was changed after it had been applied.`)
  }
  const applied = new Set(rows.map((row) => row.name))
  return files.filter((file) => !applied.has(file.name))
}

async function apply(client: pg.Client, { name, text, hash }: Migration): Promise<void> {
  await client.query('begin')
  try {
    await client.query("set local lock_timeout = '10s'")
    await client.query(text)
    await client.query('insert into migrations (name, hash) values ($1, $2)', [name, hash])
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw error
  }
}
