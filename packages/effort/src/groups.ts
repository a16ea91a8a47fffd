import { checkShare } from './arguments.ts'
import { differenceOf, easeOf, pValueOf, verdictOf, type Ease, type Verdict } from './comparisons.ts'
import { chiSquareTail } from './distributions/chi-square.ts'
import { fTail } from './distributions/f.ts'
import { addHistograms, checkCounts, countOf, momentsOf, totalOf, type Histogram, type Moments } from './histograms.ts'
import { softened } from './intervals.ts'
import {
  checkMetric,
  countedValues,
  readingOf,
  scoresOf,
  type MetricName,
  type Options,
  type Reading,
} from './reading.ts'
import type { Scale, ScaleId } from './scales.ts'
import { rangeOf } from './summaries.ts'

export interface Group {
  readonly key: string
  readonly counts: Histogram
}

/** Whether the groups differ at all: chi-square for shares (`dfWithin` is `null`), Welch's F for the others. */
export interface Omnibus {
  readonly method: 'chi-square' | 'welch'
  readonly statistic: number
  readonly df: number
  readonly dfWithin: number | null
  readonly pValue: number
}

/** One group against the rest, in the metric's unit; all `null` for a group without answers. */
export interface GroupComparison {
  readonly key: string
  readonly difference: number | null
  readonly low: number | null
  readonly high: number | null
  readonly adjustedP: number | null
  readonly ease: Ease | null
  readonly verdict: Verdict | null
}

export interface GroupComparisons {
  /** `null` where the groups are too few or too alike to test; two groups need no gate. */
  readonly omnibus: Omnibus | null
  /** The level that the intervals are drawn at. */
  readonly level: number
  readonly groups: readonly GroupComparison[]
}

/**
 * Each group against all others together, in the order given. The omnibus test opens the gate; Benjamini–Hochberg
 * picks R of the m groups that can be tested; every interval is drawn at level 1 − R (1 − level) / m (Benjamini &
 * Yekutieli 2005; R counts as 1 when none is picked), and a picked group's verdict is that interval's. All others are
 * within noise. Two groups with answers are one comparison, without gate or correction.
 */
export function compareGroups(
  groups: readonly Group[],
  scale: Scale | ScaleId,
  metric: MetricName,
  options: Options = {},
): GroupComparisons {
  const reading = readingOf(scale, options)
  checkMetric(metric)
  for (const group of groups) checkCounts(`counts of ${group.key}`, group.counts, reading.scale)
  const rests = restsOf(groups, reading.scale)
  const pValues = groups.map(({ counts }, index) => pValueOf(counts, rests[index]!, metric, reading))
  const one = groups.filter(({ counts }) => totalOf(counts) > 0).length <= 2
  const omnibus = one ? null : omnibusTest(groups, metric, reading)
  const adjusted = one ? pValues : adjustKnown(pValues)
  const open = omnibus !== null && omnibus.pValue < 1 - reading.level
  const picked = adjusted.map((p) => one || (open && p !== null && p <= 1 - reading.level))
  const level = one ? reading.level : selectedLevel(picked, pValues, reading.level)
  const compared = groups.map(({ key, counts }, index) => {
    const found = differenceOf(counts, rests[index]!, metric, { ...reading, level })
    const verdict = verdictOf(found)
    return {
      key,
      difference: found.difference,
      low: found.low,
      high: found.high,
      adjustedP: adjusted[index] ?? null,
      ease: easeOf(found.difference, metric, reading.scale),
      verdict: verdict === null || picked[index] ? verdict : ('within-noise' as const),
    }
  })
  return { omnibus, level, groups: compared }
}

/**
 * Benjamini–Hochberg (1995) adjusted p-values in the order given: each is the smallest false discovery rate at which
 * it would be picked. Throws a `RangeError` on a p-value outside 0–1.
 */
