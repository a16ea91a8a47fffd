import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { standAsWorker } from './dead-workers.ts'
import { testDatabase, type TestDatabase } from './testing/database.ts'

let database: TestDatabase
let sql: pg.Client

before(async () => {
  database = await testDatabase()
  sql = new pg.Client(database.owner)
  await sql.connect()
})
after(async () => {
  await sql.end()
  await database.drop()
})

const held = async () => (await sql.query('select from graphile_worker.jobs where locked_by is not null')).rowCount ?? 0

/** A job as a worker leaves it that is killed while it works. */
async function leaveBehind(key: string): Promise<void> {
  await sql.query("select graphile_worker.add_job('anything', '{}', job_key => $1)", [key])
  await sql.query(
    "update graphile_worker._private_jobs set locked_by = 'worker-dead', locked_at = now() where key = $1",
    [key],
  )
}

test('the only process gives back what dead workers hold; beside a living one nothing is touched', async () => {
  await leaveBehind('first')
  const one = await standAsWorker(database.owner)
  assert.equal(await held(), 0)
  await leaveBehind('second')
  const other = await standAsWorker(database.owner)
  assert.equal(await held(), 1)
  await one.leave()
  await (await standAsWorker(database.owner)).leave()
  assert.equal(await held(), 1, 'the other one lives')
  await other.leave()
  await (await standAsWorker(database.owner)).leave()
  assert.equal(await held(), 0)
})

const ownDatabase = '(select oid from pg_database where datname = current_database())'
const shared = "from pg_locks where locktype = 'advisory' and objid = 87 and mode = 'ShareLock' and granted"

test('a process whose connection was lost stands as living again', { timeout: 20_000 }, async () => {
  const one = await standAsWorker(database.owner)
  const { rows } = await sql.query<{ pid: number }>(`select pid ${shared} and database = ${ownDatabase}`)
  await sql.query('select pg_terminate_backend($1, 5000)', [rows[0]!.pid])
  while ((await sql.query(`select ${shared} and database = ${ownDatabase}`)).rowCount === 0) await wait(20)
  await leaveBehind('third')
  await (await standAsWorker(database.owner)).leave()
  assert.equal(await held(), 1, 'the first one lives')
  await one.leave()
})
