import { type ChildProcess, execFileSync, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { createKey } from '../apps/server/src/modules/accounts/keys.ts'
import { insertExampleSurvey } from '../apps/server/src/modules/surveys/example-survey.ts'
import { systemClock } from '../apps/server/src/platform/clock.ts'
import { borrowDatabase } from '../apps/server/src/platform/embedded/index.ts'
import { openStore, system } from '../apps/server/src/platform/store.ts'
import { freePort } from './free-port.ts'
import type { LoadOrder, LoadResult } from './ingest-load.ts'
import { pssMbOf, readProc } from './process-memory.ts'
import type { BenchResult } from './report.ts'

const house = fileURLToPath(new URL('../', import.meta.url))
const restarts = 5
const loadSeconds = Number(process.env['LAHKO_BENCH_SECONDS'] ?? 20)

/**
 * From `git clone` to a product that answers, from `npm start` to the same again, and the memory of all of it: at rest,
 * and after answers came in as fast as they could.
 */
export async function run(): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), 'lahko-bench-'))
  try {
    // PostgreSQL's own user has to reach it when this runs as root.
    await chmod(folder, 0o755)
    return await measure(join(folder, 'clone'))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function measure(clone: string): Promise<BenchResult> {
  const cloned = performance.now()
  execFileSync('git', ['clone', '--quiet', house, clone], { stdio: 'inherit' })
  const first = await startLahko(clone)
  const cloneToReadyS = seconds(performance.now() - cloned)
  await stopLahko(first.child)
  const restartsS: number[] = []
  for (let turn = 1; turn <= restarts; turn++) {
    const began = performance.now()
    const again = await startLahko(clone)
    restartsS.push(seconds(performance.now() - began))
    if (turn === restarts) return report(cloneToReadyS, restartsS, await memoryOf(again, clone))
    await stopLahko(again.child)
  }
  throw new Error('unreachable')
}

type Memory = { when: string; part: string; pssMb: number }[]
type Lahko = { child: ChildProcess; port: number }

async function memoryOf(lahko: Lahko, clone: string): Promise<Memory> {
  try {
    const atRest = await read('at rest', lahko, clone)
    await load(lahko, join(clone, 'data'))
    return [...atRest, ...(await read('after answers', lahko, clone))]
  } finally {
    await stopLahko(lahko.child)
  }
}

async function read(when: string, { child }: Lahko, clone: string): Promise<Memory> {
  // Whatever the start or the load has left to do is over by then.
  await wait(10_000)
  const postmaster = Number(readFileSync(join(clone, 'data', 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0])
  const families = [
    { part: 'npm, its script and the server', pids: familyOf(child.pid ?? 0) },
    { part: 'PostgreSQL', pids: familyOf(postmaster) },
  ]
  return families.map(({ part, pids }) => ({
    when,
    part: `${part} (${pids.length} processes)`,
    pssMb: pssMbOf(pids),
  }))
}

/** One answer a request over 64 connections, as `bench ingest` sends them. */
async function load({ port }: Lahko, dataFolder: string): Promise<void> {
  const order: LoadOrder = {
    ...{ port, keys: [await keyFor(dataFolder)], seconds: loadSeconds },
    ...{ name: 'memory', batch: 1, connections: 64 },
  }
  const child = fork(new URL('./ingest-load.ts', import.meta.url), [JSON.stringify(order)])
  const died = once(child, 'exit').then(([code]) => Promise.reject(new Error(`The load ended with ${code}.`)))
  const [{ answersPerSecond, failed }] = (await Promise.race([once(child, 'message'), died])) as [LoadResult]
  died.catch(() => undefined)
  if (failed > 0 || answersPerSecond === 0) throw new Error(`${failed} requests failed.`)
}

async function keyFor(dataFolder: string): Promise<string> {
  const database = await borrowDatabase({ dataFolder, databaseUrl: undefined }, { purpose: 'bench' })
  const pool = new pg.Pool({ ...database.owner, max: 1 })
  const owner = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) })
  const store = openStore(database.app, systemClock, () => undefined)
  try {
    const { workspaceId } = await insertExampleSurvey(owner, { declared: ['channel', 'topic', 'team'] })
    const scopes = ['responses.write'] as const
    const { key } = await store.write({ workspaceId, actor: system }, (tx) => createKey(tx, { name: 'bench', scopes }))
    return key
  } finally {
    await store.close()
    await owner.destroy()
    await database.close()
  }
}

function report(cloneToReadyS: number, restartsS: number[], memory: Memory): BenchResult {
  const slowest = Math.max(...restartsS)
  const moments = Map.groupBy(memory, ({ when }) => when)
  const totals = [...moments].map(([when, parts]) => ({
    when,
    mb: Math.round(parts.reduce((sum, { pssMb }) => sum + pssMb, 0)),
  }))
  return {
    name: 'start',
    columns: ['what', 'value', 'unit'],
    rows: [
      ['clone to ready', cloneToReadyS, 's'],
      ...restartsS.map((value, index): [string, number, string] => [`restart ${index + 1}`, value, 's']),
      ...memory.map(({ when, part, pssMb }): [string, number, string] => [`memory ${when}: ${part}`, pssMb, 'MB PSS']),
      ...totals.map(({ when, mb }): [string, number, string] => [`memory ${when}: everything`, mb, 'MB PSS']),
    ],
    checks: [
      { check: 'clone to ready', value: cloneToReadyS, wanted: '< 120 s', holds: cloneToReadyS < 120 },
      { check: 'slowest restart', value: slowest, wanted: '< 3 s', holds: slowest < 3 },
      ...totals.map(({ when, mb }) => ({
        check: `memory of everything ${when}`,
        value: mb,
        wanted: '< 400 MB',
        holds: mb < 400,
      })),
    ],
  }
}

async function startLahko(clone: string): Promise<Lahko> {
  const port = await freePort()
  const { LAHKO_DATA: _data, DATABASE_URL: _database, ...environment } = process.env
  const child = spawn('npm', ['start'], {
    cwd: clone,
    env: { ...environment, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.on('data', (text) => (said += text))
  const ended = once(child, 'exit').then(() => Promise.reject(new Error(`Lahko ended at its start:\n${said}`)))
  await Promise.race([ready(port), ended])
  ended.catch(() => undefined)
  return { child, port }
}

async function ready(port: number): Promise<void> {
  for (;;) {
    const answer = await fetch(`http://localhost:${port}/readyz`).catch(() => undefined)
    if (answer?.ok) return
    await wait(20)
  }
}

async function stopLahko(lahko: ChildProcess): Promise<void> {
  lahko.kill('SIGTERM')
  if (lahko.exitCode === null) await once(lahko, 'exit')
}

function familyOf(root: number): number[] {
  const family = new Set([root])
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => [Number(pid), parentOf(pid)] as const)
  for (let before = 0; before < family.size;) {
    before = family.size
    for (const [pid, parent] of parents) if (family.has(parent)) family.add(pid)
  }
  return [...family]
}

function parentOf(pid: string): number {
  // The name before it stands in brackets and may hold anything.
  return Number(readProc(pid, 'stat').split(') ').at(-1)?.split(' ')[1])
}

const seconds = (ms: number) => Math.round(ms / 10) / 100
