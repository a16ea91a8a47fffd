import { fork } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { createKey } from '../apps/server/src/modules/accounts/keys.ts'
import { systemClock } from '../apps/server/src/platform/clock.ts'
import { openDatabase, type Database } from '../apps/server/src/platform/embedded/index.ts'
import { migrate } from '../apps/server/src/platform/migrations.ts'
import { openStore } from '../apps/server/src/platform/store.ts'
import { startServer } from './desk-stage.ts'
import { weigh } from './page-weight.ts'
import { fillPortal, shelves } from './portal-data.ts'
import type { PortalLoadOrder, PortalLoadResult } from './portal-load.ts'
import { mapOf, publishOften, type Mapped, type Seen } from './portal-publishing.ts'
import { pssMbOf } from './process-memory.ts'
import type { BenchResult } from './report.ts'
import { questionsOfWords } from './search/large.ts'

const many = Number(process.env['LAHKO_BENCH_DOCUMENTS'] ?? 100_000)
const seconds = Number(process.env['LAHKO_BENCH_SECONDS'] ?? 10)
const connections = 8
const wordsAsked = 8
const limits = { bytes: 14_000, p95: 15, aSecond: 1_000 }

// With a query in its address, so that no memory holds it; crawlers read it, one after the other.
const furtherPages = 'its further pages'

type Measured = { page: string; bytes: number; p50: number; p95: number; aSecond: number }
type Memory = { when: string; mb: number }[]
type Figures = { measured: Measured[]; seen: Seen; map: Mapped; memory: Memory }

/** What readers wait for among very many articles, and whether they see what was published a moment ago. */
export async function run(): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), 'lahko-bench-'))
  // PostgreSQL's own user has to reach it when this runs as root.
  await chmod(folder, 0o755)
  const database = await openDatabase({ dataFolder: join(folder, 'data'), databaseUrl: undefined })
  try {
    await migrate(database.owner)
    return report(await onServers(database, await fill(database)))
  } finally {
    await database.close()
    await rm(folder, { recursive: true, force: true })
  }
}

/** @returns a key for whoever publishes */
async function fill(database: Database): Promise<string> {
  const store = openStore(database.app, systemClock, () => undefined)
  const owner = new pg.Client(database.owner)
  await owner.connect()
  try {
    const began = performance.now()
    const scope = await fillPortal({ store, owner }, many)
    console.log(`${many} articles written in ${((performance.now() - began) / 1000).toFixed(0)} s`)
    const scopes = ['articles.read', 'articles.write', 'articles.publish'] as const
    return (await store.write(scope, (tx) => createKey(tx, { name: 'bench', scopes }))).key
  } finally {
    await owner.end()
    await store.close()
  }
}

/** Two processes on one database: one is measured; what is published through one is looked for in the other. */
async function onServers(database: Database, key: string): Promise<Figures> {
  const [first, second] = [await startServer(database), await startServer(database)]
  try {
    const memory: Memory = [{ when: 'at rest', mb: pssMbOf([first.pid]) }]
    const measured: Measured[] = []
    for (const [page, paths] of Object.entries(await pages(first.port)))
      measured.push(await measure(first.port, page, paths))
    memory.push({ when: 'after all pages', mb: pssMbOf([first.pid]) })
    const seen = await publishOften({ key, writer: second.port, reader: first.port })
    return { measured, seen, map: await mapOf(first.port), memory }
  } finally {
    for (const { child } of [first, second]) {
      child.disconnect()
      if (child.exitCode === null) await once(child, 'exit')
    }
  }
}

/** Addresses, so many that none is asked for twice where it says so. */
async function pages(port: number): Promise<Record<string, string[]>> {
  // A prime, so that it comes by each article once.
  const articles = Array.from({ length: 40_000 }, (_, n) => `/help/en/article-${(n * 7_919) % many}`)
  const questions = questionsOfWords('en', wordsAsked).map((asked) => new URLSearchParams({ q: asked, lang: 'en' }))
  return {
    'an article': [articles[0]!],
    'articles, each another': articles,
    'a collection of very many': ['/help/en/shelf-0'],
    'collections, each another': shelves.map((n) => `/help/en/shelf-${n}`),
    [furtherPages]: [`/help/en/shelf-0?after=${Math.floor(many / 20)}.00000000-0000-0000-0000-000000000000`],
    'the start of help': ['/help/en'],
    'a search': await Promise.all(questions.map((query) => ledTo(port, `/help/search?${query.toString()}`))),
  }
}

