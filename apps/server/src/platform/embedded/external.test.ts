import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type pg from 'pg'
import { refuseUnsuitable } from './external.ts'
import { openDatabase, StartRefused } from './index.ts'
import { connected } from './roles.ts'

// Roles belong to a whole server, and other tests run on theirs at the same time: this one has its own.
const kind = process.env['LAHKO_TEST_SERVER'] ?? 'embedded'

let folder: string
let server: ChildProcess
let superuser: URL

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lahko-test-'))
  await chmod(folder, 0o755)
  const script = fileURLToPath(new URL('../testing/server.ts', import.meta.url))
  server = spawn(process.execPath, [script, kind, folder], { stdio: ['pipe', 'pipe', 'inherit'] })
  const [address] = (await once(server.stdout!, 'data')) as [Buffer]
  superuser = new URL(String(address).trim())
  await onServer('create role boss login createrole', 'create database company owner boss')
})

after(async () => {
  const ended = once(server, 'close')
  server.stdin!.end()
  await ended
  await rm(folder, { recursive: true })
})

const onServer = (...statements: string[]) => run({ connectionString: superuser.href }, ...statements)

async function run(connection: pg.ClientConfig, ...statements: string[]): Promise<void> {
  await connected(connection, async (client) => {
    for (const statement of statements) await client.query(statement)
  })
}

async function names(connection: pg.ClientConfig): Promise<Record<string, unknown>> {
  return connected(connection, async (client) => {
    const { rows } = await client.query("select current_user, session_user, current_setting('work_mem') as memory")
    return rows[0] as Record<string, unknown>
  })
}

function urlOf(user: string, database: string, more: Record<string, string> = {}): string {
  const url = new URL(`postgresql://${user}:secret@localhost/${database}`)
  for (const [name, value] of Object.entries({ host: superuser.searchParams.get('host')!, ...more }))
    url.searchParams.set(name, value)
  return url.href
}

const open = (databaseUrl: string) => openDatabase({ dataFolder: join(folder, 'files'), databaseUrl })

async function refused(databaseUrl: string): Promise<string> {
  const error = await open(databaseUrl).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  assert.ok(error instanceof StartRefused, `not refused: ${String(error)}`)
  assert.ok(!error.message.includes('secret'), error.message)
  return error.message
}

test('the user of DATABASE_URL owns, and the application runs as lahko_app', async () => {
  await onServer('drop role if exists lahko_app')
  const database = await open(urlOf('boss', 'company', { options: '-c work_mem=9MB' }))
  assert.equal(database.kind, 'external')
  assert.deepEqual(await names(database.owner), { current_user: 'boss', session_user: 'boss', memory: '9MB' })
  assert.deepEqual(await names(database.app), { current_user: 'lahko_app', session_user: 'boss', memory: '9MB' })
  await database.close()
})

test('a superuser’s application connections are bound too', async () => {
  const database = await open(urlOf(superuser.username, 'company'))
  const { current_user, session_user } = await names(database.app)
  assert.deepEqual([current_user, session_user], ['lahko_app', superuser.username])
})

test('a role that bypasses row-level security is refused', async (t) => {
  await onServer('alter role lahko_app bypassrls')
  t.after(() => onServer('alter role lahko_app nobypassrls'))
  assert.match(await refused(urlOf('boss', 'company')), /NOBYPASSRLS/)
})

test('a user who may not use the role is told what to run', async () => {
  await onServer('create role small login', 'create database smallest owner small')
  assert.match(await refused(urlOf('small', 'smallest')), /GRANT lahko_app TO/)
})

test('a user who may not create is told what to run', async () => {
  await onServer('create role guest login')
  assert.match(await refused(urlOf('guest', 'company')), /ALTER DATABASE "company" OWNER TO "guest"/)
})

test('a database that is not UTF8 is refused', async () => {
  await onServer(
    "create database ascii template template0 encoding 'SQL_ASCII' locale_provider libc locale 'C' owner boss",
  )
  assert.match(await refused(urlOf('boss', 'ascii')), /SQL_ASCII.*UTF8/)
})

test('a database that is not there or does not answer is named, without the password', async () => {
  assert.match(await refused(urlOf('boss', 'missing')), /missing.*does not exist/)
  assert.match(await refused('postgresql://boss:secret@127.0.0.1:1/company'), /company at 127\.0\.0\.1:1.*ECONNREFUSED/)
})

test('extensions that are not installed there are named, with what brings them', () => {
  const facts = { version: 150_004, encoding: 'UTF8', user: 'boss', database: 'company', mayCreate: true }
  const rest = { hasRole: true, isSuperuser: false }
  assert.doesNotThrow(() => refuseUnsuitable({ ...facts, ...rest, missing: [] }))
  assert.throws(
    () => refuseUnsuitable({ ...facts, ...rest, missing: ['pg_trgm', 'btree_gin'] }),
    (error) => error instanceof StartRefused && /pg_trgm and btree_gin.*contrib/.test(error.message),
  )
})
