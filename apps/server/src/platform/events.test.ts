import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import pg from 'pg'
import { pino } from 'pino'
import { emitBatch, registerReaction } from './events.ts'
import { fixedClock } from './clock.ts'
import { uuidv7 } from './identifiers.ts'
import { openJobs } from './jobs.ts'
import { openStore, system, type Scope, type Store } from './store.ts'
import { testDatabase, type TestDatabase } from './testing/database.ts'

const log = pino({ level: 'silent' })
const scope: Scope = { workspaceId: uuidv7(), actor: system }
let database: TestDatabase
let store: Store

before(async () => {
  database = await testDatabase()
  store = openStore(database.app, fixedClock('2026-11-20T10:00:00Z'), () => undefined)
  await store.write(scope, (tx) =>
    sql`insert into workspaces (workspace_id, slug, name, language, time_zone, created_at)
      values (${scope.workspaceId}, 'shop', 'Shop', 'en', 'UTC', now())`.execute(tx.kysely),
  )
})
after(async () => {
  await store.close()
  await database.drop()
})

test('a batch of facts is a row each, one job for each reaction, and one wake-up for each type', async () => {
  registerReaction('thing.ended', 'decide')
  const done: Record<string, unknown>[] = []
  const task = { name: 'decide', run: async (_: Scope, payload: Record<string, unknown>) => void done.push(payload) }
  const jobs = openJobs(database.owner, store, [task], log)
  const listener = new pg.Client(database.app)
  await listener.connect()
  try {
    await listener.query('listen lahko')
    const woken: string[] = []
    listener.on('notification', ({ payload }) => woken.push((JSON.parse(payload!) as { type: string }).type))
    const [a, b, c] = [uuidv7(1), uuidv7(2), uuidv7(3)]
    await store.write(scope, (tx) =>
      emitBatch(tx, [
        { type: 'thing.ended', subjectId: a, data: { fields: ['kind'] } },
        { type: 'thing.reported', subjectId: b },
        { type: 'thing.ended', subjectId: c },
      ]),
    )
    await jobs.settle()
    // Notifications come before the answer to the next statement.
    await listener.query('select 1')
    const { rows } = await store.read(scope, (db) =>
      sql`select type, subject_id, data, actor_kind from events order by subject_id`.execute(db.kysely),
    )
    assert.deepEqual(rows, [
      { type: 'thing.ended', subject_id: a, data: { fields: ['kind'] }, actor_kind: 'system' },
      { type: 'thing.reported', subject_id: b, data: {}, actor_kind: 'system' },
      { type: 'thing.ended', subject_id: c, data: {}, actor_kind: 'system' },
    ])
    assert.deepEqual(
      done.map(({ subjectIds }) => subjectIds),
      [[a, c]],
    )
    assert.deepEqual(woken, ['thing.ended', 'thing.reported'])
  } finally {
    await listener.end()
    await jobs.stop()
  }
})

test('no fact is nothing', async () => {
  await store.write(scope, (tx) => emitBatch(tx, []))
})
