import { resolveTxt } from 'node:dns/promises'
import { execFile } from 'node:child_process'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { FastifyInstance } from 'fastify'
import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { pino } from 'pino'
import { buildApp } from '../apps/server/src/app.ts'
import { readConfig } from '../apps/server/src/config.ts'
import { createFirstSurvey } from '../apps/server/src/modules/surveys/building.ts'
import { insertExampleSurvey } from '../apps/server/src/modules/surveys/example-survey.ts'
import { systemClock } from '../apps/server/src/platform/clock.ts'
import { openDatabase, type Database } from '../apps/server/src/platform/embedded/index.ts'
import { internet } from '../apps/server/src/platform/internet.ts'
import { openLive } from '../apps/server/src/platform/live.ts'
import { migrate } from '../apps/server/src/platform/migrations.ts'
import { openStore, system } from '../apps/server/src/platform/store.ts'
import { weigh } from './page-weight.ts'
import type { BenchResult } from './report.ts'

const seconds = Number(process.env['LAHKO_BENCH_SECONDS'] ?? 10)
const connections = 32
const most = { bytes: 14_000 }
const least = { pages: 2_000 }

type Measured = { page: string; bytes: number; pages: number; p50: number; p99: number }

/** What a customer's page weighs, and how many of them a second one process gives out. */
export async function run(): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), 'lahko-bench-'))
  // PostgreSQL's own user has to reach it when this runs as root.
  await chmod(folder, 0o755)
  const database = await openDatabase({
    dataFolder: join(folder, 'data'),
    databaseUrl: process.env['LAHKO_BENCH_DATABASE'],
  })
  try {
    return await onStage(database, folder)
  } finally {
    await database.close()
    await rm(folder, { recursive: true, force: true })
  }
}

async function onStage(database: Database, folder: string): Promise<BenchResult> {
  await migrate(database.owner)
  const log = pino({ level: 'silent' })
  const store = openStore(database.app, systemClock, () => undefined)
  const live = openLive(database.app, log)
  const app = await buildApp({
    config: readConfig({}),
    store,
    live,
    clock: systemClock,
    healthy: () => true,
    resolveTxt,
    internet,
    log,
    folder,
  })
  try {
    const owner = new Kysely<unknown>({
      dialect: new PostgresDialect({ pool: new pg.Pool({ ...database.owner, max: 1 }) }),
    })
    const { workspaceId } = await insertExampleSurvey(owner)
    await owner.destroy()
    const { key } = await store.write({ workspaceId, actor: system }, (tx) =>
      createFirstSurvey(tx, { libraryId: 'ces-10-solved', language: 'en' }),
    )
    return report(await measureAll(app, key))
  } finally {
    await app.close()
    await live.close()
    await store.close()
  }
}

async function measureAll(app: FastifyInstance, key: string): Promise<Measured[]> {
  await app.listen({ port: 0, host: '127.0.0.1' })
  const origin = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
  const pages = {
    'a question': `/s/${key}?lang=en`,
    'from a mail, with a score and hidden fields': `/s/${key}?lang=sl&score=4&externalId=4186&kind=ticket&topic=Returns`,
    'the start': '/?lang=en',
  }
  await measure(origin, 'to warm up', `/s/${key}`, 2)
  const all = { ...pages, 'after the answer': await answer(origin, `/s/${key}?lang=en`) }
  const measured: Measured[] = []
  for (const [page, address] of Object.entries(all)) measured.push(await measure(origin, page, address, seconds))
  return measured
}

type Load = { requests: { average: number }; latency: { p50: number; p99: number }; non2xx: number; errors: number }

/** Asks for a page from another process, as a browser would, without waiting between. */
async function measure(origin: string, page: string, address: string, duration: number): Promise<Measured> {
  const accept = 'accept-encoding=gzip, br'
  const program = createRequire(import.meta.url).resolve('autocannon/autocannon.js')
  const options = ['-j', '-c', String(connections), '-d', String(duration), '-H', accept, origin + address]
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...options], { maxBuffer: 2 ** 24 })
  const load = JSON.parse(stdout) as Load
  if (load.non2xx + load.errors > 0) throw new Error(`${load.non2xx + load.errors} of the replies were not pages.`)
  return {
    page,
    bytes: await weigh(origin + address),
    pages: load.requests.average,
    p50: load.latency.p50,
    p99: load.latency.p99,
  }
}

/** Answers as a browser without scripts does; returns the address of the page that then comes. */
async function answer(origin: string, address: string): Promise<string> {
  const page = await (await fetch(origin + address)).text()
  const hidden = page.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)
  const form = new URLSearchParams([...hidden].map(([, name, value]): [string, string] => [name!, value!]))
  form.set('score', '4')
  const sent = await fetch(origin + address, { method: 'POST', body: form, redirect: 'manual' })
  const location = sent.headers.get('location')
  if (sent.status !== 303 || !location) throw new Error(`The answer was replied to with ${sent.status}.`)
  return location
}

function report(measured: Measured[]): BenchResult {
  const asked = measured.slice(0, 2)
  const ofAnswers = measured.filter(({ page }) => page !== 'the start')
  const heaviest = Math.max(...ofAnswers.map(({ bytes }) => bytes))
  const slowest = Math.min(...asked.map(({ pages }) => pages))
  return {
    name: 'pages',
    columns: ['page', 'bytes', 'pages a second', 'p50 ms', 'p99 ms'],
    rows: measured.map(({ page, bytes, pages, p50, p99 }) => [page, bytes, Math.round(pages), p50, p99]),
    checks: [
      {
        check: 'bytes of an answer page, compressed, with headers',
        value: heaviest,
        wanted: `≤ ${most.bytes}`,
        holds: heaviest <= most.bytes,
      },
      {
        check: 'answer pages a second',
        value: Math.round(slowest),
        wanted: `≥ ${least.pages}`,
        holds: slowest >= least.pages,
      },
    ],
  }
}
