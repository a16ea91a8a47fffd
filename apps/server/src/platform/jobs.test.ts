import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { pino } from 'pino'
import { fixedClock } from './clock.ts'
import { keepHouse, openJobs, type Task } from './jobs.ts'
import { openStore, type Store } from './store.ts'
import { testDatabase, type TestDatabase } from './testing/database.ts'

const log = pino({ level: 'silent' })
let database: TestDatabase
let store: Store

before(async () => {
  database = await testDatabase()
  store = openStore(database.app, fixedClock('2026-11-20T10:00:00Z'), () => undefined)
})
after(async () => {
  await store.close()
  await database.drop()
})

const workspaces = ['01900000-0000-7000-8000-00000000000a', '01900000-0000-7000-8000-00000000000b']

async function insertWorkspaces(): Promise<void> {
  for (const id of workspaces) {
    await store.write({ workspaceId: id, actor: { kind: 'system', permissions: new Set() } }, (tx) =>
      sql`insert into workspaces (workspace_id, slug, name, language, time_zone, created_at)
        values (${id}, ${id}, 'Example', 'en', 'UTC', now()) on conflict do nothing`.execute(tx.kysely),
    )
  }
}

test('housekeeping runs once in every workspace, however often it was asked for; other tasks do not', async () => {
  await insertWorkspaces()
  const done: string[] = []
  const tasks: Task[] = [
    { name: 'tidy', daily: true, run: async ({ workspaceId }) => void done.push(workspaceId) },
    { name: 'other', run: async () => void done.push('other') },
  ]
  const jobs = openJobs(database.owner, store, tasks, log)
  try {
    await Promise.all([keepHouse(store, tasks), keepHouse(store, tasks)])
    await jobs.settle()
    assert.deepEqual(done.toSorted(), workspaces)
  } finally {
    await jobs.stop()
  }
})

test('a process that works has housekeeping in its calendar', async () => {
  const jobs = openJobs(database.owner, store, [], log)
  await jobs.start()
  await jobs.stop()
  const { rows } = await sql`select identifier from graphile_worker._private_known_crontabs`
    .execute(openOwner())
    .finally(closeOwner)
  assert.deepEqual(rows, [{ identifier: 'each_day' }])
})

let owner: Store | undefined
const openOwner = () => (owner = openStore(database.owner, fixedClock('2026-11-20T10:00:00Z'), () => undefined)).outside
const closeOwner = () => owner?.close()
