const halfLogTwoPi = 0.9189385332046728
const tiny = 1e-300
const precision = 1e-16
const settled = 1e-15
const longestSeries = 1_000_000

/**
 * The error of Stirling's formula: log Γ(x) = (x − ½) log x − x + ½ log 2π + stirlingError(x), for x > 0.
 * Asymptotic series (Abramowitz & Stegun 6.1.41) from 12 upwards, downwards by the recurrence
 * δ(x) = δ(x + 1) + (x + ½) log(1 + 1/x) − 1.
 */
export function stirlingError(x: number): number {
  let shifted = x
  let sum = 0
  while (shifted < 12) {
    sum += (shifted + 0.5) * Math.log1p(1 / shifted) - 1
    shifted += 1
  }
  const s = 1 / (shifted * shifted)
  const series =
    1 / 12 - s * (1 / 360 - s * (1 / 1260 - s * (1 / 1680 - s * (1 / 1188 - s * (691 / 360360 - s * (1 / 156))))))
  return sum + series / shifted
}

/** log Γ(x) for x > 0. */
export function logGamma(x: number): number {
  return (x - 0.5) * Math.log(x) - x + halfLogTwoPi + stirlingError(x)
}

/** ψ(x), the derivative of log Γ, for x > 0 (Abramowitz & Stegun 6.3.18 after the recurrence 6.3.5). */
export function digamma(x: number): number {
  let shifted = x
  let sum = 0
  while (shifted < 12) {
    sum -= 1 / shifted
    shifted += 1
  }
  const s = 1 / (shifted * shifted)
  const series =
    s * (1 / 12 - s * (1 / 120 - s * (1 / 252 - s * (1 / 240 - s * (1 / 132 - s * (691 / 32760 - s * (1 / 12)))))))
  return sum + Math.log(shifted) - 0.5 / shifted - series
}

/** ψ′(x), the second derivative of log Γ, for x > 0 (Abramowitz & Stegun 6.4.12 after 6.4.6). */
export function trigamma(x: number): number {
  let shifted = x
  let sum = 0
  while (shifted < 12) {
    sum += 1 / (shifted * shifted)
    shifted += 1
  }
  const s = 1 / (shifted * shifted)
  const series =
    s * (1 / 6 - s * (1 / 30 - s * (1 / 42 - s * (1 / 30 - s * (5 / 66 - s * (691 / 2730 - s * (7 / 6)))))))
  return sum + (1 + 0.5 / shifted + series) / shifted
}

/**
 * x log(x / m) + m − x without cancellation: the exponent of a Poisson or binomial probability
 * in saddle-point form (Loader 2000, *Fast and accurate computation of binomial probabilities*).
 */
export function deviance(x: number, m: number): number {
  const u = (m - x) / x
  return u < -0.5 ? x * Math.log(x / m) + m - x : x * (u - Math.log1p(u))
}

/** x^a e^(−x) / Γ(a + 1) for a, x > 0. */
function gammaTerm(a: number, x: number): number {
  return Math.exp(-stirlingError(a) - deviance(a, x)) / Math.sqrt(2 * Math.PI * a)
}

/** Q(a, x) = Γ(a, x) / Γ(a), the upper regularised incomplete gamma function; a > 0, x ≥ 0. */
export function upperGamma(a: number, x: number): number {
  if (x <= 0) return 1
  if (x === Infinity) return 0
  return x < a + 1 ? 1 - gammaSeries(a, x) : gammaFraction(a, x)
}

/** P(a, x) = 1 − Q(a, x), the lower regularised incomplete gamma function; a > 0, x ≥ 0. */
export function lowerGamma(a: number, x: number): number {
  if (x <= 0) return 0
  if (x === Infinity) return 1
  return x < a + 1 ? gammaSeries(a, x) : 1 - gammaFraction(a, x)
}

function gammaSeries(a: number, x: number): number {
  let term = 1
  let sum = 1
  for (let k = 1; k < longestSeries && term > sum * precision; k++) {
    term *= x / (a + k)
    sum += term
  }
  return Math.min(1, sum * gammaTerm(a, x))
}

/** Legendre's continued fraction (Abramowitz & Stegun 6.5.31) by Lentz's method. */
function gammaFraction(a: number, x: number): number {
  let b = x + 1 - a
  let c = 1 / tiny
  let d = 1 / b
  let h = d
  for (let k = 1; k < longestSeries; k++) {
    const numerator = -k * (k - a)
    b += 2
    d = 1 / nonZero(numerator * d + b)
    c = nonZero(b + numerator / c)
    const factor = d * c
    h *= factor
    if (!(Math.abs(factor - 1) > settled)) break
  }
  return Math.min(1, h * a * gammaTerm(a, x))
}

/** Lentz's method divides by what it has just made; a zero there is replaced by a tiny number. */
export function nonZero(x: number): number {
  return Math.abs(x) < tiny ? tiny : x
}
