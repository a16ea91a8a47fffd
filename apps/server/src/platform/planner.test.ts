import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import pg from 'pg'
import { fixedClock } from './clock.ts'
import { migrate } from './migrations.ts'
import { knowWorkspacesAgain } from './planner.ts'
import { openStore } from './store.ts'
import { testDatabase, type TestDatabase } from './testing/database.ts'

// In a database of its own: what PostgreSQL knows of a table is of all workspaces in it.

const [large, young, third] = ['a', 'b', 'c'].map((end) => `01900000-0000-7000-8000-00000000000${end}`) as [
  string,
  string,
  string,
]
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

async function fill(workspace: string, count: number): Promise<void> {
  await sql.query(
    `insert into workspaces (workspace_id, slug, name, language, time_zone, created_at)
     values ($1::uuid, $1::text, 'Shop', 'en', 'UTC', now())`,
    [workspace],
  )
  await sql.query(
    `insert into touchpoints (workspace_id, id, external_id, kind, ended_at, created_at)
     select $1, gen_random_uuid(), 't' || n, 'call', now(), now() from generate_series(1, $2::integer) n`,
    [workspace, count],
  )
}

/** By which index the planner looks for a touchpoint by its name. */
async function indexFor(workspace: string): Promise<string | undefined> {
  const { rows } = await sql.query(`explain (format json)
    select from touchpoints where workspace_id = '${workspace}' and external_id = 't7'`)
  return JSON.stringify(rows).match(/"Index Name":"(\w+)"/)?.[1]
}

/** Before PostgreSQL 18 what it knows cannot be said by anybody. */
async function canBeTold(): Promise<boolean> {
  const { rows } = await sql.query('show server_version_num')
  return Number(rows[0].server_version_num) >= 180_000
}

const byName = 'touchpoints_workspace_id_external_id_key'

test('in a young database, and in a young workspace beside a large one that is known, each is looked for by its name', async () => {
  await fill(large, 5_000)
  assert.equal(await indexFor(large), byName)
  await sql.query('analyze')
  await fill(young, 500)
  assert.deepEqual([await indexFor(large), (await canBeTold()) ? await indexFor(young) : byName], [byName, byName])
})

test('each day they are counted but where somebody works, and whoever comes until the next is no surprise', async () => {
  const shares = async () => {
    const { rows } =
      await sql.query(`select n_distinct as n, most_common_vals::text as names, most_common_freqs::numeric(3, 2)[]::text as shares
      from pg_stats where tablename = 'touchpoints' and attname = 'workspace_id'`)
    return rows
  }
  const store = openStore(database.app, fixedClock('2026-11-20T10:00:00Z'), () => undefined)
  const vacuum = new pg.Client(database.owner)
  await vacuum.connect()
  await vacuum.query('begin; lock table customers in share update exclusive mode')
  try {
    await knowWorkspacesAgain(store)
  } finally {
    await vacuum.end()
    await store.close()
  }
  await sql.query('analyze')
  await fill(third, 300)
  if (!(await canBeTold())) return
  assert.deepEqual(await shares(), [{ n: 12, names: `{${large},${young}}`, shares: '{0.90,0.09}' }])
  assert.deepEqual([await indexFor(large), await indexFor(young), await indexFor(third)], [byName, byName, byName])
})

test('a database that was restored, into which nothing came that was known, is told at the next start', async () => {
  const known = async () =>
    (await sql.query("select from pg_stats where tablename = 'touchpoints' and attname = 'workspace_id'")).rowCount
  if (!(await canBeTold())) return
  await sql.query("select pg_clear_attribute_stats('public', 'touchpoints', 'workspace_id', false)")
  assert.equal(await known(), 0)
  await migrate(database.owner)
  assert.equal(await known(), 1)
})
