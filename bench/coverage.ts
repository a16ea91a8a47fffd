import { compare, scales, summarize, type MetricName, type ScaleId, type Summary } from '@lahko/effort'
import { clusteredPoints, groupPoints, shrunkenPoints } from './coverage-groups.ts'
import {
  count,
  differences,
  judge,
  lowest,
  mean,
  pointOf,
  probabilitiesOf,
  shapes,
  textbookDifference,
  truthsOf,
  type Judged,
  type Point,
} from './coverage-points.ts'
import { printReport, writeReport, type BenchResult } from './report.ts'
import { histogramDrawer, seededRandom } from './seeded.ts'

const draws = 3000
const pairDraws = 2000
const sizes = [5, 7, 10, 20, 30, 50, 100, 300]
const drawnScales: ScaleId[] = ['ces-10', 'ces-7', 'ces-5', 'nps-11']
const metrics: MetricName[] = ['mean', 'netEase']

/**
 * How often each 95 % interval holds the truth. A share's coverage depends on n and the share alone, so it is worked out
 * exactly at 0–1 in steps of 0.01; means and net ease exactly over every histogram on three faces and wherever only two
 * values occur, by seeded draws elsewhere, as are differences. Beside the grid stand the worst points between its own.
 */
export async function run(): Promise<BenchResult> {
  const random = seededRandom(20262)
  const points = [
    ...sharePoints(),
    ...worstShares(),
    ...worstTwoEnds(),
    ...sizes.filter((n) => n <= 100).flatMap(facesPoints),
    ...drawnScales.flatMap((scale) => Object.keys(shapes).flatMap((shape) => drawnPoints(scale, shape, random))),
    ...differencePoints(random),
    ...groupPoints(random),
    ...shrunkenPoints(random),
    ...clusteredPoints(random),
  ]
  const columns = ['figure', 'shape', 'points', 'lowest', 'on', 'n', 'mean', 'textbook: lowest', 'mean']
  return { name: 'coverage', columns, rows: rowsOf(points), checks: checksOf(points) }
}

function drawnPoints(scaleId: ScaleId, shape: string, random: () => number): Point[] {
  const probabilities = probabilitiesOf(scaleId, shape)
  if (probabilities.filter((p) => p > 0).length < 3) return sizes.flatMap((n) => exactPoints(scaleId, shape, n))
  const truths = truthsOf(scaleId, probabilities)
  const draw = histogramDrawer(probabilities, random)
  return sizes.flatMap((n) => {
    const hits = metrics.map(() => ({ ours: 0, textbook: 0 }))
    for (let time = 0; time < draws; time++) {
      const summary = summarize(draw(n), scaleId)
      metrics.forEach((metric, index) => count(hits[index]!, judge(summary, metric), truths[metric], 1))
    }
    return metrics.map((metric, index) => pointOf(metric, shape, scaleId, n, hits[index]!, draws))
  })
}

/** A shape that takes only the two ends of its scale, over every count of n answers. */
function exactPoints(scaleId: ScaleId, shape: string, n: number): Point[] {
  const probabilities = probabilitiesOf(scaleId, shape)
  const truths = truthsOf(scaleId, probabilities)
  const ends = [probabilities[0]!, probabilities.at(-1)!]
  const summaries = twoEndSummaries(scaleId, n)
  return metrics.map((metric) => {
    const hits = { ours: 0, textbook: 0 }
    summaries.forEach((summary, high) =>
      count(hits, judge(summary, metric), truths[metric], multinomial([n - high, high], ends)),
    )
    return pointOf(metric, shape, scaleId, n, hits, 1)
  })
}

function twoEndSummaries(scaleId: ScaleId, n: number): Summary[] {
  const { min, max } = scales[scaleId]
  const inner = Array.from({ length: max - min - 1 }, () => 0)
  return Array.from({ length: n + 1 }, (_, high) => summarize([n - high, ...inner, high], scaleId))
}

