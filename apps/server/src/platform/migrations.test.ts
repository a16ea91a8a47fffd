import assert from 'node:assert/strict'
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
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

test('a name that is none of a migration is refused instead of left out', async () => {
  const wrong = join(folder, '0006-more.sql')
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
