import { incompleteBeta } from './beta.ts'

/** P(X ≤ x) for Fisher's F with `df1` and `df2` degrees of freedom, both > 0. */
export function fCdf(x: number, df1: number, df2: number): number {
  const whole = df1 * x + df2
  return incompleteBeta((df1 * x) / whole, df1 / 2, df2 / 2, df2 / whole)
}

/** P(X ≥ x), without the cancellation of 1 − cdf. */
export function fTail(x: number, df1: number, df2: number): number {
  const whole = df1 * x + df2
  return incompleteBeta(df2 / whole, df2 / 2, df1 / 2, (df1 * x) / whole)
}