/** Every histogram of n answers on three faces, each weighted with its probability under each shape. */
function facesPoints(n: number): Point[] {
  const named = Object.keys(shapes).map((shape) => {
    const probabilities = probabilitiesOf('ces-3', shape)
    const hits = metrics.map(() => ({ ours: 0, textbook: 0 }))
    return { shape, probabilities, truths: truthsOf('ces-3', probabilities), hits }
  })
  for (let hard = 0; hard <= n; hard++) {
    for (let between = 0; between <= n - hard; between++) {
      const counts = [hard, between, n - hard - between]
      const summary = summarize(counts, 'ces-3')
      const judged = metrics.map((metric) => judge(summary, metric))
      for (const { probabilities, truths, hits } of named) {
        const chance = multinomial(counts, probabilities)
        metrics.forEach((metric, index) => count(hits[index]!, judged[index]!, truths[metric], chance))
      }
    }
  }
  return named.flatMap(({ shape, hits }) =>
    metrics.map((metric, index) => pointOf(metric, shape, 'ces-3', n, hits[index]!, 1)),
  )
}

function sharePoints(): Point[] {
  return [...sizes, 1000].flatMap((n) => {
    const judged = twoEndSummaries('ces-3', n).map((summary) => judge(summary, 'easyShare'))
    return Array.from({ length: 101 }, (_, step) => exactShare(n, step / 100, judged, 'steps of 0.01'))
  })
}

/** Wilson's interval is at its worst just under its own lower limit for one success, about 0.18 / n. */
function worstShares(): Point[] {
  return sizes.map((n) => {
    const summaries = twoEndSummaries('ces-3', n)
    const share = summaries[1]!.easyShare!.low! * 0.999
    const judged = summaries.map((summary) => judge(summary, 'easyShare'))
    return { ...exactShare(n, share, judged, 'sought: its worst'), sought: true }
  })
}

function exactShare(n: number, share: number, judged: readonly Judged[], shape: string): Point {
  const hits = { ours: 0, textbook: 0 }
  judged.forEach((one, easy) => count(hits, one, share, multinomial([n - easy, easy], [1 - share, share])))
  return pointOf('share', shape, `share ${Number(share.toFixed(4))}`, n, hits, 1)
}

/** Means on ten values when only 1 and 10 occur, at the mix that is covered worst. */
function worstTwoEnds(): Point[] {
  return [...sizes, 40, 200].map((n) => {
    const judged = twoEndSummaries('ces-10', n).map((summary) => judge(summary, 'mean'))
    const mixes = Array.from({ length: 99 }, (_, step) => {
      const hard = (step + 1) / 200
      const hits = { ours: 0, textbook: 0 }
      judged.forEach((one, easy) => count(hits, one, 10 - 9 * hard, multinomial([n - easy, easy], [hard, 1 - hard])))
      return pointOf('mean', 'sought: only 1 and 10', `ces-10, ${(100 * hard).toFixed(1)} % ones`, n, hits, 1)
    })
    return { ...lowest(mixes), sought: true }
  })
}

function multinomial(counts: readonly number[], probabilities: readonly number[]): number {
  let log = logFactorial(counts.reduce((sum, one) => sum + one, 0))
  for (let index = 0; index < counts.length; index++) {
    if (counts[index]! === 0) continue
    log += counts[index]! * Math.log(probabilities[index]!) - logFactorial(counts[index]!)
  }
  return Math.exp(log)
}

const logFactorials = [0]
function logFactorial(n: number): number {
  for (let k = logFactorials.length; k <= n; k++) logFactorials.push(logFactorials[k - 1]! + Math.log(k))
  return logFactorials[n]!
}

const pairs = [
  ['even', 'in the middle'],
  ['skewed to easy', 'very easy'],
  ['very easy', 'very easy'],
  ['nearly all easy', 'all easy'],
  ['skewed to easy', 'skewed to hard'],
  ['all easy', 'all hard'],
] as const

function differencePoints(random: () => number): Point[] {
  return pairs.flatMap(([shapeA, shapeB]) =>
    [
      [5, 50],
      [10, 10],
      [30, 30],
      [100, 300],
    ].flatMap(([nA, nB]) => differences.map((metric) => differencePoint(metric, shapeA, shapeB, nA!, nB!, random))),
  )
}

