import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import pg from 'pg'
import { pino } from 'pino'
import { fixedClock } from './clock.ts'
import { insertFailedJob, listFailedJobs } from './failed-jobs.ts'
import { enqueue, keepHouse, openJobs, retryFailedJob, type Task } from './jobs.ts'
import { openStore, system, type Scope, type Store } from './store.ts'
import { testDatabase, type TestDatabase } from './testing/database.ts'
import { untilWaiting } from './testing/waiting.ts'

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
    await store.write({ workspaceId: id, actor: system }, (tx) =>
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

test('what is done is gone when nothing is left to do, however long the writing of it takes', async () => {
  await insertWorkspaces()
  const scope: Scope = { workspaceId: workspaces[0]!, actor: system }
  const other = new pg.Client(database.owner)
  await other.connect()
  const hold = async () => {
    await other.query(`begin; select from graphile_worker._private_jobs for update`)
  }
  const jobs = openJobs(database.owner, store, [{ name: 'held', run: hold }], log)
  await store.write(scope, (tx) => enqueue(tx, 'held', {}, 'held'))
  const done: string[] = []
  try {
    const settled = jobs.settle().then(() => done.push('settled'))
    await untilWaiting(database.owner)
    await sleep(200)
    done.push('let go')
    await other.query('commit')
    await settled
    assert.deepEqual(done, ['let go', 'settled'])
    assert.equal((await other.query('select from graphile_worker._private_jobs')).rowCount, 0)
  } finally {
    await other.end()
    await jobs.stop()
  }
})

test('a job that gives up leaves a row, or what its task says instead', async () => {
  await insertWorkspaces()
  const scope: Scope = { workspaceId: workspaces[0]!, actor: system }
  const said: unknown[] = []
  const fail = async () => {
    throw new Error('no server')
  }
  const tasks: Task[] = [
    { name: 'silent', run: fail },
    { name: 'told', run: fail, giveUp: async (_, payload) => void said.push(payload) },
  ]
  const jobs = openJobs(database.owner, store, tasks, log)
  await store.write(scope, async (tx) => {
    await enqueue(tx, 'silent', { a: 1 }, 'silent')
    await enqueue(tx, 'told', { b: 2 }, 'told')
  })
  const failed = () =>
    store.read(scope, async ({ kysely }) => {
      const { rows } = await sql`select task, payload, error from failed_jobs`.execute(kysely)
      return rows
    })
  try {
    await jobs.settle()
    assert.deepEqual([await failed(), said], [[], []], 'there are attempts left')
    await sql`update graphile_worker._private_jobs set run_at = now(), max_attempts = 2`.execute(openOwner())
    await jobs.settle()
    assert.deepEqual(await failed(), [{ task: 'silent', payload: { a: 1 }, error: 'no server' }])
    assert.deepEqual(said, [{ b: 2 }])
  } finally {
    await closeOwner()
    await jobs.stop()
  }
})

test('a job that is given up again stands once, and is tried again once', async () => {
  await insertWorkspaces()
  const scope: Scope = { workspaceId: workspaces[1]!, actor: system }
  const giveUp = (payload: Record<string, unknown>, error: string) =>
    store.write(scope, (tx) => insertFailedJob(tx, { task: 'nightly', payload, error }))
  const listed = () => store.read(scope, (db) => listFailedJobs(db, { limit: 10 }))
  const retryAll = async () => {
    for (const { id } of await listed()) await store.write(scope, (tx) => retryFailedJob(tx, id))
  }
  await giveUp({ b: 1, a: 2 }, 'first')
  await giveUp({}, 'other')
  await giveUp({ a: 2, b: 1 }, 'second')
  assert.deepEqual((await listed()).map(({ error }) => error).toSorted(), ['other', 'second'])
  await retryAll()
  await giveUp({ a: 2, b: 1 }, 'third')
  await retryAll()
  const count = sql<{
    n: number
  }>`select count(*)::int as n from graphile_worker.jobs where task_identifier = 'nightly'`
  const { rows } = await count.execute(openOwner()).finally(closeOwner)
  assert.deepEqual([await listed(), rows], [[], [{ n: 2 }]])
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

/** A way to the database that can be closed: whoever is on it loses the connection, and none is to be had. */
async function openWay() {
  const { host, port, user, password, database: name } = new pg.Client(database.owner)
  const real = host.startsWith('/') ? { path: `${host}/.s.PGSQL.${port}` } : { host, port }
  const ends = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect(real)
    for (const end of [near, far]) ends.add(end.on('error', () => undefined))
    near.pipe(far).pipe(near)
  })
  const listen = (at: number) => once(server.listen(at, '127.0.0.1'), 'listening')
  await listen(0)
  const way = (server.address() as AddressInfo).port
  const close = () => {
    server.close()
    for (const end of ends) end.destroy()
  }
  const owner = { host: '127.0.0.1', port: way, user, password: password ?? undefined, database: name }
  return { owner, close, open: () => listen(way) }
}

test('a database that goes away while a job fails ends nothing: how it ended is written once it is back', async () => {
  await insertWorkspaces()
  const scope: Scope = { workspaceId: workspaces[0]!, actor: system }
  const { promise: again, resolve } = Promise.withResolvers<void>()
  const way = await openWay()
  let attempts = 0
  const cut = async () => {
    if (++attempts > 1) return resolve()
    way.close()
    setTimeout(() => void way.open(), 1_000)
    throw new Error('it does not work')
  }
  const jobs = openJobs(way.owner, store, [{ name: 'cut', run: cut }], log)
  try {
    await jobs.start()
    await store.write(scope, (tx) => enqueue(tx, 'cut', {}, 'cut'))
    await again
    assert.equal(attempts, 2)
  } finally {
    await jobs.stop()
    way.close()
  }
})
