import { load, searchEach, views, type Action, type Times } from './desk-load.ts'
import { openDesk, openKept, type Desk } from './desk-stage.ts'
import type { BenchResult } from './report.ts'

const seconds = Number(process.env['LAHKO_BENCH_SECONDS'] ?? 60)
const small = 10_000
const large = Number(process.env['LAHKO_BENCH_TICKETS'] ?? 100_000)
const million = 1_000_000
const rounds = 2

const actions: Record<Action, string> = {
  list: 'list',
  open: 'open a ticket with its conversation',
  status: 'change a status',
  reply: 'send a reply',
}
const searches = { rare: 50, medium: 100, common: 200 }

/** Twenty actions a second at desks of two sizes, and searching them. */
export async function run(): Promise<BenchResult> {
  const database = await openKept()
  const desks: Desk[] = []
  try {
    for (const tickets of [small, large]) desks.push(await openDesk(database, tickets))
    const [smallTimes, largeTimes] = await measure(desks)
    return report(smallTimes!, largeTimes!)
  } finally {
    for (const desk of desks) await desk.close()
    await database.close()
  }
}

/** In turn, so that a slow minute of the machine hits both alike. */
async function measure(desks: readonly Desk[]): Promise<Times[]> {
  for (const desk of desks) await load(desk, 5, 1)
  for (const desk of desks) await searchEach(desk)
  const times: Times[] = desks.map(() => new Map())
  for (let round = 0; round < rounds; round++) {
    for (const [place, desk] of desks.entries()) {
      add(times[place]!, await load(desk, seconds / rounds, 2 + round))
      add(times[place]!, await searchEach(desk))
    }
  }
  return times
}

function add(times: Times, more: Times): void {
  for (const [name, ms] of more) times.set(name, [...(times.get(name) ?? []), ...ms])
}

function quantile(times: readonly number[] = [], share: number): number {
  return times.toSorted((a, b) => a - b)[Math.min(times.length - 1, Math.floor(share * times.length))] ?? 0
}

function report(smallTimes: Times, largeTimes: Times): BenchResult {
  const p95 = (times: Times, name: string) => round(quantile(times.get(name), 0.95))
  const row = (name: string, label: string) => [
    label,
    round(quantile(smallTimes.get(name), 0.5)),
    p95(smallTimes, name),
    round(quantile(largeTimes.get(name), 0.5)),
    p95(largeTimes, name),
    growth(name),
  ]
  const growth = (name: string) => round(p95(largeTimes, name) / p95(smallTimes, name))
  const under = (check: string, value: number, limit: number) => ({
    ...{ check, value, wanted: `under ${limit}` },
    holds: value < limit,
  })
  return {
    name: 'desk',
    columns: ['what', `p50 ms, ${small}`, 'p95 ms', `p50 ms, ${large}`, 'p95 ms', 'growth'],
    rows: [
      ...Object.entries(actions).map(([name, label]) => row(name, label)),
      ...Object.keys(views).map((name) => row(name, `list: ${name}`)),
      ...Object.keys(searches).map((name) => row(name, `search: a ${name} word`)),
    ],
    checks: [
      ...Object.entries(actions).flatMap(([name, label]) => [
        under(`p95 at ${large} tickets, ms: ${label}`, p95(largeTimes, name), 50),
        {
          check: `p95 at ${large} ÷ ${small} tickets: ${label}`,
          value: growth(name),
          wanted: 'at most 2',
          holds: growth(name) <= 2,
        },
      ]),
      ...Object.entries(searches).map(([name, limit]) =>
        under(`p95 of searching a ${name} word at ${large}, ms`, p95(largeTimes, name), limit),
      ),
      ...(large < million ? [extrapolated(p95, smallTimes, largeTimes)] : []),
    ],
  }
}

/** As if each ten times as many tickets would slow an action down as the last ten times did. */
function extrapolated(p95: (times: Times, name: string) => number, smallTimes: Times, largeTimes: Times) {
  const steps = Math.log(million / large) / Math.log(large / small)
  const guess = (name: string) => {
    const grown = Math.max(1, p95(largeTimes, name) / p95(smallTimes, name))
    const ms = p95(largeTimes, name) * grown ** steps
    return `${round(ms)} (${round(ms / p95(smallTimes, name))})`
  }
  const names = [...Object.keys(actions), ...Object.keys(searches)]
  return {
    check: `p95 at ${million} tickets, ms (÷ ${small}), extrapolated and not measured: ${names.join(', ')}`,
    value: names.map(guess).join(', '),
    wanted: 'printed',
    holds: true,
  }
}

function round(value: number): number {
  return Number(value.toPrecision(3))
}
