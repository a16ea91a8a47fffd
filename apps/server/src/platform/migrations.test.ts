import assert from 'node:assert/strict'
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { migrate, MigrationRefused } from './migrations.ts'
import { testDatabase, type TestDatabase } from './testing/database.ts'

let database: TestDatabase
let sql: pg.Client
let folder: string

before(async () => {
  database = await testDatabase()
  sql = new pg.Client(database.owner)
  await sql.connect()
  folder = await mkdtemp(join(tmpdir(), 'lahko-migrations-'))
  await cp(fileURLToPath(new URL('../../migrations', import.meta.url)), folder, { recursive: true })
})
after(async () => {
  await sql.end()
  await database.drop()
  await rm(folder, { recursive: true })
})

const applied: string[] = []
const run = () => migrate(database.owner, (step) => void applied.push(step), folder)

test('a file without a transaction runs statement by statement, once', async () => {
  await writeFile(
    join(folder, '0005_part_2.sql'),
    `-- without a transaction
drop index concurrently if exists members_role;
-- Why it is there; with a semicolon.
create index concurrently if not exists members_role on members (workspace_id, role);
`,
  )
  await run()
  await run()
  assert.deepEqual(applied, ['0005_part_2.sql'])
  const { rows } = await sql.query("select indisvalid from pg_index where indexrelid = 'members_role'::regclass")
  assert.deepEqual(rows, [{ indisvalid: true }])
})

/** One start makes the index and waits, another has asked for its turn. */
const bothAtWork = `select from pg_stat_activity a, pg_stat_activity b
  where a.datname = current_database() and a.query like '%create index concurrently%' and a.wait_event_type = 'Lock'
    and b.datname = current_database() and b.query like 'select pg%advisory_lock(%lahko migrations%'`

test(
  'two starts at once take turns, also over an index that waits for whoever is at work',
  { timeout: 30_000 },
  async () => {
    const name = '0006_part_3.sql'
    await sql.query('begin')
    await sql.query('lock table members in share row exclusive mode')
    await writeFile(
      join(folder, name),
      '-- without a transaction\ncreate index concurrently if not exists members_role_2 on members (role);\n',
    )
    const starts = Promise.all([run(), run()])
    while ((await sql.query(bothAtWork)).rowCount === 0) {
      await wait(20)
      await sql.query('select pg_stat_clear_snapshot()')
    }
    await sql.query('commit')
    await starts
    assert.equal(applied.filter((step) => step === name).length, 1)
  },
)

test('a statement outside a transaction waits no longer for a lock than others do', async () => {
  const text = "-- without a transaction\ncreate table seen as select current_setting('lock_timeout') as value;\n"
  await writeFile(join(folder, '0007_seen.sql'), text)
  await run()
  assert.deepEqual((await sql.query('select value from seen')).rows, [{ value: '10s' }])
})

test('a function in a file without a transaction is refused instead of cut', async () => {
  const wrong = join(folder, '0008_function.sql')
  await writeFile(
    wrong,
    '-- without a transaction\ncreate function f() returns int as $$ begin\n return 1;\n end $$ language plpgsql;\n',
  )
  await assert.rejects(run(), (error) => error instanceof MigrationRefused && /0008_function/.test(error.message))
  await rm(wrong)
})

test('a name that is none of a migration is refused instead of left out', async () => {
  const wrong = join(folder, '0009-more.sql')
  await writeFile(wrong, 'select 1')
  await assert.rejects(run(), (error) => error instanceof MigrationRefused && error.message.includes(wrong))
  await rm(wrong)
})

test('a file that was changed after it had been applied is refused in words', async () => {
  await writeFile(join(folder, '0005_part_2.sql'), 'select 2')
  await assert.rejects(
    run(),
    (error) => error instanceof MigrationRefused && /0005_part_2\.sql is not the one/.test(error.message),
  )
  await rm(join(folder, '0005_part_2.sql'))
  await assert.rejects(run(), (error) => error instanceof MigrationRefused && /newer version/.test(error.message))
})
