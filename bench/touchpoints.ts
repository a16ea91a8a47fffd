import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import autocannon from 'autocannon'
import { Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import { createKey } from '../apps/server/src/modules/accounts/keys.ts'
import { insertExampleSurvey } from '../apps/server/src/modules/surveys/example-survey.ts'
import { systemClock } from '../apps/server/src/platform/clock.ts'
import { openDatabase, type Database } from '../apps/server/src/platform/embedded/index.ts'
import { migrate } from '../apps/server/src/platform/migrations.ts'
import { openStore, system } from '../apps/server/src/platform/store.ts'
import { serverEnvironment, serverFlags } from '../scripts/server-flags.mjs'
import type { ServerOrder } from './ingest-server.ts'
import type { BenchResult } from './report.ts'
import { findUnsafeSettings } from './safe-settings.ts'
import { turnOnTwenty } from './twenty-programmes.ts'

const seconds = Number(process.env['LAHKO_BENCH_SECONDS'] ?? 10)
const batch = 100
const customers = 10_000

/**
 * Touchpoints a second in batches of 100: new ones that run, the same when they have ended, and new ended ones, while
 * twenty programmes and all rules decide about what has ended. */
export async function run(): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), 'lahko-bench-'))
  // PostgreSQL's own user has to reach it when this runs as root.
  await chmod(folder, 0o755)
  const database = await openDatabase({
    dataFolder: join(folder, 'data'),
    databaseUrl: process.env['LAHKO_BENCH_DATABASE'],
  })
  try {
    return await measureAll(database)
  } finally {
    await database.close()
    await rm(folder, { recursive: true, force: true })
  }
}

async function measureAll(database: Database): Promise<BenchResult> {
  await migrate(database.owner)
  const owner = new Kysely<unknown>({
    dialect: new PostgresDialect({ pool: new pg.Pool({ ...database.owner, max: 2 }) }),
  })
  const unsafe = await findUnsafeSettings(owner)
  if (unsafe.length > 0) throw new Error(`These settings are off: ${unsafe.join(', ')}.`)
  const { workspaceId, surveyId } = await insertExampleSurvey(owner, { declared: [] })
  const store = openStore(database.app, systemClock, () => undefined)
  const { key } = await store.write({ workspaceId, actor: system }, async (tx) => {
    await turnOnTwenty(tx, surveyId)
    return createKey(tx, { name: 'bench', scopes: ['touchpoints.write', 'touchpoints.read', 'responses.read'] })
  })
  await store.close()
  const server = await startServer(database)
  try {
    await load(server.port, key, { name: 'warm', ended: true, seconds: 2 })
    const rows = []
    for (const { what, ...order } of kinds) {
      rows.push({ what, ...(await load(server.port, key, { ...order, seconds })) })
    }
    const lists = []
    for (const address of listAddresses) lists.push(await timeOf(server.port, key, address))
    return report(rows, Math.max(...lists), await countTouchpoints(owner))
  } finally {
    server.child.disconnect()
    await once(server.child, 'exit')
    await owner.destroy()
  }
}

const kinds = [
  { what: 'new, running', name: 'a', ended: false },
  { what: 'the same, now ended', name: 'a', ended: true },
  { what: 'new, ended', name: 'b', ended: true },
]

async function startServer(database: Database): Promise<{ child: ChildProcess; port: number }> {
  const order: ServerOrder = { kind: 'ours', app: database.app, owner: database.owner, targets: {} }
  const child = fork(new URL('./ingest-server.ts', import.meta.url), [JSON.stringify(order)], {
    execArgv: serverFlags,
    env: { ...serverEnvironment, ...process.env, NODE_ENV: 'production' },
  })
  const [{ port }] = (await once(child, 'message')) as [{ port: number }]
  return { child, port }
}

type Load = { name: string; ended: boolean; seconds: number }
type Loaded = { perSecond: number; p50Ms: number; p99Ms: number }

async function load(port: number, key: string, { name, ended, seconds: duration }: Load): Promise<Loaded> {
  let index = 0
  const result = await autocannon({
    url: `http://127.0.0.1:${port}`,
    connections: 4,
    duration,
    timeout: 30,
    requests: [
      {
        method: 'POST',
        path: '/api/v1/touchpoints',
        setupRequest: (request) => {
          const first = index++ * batch
          const touchpoints = Array.from({ length: batch }, (_, place) => touchpoint(name, first + place, ended))
          request.headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` }
          request.body = `{"touchpoints":[${touchpoints.join(',')}]}`
          return request
        },
      },
    ],
  })
  if (result.non2xx + result.errors > 0) throw new Error(`${result.non2xx + result.errors} requests failed.`)
  return {
    perSecond: (result['2xx'] / result.duration) * batch,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
  }
}

const hourMs = 3_600_000
const moments = {
  started: new Date(Date.now() - 2 * hourMs).toISOString(),
  ended: new Date(Date.now() - hourMs).toISOString(),
}

function touchpoint(name: string, index: number, ended: boolean): string {
  const who = (index * 7919) % customers
  return (
    `{"externalId":"${name}-${index}","kind":"kind-${index % 20}","startedAt":"${moments.started}","channel":"mail"` +
    `,"topic":"topic-${index % 50}","team":"North","agent":"Bor","attributes":{"plan":"pro","order":"${index}"}` +
    (ended ? `,"endedAt":"${moments.ended}","outcome":"solved"` : '') +
    `,"customer":{"externalId":"c-${who}","email":"c${who}@example.com","name":"Ana ${who}"}}`
  )
}

const listAddresses = [
  '/touchpoints',
  '/touchpoints?kind=kind-1&state=open',
  '/touchpoints?search=b-1',
  '/touchpoints?search=c77',
  '/touchpoints?search=example',
  '/customers',
]

/** The median of some reads, in milliseconds. */
async function timeOf(port: number, key: string, address: string): Promise<number> {
  const times: number[] = []
  for (let turn = 0; turn < 15; turn++) {
    const began = performance.now()
    const reply = await fetch(`http://127.0.0.1:${port}/api/v1${address}`, {
      headers: { authorization: `Bearer ${key}` },
    })
    await reply.arrayBuffer()
    if (reply.status !== 200) throw new Error(`${address} replied ${reply.status}.`)
    times.push(performance.now() - began)
  }
  return times.toSorted((a, b) => a - b)[7]!
}

type Counts = { kept: number; decided: number }

async function countTouchpoints(owner: Kysely<unknown>): Promise<Counts> {
  const { rows } = await sql<Counts>`select count(*) as kept,
    count(*) - (select count(*) from undecided_touchpoints) as decided from touchpoints`.execute(owner)
  return rows[0]!
}

function report(rows: (Loaded & { what: string })[], slowestList: number, { kept, decided }: Counts): BenchResult {
  const least = Math.min(...rows.map(({ perSecond }) => perSecond))
  return {
    name: 'touchpoints',
    columns: [`batches of ${batch}`, 'touchpoints/s', 'p50 ms', 'p99 ms'],
    rows: [
      ...rows.map(({ what, perSecond, p50Ms, p99Ms }) => [what, Math.round(perSecond), p50Ms, p99Ms]),
      ['decided about meanwhile, of all', decided, '', ''],
    ],
    checks: [
      { check: 'touchpoints a second', value: Math.round(least), wanted: 'at least 5000', holds: least >= 5000 },
      {
        check: `slowest list among ${kept} touchpoints, ms`,
        value: Number(slowestList.toPrecision(3)),
        wanted: 'under 50',
        holds: slowestList < 50,
      },
    ],
  }
}
