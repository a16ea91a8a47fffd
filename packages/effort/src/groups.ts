import { checkArray, checkObject, checkShare, refuse } from './arguments.ts'
import { differenceOf, easeOf, pickingP, pValueOf, verdictOf, type Ease, type Verdict } from './comparisons.ts'
import { chiSquareTail } from './distributions/chi-square.ts'
import { fTail } from './distributions/f.ts'
import {
  addHistograms,
  checkCounts,
  countOf,
  momentsOf,
  rangeOf,
  totalOf,
  type Histogram,
  type Moments,
  type Worth,
} from './histograms.ts'
import { softened } from './intervals.ts'
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

/** One group's answers; `key` is given back as it is. */
export interface Group {
  readonly key: string
  readonly counts: Histogram
}

/** Whether the groups differ at all: Pearson's chi-square for shares, Brown & Forsythe's F* for the others. */
export interface Omnibus {
  readonly method: 'chi-square' | 'brown-forsythe'
  /** 0 or more: chi-square, or F*. */
  readonly statistic: number
  /** Above 0: k − 1 groups for chi-square; between the groups for F*, where it need not be whole. */
  readonly df: number
  /** Within the groups, above 0; `null` for chi-square. */
  readonly dfWithin: number | null
  /** 0 to 1; the gate is open where it is below 1 − level. */
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

/** What `compareGroups` returns, `groups` in the order given. */
export interface GroupComparisons {
  /** `null` where the groups are too few or too alike to test; one comparison needs no gate. */
  readonly omnibus: Omnibus | null
  /** The level that the intervals are drawn at. */
  readonly level: number
  readonly groups: readonly GroupComparison[]
}

/**
 * Each group against all others together, in the order given. The omnibus test opens the gate; Benjamini–Hochberg
 * picks R of the m groups that can be tested; every interval is drawn at level 1 − R (1 − level) / m (Benjamini &
 * Yekutieli 2005; R counts as 1 when none is picked), and a picked group's verdict is that interval's. All others are
 * within noise. Two groups with answers, or one that can be tested among single answers, are one comparison, without
 * gate or correction. Throws a `RangeError` on a group
 * without a key, counts that do not fit the scale, an unknown scale or metric, and bad options.
 */
export function compareGroups(
  groups: readonly Group[],
  scale: Scale | ScaleId,
  metric: MetricName,
  options: Options = {},
): GroupComparisons {
  const reading = readingOf(scale, options)
  checkMetric(metric)
  checkGroups(groups, reading.scale)
  const rests = restsOf(groups, reading.scale)
  const one = groups.filter(({ counts }) => totalOf(counts) > 0).length <= 2
  const testOf = one ? pValueOf : pickingP
  const pValues = groups.map(({ counts }, index) => testOf(counts, rests[index]!, metric, reading))
  const omnibus = one ? null : omnibusTest(groups, metric, reading)
  const adjusted = one ? pValues : adjustKnown(pValues)
  const open = omnibus === null ? testable(pValues) === 1 : omnibus.pValue < 1 - reading.level
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

/** Refuses all but a list of groups with keys and counts of the scale. */
export function checkGroups(groups: readonly Group[], scale: Scale): void {
  checkArray('groups', groups, 'an array of { key, counts }')
  groups.forEach((group, index) => {
    checkObject(`groups[${index}]`, group, '{ key, counts }')
    if (typeof group.key !== 'string') refuse(`groups[${index}].key`, group.key, 'a text')
    checkCounts(`counts of ${group.key}`, group.counts, scale)
  })
}

/**
 * Benjamini–Hochberg (1995) adjusted p-values in the order given: each is the smallest false discovery rate at which
 * it would be picked. Throws a `RangeError` on a p-value outside 0–1.
 */
export function adjustPValues(pValues: readonly number[]): number[] {
  checkArray('pValues', pValues, 'an array of numbers from 0 to 1')
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

/**
 * Brown & Forsythe's (1974) F*, *The small sample behavior of some statistics which test the equality of several means*,
 * with Mehrotra's (1997) degrees of freedom between the groups: the squares between them over what chance alone would
 * make of them, each group with a variance of its own. `null` below two groups or where nothing varies.
 */
export function brownForsythe(groups: readonly { mean: number; variance: number; n: number }[]): Omnibus | null {
  const whole = groups.reduce((sum, { n }) => sum + n, 0)
  const centre = groups.reduce((sum, { n, mean }) => sum + n * mean, 0) / whole
  const sums = { between: 0, expected: 0, within: 0, weighted: 0, fourth: 0 }
  for (const { mean, variance, n } of groups) {
    const weight = n / whole
    const part = (1 - weight) * variance
    sums.between += n * (mean - centre) ** 2
    sums.expected += part
    sums.within += part ** 2 / (n - 1)
    sums.weighted += weight * variance
    sums.fourth += (1 - 2 * weight) * variance ** 2
  }
  if (groups.length < 2 || sums.expected === 0) return null
  const statistic = sums.between / sums.expected
  const df = sums.expected ** 2 / (sums.weighted ** 2 + sums.fourth)
  const dfWithin = sums.expected ** 2 / sums.within
  return { method: 'brown-forsythe', statistic, df, dfWithin, pValue: fTail(statistic, df, dfWithin) }
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
  const worth = worthOf(metric, reading)
  const moments = groups.map(({ counts }) => momentsOf(counts, worth)).filter(({ n }) => n / designEffect > 1)
  return brownForsythe(withVariances(moments, worth, designEffect))
}

/** Where the answers of every group are all alike there is no variance to go by: each takes its softened sample's. */
function withVariances(groups: readonly Moments[], worth: Worth, designEffect: number) {
  const alike = groups.every(({ squares }) => squares === 0)
  return groups.map((moments) => {
    const { mean, n, squares } = moments
    const variance = alike ? softened(moments, rangeOf(worth), designEffect).variance : squares / (n - 1)
    return { mean, variance, n: n / designEffect }
  })
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
  const chosen = picked.filter(Boolean).length
  return 1 - (Math.max(1, chosen) * (1 - level)) / Math.max(1, testable(pValues))
}

function testable(pValues: readonly (number | null)[]): number {
  return pValues.filter((p) => p !== null).length
}