/** Where an address leads in the end, as browsers follow it. */
async function ledTo(port: number, path: string): Promise<string> {
  const { pathname, search } = new URL((await fetch(`http://127.0.0.1:${port}${path}`)).url)
  return pathname + search
}

async function measure(port: number, page: string, paths: string[]): Promise<Measured> {
  // What one load has read another one would find in memory.
  const part = (from: number, to: number) =>
    paths.length < 1_000 ? paths : paths.slice(from * paths.length, to * paths.length)
  await load({ port, paths: part(0, 0.1), connections, seconds: Math.min(2, seconds) })
  const alone = await load({ port, paths: part(0.1, 0.4), connections: 1, seconds: Math.max(1, seconds / 2) })
  const together = await load({ port, paths: part(0.4, 1), connections, seconds })
  const weights = await Promise.all(paths.slice(0, 10).map((path) => weigh(`http://127.0.0.1:${port}${path}`)))
  return {
    ...{ page, bytes: Math.max(...weights), p50: alone.p50, p95: alone.p95 },
    aSecond: together.pages / together.seconds,
  }
}

/** In a process of its own, as readers are. */
async function load(order: PortalLoadOrder): Promise<PortalLoadResult> {
  const child = fork(new URL('./portal-load.ts', import.meta.url))
  child.send(order)
  const died = once(child, 'exit').then(([code]) => Promise.reject(new Error(`The load ended with ${code}.`)))
  const [result] = (await Promise.race([once(child, 'message'), died])) as [PortalLoadResult]
  died.catch(() => undefined)
  if (result.failed.length > 0) throw new Error(`No pages: ${result.failed.slice(0, 5).join(', ')}`)
  return result
}

function report({ measured, seen, map, memory }: Figures): BenchResult {
  const searches = measured.filter(({ page }) => page === 'a search')
  const read = measured.filter(({ page }) => page !== 'a search')
  const heaviest = Math.max(...measured.map(({ bytes }) => bytes))
  const slowest = (of: readonly Measured[]) => Math.max(...of.map(({ p95 }) => p95))
  const fewest = Math.min(...read.filter(({ page }) => page !== furtherPages).map(({ aSecond }) => aSecond))
  const check = (name: string, value: number, wanted: string, holds: boolean) => ({
    ...{ check: name, value: round(value), wanted, holds },
  })
  return {
    name: 'portal',
    columns: ['page', 'bytes', 'p50 ms', 'p95 ms', 'pages a second'],
    rows: [
      ...measured.map(({ page, bytes, p50, p95, aSecond }) => [
        page,
        bytes,
        round(p50),
        round(p95),
        Math.round(aSecond),
      ]),
      ...memory.map(({ when, mb }) => [`memory of the server ${when}, MB PSS`, mb]),
      ['published and read, ms from the reply to the page', round(seen.pageMs)],
      ['the map of the site: parts, addresses, ms of the slowest', map.parts, map.addresses, round(map.slowestMs)],
    ],
    checks: [
      check('bytes of a page, compressed, with headers', heaviest, `≤ ${limits.bytes}`, heaviest <= limits.bytes),
      check('p95 of pages one at a time, ms', slowest(read), `< ${limits.p95}`, slowest(read) < limits.p95),
      check('p95 of searches one at a time, ms', slowest(searches), `< ${limits.p95}`, slowest(searches) < limits.p95),
      check(`pages a second over ${connections} connections`, fewest, `≥ ${limits.aSecond}`, fewest >= limits.aSecond),
      check(`of ${seen.asked} changes not seen at once in page or search`, seen.missed, '0', seen.missed === 0),
      check('articles missing from the map of the site', many - map.articles, '0', map.articles === many),
    ],
  }
}

function round(value: number): number {
  return Number(value.toFixed(2))
}
