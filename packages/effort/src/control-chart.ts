import { checkArray, checkObject, checkWhole, refuse } from './arguments.ts'
import { binomialQuantile } from './distributions/binomial.ts'
import { normalCdf, normalQuantile } from './distributions/normal.ts'
import {
  addHistograms,
  checkCounts,
  inUnit,
  momentsOf,
  rangeOf,
  totalOf,
  type Bounds,
  type Histogram,
  type Moments,
  type Worth,
} from './histograms.ts'
import {
  checkMetric,
  countedValues,
  readingOf,
  worthOf,
  type MetricName,
  type Options,
  type Reading,
} from './reading.ts'
import type { Scale, ScaleId } from './scales.ts'

/** A day, week or month: `at` is any text or number that sorts as time does. */
export interface Period<At extends string | number = string> {
  readonly at: At
  readonly counts: Histogram
}

/** `limit`: the point lies outside its limits. `drift`: the EWMA does, which finds small changes that last. */
export type Signal = 'limit' | 'drift'

/** One drawn point, in the metric's unit. */
export interface ControlPoint<At extends string | number = string> {
  readonly at: At
  /** How many earlier periods, each too small to stand alone, this point holds besides its own. */
  readonly joined: number
  /** Answers of all these periods. */
  readonly n: number
  /** `null` without answers. */
  readonly value: number | null
  /** The metric over the baseline of this stretch; `null` as long as it has none. */
  readonly centre: number | null
  /** The limits of chance for this n, within the metric's range; `null` without answers or baseline. */
  readonly low: number | null
  readonly high: number | null
  /** The weighted mean of this point and all before it since the last change; `null` as the limits are. */
  readonly ewma: number | null
  /** The limits of chance of the EWMA itself, within the metric's range. */
  readonly ewmaLow: number | null
  readonly ewmaHigh: number | null
  readonly signals: readonly Signal[]
  /** Drawn, but not part of any baseline and never a signal: still running, or still under five answers. */
  readonly unfinished: boolean
}

export interface ControlOptions<At extends string | number = string> extends Options {
  /** How many points a centre and its limits are made from, at least 2; 20 unless given. */
  readonly baseline?: number
  /** When accepted changes began, as the `at` of periods, in any order: each starts a new baseline. */
  readonly changes?: readonly At[]
  /** Whether the last period is still running. */
  readonly unfinished?: boolean
  /** How many charts the workspace watches, at least 1, which it is unless given; above three Šidák widens all limits. */
  readonly charts?: number
}

const fewestAnswers = 5
const chartsWithoutWidening = 3
const ewmaWeight = 0.2
const ewmaReach = 2.86
const limitReach = 3
const movingRangeOfOne = 1.128
const mostSpread = 1.2

/**
 * The control chart of a metric over periods in order of time. Shares: p-chart, exact binomial limits, or Laney's (2002)
 * p′ where φ > 1.2. The others: x̄-chart with the baseline's variance within periods, half an answer added at each end
 * of the scale, and limits tilted by its skewness (Chan & Cui 2003), so that they are centre ± 3σ/√n on symmetric scores
 * and at large n. Beside both an EWMA (λ 0.2, L 2.86, Lucas & Saccucci 1990) with exact moments, the centre's own
 * uncertainty included. Periods under five answers join the next one, never across a change: what waits there is a
 * small point of the old stretch. `level` is not used.
 * A point may carry both signals; a run of points with signals is one alarm. Throws a `RangeError` on periods that are
 * not in order or whose counts do not fit the scale, an unknown scale or metric, and bad options.
 */
export function controlChart<At extends string | number>(
  periods: readonly Period<At>[],
  scale: Scale | ScaleId,
  metric: MetricName,
  options: ControlOptions<At> = {},
): ControlPoint<At>[] {
  const reading = readingOf(scale, options)
  const { baseline = 20, changes = [], unfinished = false, charts = 1 } = options
  checkMetric(metric)
  checkWhole('baseline', baseline, 2)
  checkWhole('charts', charts, 1)
  checkArray('changes', changes, 'an array of what periods have as `at`')
  changes.forEach((at, index) => checkAt(`changes[${index}]`, at))
  checkPeriods(periods, reading.scale)
  const widening = Math.min(1, chartsWithoutWidening / charts)
  const stretches = stretchesOf(periods, changes)
  return stretches.flatMap((stretch, index) => {
    const segment = joinPeriods(stretch, unfinished && index === stretches.length - 1)
    const settled = segment.filter((point) => !point.unfinished).slice(0, baseline)
    return drawSegment(segment, yardstickOf(settled, metric, reading, widening), metric, reading, widening)
  })
}

interface Joined<At> {
  readonly at: At
  readonly joined: number
  readonly counts: Histogram
  readonly unfinished: boolean
}

