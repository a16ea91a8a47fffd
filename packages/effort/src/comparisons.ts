import { checkObject, checkWhole, refuse } from './arguments.ts'
import { normalCdf } from './distributions/normal.ts'
import { twoSidedP } from './distributions/student-t.ts'
import { checkCounts, countOf, momentsOf, rangeOf, type Histogram, type Moments, type Worth } from './histograms.ts'
import { moverInterval, softened } from './intervals.ts'
import {
  checkMetric,
  countedValues,
  easeSign,
  readingOf,
  worthOf,
  type MetricName,
  type Options,
  type Reading,
} from './reading.ts'
import type { Scale, ScaleId } from './scales.ts'
import { measure, shareMetric, type Metric } from './summaries.ts'

/** How the interval of a difference was made: Newcombe's hybrid score for shares, MOVER from both intervals else. */
export type DifferenceMethod = 'newcombe' | 'mover'

/**
 * A − B in the metric's own unit. All `null` where a side has no answers; no interval where a side's own metric has none.
 * `pValue` is two-sided and decides nothing.
 */
export interface Difference {
  readonly difference: number | null
  readonly low: number | null
  readonly high: number | null
  readonly pValue: number | null
  readonly method: DifferenceMethod
}

/** How A stands to B. */
export type Ease = 'easier' | 'harder' | 'same'

/** Whether the interval of a difference leaves out 0. */
export type Verdict = 'more-than-noise' | 'within-noise'

/** A difference with its reading: `ease` is `null` without a difference, `verdict` without an interval. */
export interface Comparison extends Difference {
  readonly ease: Ease | null
  readonly verdict: Verdict | null
}

/** Counted out of n. */
export interface Share {
  readonly successes: number
  readonly n: number
}

/**
 * The difference of two shares A − B with Newcombe's (1998) hybrid score interval; the p-value is the score test's
 * (pooled variance, no continuity correction), 1 where all or none succeeded on both sides. Throws a `RangeError` where
 * `successes` and `n` are not whole with 0 ≤ successes ≤ n, and on a bad level or design effect; a rule is not used.
 */
export function compareShares(a: Share, b: Share, options: Options = {}): Difference {
  checkObject('options', options, 'an object, or left away')
  // No histogram is read here, so any scale will do to check the two options that count.
  const { level, designEffect } = readingOf('ces-3', { level: options.level, designEffect: options.designEffect })
  checkShareCounts('a', a)
  checkShareCounts('b', b)
  if (a.n === 0 || b.n === 0) return nothing('newcombe')
  const metricA = shareMetric(a.successes, a.n, { level, designEffect })
  const metricB = shareMetric(b.successes, b.n, { level, designEffect })
  return { ...subtract(metricA, metricB, 1, 'newcombe'), pValue: scoreTest(a, b, designEffect) }
}

/**
 * The difference of two means A − B in points of the scale, MOVER from both intervals; the p-value is Welch's (1947),
 * `null` where a side has fewer than two answers or both variances are 0. Throws a `RangeError` as `compare` does.
 */
export function compareMeans(
  countsA: Histogram,
  countsB: Histogram,
  scale: Scale | ScaleId,
  options: Options = {},
): Difference {
  const { difference, low, high, pValue, method } = compare(countsA, countsB, scale, 'mean', options)
  return { difference, low, high, pValue, method }
}

/**
 * The difference A − B of any metric, in the metric's own unit, with MOVER's interval (Zou & Donner 2008) from the two
 * single ones. The verdict is the interval's alone: more than noise when it leaves out 0. `ease` says what the sign means
 * on this scale. The p-value is the pooled score test's for shares, Welch's (1947) for the others. Throws a `RangeError`
 * on counts that do not fit the scale, an unknown scale or metric, and bad options.
 */
export function compare(
  countsA: Histogram,
  countsB: Histogram,
  scale: Scale | ScaleId,
  metric: MetricName,
  options: Options = {},
): Comparison {
  const reading = readingOf(scale, options)
  checkMetric(metric)
  checkCounts('countsA', countsA, reading.scale)
  checkCounts('countsB', countsB, reading.scale)
  return compareChecked(countsA, countsB, metric, reading)
}

/** `compare` for arguments that are known to be right. */
function compareChecked(a: Histogram, b: Histogram, metric: MetricName, reading: Reading): Comparison {
  const found = differenceOf(a, b, metric, reading)
  const pValue = found.difference === null ? null : pValueOf(a, b, metric, reading)
  return { ...found, pValue, ease: easeOf(found.difference, metric, reading.scale), verdict: verdictOf(found) }
}

