import { betaQuantile, incompleteBeta } from './beta.ts'
import { stirlingError } from './gamma.ts'
import { normalQuantile } from './normal.ts'

/** P(T ≤ t) for Student's t with `df` > 0 degrees of freedom, not necessarily whole. */
export function studentCdf(t: number, df: number): number {
  const tail = twoSidedP(t, df) / 2
  return t < 0 ? tail : 1 - tail
}

/** P(|T| ≥ |t|), the two-sided p-value. */
export function twoSidedP(t: number, df: number): number {
  const square = t * t
  if (square === Infinity) return 0
  return incompleteBeta(df / (df + square), df / 2, 0.5, square / (df + square))
}

/** The t with P(T ≤ t) = p. Hill's (1970) expansion, then Newton with Halley's correction on the two-sided tail. */
export function studentQuantile(p: number, df: number): number {
  if (p <= 0) return -Infinity
  if (p >= 1) return Infinity
  if (p === 0.5) return 0
  const size = criticalT(2 * Math.min(p, 1 - p), df)
  return p < 0.5 ? -size : size
}

/** The t > 0 with P(|T| ≥ t) = alpha. */
export function criticalT(alpha: number, df: number): number {
  if (df === 1) return 1 / Math.tan((alpha * Math.PI) / 2)
  if (df === 2) return Math.sqrt(2 / (alpha * (2 - alpha)) - 2)
  let t = df < 3 ? byBeta(alpha, df) : byExpansion(alpha, df)
  for (let step = 0; step < 20 && Number.isFinite(t) && t > 0; step++) {
    const newton = (twoSidedP(t, df) - alpha) / (2 * studentDensity(t, df))
    const move = newton / (1 - Math.max(-0.5, Math.min(0.5, (0.5 * newton * (df + 1) * t) / (df + t * t))))
    t = Math.max(t / 2, t + move)
    // The next step would be smaller by the cube: it is below what a double can hold.
    if (Math.abs(move) < 1e-6 * t) break
  }
  return t
}

function byBeta(alpha: number, df: number): number {
  const x = betaQuantile(alpha, df / 2, 0.5)
  return Math.sqrt((df * (1 - x)) / x)
}

/** Abramowitz & Stegun 26.7.5. */
function byExpansion(alpha: number, df: number): number {
  const z = -normalQuantile(alpha / 2)
  const s = z * z
  const g1 = (s + 1) / 4
  const g2 = ((5 * s + 16) * s + 3) / 96
  const g3 = (((3 * s + 19) * s + 17) * s - 15) / 384
  const g4 = ((((79 * s + 776) * s + 1482) * s - 1920) * s - 945) / 92160
  return z * (1 + (g1 + (g2 + (g3 + g4 / df) / df) / df) / df)
}

function studentDensity(t: number, df: number): number {
  const half = df / 2
  const ratio = half * Math.log1p(0.5 / half) - 0.5 + stirlingError(half + 0.5) - stirlingError(half)
  return Math.exp(ratio - (half + 0.5) * Math.log1p((t * t) / df)) / Math.sqrt(2 * Math.PI)
}
