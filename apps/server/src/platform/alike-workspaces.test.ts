import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import pg from 'pg'
import { testDatabase, type TestDatabase } from './testing/database.ts'

// In a database of its own: what PostgreSQL knows of a table is of all workspaces in it.

const [large, young] = ['01900000-0000-7000-8000-00000000000a', '01900000-0000-7000-8000-00000000000b']
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

test('each workspace is taken for its share of the rows, from the next day on and whatever ANALYZE counts', async () => {
  const shares = async () => {
    const { rows } = await sql.query<{ n: number }>(`select distinct n_distinct as n from pg_policies p
      left join pg_stats s on s.tablename = p.tablename and s.attname = 'workspace_id'
      where p.schemaname = 'public' and p.policyname = 'workspace'`)
    return rows.map(({ n }) => n)
  }
  await sql.query('select take_workspaces_for_alike()')
  await sql.query('analyze')
  if (await canBeTold()) assert.deepEqual(await shares(), [2])
})
