import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { migrateJobs } from './jobs.ts'

const ownFolder = fileURLToPath(new URL('../../migrations', import.meta.url))

/** The files and the database do not go together, and a person can mend it: the message is one sentence or two. */
export class MigrationRefused extends Error {}

const newer = 'The database was made by a newer version of Lahko. Update Lahko, or restore an older backup.'

// The first line of a file whose statements cannot stand in a transaction, such as `create index concurrently`.
const alone = '-- without a transaction'

type Migration = { name: string; text: string; hash: string }

/**
 * Applies the numbered SQL files that the database has not seen, each in a transaction of its own; one that begins with
 * `-- without a transaction` runs statement by statement, so it must be safe to repeat. Two starts at once take turns. Forward
 * only.
 * @throws MigrationRefused when the files and the database do not go together
 */
export async function migrate(
  owner: pg.ClientConfig,
  onStep: (name: string) => void = () => undefined,
  folder = ownFolder,
): Promise<void> {
  const client = new pg.Client(owner)
  await client.connect()
  try {
    await takeTurn(client)
    await client.query(`create table if not exists migrations (
      name text primary key, hash text not null, applied_at timestamptz not null default now())`)
    const files = await readMigrations(folder)
    for (const migration of await pending(client, files)) {
      onStep(migration.name)
      await apply(client, migration)
    }
    // Also of a database that was restored, into which no statistics came.
    await client.query(`select know_workspaces(tablename::regclass, false) from pg_policies
      where schemaname = 'public' and policyname = 'workspace' order by tablename`)
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
  const [applied, files] = [rows.map((row) => row.name), (await readMigrations(ownFolder)).map((file) => file.name)]
  return {
    waiting: files.filter((name) => !applied.includes(name)),
    unknown: applied.filter((name) => !files.includes(name)),
  }
}

/**
 * Asks again and again instead of waiting in the database: `create index concurrently` waits for every statement that
 * is running, also for one that waits for whoever makes the index.
 */
async function takeTurn(client: pg.Client): Promise<void> {
  for (;;) {
    const { rows } = await client.query<{ mine: boolean }>(
      "select pg_try_advisory_lock(hashtext('lahko migrations')) as mine",
    )
    if (rows[0]!.mine) return
    await wait(200)
  }
}

async function readMigrations(folder: string): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => !name.startsWith('.')).toSorted()
  const wrong = names.find((name) => !/^\d{4}_[a-z0-9_]+\.sql$/.test(name))
  if (wrong !== undefined)
    throw new MigrationRefused(
      `${folder}/${wrong} is no migration: name it as in 0005_what_it_does.sql, or move it away.`,
    )
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
    if (!file) throw new MigrationRefused(newer)
    if (file.hash !== row.hash)
      throw new MigrationRefused(
        `The migration ${row.name} is not the one that this database was made with. Bring back the file as it was; a change of the schema is a new file.`,
      )
  }
  const applied = new Set(rows.map((row) => row.name))
  return files.filter((file) => !applied.has(file.name))
}

async function apply(client: pg.Client, migration: Migration): Promise<void> {
  if (migration.text.startsWith(`${alone}\n`)) return applyAlone(client, migration)
  const { text } = migration
  await client.query('begin')
  try {
    await client.query("set local lock_timeout = '10s'")
    await client.query(text)
    await remember(client, migration)
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw error
  }
}

/** Killed between the two, it runs again: such a file says `if not exists`, and drops what a failed try has left. */
async function applyAlone(client: pg.Client, migration: Migration): Promise<void> {
  if (migration.text.includes('$$'))
    throw new MigrationRefused(
      `${migration.name} holds a function, which would be cut at its semicolons: put it into a file with a transaction.`,
    )
  for (const statement of migration.text
    .split(/;\s*\n/)
    .filter((part) => part.replace(/^\s*--.*$/gm, '').trim() !== ''))
    await applyStatement(client, statement)
  await remember(client, migration)
}

/** What is done concurrently waits for every older transaction, such as a backup's, and is in nobody's way meanwhile. */
async function applyStatement(client: pg.Client, statement: string): Promise<void> {
  await client.query(`set lock_timeout = '${/\bconcurrently\b/i.test(statement) ? '0' : '10s'}'`)
  await client.query(statement)
}

async function remember(client: pg.Client, { name, hash }: Migration): Promise<void> {
  await client.query('insert into migrations (name, hash) values ($1, $2)', [name, hash])
}
