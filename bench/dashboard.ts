import { resolveTxt } from 'node:dns/promises'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import pg from 'pg'
import { pino } from 'pino'
import { contract } from '@lahko/contract'
import { buildApp } from '../apps/server/src/app.ts'
import { readConfig } from '../apps/server/src/config.ts'
import {
  addressOf,
  exampleAnswers,
  type ExampleAnswers,
  type ExampleSurvey,
} from '../apps/server/src/modules/insight/example-answers.ts'
import { fixedClock } from '../apps/server/src/platform/clock.ts'
import { openDatabase, type Database } from '../apps/server/src/platform/embedded/index.ts'
import { internet } from '../apps/server/src/platform/internet.ts'
import { openLive } from '../apps/server/src/platform/live.ts'
import { migrate } from '../apps/server/src/platform/migrations.ts'
import { knowWorkspacesAgain } from '../apps/server/src/platform/planner.ts'
import { openStore, type Store } from '../apps/server/src/platform/store.ts'
import type { BenchResult } from './report.ts'

const rounds = Number(process.env['LAHKO_BENCH_ROUNDS'] ?? 40)
// Below 1 it only shows that the bench works: its figures are then those of smaller workspaces.
const share = Number(process.env['LAHKO_BENCH_SHARE'] ?? 1)

type Size = {
  name: string
  answers: number
  topics: number
  channels: number
  teams: number
  checked: boolean
  /** Whether each answer is a row that the list shows; ten million would take longer to write than all else. */
  listed: boolean
}

/** Segments are every combination of topic, channel and team. */
const sizes: Size[] = [
  { name: '10 thousand', answers: 10_000, topics: 10, channels: 5, teams: 4, checked: true, listed: true },
  { name: '1 million', answers: 1_000_000, topics: 10, channels: 5, teams: 4, checked: true, listed: true },
  { name: '10 million', answers: 10_000_000, topics: 10, channels: 5, teams: 4, checked: true, listed: false },
  {
    name: '1 million, 20,000 segments',
    answers: 1_000_000,
    topics: 100,
    channels: 10,
    teams: 20,
    checked: false,
    listed: false,
  },
]

// Two years up to a Friday.
const today = '2026-11-20'
const days = 730
const lastRun = { from: '2026-08-12', to: '2026-11-09' }

type View = {
  name: string
  query: Record<string, string | string[]>
  besidePlain?: true
  /** The answers below the figures. */
  list?: true
}

/** What a manager looks at in turn: the parts of the address that differ. */
const views: View[] = [
  { name: 'week', query: {}, besidePlain: true },
  { name: 'week, one topic', query: { filter: 'topic:topic3' }, besidePlain: true },
  { name: 'week, two topics by one channel', query: { filter: ['topic:topic3', 'topic:topic4', 'channel:channel2'] } },
  { name: 'day, one channel', query: { period: 'day', filter: 'channel:channel2' } },
  { name: 'month', query: { period: 'month', metric: 'easyShare' }, besidePlain: true },
  { name: 'month, one team', query: { period: 'month', filter: 'team:team1', metric: 'netEase' } },
  { name: '90 days, one topic', query: { period: 'days', ...lastRun, filter: 'topic:topic3' } },
  { name: 'answers, newest first', query: {}, list: true },
  { name: 'answers, hardest first', query: { order: 'hardest' }, list: true },
  { name: 'answers, hardest of one topic', query: { order: 'hardest', filter: 'topic:topic3' }, list: true },
  { name: 'answers, searched: some', query: { search: 'letter' }, list: true },
  { name: 'answers, searched: one', query: { search: 'number 4711 ' }, list: true },
]

type Stage = { database: Database; store: Store; examples: ExampleAnswers; app: FastifyInstance; origin: string }
type Measured = { size: Size; view: string; p50: number; p95: number; plain: number | null }

/** The effort screen's API over cells, beside the plain aggregates over responses that it would take without them. */
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
  const log = pino({ level: 'error' }, pino.destination(2))
  const clock = fixedClock(`${today}T10:00:00Z`)
  const store = openStore(database.app, clock, () => undefined)
  const live = openLive(database.app, log)
  const app = await buildApp({
    config: readConfig({}),
    store,
    live,
    clock,
    healthy: () => true,
    folder,
    resolveTxt,
    internet,
    log,
  })
  const origin = await app.listen({ port: 0, host: '127.0.0.1' })
  const examples = await exampleAnswers(database.owner)
  try {
    const stage = { database, store, examples, app, origin }
    const filled: Filled[] = []
    for (const size of sizes) filled.push(await fillSize(stage, size))
    const measured: Measured[] = []
    for (const view of views) measured.push(...(await measureView(stage, filled, view)))
    return report(measured)
  } finally {
    await app.close()
    await live.close()
    await examples.close()
    await store.close()
  }
}

