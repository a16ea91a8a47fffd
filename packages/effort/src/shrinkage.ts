import { betaQuantile } from './distributions/beta.ts'
import { digamma, logGamma, trigamma } from './distributions/gamma.ts'
import { checkGroups, type Group } from './groups.ts'
import { countOf, momentsOf, rangeOf, totalOf, type Bounds } from './histograms.ts'
import { criticalZ, softened, wilsonInterval } from './intervals.ts'
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

/** A group's estimate, drawn towards all groups' middle. Rank 1 is the easiest; equal estimates share a rank. */
export interface ShrunkenGroup {
  readonly key: string
  readonly estimate: number | null
  readonly low: number | null
  readonly high: number | null
  readonly rank: number | null
}

type Estimate = Bounds & { readonly estimate: number }

const fewestRanked = 5

/**
 * Shrunken estimates in the order given, in the metric's unit: beta–binomial by maximum likelihood for shares,
 * normal–normal with Paule & Mandel's τ² for the others, with the interval of each posterior. A group without answers
 * has `null`s; with fewer than five groups that have answers no rank is given. Throws a `RangeError` as `compareGroups`
 * does.
 */
export function shrinkGroups(
  groups: readonly Group[],
  scale: Scale | ScaleId,
  metric: MetricName,
  options: Options = {},
): ShrunkenGroup[] {
  const reading = readingOf(scale, options)
  checkMetric(metric)
  checkGroups(groups, reading.scale)
  const answered = groups.filter(({ counts }) => totalOf(counts) > 0)
  const counted = countedValues(metric, reading.rule)
  const estimates = counted === null ? shrinkMeans(answered, metric, reading) : shrinkShares(answered, counted, reading)
  const ranks = ranksOf(estimates, easeSign(metric, reading.scale))
  let next = 0
  return groups.map(({ key, counts }) => {
    if (totalOf(counts) === 0) return { key, estimate: null, low: null, high: null, rank: null }
    const place = next++
    return { key, ...estimates[place]!, rank: ranks[place]! }
  })
}

function ranksOf(estimates: readonly Estimate[], sign: 1 | -1): (number | null)[] {
  if (estimates.length < fewestRanked) return estimates.map(() => null)
  const easiest = estimates.map(({ estimate }) => sign * estimate).sort((a, b) => b - a)
  const first = new Map<number, number>()
  easiest.forEach((value, place) => {
    if (!first.has(value)) first.set(value, place + 1)
  })
  return estimates.map(({ estimate }) => first.get(sign * estimate)!)
}

function shrinkMeans(groups: readonly Group[], metric: MetricName, reading: Reading): Estimate[] {
  const worth = worthOf(metric, reading)
  const range = rangeOf(worth)
  const means = groups.map(({ counts }) => {
    const moments = momentsOf(counts, worth)
    const { variance, size } = softened(moments, range, reading.designEffect)
    return { mean: moments.mean, variance: variance / size }
  })
  const between = pauleMandel(means)
  const { centre, weight } = weightedCentre(means, between)
  const z = criticalZ(reading.level)
  return means.map(({ mean, variance }) => {
    const kept = between / (between + variance)
    // Rounding may lead a last digit past the end of the scale.
    const estimate = Math.min(range.high, Math.max(range.low, kept * mean + (1 - kept) * centre))
    const half = z * Math.sqrt(kept * variance + (1 - kept) ** 2 / weight)
    return { estimate, low: Math.max(range.low, estimate - half), high: Math.min(range.high, estimate + half) }
  })
}

interface Measured {
  readonly mean: number
  readonly variance: number
}

/**
 * The variance between groups, τ², at which the weighted squares are k − 1 (Paule & Mandel 1982). Newton from 0 never
 * overshoots, because the squares fall convexly (DerSimonian & Kacker 2007).
 */
export function pauleMandel(groups: readonly Measured[]): number {
  let between = 0
  for (let step = 0; step < 100; step++) {
    const { centre } = weightedCentre(groups, between)
    let excess = 1 - groups.length
    let slope = 0
    for (const { mean, variance } of groups) {
      const weight = 1 / (variance + between)
      excess += weight * (mean - centre) ** 2
      slope += weight ** 2 * (mean - centre) ** 2
    }
    if (excess <= 0 || slope === 0) break
    between += excess / slope
    if (excess / slope < between * 1e-14) break
  }
  return between
}

function weightedCentre(groups: readonly Measured[], between: number): { centre: number; weight: number } {
  let weight = 0
  let sum = 0
  for (const { mean, variance } of groups) {
    weight += 1 / (variance + between)
    sum += mean / (variance + between)
  }
  return { centre: sum / weight, weight }
}

function shrinkShares(groups: readonly Group[], counted: readonly number[], reading: Reading): Estimate[] {
  const { scale, level, designEffect } = reading
  const shares = groups.map(({ counts }) => ({
    successes: countOf(counts, scale, counted) / designEffect,
    n: totalOf(counts) / designEffect,
  }))
  const prior = fitBetaBinomial(shares)
  if (prior === null) return pooledEstimates(shares, criticalZ(level))
  const tail = (1 - level) / 2
  return shares.map(({ successes, n }) => {
    const a = prior.a + successes
    const b = prior.b + n - successes
    const estimate = a / (a + b)
    const low = Math.min(estimate, betaQuantile(tail, a, b))
    return { estimate, low, high: Math.max(estimate, betaQuantile(1 - tail, a, b)) }
  })
}