/** The difference of one metric and its interval, without the p-value. */
export function differenceOf(a: Histogram, b: Histogram, metric: MetricName, reading: Reading): Difference {
  const worth = worthOf(metric, reading)
  const metricA = measure(a, metric, reading, worth)
  const metricB = measure(b, metric, reading, worth)
  const method = countedValues(metric, reading.rule) === null ? 'mover' : 'newcombe'
  if (metricA === null || metricB === null) return nothing(method)
  const range = rangeOf(worth)
  return subtract(metricA, metricB, range.high - range.low, method)
}

/** The p-value of one metric: score test for shares, Welch's for the others. */
export function pValueOf(a: Histogram, b: Histogram, metric: MetricName, reading: Reading): number | null {
  const { scale, rule, designEffect } = reading
  const counted = countedValues(metric, rule)
  const worth = worthOf(metric, reading)
  const momentsA = momentsOf(a, worth)
  const momentsB = momentsOf(b, worth)
  if (counted === null) return welchTest(momentsA, momentsB, designEffect)
  const shareA = { successes: countOf(a, scale, counted), n: momentsA.n }
  return scoreTest(shareA, { successes: countOf(b, scale, counted), n: momentsB.n }, designEffect)
}

/**
 * The p-value that picks one of many groups. Where all answers of both sides are alike Welch's test has no variance to
 * go by; there it is taken on the softened samples, so that the clearest difference of all can be picked.
 */
export function pickingP(a: Histogram, b: Histogram, metric: MetricName, reading: Reading): number | null {
  const found = pValueOf(a, b, metric, reading)
  if (found !== null || countedValues(metric, reading.rule) !== null) return found
  const worth = worthOf(metric, reading)
  return welchTest(unlike(a, worth, reading), unlike(b, worth, reading), reading.designEffect)
}

function unlike(counts: Histogram, worth: Worth, { designEffect }: Reading): Moments {
  const moments = momentsOf(counts, worth)
  const { variance } = softened(moments, rangeOf(worth), designEffect)
  return { ...moments, squares: variance * (moments.n - 1) }
}

/** What a difference means to the customer. */
export function easeOf(difference: number | null, metric: MetricName, scale: Scale): Ease | null {
  if (difference === null) return null
  if (difference === 0) return 'same'
  return difference > 0 === easeSign(metric, scale) > 0 ? 'easier' : 'harder'
}

/** The one verdict rule: more than noise when the interval leaves out 0. */
export function verdictOf({ low, high }: Pick<Difference, 'low' | 'high'>): Verdict | null {
  if (low === null || high === null) return null
  return low > 0 || high < 0 ? 'more-than-noise' : 'within-noise'
}

function nothing(method: DifferenceMethod): Difference {
  return { difference: null, low: null, high: null, pValue: null, method }
}

function subtract(a: Metric, b: Metric, widest: number, method: DifferenceMethod): Difference {
  const difference = a.value - b.value
  if (a.low === null || a.high === null || b.low === null || b.high === null) {
    return { difference, low: null, high: null, pValue: null, method }
  }
  const boundsA = { low: a.low, high: a.high }
  const bounds = moverInterval(a.value, boundsA, b.value, { low: b.low, high: b.high }, widest)
  return { difference, ...bounds, pValue: null, method }
}

function scoreTest(a: Share, b: Share, designEffect: number): number | null {
  if (a.n === 0 || b.n === 0) return null
  const pooled = (a.successes + b.successes) / (a.n + b.n)
  if (pooled === 0 || pooled === 1) return 1
  const variance = pooled * (1 - pooled) * (1 / a.n + 1 / b.n) * designEffect
  return 2 * normalCdf(-Math.abs(a.successes / a.n - b.successes / b.n) / Math.sqrt(variance))
}

/** Welch's t test on scores; n / designEffect stands for n in standard errors and degrees of freedom. */
function welchTest(a: Moments, b: Moments, designEffect: number): number | null {
  const sizeA = a.n / designEffect
  const sizeB = b.n / designEffect
  if (!(sizeA > 1 && sizeB > 1)) return null
  const errorA = a.squares / (a.n - 1) / sizeA
  const errorB = b.squares / (b.n - 1) / sizeB
  if (errorA + errorB === 0) return null
  const df = (errorA + errorB) ** 2 / (errorA ** 2 / (sizeA - 1) + errorB ** 2 / (sizeB - 1))
  return twoSidedP((a.mean - b.mean) / Math.sqrt(errorA + errorB), df)
}

function checkShareCounts(argument: string, share: Share): void {
  checkObject(argument, share, '{ successes, n }')
  const { successes, n } = share
  checkWhole(`${argument}.n`, n, 0)
  if (!(Number.isSafeInteger(successes) && successes >= 0 && successes <= n)) {
    refuse(`${argument}.successes`, successes, `a whole number from 0 to ${argument}.n, ${n}`)
  }
}
