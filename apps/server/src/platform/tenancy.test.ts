import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import pg from 'pg'
import { modules } from '../../../../scripts/rooms.ts'
import { modules as mounted } from '../app.ts'
import { testDatabase, type TestDatabase } from './testing/database.ts'

/** What must be read before a workspace is known; reached only through functions that take a secret. */
const globalTables = [
  'accounts',
  'hosts',
  'migrations',
  'one_time_tokens',
  'return_mailboxes',
  'sessions',
  'sign_in_attempts',
]
/** Shared by all modules, through platform/. */
const platformTables = [
  'events',
  'failed_jobs',
  'files',
  'mails',
  'return_keys',
  'return_mailboxes',
  'returned_mails',
  'search_documents',
  'search_synonyms',
  'search_word_changes',
  'search_words',
]
/** A workspace's name in addresses is unique over all of them, so this index cannot begin with the workspace. */
const uniqueOverAll = ['workspaces_slug']

let database: TestDatabase
let owner: pg.Client
let app: pg.Client

before(async () => {
  database = await testDatabase()
  owner = new pg.Client(database.owner)
  app = new pg.Client(database.app)
  await Promise.all([owner.connect(), app.connect()])
})
after(async () => {
  await Promise.all([owner.end(), app.end()])
  await database.drop()
})

async function rows<T extends pg.QueryResultRow>(statement: string): Promise<T[]> {
  return (await owner.query<T>(statement)).rows
}

const allTables = () =>
  rows<{ name: string; secured: boolean; owner: string }>(`
    select relname as name, relrowsecurity as secured, pg_get_userbyid(relowner) as owner
    from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') order by 1`)

test('every table is a tenant’s or in the closed list of global ones', async () => {
  const tables = await allTables()
  for (const { name, secured } of tables.filter((table) => !globalTables.includes(table.name)))
    assert.ok(secured, `${name} has no row-level security`)
  assert.deepEqual(
    tables.filter((table) => !table.secured).map((table) => table.name),
    globalTables,
  )
})

test('every tenant table has exactly the policy of its workspace', async () => {
  const policies = await rows<{ table: string; uses: string; command: string }>(`
    select polrelid::regclass::text as table, pg_get_expr(polqual, polrelid) as uses, polcmd as command from pg_policy`)
  const tenants = (await allTables()).filter((table) => table.secured).map((table) => table.name)
  assert.deepEqual(policies.map((policy) => policy.table).toSorted(), tenants)
  for (const { uses, command, table } of policies) {
    assert.equal(command, '*', table)
    assert.match(
      uses,
      /workspace_id = \(NULLIF\(current_setting\('app\.workspace'::text, true\), ''::text\)\)::uuid/,
      table,
    )
  }
})

test('every unique index and foreign key of a tenant table begins with the workspace', async () => {
  const indexes = await rows<{ name: string; first: string }>(`
    select i.indexrelid::regclass::text as name, a.attname as first
    from pg_index i join pg_class c on c.oid = i.indrelid join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
    where c.relrowsecurity and i.indisunique and c.relnamespace = 'public'::regnamespace`)
  for (const { name, first } of indexes) if (!uniqueOverAll.includes(name)) assert.equal(first, 'workspace_id', name)
  const keys = await rows<{ name: string; from: string; to: string; target: string }>(`
    select k.conname as name, f.attname as from, t.attname as to, k.confrelid::regclass::text as target
    from pg_constraint k join pg_class c on c.oid = k.conrelid and c.relrowsecurity
    join pg_attribute f on f.attrelid = k.conrelid and f.attnum = k.conkey[1]
    join pg_attribute t on t.attrelid = k.confrelid and t.attnum = k.confkey[1]
    where k.contype = 'f'`)
  for (const { name, from, to, target } of keys) {
    if (globalTables.includes(target)) continue
    assert.deepEqual([from, to], ['workspace_id', 'workspace_id'], name)
  }
})

test('what keeps another row from being deleted goes with the workspace itself, so that this can be removed', async () => {
  const keeping = await rows(`
    select distinct c.conrelid::regclass::text as name from pg_constraint c
    where c.contype = 'f' and c.confdeltype in ('a', 'r') and c.connamespace = 'public'::regnamespace
      and exists (select from pg_attribute where attrelid = c.conrelid and attname = 'workspace_id')
      and not exists (
        select from pg_constraint w where w.conrelid = c.conrelid and w.contype = 'f'
          and w.confrelid = 'workspaces'::regclass and w.confdeltype = 'c')`)
  assert.deepEqual(keeping, [])
})

test('the application owns nothing, bypasses nothing and reads no global table', async () => {
  const [role] = await rows<Record<string, boolean>>(
    `select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles where rolname = 'lahko_app'`,
  )
  assert.deepEqual(role, { rolsuper: false, rolbypassrls: false, rolcreaterole: false, rolcreatedb: false })
  assert.deepEqual((await app.query('select current_user')).rows, [{ current_user: 'lahko_app' }])
  for (const { owner: tableOwner, name } of await allTables()) assert.notEqual(tableOwner, 'lahko_app', name)
  for (const table of globalTables)
    await assert.rejects(app.query(`select from ${table}`), { code: '42501' }, `${table} can be read`)
})

test('without a workspace a tenant table is empty, also after one was set', async () => {
  const id = '018f0000-0000-7000-8000-000000000001'
  await owner.query(`insert into workspaces (workspace_id, slug, name, language, time_zone, created_at)
    values ('${id}', 'tenancy', 'Tenancy', 'en', 'UTC', now())`)
  const seen = async () => (await app.query('select workspace_id from workspaces')).rowCount
  assert.equal(await seen(), 0)
  await app.query('begin')
  await app.query(`select set_config('app.workspace', '${id}', true)`)
  assert.equal(await seen(), 1)
  await assert.rejects(
    app.query(`insert into failed_jobs (workspace_id, id, task, payload, error, failed_at)
      values (gen_random_uuid(), gen_random_uuid(), 't', '{}', 'e', now())`),
    { code: '42501' },
  )
  await app.query('rollback')
  assert.equal(await seen(), 0)
})

test('functions that run as the owner fix their search path and are for the application alone', async () => {
  const functions = await rows<{ name: string; config: string[] | null; open: boolean }>(`
    select proname as name, proconfig as config, has_function_privilege('public', oid, 'execute') as open
    from pg_proc where prosecdef and pronamespace = 'public'::regnamespace`)
  assert.ok(functions.length > 0)
  for (const { name, config, open } of functions) {
    assert.ok(
      config?.some((setting) => setting.startsWith('search_path=pg_catalog, public')),
      `${name} has no fixed search path`,
    )
    assert.equal(open, false, `${name} is open to everybody`)
  }
})

test('modules stand in the order of the rooms, and each table belongs to exactly one', async () => {
  assert.deepEqual(
    mounted.map((module) => module.name),
    modules,
  )
  const owned = mounted.flatMap((module) => module.tables).toSorted()
  const wanted = (await allTables())
    .map((table) => table.name)
    .filter((name) => name !== 'migrations' && !platformTables.includes(name))
  assert.deepEqual(owned, wanted)
})