function differencePoint(
  metric: MetricName,
  shapeA: string,
  shapeB: string,
  nA: number,
  nB: number,
  random: () => number,
) {
  const a = probabilitiesOf('ces-10', shapeA)
  const b = probabilitiesOf('ces-10', shapeB)
  const truth = truthsOf('ces-10', a)[metric] - truthsOf('ces-10', b)[metric]
  const drawA = histogramDrawer(a, random)
  const drawB = histogramDrawer(b, random)
  const hits = { ours: 0, textbook: 0 }
  for (let time = 0; time < pairDraws; time++) {
    const countsA = drawA(nA)
    const countsB = drawB(nB)
    const { difference, low, high } = compare(countsA, countsB, 'ces-10', metric)
    const half = textbookDifference(countsA, countsB, metric)
    if (low! <= truth + 1e-12 && truth - 1e-12 <= high!) hits.ours += 1
    if (Math.abs(difference! - truth) <= half + 1e-12) hits.textbook += 1
  }
  return pointOf(`difference of ${metric}`, `${shapeA} − ${shapeB}`, 'ces-10', Math.min(nA, nB), hits, pairDraws)
}

function rowsOf(points: readonly Point[]): (string | number)[][] {
  const grouped = Map.groupBy(points, ({ figure, shape }) => `${figure}\n${shape}`)
  return [...grouped.values()]
    .sort((a, b) => a[0]!.figure.localeCompare(b[0]!.figure))
    .map((group) => {
      const worst = lowest(group)
      const { figure, shape, scale, n } = worst
      const textbookLowest = Math.min(...group.map(({ textbook }) => textbook))
      const means = [mean(group.map(({ ours }) => ours)), textbookLowest, mean(group.map(({ textbook }) => textbook))]
      return [figure, shape, group.length, worst.ours, scale, n, ...means].map((cell) =>
        typeof cell === 'number' && !Number.isInteger(cell) ? Number(cell.toFixed(4)) : cell,
      )
    })
}

function checksOf(points: readonly Point[]): BenchResult['checks'] {
  const of = (figure: string) => points.filter((point) => !point.sought && point.figure === figure)
  const floor = (name: string, among: Point[], least: number) => {
    const { shape, scale, n, ours } = lowest(among)
    const wanted = `at least ${least * 100} %`
    return { check: `lowest ${name} (${shape}, ${scale}, n ${n})`, value: percent(ours), wanted, holds: ours >= least }
  }
  const shares = ['easyShare', 'hardShare', 'netEase']
  const ofShares = (figure: (metric: string) => string) => shares.flatMap((metric) => of(figure(metric)))
  const average = mean(of('share').map(({ ours }) => ours))
  const wanted = '94 to 96.5 %'
  return [
    floor('mean', of('mean'), 0.91),
    floor('share', of('share'), 0.85),
    floor('net ease', of('netEase'), 0.85),
    { check: 'mean of shares', value: percent(average), wanted, holds: average >= 0.94 && average <= 0.965 },
    floor('difference of means', of('difference of mean'), 0.91),
    floor(
      'difference of shares',
      ofShares((metric) => `difference of ${metric}`),
      0.85,
    ),
    floor('mean against the rest', of('group against the rest, mean'), 0.91),
    floor(
      'share against the rest',
      ofShares((metric) => `group against the rest, ${metric}`),
      0.85,
    ),
    floor('mean with a design effect', of('mean, design effect 3'), 0.91),
    floor(
      'share with a design effect',
      ofShares((metric) => `${metric}, design effect 3`),
      0.85,
    ),
    ...['shrunken mean', 'shrunken easyShare'].map((figure) => printed(figure, of(figure))),
    ...['mean', 'share'].map((figure) => printed(`${figure} off the grid`, soughtOf(points, figure))),
  ]
}

/** Points of one figure that were looked for because they are the worst. */
function soughtOf(points: readonly Point[], figure: string): Point[] {
  return points.filter((point) => point.sought && point.figure === figure)
}

function printed(name: string, among: Point[]): BenchResult['checks'][number] {
  const { shape, scale, n, ours } = lowest(among)
  return { check: `lowest ${name} (${shape}, ${scale}, n ${n})`, value: percent(ours), wanted: 'printed', holds: true }
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`
}

if (import.meta.main) {
  const result = await run()
  printReport(result)
  await writeReport(result)
  process.exitCode = result.checks.every(({ holds }) => holds) ? 0 : 1
}
