import { deviance, logGamma, nonZero, stirlingError } from './gamma.ts'
import { normalQuantile } from './normal.ts'

const settled = 1e-15
const longestFraction = 1_000_000

/**
 * I_x(a, b), the regularised incomplete beta function, for a, b > 0 and 0 ≤ x ≤ 1.
 * Pass `y` = 1 − x where it is known more exactly than the subtraction gives it.
 * Continued fraction (DLMF 8.17.22) by Lentz's method, with its factor in saddle-point form.
 */
export function incompleteBeta(x: number, a: number, b: number, y: number = 1 - x): number {
  if (x <= 0) return 0
  if (y <= 0) return 1
  if (x < (a + 1) / (a + b + 2)) return Math.min(1, (betaTerm(x, a, b, y) * betaFraction(x, a, b)) / a)
  return Math.max(0, 1 - (betaTerm(x, a, b, y) * betaFraction(y, b, a)) / b)
}

/** x^a (1 − x)^b / B(a, b). */
function betaTerm(x: number, a: number, b: number, y: number): number {
  const n = a + b
  const exponent = stirlingError(n) - stirlingError(a) - stirlingError(b) - deviance(a, n * x) - deviance(b, n * y)
  return Math.exp(exponent) * Math.sqrt((a * b) / (2 * Math.PI * n))
}

function betaFraction(x: number, a: number, b: number): number {
  let c = 1
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1))
  let h = d
  for (let m = 1; m < longestFraction; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / nonZero(1 + even * d)
    c = nonZero(1 + even / c)
    h *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / nonZero(1 + odd * d)
    c = nonZero(1 + odd / c)
    const factor = d * c
    h *= factor
    if (!(Math.abs(factor - 1) > settled)) break
  }
  return h
}

/**
 * The x with I_x(a, b) = p: Newton with Halley's correction, held inside a bracket that each step narrows.
 * First guess after Numerical Recipes 6.14.22.
 */
export function betaQuantile(p: number, a: number, b: number): number {
  if (p <= 0) return 0
  if (p >= 1) return 1
  let low = 0
  let high = 1
  let x = firstGuess(p, a, b)
  for (let step = 0; step < 200; step++) {
    const y = 1 - x
    const error = incompleteBeta(x, a, b, y) - p
    if (error === 0) break
    if (error > 0) high = x
    else low = x
    const newton = (error * x * y) / betaTerm(x, a, b, y)
    const next = x - newton / (1 - Math.min(1, 0.5 * newton * ((a - 1) / x - (b - 1) / y)))
    if (Math.abs(next - x) <= 4e-16 * x) break
    x = next > low && next < high ? next : (low + high) / 2
    if (high - low <= 4e-16 * high) break
  }
  return x
}

function firstGuess(p: number, a: number, b: number): number {
  if (a >= 1 && b >= 1) return centralGuess(p, a, b)
  const lowTail = Math.exp(a * Math.log(a / (a + b))) / a
  const highTail = Math.exp(b * Math.log(b / (a + b))) / b
  const sum = lowTail + highTail
  const guess = p < lowTail / sum ? (a * sum * p) ** (1 / a) : 1 - (b * sum * (1 - p)) ** (1 / b)
  return Math.min(1 - 1e-15, Math.max(1e-300, guess))
}

/** Abramowitz & Stegun 26.5.22. */
function centralGuess(p: number, a: number, b: number): number {
  const z = normalQuantile(p)
  const al = (z * z - 3) / 6
  const h = 2 / (1 / (2 * a - 1) + 1 / (2 * b - 1))
  const w = (-z * Math.sqrt(Math.max(0, al + h))) / h - (1 / (2 * b - 1) - 1 / (2 * a - 1)) * (al + 5 / 6 - 2 / (3 * h))
  const guess = a / (a + b * Math.exp(2 * w))
  return guess > 0 && guess < 1 ? guess : a / (a + b)
}

/** log B(a, b) for a, b > 0. */
export function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b)
}