/** A workspace of one size, and the table of its plain answers. */
type Filled = { size: Size; key: string; survey: ExampleSurvey; plain: string }

async function fillSize({ store, examples }: Stage, size: Size): Promise<Filled> {
  const began = performance.now()
  const { workspaceId, key } = await examples.workspace(store)
  const survey = await examples.survey(workspaceId, { declared: ['topic', 'channel', 'team'] })
  const filled = { size, key, survey, plain: `plain_${sizes.indexOf(size)}` }
  await fill(examples.client, filled)
  const { rows } = await examples.client.query<{ disk: string }>(
    'select pg_size_pretty(pg_database_size(current_database())) as disk',
  )
  console.log(`${size.name}: filled in ${((performance.now() - began) / 1000).toFixed(0)} s, ${rows[0]!.disk} in all`)
  // As each day does.
  await knowWorkspacesAgain(store)
  return filled
}

/** The sizes in turn, so that a slow minute of the machine hits all alike. */
async function measureView(
  stage: Stage,
  all: readonly Filled[],
  { name, query, besidePlain, list }: View,
): Promise<Measured[]> {
  const shown = all.filter(({ size }) => !list || size.listed)
  const times = new Map<Filled, number[]>(shown.map((filled) => [filled, []]))
  for (let round = -2; round < rounds; round++) {
    for (const filled of shown) {
      const address =
        stage.origin + (list ? listAddress(filled, query) : addressOf('effort', { survey: 'help', ...query }))
      const taken = await timeOf(() => read(address, filled.key))
      if (round >= 0) times.get(filled)!.push(taken)
    }
  }
  const measured: Measured[] = []
  for (const filled of shown) {
    const plain = besidePlain ? await timeOf(() => readPlain(stage.examples.client, filled, query)) : null
    const taken = times.get(filled)!
    measured.push({ size: filled.size, view: name, p50: quantile(taken, 0.5), p95: quantile(taken, 0.95), plain })
  }
  return measured
}

function listAddress({ survey }: Filled, query: View['query']): string {
  const search = new URLSearchParams(query as Record<string, string>)
  return `/api/v1${contract.surveys.responses.path.replace(':id', survey.surveyId)}?${search}`
}

/** Answers as narrow as they can be, so that the plain aggregate is as fast as it can be; cells as the rebuild makes them. */
async function fill(client: pg.Client, { size, survey, plain }: Filled): Promise<void> {
  const { workspaceId, surveyId } = survey
  const { answers, topics, channels, teams } = size
  const segments = topics * channels * teams
  await client.query(
    `set work_mem = '256MB'; set maintenance_work_mem = '256MB'; set max_parallel_workers_per_gather = 2; select setseed(0.47)`,
  )
  await client.query(
    `insert into segments (workspace_id, survey_id, generation, segment, attributes)
     select $1, $2, 1, n, jsonb_build_object('topic', 'topic' || n % $3::int, 'channel', 'channel' || n / $3 % $4::int, 'team', 'team' || n / ($3 * $4))
     from generate_series(1, $5::int) n`,
    [workspaceId, surveyId, topics, channels, segments],
  )
  await client.query(
    `create unlogged table ${plain} as
     select
       ('${today}'::date - (random() * ${days - 1})::int) as local_date,
       1 + (random() ^ 2 * ${segments - 1})::int as segment,
       (1 + floor(10 * random() ^ 0.4))::smallint as score
     from generate_series(1, ${Math.max(10_000, Math.round(answers * share))})`,
  )
  await client.query(`create index on ${plain} (local_date)`)
  await fillCells(client, survey, plain)
  if (size.listed) await fillResponses(client, survey, plain)
  await client.query(`vacuum analyze ${plain}`)
  await client.query('vacuum analyze cells')
  await client.query('vacuum analyze segments')
}

const scores = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
const columns = scores.map((score) => `c${score}`).join(', ')

/** As the product counts them: each answer in its segment and in the total, by day, week and month. */
async function fillCells(client: pg.Client, { workspaceId, surveyId }: ExampleSurvey, plain: string): Promise<void> {
  const counted = scores.map((score) => `count(*) filter (where score = ${score}) as c${score}`).join(', ')
  await client.query(
    `create temporary table day_cells as select segment, local_date, ${counted} from ${plain} group by 1, 2`,
  )
  await client.query(
    `insert into cells (workspace_id, survey_id, wording, grain, segment, starts_on, ${columns})
     select $1, $2, 1, p.grain, s.segment, p.starts_on, ${scores.map((score) => `sum(c${score})`).join(', ')}
     from day_cells d
     cross join lateral (values ('d'::"char", local_date), ('w', date_trunc('week', local_date::timestamp)::date),
       ('m', date_trunc('month', local_date::timestamp)::date)) p(grain, starts_on)
     cross join lateral (values (d.segment), (0)) s(segment)
     group by 4, 5, 6 order by 4, 5, 6`,
    [workspaceId, surveyId],
  )
  await client.query('drop table day_cells')
}

