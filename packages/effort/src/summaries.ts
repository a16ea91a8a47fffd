import {
  checkCounts,
  countOf,
  medianOf,
  momentsOf,
  rangeOf,
  totalOf,
  type Histogram,
  type Worth,
} from './histograms.ts'
import { criticalZ, meanInterval, tangoInterval, wilsonInterval } from './intervals.ts'
import { countedValues, readingOf, worthOf, type MetricName, type Options, type Reading } from './reading.ts'
import type { Rule, Scale, ScaleId } from './scales.ts'

/** How the interval of one group was made: Student t with half an answer added at each end, Wilson's or Tango's. */
export type Method = 'softened-t' | 'wilson' | 'tango'

/** A figure with its interval. Only a mean of too few answers (n / designEffect ≤ 1) has no interval. */
export interface Metric {
  readonly value: number
  readonly low: number | null
  readonly high: number | null
  readonly method: Method
}

/** Every figure of one group. The metrics are `null` without answers, `standardDeviation` below two. */
export interface Summary extends Readonly<Record<MetricName, Metric | null>> {
  readonly n: number
  readonly histogram: Histogram
  readonly median: number | null
  readonly standardDeviation: number | null
  readonly rule: Rule
  readonly level: number
}

/**
 * Every figure of one group: `mean` in points of the scale, shares 0–1, `netEase` −1 to 1, `easeIndex` 0–100.
 * Nothing is rounded. The intervals are Student's with half an answer added at each end, Wilson's (1927) and Tango's
 * (1998). Throws a `RangeError` on counts that do not fit the scale, an unknown scale and bad options.
 */
export function summarize(counts: Histogram, scale: Scale | ScaleId, options: Options = {}): Summary {
  const reading = readingOf(scale, options)
  checkCounts('counts', counts, reading.scale)
  const { n, squares } = momentsOf(counts, worthOf('mean', reading))
  return {
    n,
    histogram: [...counts],
    mean: measure(counts, 'mean', reading),
    easyShare: measure(counts, 'easyShare', reading),
    hardShare: measure(counts, 'hardShare', reading),
    netEase: measure(counts, 'netEase', reading),
    easeIndex: measure(counts, 'easeIndex', reading),
    median: medianOf(counts, reading.scale),
    standardDeviation: n < 2 ? null : Math.sqrt(squares / (n - 1)),
    rule: reading.rule,
    level: reading.level,
  }
}

/** One metric of a checked histogram with its interval; `null` without answers. */
export function measure(
  counts: Histogram,
  metric: MetricName,
  reading: Reading,
  worth: Worth = worthOf(metric, reading),
): Metric | null {
  const n = totalOf(counts)
  if (n === 0) return null
  const counted = countedValues(metric, reading.rule)
  if (counted !== null) return shareMetric(countOf(counts, reading.scale, counted), n, reading)
  return metric === 'netEase' ? netEaseMetric(counts, n, reading) : meanMetric(counts, worth, reading)
}

/** A share of `n` > 0 answers with Wilson's interval. */
export function shareMetric(successes: number, n: number, { level, designEffect }: Omit<Reading, 'scale' | 'rule'>) {
  const value = successes / n
  return { value, ...wilsonInterval(value, n / designEffect, criticalZ(level)), method: 'wilson' } as const
}

function netEaseMetric(counts: Histogram, n: number, { scale, rule, level, designEffect }: Reading): Metric {
  const easy = countOf(counts, scale, rule.easy)
  const hard = countOf(counts, scale, rule.hard)
  const bounds = tangoInterval(easy / designEffect, hard / designEffect, n / designEffect, criticalZ(level))
  const value = (easy - hard) / n
  return { value, low: Math.min(value, bounds.low), high: Math.max(value, bounds.high), method: 'tango' }
}

function meanMetric(counts: Histogram, worth: Worth, { level, designEffect }: Reading): Metric {
  const moments = momentsOf(counts, worth)
  const bounds = meanInterval(moments, rangeOf(worth), level, designEffect)
  return { value: moments.mean, low: bounds?.low ?? null, high: bounds?.high ?? null, method: 'softened-t' }
}
