import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import { createKey } from '../apps/server/src/modules/accounts/keys.ts'
import { insertExampleSurvey } from '../apps/server/src/modules/surveys/example-survey.ts'
import { systemClock } from '../apps/server/src/platform/clock.ts'
import { openDatabase, type Database } from '../apps/server/src/platform/embedded/index.ts'
import { migrate } from '../apps/server/src/platform/migrations.ts'
import { openStore, system, type Store } from '../apps/server/src/platform/store.ts'
import { combinations, type LoadOrder, type LoadResult } from './ingest-load.ts'
import type { ServerOrder } from './ingest-server.ts'
import { serverEnvironment, serverFlags } from '../scripts/server-flags.mjs'
import type { BenchResult } from './report.ts'
import { findUnsafeSettings } from './safe-settings.ts'

const seconds = Number(process.env['LAHKO_BENCH_SECONDS'] ?? 10)
const rounds = Number(process.env['LAHKO_BENCH_ROUNDS'] ?? 3)
const workspaces = 50

type Stage = {
  database: Database
  owner: Kysely<unknown>
  store: Store
  targets: ServerOrder['targets']
  keys: string[]
}

/** Answers a second by one request each, in 50 workspaces, in batches, and how long they wait at 60 % of the most. */
export async function run(): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), 'lahko-bench-'))
  // PostgreSQL's own user has to reach it when this runs as root.
  await chmod(folder, 0o755)
  const database = await openDatabase({
    dataFolder: join(folder, 'data'),
    databaseUrl: process.env['LAHKO_BENCH_DATABASE'],
  })
  try {
    return await onStage(await prepare(database))
  } finally {
    await database.close()
    await rm(folder, { recursive: true, force: true })
  }
}

async function prepare(database: Database): Promise<Stage> {
  await migrate(database.owner)
  const owner = new Kysely<unknown>({
    dialect: new PostgresDialect({ pool: new pg.Pool({ ...database.owner, max: 2 }) }),
  })
  const unsafe = await findUnsafeSettings(owner)
  if (unsafe.length > 0) throw new Error(`These settings are off: ${unsafe.join(', ')}.`)
  const store = openStore(database.app, systemClock, () => undefined)
  const targets: ServerOrder['targets'] = {}
  for (let one = 0; one < workspaces; one++) {
    const { workspaceId, surveyId } = await insertExampleSurvey(owner, { declared: ['channel', 'topic', 'team'] })
    const { key } = await store.write({ workspaceId, actor: system }, (tx) =>
      createKey(tx, { name: 'bench', scopes: ['responses.write', 'insight.read'] }),
    )
    await insertSegments(owner, workspaceId, surveyId)
    targets[key] = { workspaceId, surveyId }
  }
  return { database, owner, store, targets, keys: Object.keys(targets) }
}

/** Numbered as `combinations` orders them, so that the plain server need not look them up. */
async function insertSegments(owner: Kysely<unknown>, workspaceId: string, surveyId: string): Promise<void> {
  const rows = combinations().map((attributes, index) => ({ segment: index + 1, attributes }))
  await sql`insert into segments (workspace_id, survey_id, generation, segment, attributes)
    select ${workspaceId}, ${surveyId}, 1, segment, attributes
    from json_to_recordset(${JSON.stringify(rows)}::json) r(segment integer, attributes jsonb)`.execute(owner)
}

type Kind = ServerOrder['kind']
type Measured = LoadResult & { answersPerCommit: number }

async function onStage(stage: Stage): Promise<BenchResult> {
  const servers = new Map<Kind, { child: ChildProcess; port: number }>()
  try {
    for (const kind of ['ours', 'plain', 'empty'] as const) servers.set(kind, await startServer(stage, kind))
    const load = (kind: Kind, order: Partial<LoadOrder>) => measure(stage, kind, servers.get(kind)!.port, order)
    const one = stage.keys.slice(0, 1)
    for (const kind of servers.keys()) await load(kind, { keys: one, seconds: 2 })
    const single = await inTurn(['ours', 'plain', 'empty'], (kind) => load(kind, { keys: one }))
    const rate = Math.round(single.ours!.answersPerSecond * 0.6)
    const waiting = await load('ours', { keys: one, rate, read: '/api/v1/insight/effort?survey=help' })
    const spread = await inTurn(['ours', 'plain'], (kind) => load(kind, { keys: stage.keys }))
    const batched = await inTurn(['ours'], (kind) => load(kind, { keys: one, batch: 1000, connections: 4 }))
    return report(single, waiting, rate, spread, batched.ours!)
  } finally {
    for (const { child } of servers.values()) child.disconnect()
    await Promise.all([...servers.values()].map(async ({ child }) => child.exitCode ?? once(child, 'exit')))
    await stage.store.close()
    await stage.owner.destroy()
  }
}

async function startServer({ database, targets }: Stage, kind: Kind): Promise<{ child: ChildProcess; port: number }> {
  const order: ServerOrder = { kind, app: database.app, owner: database.owner, targets }
  const profile = process.env['LAHKO_BENCH_PROFILE']
  const child = fork(new URL('./ingest-server.ts', import.meta.url), [JSON.stringify(order)], {
    execArgv:
      kind === 'ours' && profile !== undefined
        ? [...serverFlags, '--cpu-prof', `--cpu-prof-dir=${profile}`]
        : serverFlags,
    env: { ...serverEnvironment, ...process.env, NODE_ENV: 'production' },
  })
  const { port } = await told<{ port: number }>(child)
  return { child, port }
}

