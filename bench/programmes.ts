import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Kysely, PostgresDialect, sql, type RawBuilder } from 'kysely'
import pg from 'pg'
import { decideSome } from '../apps/server/src/modules/surveys/deciding.ts'
import { viewFunnel } from '../apps/server/src/modules/surveys/ledger.ts'
import { insertExampleSurvey } from '../apps/server/src/modules/surveys/example-survey.ts'
import { fixedClock } from '../apps/server/src/platform/clock.ts'
import { openDatabase, type Database } from '../apps/server/src/platform/embedded/index.ts'
import { migrate } from '../apps/server/src/platform/migrations.ts'
import { openStore, system, type Scope, type Store } from '../apps/server/src/platform/store.ts'
import type { BenchResult } from './report.ts'
import { turnOnTwenty } from './twenty-programmes.ts'

const touchpoints = Number(process.env['LAHKO_BENCH_TOUCHPOINTS'] ?? 1_000_000)
const tenths = 10
/** Lines that the ledger has of each touchpoint that is decided about here, at the end. */
const historyTimes = 10
const daysEach = 36
const start = Date.parse('2025-11-20T10:00:00Z')
const wantedRate = 3_000
const wantedSteadiness = 0.8
const funnelReads = 20
const wantedFunnelMs = 1_000

type Stage = { owner: Kysely<unknown>; store: Store; clock: ReturnType<typeof fixedClock>; scope: Scope }

/** How many touchpoints a second get their fate, with all rules on, while the ledger grows, and what its funnel takes. */
export async function run(): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), 'lahko-bench-'))
  // PostgreSQL's own user has to reach it when this runs as root.
  await chmod(folder, 0o755)
  const database = await openDatabase({
    dataFolder: join(folder, 'data'),
    databaseUrl: process.env['LAHKO_BENCH_DATABASE'],
  })
  try {
    return await onStage(database)
  } finally {
    await database.close()
    await rm(folder, { recursive: true, force: true })
  }
}

async function onStage(database: Database): Promise<BenchResult> {
  await migrate(database.owner)
  const owner = new Kysely<unknown>({
    dialect: new PostgresDialect({ pool: new pg.Pool({ ...database.owner, max: 1 }) }),
  })
  const clock = fixedClock(new Date(start))
  const store = openStore(database.app, clock, () => undefined)
  try {
    const { workspaceId, surveyId } = await insertExampleSurvey(owner)
    const stage = { owner, store, clock, scope: { workspaceId, actor: system } }
    await prepare(stage, surveyId)
    const measured: Tenth[] = []
    for (let tenth = 0; tenth < tenths; tenth++) {
      const { decided, seconds } = await measureTenth(stage)
      measured.push({ decided, seconds, funnelMs: await timeFunnel(stage) })
      console.error(`${tenth + 1} of ${tenths}: ${Math.round(decided / seconds)} decisions a second`)
    }
    return report(measured, await countLines(stage))
  } finally {
    await owner.destroy()
    await store.close()
  }
}

async function prepare({ owner, store, scope }: Stage, surveyId: string): Promise<void> {
  await store.write(scope, (tx) => turnOnTwenty(tx, surveyId))
  // Five touchpoints each.
  await sql`insert into customers (workspace_id, id, email, language, organisation, time_zone, created_at)
    select ${scope.workspaceId}, gen_random_uuid(), n || '@kupec.example', 'sl', 'Company ' || n / 5,
      (array['Europe/Ljubljana', 'Europe/Oslo', 'America/New_York'])[1 + n % 3], now()
    from generate_series(1, ${Math.ceil(touchpoints / 5)}::integer) n`.execute(owner)
}

/** Some weeks in which the ledger grows, and then touchpoints that are decided about. @returns how many, and in how long */
async function measureTenth(stage: Stage): Promise<{ decided: number; seconds: number }> {
  const { store, clock, scope } = stage
  const most = Math.ceil(touchpoints / tenths)
  await growLedger(stage, most * (historyTimes - 1))
  clock.advance(daysEach * 86_400_000)
  await endTouchpoints(stage, most)
  const began = performance.now()
  let decided = 0
  for (;;) {
    const some = await store.write(scope, (tx) => decideSome(tx))
    if (some === 0) break
    decided += some
  }
  return { decided, seconds: (performance.now() - began) / 1000 }
}

/** @returns the 95th percentile of how long the funnel of the last 30 days takes, in milliseconds */
async function timeFunnel({ store, scope }: Stage): Promise<number> {
  const times: number[] = []
  for (let turn = 0; turn < funnelReads; turn++) {
    const began = performance.now()
    await store.read(scope, (db) => viewFunnel(db, {}))
    times.push(performance.now() - began)
  }
  return times.toSorted((a, b) => a - b)[Math.ceil(funnelReads * 0.95) - 1]!
}

