import { createHash, randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { migrate } from '../migrations.ts'

/** A database of its own for one test file: cloned from a migrated template, dropped at the end. */
export type TestDatabase = { owner: pg.ClientConfig; app: pg.ClientConfig; drop(): Promise<void> }

const migrations = fileURLToPath(new URL('../../../migrations', import.meta.url))

/**
 * Clones the template.
 * `LAHKO_TEST_DATABASE` is the address of a PostgreSQL whose user may create databases and roles;
 * `npm test` starts one and sets it.
 */
export async function testDatabase(): Promise<TestDatabase> {
  const server = process.env['LAHKO_TEST_DATABASE']
  if (!server) throw new Error('Set LAHKO_TEST_DATABASE to a PostgreSQL server for tests; npm test does.')
  const template = await ensureTemplate(server)
  const name = `lahko_test_${randomUUID().replaceAll('-', '')}`
  await onServer(server, (client) => cloneTemplate(client, name, template))
  return {
    owner: { connectionString: withDatabase(server, name) },
    app: { connectionString: withDatabase(server, name), options: '-c role=lahko_app' },
    drop: () =>
      onServer(server, (client) => client.query(`drop database if exists ${name} with (force)`)).then(() => undefined),
  }
}

/** A vacuum of the template ends when it is asked to, but on a busy machine not always within PostgreSQL's five seconds. */
async function cloneTemplate(client: pg.Client, name: string, template: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await client.query(`create database ${name} template ${template}`)
      return
    } catch (error) {
      if (!(error instanceof pg.DatabaseError) || error.code !== '55006' || attempt === 5) throw error
    }
  }
}

/** Named by its migrations, so that a changed one makes a new template; two test processes take turns. */
async function ensureTemplate(server: string): Promise<string> {
  const hash = createHash('sha256')
  for (const file of readdirSync(migrations).toSorted()) hash.update(readFileSync(`${migrations}/${file}`))
  const name = `lahko_template_${hash.digest('hex').slice(0, 12)}`
  await onServer(server, async (client) => {
    await client.query("select pg_advisory_lock(hashtext('lahko test template'))")
    await client.query(`do $$ begin create role lahko_app; exception when duplicate_object then null; end $$`)
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name])
    if (rowCount) return
    const building = `${name}_building`
    await client.query(`drop database if exists ${building} with (force)`)
    await client.query(`create database ${building}`)
    await migrate({ connectionString: withDatabase(server, building) })
    await client.query(`alter database ${building} rename to ${name}`)
  })
  return name
}

async function onServer<T>(server: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: server })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

function withDatabase(server: string, name: string): string {
  const url = new URL(server)
  url.pathname = `/${name}`
  return url.href
}