function checkPeriods(periods: readonly Period<string | number>[], scale: Scale): void {
  checkArray('periods', periods, 'an array of { at, counts }')
  periods.forEach((period, index) => {
    checkObject(`periods[${index}]`, period, '{ at, counts }')
    const { at, counts } = period
    checkAt(`periods[${index}].at`, at)
    checkCounts(`counts of ${at}`, counts, scale)
    const before = periods[index - 1]
    if (before !== undefined && !(before.at < at)) refuse(`periods[${index}].at`, at, `later than ${before.at}`)
  })
}

function checkAt(argument: string, at: unknown): void {
  if (typeof at !== 'string' && !Number.isFinite(at)) refuse(argument, at, 'a text or a number that sorts as time does')
}

/** What stands before the first change, between two of them, and after the last. */
function stretchesOf<At extends string | number>(
  periods: readonly Period<At>[],
  changes: readonly At[],
): Period<At>[][] {
  const stretches = new Map<number, Period<At>[]>()
  for (const period of periods) {
    const phase = changes.filter((change) => change <= period.at).length
    const stretch = stretches.get(phase)
    if (stretch === undefined) stretches.set(phase, [period])
    else stretch.push(period)
  }
  return [...stretches.values()]
}

function joinPeriods<At extends string | number>(periods: readonly Period<At>[], unfinished: boolean): Joined<At>[] {
  const points: Joined<At>[] = []
  let waiting: Histogram | null = null
  let joined = 0
  periods.forEach(({ at, counts: own }, index) => {
    const counts: Histogram = waiting === null ? own : addHistograms(waiting, own)
    const last = index === periods.length - 1
    const few = totalOf(counts) < fewestAnswers
    if (few && !last) {
      waiting = counts
      joined += 1
      return
    }
    points.push({ at, joined, counts, unfinished: last && (few || unfinished) })
    waiting = null
    joined = 0
  })
  return points
}

/** What a segment is measured against. */
interface Yardstick {
  readonly centre: number
  /** Answers that the centre was made from. */
  readonly n: number
  /** Of one answer, spread between periods included. */
  readonly variance: number
  /** Of one answer; on a scale where most are easy, a mean of five is still far from symmetric. */
  readonly skewness: number
  readonly limits: (n: number) => Bounds
}

function drawSegment<At extends string | number>(
  segment: readonly Joined<At>[],
  yardstick: Yardstick | null,
  metric: MetricName,
  reading: Reading,
  widening: number,
): ControlPoint<At>[] {
  const worth = worthOf(metric, reading)
  const centre = yardstick?.centre ?? null
  const follow = yardstick === null ? null : driftFollower(yardstick, reading.designEffect, widening)
  return segment.map(({ at, joined, counts, unfinished }) => {
    const { n, mean } = momentsOf(counts, worth)
    const point = { at, joined, n, value: n === 0 ? null : mean, centre, unfinished }
    if (n === 0 || yardstick === null || follow === null) {
      return { ...point, ...withoutLimits, signals: [] }
    }
    const { low, high } = yardstick.limits(n)
    const { ewma, limits, drifted } = follow(mean, n)
    const { low: ewmaLow, high: ewmaHigh } = clipped(limits, rangeOf(worth))
    const signals: Signal[] = []
    if (!unfinished && (mean < low || mean > high)) signals.push('limit')
    if (!unfinished && drifted) signals.push('drift')
    return { ...point, low, high, ewma, ewmaLow, ewmaHigh, signals }
  })
}

const withoutLimits = { low: null, high: null, ewma: null, ewmaLow: null, ewmaHigh: null } as const

/** Carries the EWMA with its second and third moments from point to point. */
function driftFollower({ centre, n: baseline, variance, skewness }: Yardstick, designEffect: number, widening: number) {
  const reach = widened(ewmaReach, widening)
  const third = skewness * variance ** 1.5
  let ewma = centre
  let ewmaVariance = 0
  let ewmaThird = 0
  return (mean: number, n: number): { ewma: number; limits: Bounds; drifted: boolean } => {
    const size = n / designEffect
    ewma += ewmaWeight * (mean - ewma)
    ewmaVariance = (ewmaWeight ** 2 * variance) / size + (1 - ewmaWeight) ** 2 * ewmaVariance
    ewmaThird = (ewmaWeight ** 3 * third) / size ** 2 + (1 - ewmaWeight) ** 3 * ewmaThird
    const whole = ewmaVariance + (variance * designEffect) / baseline
    const limits = tilted(centre, Math.sqrt(whole), reach, ewmaThird / whole ** 1.5)
    return { ewma, limits, drifted: ewma < limits.low || ewma > limits.high }
  }
}

/**
 * centre ± reach deviations, both moved towards the longer tail: Cornish and Fisher's term, bounded as Chan & Cui (2003)
 * do it, *Skewness correction X̄ and R charts for skewed distributions*.
 */