/** The same answers as rows, a quarter of them with a comment. */
async function fillResponses(client: pg.Client, { workspaceId, surveyId }: ExampleSurvey, plain: string) {
  await client.query(
    `insert into responses (workspace_id, id, survey_id, version, wording, score, local_date, segment, answered_at,
       received_at, language, source, attributes, comment, dedupe, fingerprint)
     select $1, gen_random_uuid(), $2, 1, 1, p.score, p.local_date, p.segment, p.local_date + p.n % 86400 * interval '1 s',
       now(), 'en', 'api', s.attributes,
       case when p.n % 4 = 3 then 'It took two calls and a ' || (array['letter', 'visit', 'day'])[p.n % 3 + 1] || ' until number ' || p.n || ' was found.' end,
       gen_random_uuid(), 0
     from (select *, row_number() over () as n from ${plain}) p
     join segments s on s.workspace_id = $1 and s.survey_id = $2 and s.segment = p.segment`,
    [workspaceId, surveyId],
  )
  await client.query('vacuum analyze responses')
}

async function read(address: string, key: string): Promise<void> {
  const reply = await fetch(address, { headers: { authorization: `Bearer ${key}` } })
  const body = (await reply.json()) as { summary?: { n: number }; items?: unknown[] }
  if (!reply.ok || (share === 1 && !(body.summary?.n || body.items?.length)))
    throw new Error(`${address}: ${reply.status}`)
}

/** The same histograms without cells: the series, the period before and now, and the period by each attribute. */
async function readPlain(client: pg.Client, { survey, plain }: Filled, query: View['query']): Promise<void> {
  const grain =
    query['period'] === 'day' ? 'day' : query['period'] === 'month' || query['period'] === 'days' ? 'month' : 'week'
  const length = { day: 60, week: 26 * 7, month: 730 }[grain]
  const now = { day: 1, week: 5, month: 20 }[grain]
  const wanted = new Map<string, string[]>()
  for (const one of [query['filter'] ?? []].flat()) {
    const [attribute = '', value = ''] = one.split(':')
    wanted.set(attribute, [...(wanted.get(attribute) ?? []), value])
  }
  const fits = [...wanted]
    .map(([attribute, values]) => `and s.attributes->>'${attribute}' in (${values.map((value) => `'${value}'`)})`)
    .join(' ')
  const joined = `${plain} r join segments s on s.survey_id = '${survey.surveyId}' and s.segment = r.segment`
  await client.query(
    `select date_trunc('${grain}', local_date::timestamp), score, count(*) from ${fits ? joined : plain}
     where local_date > date '${today}' - ${length} ${fits} group by 1, 2`,
  )
  await client.query(
    `select k.name, s.attributes->>k.name, score, count(*) from ${joined} cross join (values ('topic'), ('channel'), ('team')) k(name)
     where local_date > date '${today}' - ${now} ${fits} group by 1, 2, 3`,
  )
}

async function timeOf(work: () => Promise<void>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

function quantile(times: readonly number[], share: number): number {
  return times.toSorted((a, b) => a - b)[Math.min(times.length - 1, Math.floor(share * times.length))]!
}

function report(measured: readonly Measured[]): BenchResult {
  const of = (size: Size) => measured.filter((one) => one.size === size)
  const worst = (size: Size) => Math.max(...of(size).map(({ p95 }) => p95))
  const [, million, tenMillion] = sizes
  const pairs = of(tenMillion!).map((large) => ({
    large,
    small: of(million!).find(({ view }) => view === large.view)!,
  }))
  const growths = pairs.map(({ large, small }) => ({ view: large.view, growth: large.p95 / small.p95 }))
  const steepest = growths.reduce((most, one) => (one.growth > most.growth ? one : most))
  const sum = (of: 'large' | 'small') => pairs.reduce((all, pair) => all + pair[of].p50, 0)
  return {
    name: 'dashboard',
    columns: ['answers', 'view', 'p50 ms', 'p95 ms', 'plain ms'],
    rows: sizes.flatMap((size) =>
      of(size).map(({ view, p50, p95, plain }) => [size.name, view, p50, p95, plain ?? '']),
    ),
    checks: [
      ...sizes
        .filter(({ checked }) => checked)
        .map((size) => ({
          check: `p95 of the slowest view at ${size.name}, ms`,
          value: worst(size),
          wanted: 'under 50',
          holds: worst(size) < 50,
        })),
      {
        check: `p95 at 10 million ÷ 1 million, steepest view (${steepest.view})`,
        value: steepest.growth,
        wanted: 'at most 1.5',
        holds: steepest.growth <= 1.5,
      },
      { check: 'the same of all p50 together', value: sum('large') / sum('small'), wanted: 'printed', holds: true },
    ],
  }
}
