import { lowerGamma, upperGamma } from './gamma.ts'

/** P(X ≤ x) for chi-square with `df` > 0 degrees of freedom. */
export function chiSquareCdf(x: number, df: number): number {
  return lowerGamma(df / 2, x / 2)
}

/** P(X ≥ x), without the cancellation of 1 − cdf. */
export function chiSquareTail(x: number, df: number): number {
  return upperGamma(df / 2, x / 2)
}