interface Counted {
  readonly successes: number
  readonly n: number
}

/** Groups that differ by no more than chance are all the same. */
function pooledEstimates(shares: readonly Counted[], z: number): Estimate[] {
  if (shares.length === 0) return []
  const { pooled, n } = poolOf(shares)
  const bounds = wilsonInterval(pooled, n, z)
  return shares.map(() => ({ estimate: pooled, ...bounds }))
}

function poolOf(shares: readonly Counted[]): { pooled: number; n: number } {
  let n = 0
  let successes = 0
  for (const share of shares) {
    n += share.n
    successes += share.successes
  }
  return { pooled: successes / n, n }
}

// A prior worth a thousandth of an answer moves nothing; one of a billion leaves nothing of the groups.
const smallestSize = 1e-3
const largestSize = 1e9

/**
 * The Beta(a, b) under which the counts are likeliest, or `null` where no spread beyond the binomial's is likeliest
 * (the likelihood's slope in 1 / (a + b) at 0 is not positive). Newton in logit a / (a + b) and log (a + b), with
 * damping until each step gains.
 */
export function fitBetaBinomial(shares: readonly Counted[]): { a: number; b: number } | null {
  const { pooled } = poolOf(shares)
  if (!(pooled > 0 && pooled < 1) || spreadSlope(shares, pooled) <= 0) return null
  let at = { logit: Math.log(pooled / (1 - pooled)), logSize: Math.log(10) }
  let likelihood = logLikelihood(shares, at)
  let damping = 1e-3
  for (let step = 0; step < 200; step++) {
    const next = dampedStep(shares, at, damping)
    const gained = logLikelihood(shares, next) - likelihood
    if (!(gained >= 0)) {
      damping *= 8
      if (damping > 1e12) break
      continue
    }
    const moved = Math.abs(next.logit - at.logit) + Math.abs(next.logSize - at.logSize)
    at = next
    likelihood += gained
    damping = Math.max(damping / 8, 1e-12)
    if (moved < 1e-11) break
  }
  const { a, b } = priorOf(at)
  return a + b >= largestSize ? null : { a, b }
}

interface Position {
  readonly logit: number
  readonly logSize: number
}

function priorOf({ logit, logSize }: Position): { a: number; b: number } {
  const size = Math.min(largestSize, Math.max(smallestSize, Math.exp(logSize)))
  return { a: size / (1 + Math.exp(-logit)), b: size / (1 + Math.exp(logit)) }
}

function spreadSlope(shares: readonly Counted[], pooled: number): number {
  let slope = 0
  for (const { successes: x, n } of shares) {
    slope += (x * (x - 1)) / pooled + ((n - x) * (n - x - 1)) / (1 - pooled) - n * (n - 1)
  }
  return slope
}

function logLikelihood(shares: readonly Counted[], at: Position): number {
  const { a, b } = priorOf(at)
  const none = logGamma(a + b) - logGamma(a) - logGamma(b)
  let sum = 0
  for (const { successes: x, n } of shares) sum += logGamma(x + a) + logGamma(n - x + b) - logGamma(n + a + b) + none
  return sum
}

/** One Newton step; where the curvature is not that of a summit, damping turns it towards the gradient. */
function dampedStep(shares: readonly Counted[], at: Position, damping: number): Position {
  const { a, b } = priorOf(at)
  const first = { a: 0, b: 0 }
  const second = { aa: 0, bb: 0, ab: 0 }
  const none = { a: digamma(a), b: digamma(b), size: digamma(a + b) }
  const bend = { a: trigamma(a), b: trigamma(b), size: trigamma(a + b) }
  for (const { successes: x, n } of shares) {
    const size = none.size - digamma(n + a + b)
    first.a += digamma(x + a) - none.a + size
    first.b += digamma(n - x + b) - none.b + size
    const sizeBend = bend.size - trigamma(n + a + b)
    second.aa += trigamma(x + a) - bend.a + sizeBend
    second.bb += trigamma(n - x + b) - bend.b + sizeBend
    second.ab += sizeBend
  }
  const s = (a * b) / (a + b)
  const tilt = (s * (b - a)) / (a + b)
  const gradient = [s * (first.a - first.b), a * first.a + b * first.b] as const
  const h11 = s * s * (second.aa - 2 * second.ab + second.bb) + tilt * (first.a - first.b)
  const h12 = s * (a * (second.aa - second.ab) + b * (second.ab - second.bb)) + gradient[0]
  const h22 = a * a * second.aa + 2 * a * b * second.ab + b * b * second.bb + gradient[1]
  const c11 = Math.abs(h11) * (1 + damping) + 1e-300
  const c22 = Math.abs(h22) * (1 + damping) + 1e-300
  const summit = h11 < 0 && h22 < 0 && h11 * h22 > h12 * h12
  const c12 = summit ? -h12 : 0
  const determinant = c11 * c22 - c12 * c12
  return {
    logit: at.logit + limited((c22 * gradient[0] - c12 * gradient[1]) / determinant),
    logSize: at.logSize + limited((c11 * gradient[1] - c12 * gradient[0]) / determinant),
  }
}

function limited(step: number): number {
  return Math.max(-2, Math.min(2, step))
}