/** The first message of a child; a child that dies without one has said on stderr why. */
async function told<T>(child: ChildProcess): Promise<T> {
  const died = once(child, 'exit').then(([code]) =>
    Promise.reject(new Error(`A part of the bench ended with ${code}.`)),
  )
  const [message] = (await Promise.race([once(child, 'message'), died])) as [T]
  died.catch(() => undefined)
  return message
}

/** Rounds in turn, so that a slow minute of the machine hits all alike; the median round of each counts. */
async function inTurn(
  kinds: Kind[],
  load: (kind: Kind) => Promise<Measured>,
): Promise<Partial<Record<Kind, Measured>>> {
  const seen = new Map<Kind, Measured[]>(kinds.map((kind) => [kind, []]))
  for (let round = 0; round < rounds; round++) for (const kind of kinds) seen.get(kind)!.push(await load(kind))
  const median = (all: Measured[]) =>
    all.toSorted((a, b) => a.answersPerSecond - b.answersPerSecond)[Math.floor(all.length / 2)]!
  return Object.fromEntries(kinds.map((kind) => [kind, median(seen.get(kind)!)]))
}

let loads = 0

async function measure({ owner }: Stage, kind: Kind, port: number, order: Partial<LoadOrder>): Promise<Measured> {
  const full: LoadOrder = { port, keys: [], seconds, name: `load${loads++}`, batch: 1, connections: 64, ...order }
  const before = await settled(owner)
  const child = fork(new URL('./ingest-load.ts', import.meta.url), [JSON.stringify(full)])
  const result = await told<LoadResult>(child)
  const after = await settled(owner)
  if (result.failed > 0) throw new Error(`${result.failed} requests failed.`)
  const kept = after.answers - before.answers
  if (kind !== 'empty') refuseUncounted(result, kept)
  const answersPerCommit = kept / Math.max(1, after.commits - before.commits)
  return { ...result, answersPerCommit }
}

/** A reply of 200 may refuse every answer in it: what was acknowledged has to stand in the cells. */
function refuseUncounted({ acknowledged, sent }: LoadResult, kept: number): void {
  if (kept >= acknowledged && kept <= sent) return
  throw new Error(`${kept} answers were counted of ${acknowledged} that were acknowledged and ${sent} that were sent.`)
}

/** A load that ends leaves requests under way: counted when they have come to rest. */
async function settled(owner: Kysely<unknown>) {
  let last = await counted(owner)
  for (;;) {
    await wait(200)
    const now = await counted(owner)
    if (now.answers === last.answers) return now
    last = now
  }
}

async function counted(owner: Kysely<unknown>): Promise<{ answers: number; commits: number }> {
  const { rows } = await sql<{ answers: number; commits: number }>`
    select (select coalesce(sum(c0 + c1 + c2 + c3 + c4 + c5 + c6 + c7 + c8 + c9 + c10), 0)::bigint from cells_now
      where grain = 'm' and segment = 0) as answers,
      (select xact_commit from pg_stat_database where datname = current_database()) as commits`.execute(owner)
  return rows[0]!
}

function report(
  single: Partial<Record<Kind, Measured>>,
  waiting: Measured,
  rate: number,
  spread: Partial<Record<Kind, Measured>>,
  batched: Measured,
): BenchResult {
  const { ours, plain, empty } = single as Record<Kind, Measured>
  const row = (name: string, { answersPerSecond, p50Ms, p99Ms, answersPerCommit }: Measured) => [
    name,
    Math.round(answersPerSecond),
    round(p50Ms),
    round(p99Ms),
    round(answersPerCommit),
  ]
  const ratio = (check: string, value: number, least: number) => ({
    check,
    value: round(value),
    wanted: `at least ${least}`,
    holds: value >= least,
  })
  const most = (check: string, value: number | null, limit: number) => ({
    check,
    value: value === null ? 'not read' : round(value),
    wanted: `under ${limit}`,
    holds: value !== null && value < limit,
  })
  return {
    name: 'ingest',
    columns: ['what', 'answers/s', 'p50 ms', 'p99 ms', 'answers/commit'],
    rows: [
      row('ours, one answer a request', ours),
      row('plain', plain),
      row('empty', empty),
      row(`ours, open loop at ${rate}/s`, waiting),
      row(`ours, ${workspaces} workspaces`, spread.ours!),
      row(`plain, ${workspaces} workspaces`, spread.plain!),
      row('ours, batches of 1,000', batched),
    ],
    checks: [
      ratio('ours ÷ plain', ours.answersPerSecond / plain.answersPerSecond, 4),
      ratio('ours ÷ empty', ours.answersPerSecond / empty.answersPerSecond, 0.3),
      ratio('plain ÷ empty, else the comparison is void', plain.answersPerSecond / empty.answersPerSecond, 0.05),
      most('p99 of answers at 60 %, ms', waiting.p99Ms, 50),
      most('p99 of the effort screen meanwhile, ms', waiting.readP99Ms, 100),
      ratio(
        `ours ÷ plain over ${workspaces} workspaces`,
        spread.ours!.answersPerSecond / spread.plain!.answersPerSecond,
        1.5,
      ),
      ratio('answers a second in batches of 1,000', batched.answersPerSecond, 25_000),
    ],
  }
}

function round(value: number): number {
  return Number(value.toPrecision(3))
}