export function adjustPValues(pValues: readonly number[]): number[] {
  pValues.forEach((p, index) => checkShare(`pValues[${index}]`, p))
  const order = pValues.map((_, index) => index).sort((a, b) => pValues[b]! - pValues[a]!)
  const adjusted = Array.from<number>({ length: pValues.length })
  let least = 1
  order.forEach((index, place) => {
    least = Math.min(least, pValues[index]! * (pValues.length / (pValues.length - place)))
    adjusted[index] = least
  })
  return adjusted
}

/** Welch's (1951) test that means with unequal variances are one; every group needs a variance above 0. */
export function welchAnova(groups: readonly { mean: number; variance: number; n: number }[]): Omnibus | null {
  const k = groups.length
  if (k < 2) return null
  const weights = groups.map(({ variance, n }) => n / variance)
  const whole = weights.reduce((sum, weight) => sum + weight, 0)
  const centre = groups.reduce((sum, { mean }, index) => sum + weights[index]! * mean, 0) / whole
  let between = 0
  let lambda = 0
  groups.forEach(({ mean, n }, index) => {
    between += weights[index]! * (mean - centre) ** 2
    lambda += (1 - weights[index]! / whole) ** 2 / (n - 1)
  })
  const statistic = between / (k - 1) / (1 + (2 * (k - 2) * lambda) / (k * k - 1))
  const dfWithin = (k * k - 1) / (3 * lambda)
  return { method: 'welch', statistic, df: k - 1, dfWithin, pValue: fTail(statistic, k - 1, dfWithin) }
}

/** Pearson's chi-square on the table of successes and failures by group. */
function chiSquareTest(shares: readonly { successes: number; n: number }[], designEffect: number): Omnibus | null {
  const n = shares.reduce((sum, share) => sum + share.n, 0)
  const pooled = shares.reduce((sum, share) => sum + share.successes, 0) / n
  if (shares.length < 2 || pooled === 0 || pooled === 1) return null
  let statistic = 0
  for (const share of shares) statistic += (share.successes - share.n * pooled) ** 2 / share.n
  statistic /= pooled * (1 - pooled) * designEffect
  const df = shares.length - 1
  return { method: 'chi-square', statistic, df, dfWithin: null, pValue: chiSquareTail(statistic, df) }
}

function omnibusTest(groups: readonly Group[], metric: MetricName, reading: Reading): Omnibus | null {
  const { scale, rule, designEffect } = reading
  const counted = countedValues(metric, rule)
  if (counted !== null) {
    const shares = groups.map(({ counts }) => ({ successes: countOf(counts, scale, counted), n: totalOf(counts) }))
    return chiSquareTest(
      shares.filter(({ n }) => n > 0),
      designEffect,
    )
  }
  const scores = scoresOf(metric, reading)
  const moments = groups.map(({ counts }) => momentsOf(counts, scores)).filter(({ n }) => n / designEffect > 1)
  return welchAnova(moments.map((group) => withVariance(group, scores, designEffect)))
}

/** A group whose answers are all alike would weigh infinitely much: it takes the variance of its softened sample. */
function withVariance(moments: Moments, scores: readonly number[], designEffect: number) {
  const variance =
    moments.squares > 0 ? moments.squares / (moments.n - 1) : softened(moments, rangeOf(scores), designEffect).variance
  return { mean: moments.mean, variance, n: moments.n / designEffect }
}

function restsOf(groups: readonly Group[], scale: Scale): Histogram[] {
  const none = Array.from({ length: scale.max - scale.min + 1 }, () => 0)
  const whole = groups.reduce<Histogram>((sum, { counts }) => addHistograms(sum, counts), none)
  return groups.map(({ counts }) => whole.map((count, index) => count - counts[index]!))
}

function adjustKnown(pValues: readonly (number | null)[]): (number | null)[] {
  const adjusted = adjustPValues(pValues.filter((p) => p !== null))
  let next = 0
  return pValues.map((p) => (p === null ? null : adjusted[next++]!))
}

function selectedLevel(picked: readonly boolean[], pValues: readonly (number | null)[], level: number): number {
  const tested = pValues.filter((p) => p !== null).length
  const chosen = picked.filter(Boolean).length
  return 1 - (Math.max(1, chosen) * (1 - level)) / Math.max(1, tested)
}
