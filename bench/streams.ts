import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { permissions } from '../packages/contract/src/permissions.ts'
import { createKey } from '../apps/server/src/modules/accounts/keys.ts'
import { addressOf } from '../apps/server/src/modules/insight/example-answers.ts'
import { insertExampleSurvey } from '../apps/server/src/modules/surveys/example-survey.ts'
import { systemClock } from '../apps/server/src/platform/clock.ts'
import { openDatabase, type Database } from '../apps/server/src/platform/embedded/index.ts'
import { migrate } from '../apps/server/src/platform/migrations.ts'
import { openStore, system } from '../apps/server/src/platform/store.ts'
import { startServer } from './desk-stage.ts'
import type { BenchResult } from './report.ts'

const workspaces = 4
const keysEach = 25
const streamsEach = 20
const streams = workspaces * keysEach * streamsEach
const events = 20
/** Longer than the time between two heartbeats. */
const settleMs = Number(process.env['LAHKO_BENCH_SECONDS'] ?? 45) * 1000
const most = { megabytes: 300, ms: 1000 }

/** What 2,000 open screens cost one process, and how soon all of them hear of an event. */
export async function run(): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), 'lahko-bench-'))
  // PostgreSQL's own user has to reach it when this runs as root.
  await chmod(folder, 0o755)
  const database = await openDatabase({ dataFolder: join(folder, 'data'), databaseUrl: undefined })
  try {
    await migrate(database.owner)
    return await onStage(database)
  } finally {
    await database.close()
    await rm(folder, { recursive: true, force: true })
  }
}

async function onStage(database: Database): Promise<BenchResult> {
  const keys = await makeKeys(database)
  const client = new pg.Client(database.owner)
  await client.connect()
  const { child, port, pid } = await startServer(database)
  const ears: Ear[] = []
  try {
    const before = await megabytesOf(pid)
    for (const { key } of keys)
      ears.push(...(await Promise.all(Array.from({ length: streamsEach }, () => listen(port, key)))))
    const opened = await megabytesOf(pid)
    await wait(settleMs)
    const times: number[] = []
    for (let event = 0; event < events; event++)
      times.push(await tellAll(client, new Set(keys.map((one) => one.workspaceId)), ears))
    return report({ before, opened, after: await megabytesOf(pid), times })
  } finally {
    for (const { socket } of ears) socket.destroy()
    child.disconnect()
    if (child.exitCode === null) await once(child, 'exit')
    await client.end()
  }
}

type Key = { workspaceId: string; key: string }

async function makeKeys(database: Database): Promise<Key[]> {
  const owner = new Kysely<unknown>({
    dialect: new PostgresDialect({ pool: new pg.Pool({ ...database.owner, max: 1 }) }),
  })
  const store = openStore(database.app, systemClock, () => undefined)
  const keys: Key[] = []
  try {
    for (let one = 0; one < workspaces; one++) {
      const { workspaceId } = await insertExampleSurvey(owner)
      for (let place = 0; place < keysEach; place++) {
        const { key } = await store.write({ workspaceId, actor: system }, (tx) =>
          createKey(tx, { name: `Screen ${place}`, scopes: [...permissions] }),
        )
        keys.push({ workspaceId, key })
      }
    }
    return keys
  } finally {
    await store.close()
    await owner.destroy()
  }
}

/** One open screen. */
type Ear = { socket: Socket; hears(text: string): Promise<void> }

async function listen(port: number, key: string): Promise<Ear> {
  const socket = connect({ port, host: '127.0.0.1' })
  let heard = ''
  let wanted: { text: string; resolve(): void } | undefined
  socket.setEncoding('latin1').on('data', (text: string) => {
    heard = (heard + text).slice(-1000)
    if (wanted && heard.includes(wanted.text)) wanted.resolve()
  })
  const broken = once(socket, 'close').then(() => Promise.reject(new Error('A stream ended before its time.')))
  broken.catch(() => undefined)
  const hears = (text: string) =>
    Promise.race([
      new Promise<void>((resolve) => (heard.includes(text) ? resolve() : (wanted = { text, resolve }))),
      broken,
    ])
  socket.write(`GET ${addressOf('live')} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${key}\r\n\r\n`)
  await hears(': open')
  return { socket, hears }
}

/** @returns milliseconds until the last one has heard of it */
async function tellAll(client: pg.Client, workspaceIds: ReadonlySet<string>, ears: readonly Ear[]): Promise<number> {
  const subjectId = randomUUID()
  const heard = ears.map((ear) => ear.hears(subjectId))
  const began = performance.now()
  await client.query(
    "select pg_notify('lahko', json_build_object('workspaceId', w, 'type', 'ticket.message', 'subjectId', $2::text)::text) from unnest($1::text[]) w",
    [[...workspaceIds], subjectId],
  )
  await Promise.all(heard)
  const ms = performance.now() - began
  await wait(500)
  return ms
}

/** Memory of a process, what it shares counted by its part. */
async function megabytesOf(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8')
  return Math.round(Number(/^Pss:\s+(\d+) kB/m.exec(text)?.[1]) / 1024)
}

function report(measured: { before: number; opened: number; after: number; times: number[] }): BenchResult {
  const { before, opened, after, times } = measured
  const slowest = Math.round(Math.max(...times))
  const fullest = Math.max(opened, after)
  return {
    name: 'streams',
    columns: [
      'streams',
      'MB without',
      'MB when opened',
      `MB ${settleMs / 1000} s later`,
      'an event to all, median ms',
      'slowest ms',
    ],
    rows: [
      [streams, before, opened, after, Math.round(times.toSorted((a, b) => a - b)[Math.floor(events / 2)]!), slowest],
    ],
    checks: [
      {
        check: 'memory of the process (PSS), MB',
        value: fullest,
        wanted: `under ${most.megabytes}`,
        holds: fullest < most.megabytes,
      },
      {
        check: `the slowest of ${events} events to all, ms`,
        value: slowest,
        wanted: `under ${most.ms}`,
        holds: slowest < most.ms,
      },
    ],
  }
}
