import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import pg from 'pg'
import { systemClock } from './clock.ts'
import { uuidv7 } from './identifiers.ts'
import { openStore, system, type Db, type Store } from './store.ts'
import { testDatabase, type TestDatabase } from './testing/database.ts'

const scope = { workspaceId: uuidv7(), actor: system }
let database: TestDatabase
let owner: pg.Client
let store: Store

before(async () => {
  database = await testDatabase()
  owner = new pg.Client(database.owner)
  await owner.connect()
  store = openStore(database.app, systemClock, () => undefined)
})
after(async () => {
  await store.close()
  await owner.end()
  await database.drop()
})

async function processOf(db: Db): Promise<number> {
  const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(db.kysely)
  return rows[0]!.pid
}

test('a connection that breaks between two statements fails its own work and nothing else', async () => {
  const broken = store.read(scope, async (db) => {
    await owner.query('select pg_terminate_backend($1, 5000)', [await processOf(db)])
    return processOf(db)
  })
  await assert.rejects(broken)
  assert.ok(await store.read(scope, processOf))
})
