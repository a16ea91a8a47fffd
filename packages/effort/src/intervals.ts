import { normalQuantile } from './distributions/normal.ts'
import { criticalT } from './distributions/student-t.ts'
import type { Bounds, Moments } from './histograms.ts'

/** The z that a two-sided normal interval of this level reaches to. */
export function criticalZ(level: number): number {
  return -normalQuantile((1 - level) / 2)
}

/**
 * Variance (divisor N − 1) and mean of the scores after adding half an answer at each end of their range,
 * N = n + 1, where n / designEffect stands for n. Never 0, so that ten equal answers do not look certain.
 */
export function softened(moments: Moments, range: Bounds, designEffect: number) {
  const n = moments.n / designEffect
  const size = n + 1
  const mean = (n * moments.mean + (range.low + range.high) / 2) / size
  const added = ((range.low - mean) ** 2 + (range.high - mean) ** 2) / 2
  const squares = moments.squares / designEffect + n * (moments.mean - mean) ** 2 + added
  return { mean, variance: squares / n, size }
}

/**
 * The interval of a mean: Student t with n − 1 degrees of freedom on the softened sample, clipped to the range and
 * widened to contain the mean. `null` where n / designEffect is not above 1.
 */
export function meanInterval(moments: Moments, range: Bounds, level: number, designEffect: number): Bounds | null {
  const df = moments.n / designEffect - 1
  if (!(df > 0)) return null
  const { mean, variance, size } = softened(moments, range, designEffect)
  const half = criticalT(1 - level, df) * Math.sqrt(variance / size)
  return {
    low: Math.min(moments.mean, Math.max(range.low, mean - half)),
    high: Math.max(moments.mean, Math.min(range.high, mean + half)),
  }
}

/** Wilson's (1927) score interval of a share, without continuity correction. `n` > 0 need not be whole. */
export function wilsonInterval(share: number, n: number, z: number): Bounds {
  const square = z * z
  const centre = n * share + square / 2
  const half = z * Math.sqrt(n * share * (1 - share) + square / 4)
  return {
    low: share === 0 ? 0 : Math.min(share, Math.max(0, (centre - half) / (n + square))),
    high: share === 1 ? 1 : Math.max(share, Math.min(1, (centre + half) / (n + square))),
  }
}

/**
 * Tango's (1998) score interval for (plus − minus) / n, the difference of two paired proportions with `plus` and
 * `minus` discordant pairs. None of the three need be whole. Both limits are found by bisection, because each of them
 * is the one change of sign between the estimate and its end of the range.
 */
export function tangoInterval(plus: number, minus: number, n: number, z: number): Bounds {
  const high = tangoLimit(plus, minus, n, z)
  return { low: -tangoLimit(minus, plus, n, z), high }
}

/** The upper limit: where (n·difference − plus + minus) outgrows z times its standard deviation under the null. */
function tangoLimit(plus: number, minus: number, n: number, z: number): number {
  let inside = Math.min(1, (plus - minus) / n)
  let outside = 1
  while (outside - inside > 1e-15) {
    const middle = (inside + outside) / 2
    if (middle <= inside || middle >= outside) break
    const distance = n * middle - plus + minus
    if (distance > z * Math.sqrt(n * nullVariance(middle, plus, minus, n))) outside = middle
    else inside = middle
  }
  return outside
}

/** The variance of one pair's difference when its mean is `difference`, by restricted maximum likelihood. */
function nullVariance(difference: number, plus: number, minus: number, n: number): number {
  const a = 2 * n
  const b = (2 * n - plus + minus) * difference - plus - minus
  const c = -minus * difference * (1 - difference)
  const root = Math.sqrt(Math.max(0, b * b - 4 * a * c))
  // Either form of the root of a·q² + b·q + c, whichever subtracts nothing.
  const q = b > 0 ? (-2 * c) / (b + root) : (root - b) / (2 * a)
  return Math.max(0, 2 * q + difference * (1 - difference))
}

/**
 * The interval of a − b from the intervals of both (Zou & Donner 2008, *method of variance estimates recovery*;
 * for two Wilson intervals it is Newcombe's (1998) hybrid score).
 */
export function moverInterval(a: number, boundsA: Bounds, b: number, boundsB: Bounds, widest: number): Bounds {
  const difference = a - b
  const down = Math.sqrt((a - boundsA.low) ** 2 + (boundsB.high - b) ** 2)
  const up = Math.sqrt((boundsA.high - a) ** 2 + (b - boundsB.low) ** 2)
  return { low: Math.max(-widest, difference - down), high: Math.min(widest, difference + up) }
}
