import { controlChart, summarize, type ControlPoint, type MetricName, type Period } from '@lahko/effort'
import { printReport, writeReport, type BenchResult } from './report.ts'
import { histogramDrawer, poisson, seededRandom, shares } from './seeded.ts'

const scale = 'ces-10'
const charts = 150
const drops = 100
const stableBeforeDrop = 40
const longestSearch = 200

const shapes: Record<string, number[]> = {
  'mostly easy': shares([3, 1, 1, 1, 3, 3, 7, 16, 25, 40]),
  'very easy': shares([1, 0, 0, 0, 1, 0, 1, 5, 12, 80]),
  even: shares([1, 1, 1, 1, 1, 1, 1, 1, 1, 1]),
}
const hardest = [1, 0, 0, 0, 0, 0, 0, 0, 0, 0]
const metrics: MetricName[] = ['mean', 'easyShare', 'hardShare', 'netEase']
const cadences = [
  { name: 'weekly', perMonth: 365.25 / 12 / 7, periods: 104 },
  { name: 'daily', perMonth: 365.25 / 12, periods: 365 },
]
const answers = [5, 10, 30, 100]

type Point = ControlPoint<number>

/**
 * False alarms a chart and month on a process that never changes, and answers until a drop of ten points (0.1 of the
 * metric's range of ease) is found. Alarms are counted live: each period is judged when it ends, by what is known then,
 * and a run of signals is one alarm.
 */
export async function run(): Promise<BenchResult> {
  const random = seededRandom(20261)
  const rows: (string | number)[][] = []
  for (const [shape, probabilities] of Object.entries(shapes)) {
    for (const metric of metrics) {
      for (const n of answers) rows.push(measured(shape, probabilities, metric, n, random))
    }
  }
  const columns = ['metric', 'answers', 'n a period', 'weekly: alarms a month', 'by limit', 'by drift']
  columns.push('daily: alarms a month', 'by limit', 'by drift', 'drop found after (median)', '9 of 10 within')
  return { name: 'alarms', columns, rows, checks: checksOf(rows) }
}

function measured(shape: string, probabilities: number[], metric: MetricName, n: number, random: () => number) {
  const draw = histogramDrawer(probabilities, random)
  const rates = cadences.flatMap(({ perMonth, periods }) => {
    const counted = { alarms: 0, limit: 0, drift: 0 }
    for (let chart = 0; chart < charts; chart++) countAlarms(counted, stable(periods, n, draw, random), metric)
    const months = (charts * periods) / perMonth
    return [counted.alarms / months, counted.limit / months, counted.drift / months]
  })
  return [metric, shape, n, ...rates, ...answersUntilFound(probabilities, metric, n, random)]
}

function stable(periods: number, n: number, draw: (n: number) => number[], random: () => number): Period<number>[] {
  return Array.from({ length: periods }, (_, at) => ({ at, counts: draw(poisson(n, random)) }))
}

function countAlarms(
  counted: { alarms: number; limit: number; drift: number },
  periods: Period<number>[],
  metric: MetricName,
) {
  let before: Point | undefined
  for (const point of judgedLive(periods, metric)) {
    if (point.signals.length > 0 && (before?.signals.length ?? 0) === 0) {
      counted.alarms += 1
      if (point.signals.includes('limit')) counted.limit += 1
      if (point.signals.includes('drift')) counted.drift += 1
    }
    before = point
  }
}

/** Each point as it was drawn on the day that it was finished. After the baseline nothing moves any more. */
function judgedLive(periods: Period<number>[], metric: MetricName): Point[] {
  const final = controlChart(periods, scale, metric)
  return final.map((point, index) => {
    if (index >= 20) return point
    const known = periods.filter(({ at }) => at <= point.at)
    return controlChart(known, scale, metric).at(-1) ?? point
  })
}

function answersUntilFound(probabilities: number[], metric: MetricName, n: number, random: () => number) {
  const draw = histogramDrawer(probabilities, random)
  const drawAfter = histogramDrawer(dropped(probabilities, metric), random)
  const found: number[] = []
  for (let chart = 0; chart < drops; chart++) {
    const before = stable(stableBeforeDrop, n, draw, random)
    const after = stable(longestSearch, n, drawAfter, random)
    const periods = [...before, ...after].map(({ counts }, at) => ({ at, counts }))
    const chart = controlChart(periods, scale, metric)
    const points = chart.filter(({ at }) => at >= stableBeforeDrop)
    const alarm = firstNewRun(points, chart[chart.length - points.length - 1])
    const seen = alarm < 0 ? points : points.slice(0, alarm + 1)
    found.push(alarm < 0 ? Infinity : seen.reduce((sum, point) => sum + point.n, 0))
  }
  found.sort((a, b) => a - b)
  return [found[Math.floor(drops / 2)]!, found[Math.floor(drops * 0.9)]!].map((count) =>
    Number.isFinite(count) ? count : `over ${longestSearch * n}`,
  )
}

/** Where the first run of signals begins that did not run already before: an alarm that was false finds nothing. */
function firstNewRun(points: readonly Point[], before: Point | undefined): number {
  return points.findIndex(
    ({ signals }, index) => signals.length > 0 && ((points[index - 1] ?? before)?.signals.length ?? 0) === 0,
  )
}

/** So many answers moved to the hardest value that the metric is ten points of a hundred harder. */
function dropped(probabilities: number[], metric: MetricName): number[] {
  const now = worth(probabilities, metric)
  const worst = worth(hardest, metric)
  const ten = metric === 'mean' ? 0.9 : 0.1
  const moved = ten / Math.abs(now - worst)
  return probabilities.map((p, index) => p * (1 - moved) + hardest[index]! * moved)
}

function worth(probabilities: number[], metric: MetricName): number {
  const counts = probabilities.map((p) => Math.round(p * 1e6))
  return summarize(counts, scale)[metric]?.value ?? 0
}

function checksOf(rows: (string | number)[][]): BenchResult['checks'] {
  return [3, 6].map((column) => {
    const worst = rows.reduce((most, row) => (Number(row[column]) > Number(most[column]) ? row : most))
    const value = Number(worst[column])
    const cadence = column === 3 ? 'weekly' : 'daily'
    const check = `most false alarms a ${cadence} chart and month (${worst.slice(0, 3).join(', ')})`
    return { check, value, wanted: 'at most 0.4', holds: value <= 0.4 }
  })
}

if (import.meta.main) {
  const result = await run()
  printReport(result)
  await writeReport(result)
  process.exitCode = result.checks.every(({ holds }) => holds) ? 0 : 1
}
