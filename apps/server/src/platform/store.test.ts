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

test('what is asked for after the end of a transaction is refused, and what is asked for together is answered in order', async () => {
  const asked: number[] = []
  const kept = await store.read(scope, async (db) => {
    const one = (number: number) =>
      sql<{ n: number }>`select ${number}::integer as n, pg_sleep(${number === 0 ? 0.05 : 0})`
        .execute(db.kysely)
        .then(({ rows }) => asked.push(rows[0]!.n))
    await Promise.all([0, 1, 2].map(one))
    return db
  })
  assert.deepEqual(asked, [0, 1, 2])
  await assert.rejects(processOf(kept), /has ended/)
})

test('a transaction of which one statement failed keeps nothing, whoever took no notice', async () => {
  const unheard = store.write(scope, async (tx) => {
    await sql`select 1 / 0`.execute(tx.kysely).catch(() => undefined)
  })
  await assert.rejects(unheard, /had failed/)
  assert.ok(await store.read(scope, processOf))
})

test('a transaction knows its workspace from its first statement on, and its connection forgets it', async () => {
  const workspace = sql<{ id: string }>`select current_setting('app.workspace', true) as id`
  const { rows } = await store.read(scope, (db) => workspace.execute(db.kysely))
  assert.equal(rows[0]!.id, scope.workspaceId)
  const after = await workspace.execute(store.outside)
  assert.equal(after.rows[0]!.id, '')
})

test('plans are kept of what is written often, and of nothing else', async () => {
  const statement = sql<{ kept: number }>`
    select count(*) as kept from pg_prepared_statements where statement like ${'%kept from pg_prepared%'}`
  const kept = async (work: Store['write']) => (await work(scope, (tx) => statement.execute(tx.kysely))).rows[0]!.kept
  assert.equal(await kept(store.write), 0)
  assert.equal(await kept(store.writeOften), 1)
})