/** UUIDv7 of a moment, as the application makes them: rows made together lie together. */
function idMadeAt(at: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`(lpad(to_hex((extract(epoch from ${at}) * 1000)::bigint), 12, '0') || '7' ||
    substr(md5(random()::text), 1, 3) || '8' || substr(md5(random()::text), 1, 15))::uuid`
}

/** Past verbs: what earlier decisions would have left, two of five of them invitations. */
async function growLedger({ owner, clock, scope }: Stage, lines: number): Promise<void> {
  await sql`
    insert into invitations (workspace_id, id, kind, quota_value, programme_id, survey_id, customer_id,
      organisation_id, organisation, language, decided_at, not_asked, due_at, sent_at)
    select ${scope.workspaceId}, ${idMadeAt(sql`at`)}, 'kind-' || n % 20, 'topic-' || n % 50, p.id, p.survey_id, c.id,
      c.organisation_id, c.organisation, 'sl', at, case when n % 5 > 1 then 'person' end, case when n % 5 < 2 then at end,
      case when n % 5 < 2 then at end
    from (
      select n, ${clock.now()}::timestamptz + n * (interval '${sql.raw(String(daysEach))} days' / ${lines}) as at
      from generate_series(1, ${lines}::integer) n
    ) line
    join (select *, row_number() over (order by place) - 1 as nth from programmes where workspace_id = ${scope.workspaceId}) p
      on p.nth = n % 20
    join (select *, row_number() over (order by id) - 1 as nth from customers where workspace_id = ${scope.workspaceId}) c
      on c.nth = n * 7919::bigint % ${Math.ceil(touchpoints / 5)}::integer`.execute(owner)
  // In those weeks the server would have done it by itself.
  await sql`vacuum (analyze) invitations`.execute(owner)
}

async function endTouchpoints({ owner, clock, scope }: Stage, most: number): Promise<void> {
  await sql`
    insert into touchpoints (workspace_id, id, external_id, kind, customer_id, started_at, ended_at, attributes,
      created_at)
    select ${scope.workspaceId}, ${idMadeAt(sql`${clock.now()}::timestamptz`)}, ${clock.now().getTime()}::text || '-' || n, 'kind-' || n % 20, c.id,
      ${clock.now()}::timestamptz - interval '1 hour', ${clock.now()}, jsonb_build_object('topic', 'topic-' || n % 50),
      ${clock.now()}
    from generate_series(1, ${most}::integer) n
    join (select id, row_number() over (order by id) - 1 as nth from customers where workspace_id = ${scope.workspaceId}) c
      on c.nth = n * 104729::bigint % ${Math.ceil(touchpoints / 5)}::integer`.execute(owner)
  await sql`analyze touchpoints`.execute(owner)
}

async function countLines({ owner, scope }: Stage): Promise<{ all: number; asked: number }> {
  const { rows } = await sql<{ all: number; asked: number }>`
    select count(*) as all, count(*) filter (where touchpoint_id is not null and not_asked is null) as asked
    from invitations where workspace_id = ${scope.workspaceId}`.execute(owner)
  return rows[0]!
}

/** Decisions, how long they took, and the funnel after them. */
type Tenth = { decided: number; seconds: number; funnelMs: number }

function report(measured: readonly Tenth[], { all, asked }: { all: number; asked: number }): BenchResult {
  const rates = measured.map(({ decided, seconds }) => decided / seconds)
  const rate = sum(measured.map(({ decided }) => decided)) / sum(measured.map(({ seconds }) => seconds))
  const steadiness = rates.at(-1)! / rates[0]!
  const funnelMs = Math.round(measured.at(-1)!.funnelMs)
  return {
    name: 'programmes',
    columns: ['lines in the ledger', 'decisions a second', 'funnel of 30 days, p95 ms'],
    rows: measured.map(({ funnelMs: ms }, tenth) => [
      Math.round((all * (tenth + 1)) / tenths),
      ...[Math.round(rates[tenth]!), Math.round(ms)],
    ]),
    checks: [
      {
        check: 'decisions a second, over all tenths',
        value: Math.round(rate),
        wanted: `≥ ${wantedRate}`,
        holds: rate >= wantedRate,
      },
      {
        check: 'last tenth to the first',
        value: steadiness,
        wanted: `≥ ${wantedSteadiness}`,
        holds: steadiness >= wantedSteadiness,
      },
      {
        check: 'funnel of 30 days at the end, p95 ms',
        value: funnelMs,
        wanted: `≤ ${wantedFunnelMs}`,
        holds: funnelMs <= wantedFunnelMs,
      },
      { check: 'touchpoints that were asked about', value: asked, wanted: '> 0', holds: asked > 0 },
    ],
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