function tilted(centre: number, deviation: number, reach: number, skewness: number): Bounds {
  const tilt = (skewness * (reach ** 2 - 1)) / 6 / (1 + 0.2 * skewness ** 2)
  return { low: centre + (tilt - reach) * deviation, high: centre + (tilt + reach) * deviation }
}

function yardstickOf(
  baseline: readonly Joined<unknown>[],
  metric: MetricName,
  reading: Reading,
  widening: number,
): Yardstick | null {
  if (baseline.length === 0) return null
  const worth = worthOf(metric, reading)
  const periods = baseline.map(({ counts }) => momentsOf(counts, worth))
  const whole = baseline.map(({ counts }) => counts).reduce((sum, counts) => addHistograms(sum, counts))
  const moments = momentsOf(whole, worth)
  if (countedValues(metric, reading.rule) !== null) return shareYardstick(periods, moments, reading, widening)
  return meanYardstick(periods, moments, whole, worth, reading, widening)
}

function meanYardstick(
  periods: readonly Moments[],
  { n, mean: centre, squares }: Moments,
  whole: Histogram,
  worth: Worth,
  { designEffect }: Reading,
  widening: number,
): Yardstick {
  const ends = whole.map((count, index) => count + (index === 0 || index === whole.length - 1 ? 0.5 : 0))
  const softened = momentsOf(ends, worth)
  const skewness = skewnessOf(ends, worth, softened)
  const within = periods.reduce((sum, period) => sum + period.squares, 0)
  const variance = (within + softened.squares - squares) / (n - periods.length)
  const reach = widened(limitReach, widening)
  const limits = (answers: number): Bounds => {
    const size = answers / designEffect
    return clipped(tilted(centre, Math.sqrt(variance / size), reach, skewness / Math.sqrt(size)), rangeOf(worth))
  }
  return { centre, n, variance, skewness, limits }
}

function skewnessOf(counts: Histogram, worth: Worth, { n, mean, squares }: Moments): number {
  const cubes = counts.reduce((sum, count, index) => sum + count * (inUnit(worth.steps[index]!, worth) - mean) ** 3, 0)
  return cubes / n / (squares / n) ** 1.5
}

function shareYardstick(
  periods: readonly Moments[],
  { n, mean: centre }: Moments,
  { designEffect }: Reading,
  widening: number,
): Yardstick {
  // A baseline without a single failure (or success) does not make the first one impossible: half an answer at each end.
  const share = centre > 0 && centre < 1 ? centre : (n * centre + 0.5) / (n + 1)
  const single = share * (1 - share)
  const skewness = (1 - 2 * share) / Math.sqrt(single)
  const spread = spreadOf(periods, share, designEffect)
  if (spread <= mostSpread) {
    const tail = normalCdf(-widened(limitReach, widening))
    return { centre, n, variance: single, skewness, limits: binomialLimits(share, tail, designEffect) }
  }
  const variance = single * spread ** 2
  const reach = widened(limitReach, widening)
  const limits = (answers: number): Bounds =>
    clipped(tilted(centre, Math.sqrt((variance * designEffect) / answers), reach, 0), { low: 0, high: 1 })
  return { centre, n, variance, skewness, limits }
}

/** φ: the mean moving range of the periods' z ÷ 1.128; 1 where there are no two periods to compare. */
function spreadOf(periods: readonly Moments[], share: number, designEffect: number): number {
  if (periods.length < 2) return 1
  const z = periods.map(({ n, mean }) => (mean - share) / Math.sqrt((share * (1 - share) * designEffect) / n))
  let ranges = 0
  for (let index = 1; index < z.length; index++) ranges += Math.abs(z[index]! - z[index - 1]!)
  return ranges / (z.length - 1) / movingRangeOfOne
}

/** Many periods have the same n, so each n is worked out once. */
function binomialLimits(share: number, tail: number, designEffect: number): (n: number) => Bounds {
  const known = new Map<number, Bounds>()
  return (n) => {
    const size = Math.max(1, Math.round(n / designEffect))
    const found = known.get(size)
    if (found !== undefined) return found
    const low = binomialQuantile(tail, size, share) / size
    const bounds = { low, high: binomialQuantile(1 - tail, size, share) / size }
    known.set(size, bounds)
    return bounds
  }
}

function clipped(bounds: Bounds, range: Bounds): Bounds {
  return { low: Math.max(range.low, bounds.low), high: Math.min(range.high, bounds.high) }
}

/** A reach in standard deviations whose chance of a false alarm is that of three charts shared among more. */
function widened(reach: number, widening: number): number {
  if (widening === 1) return reach
  const alarm = 2 * normalCdf(-reach)
  return -normalQuantile(-Math.expm1(widening * Math.log1p(-alarm)) / 2)
}
