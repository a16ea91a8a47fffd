import { incompleteBeta } from './beta.ts'
import { normalQuantile } from './normal.ts'

/** P(X ≤ k) for X binomial with whole n ≥ 0 and 0 ≤ share ≤ 1. */
export function binomialCdf(k: number, n: number, share: number): number {
  if (k < 0) return 0
  if (k >= n) return 1
  return incompleteBeta(1 - share, n - k, k + 1, share)
}

/**
 * The smallest k with P(X ≤ k) ≥ p. Starts at the Cornish–Fisher approximation and gallops from there,
 * so it costs a handful of distribution functions at any n.
 */
export function binomialQuantile(p: number, n: number, share: number): number {
  if (share <= 0 || p <= 0) return 0
  if (share >= 1 || p >= 1) return n
  const reached = (k: number): boolean => binomialCdf(k, n, share) >= p
  const start = Math.min(n, Math.max(0, Math.floor(approximately(p, n, share))))
  let step = 1
  let below: number
  let above: number
  if (reached(start)) {
    above = start
    while (above - step >= 0 && reached(above - step)) {
      above -= step
      step *= 2
    }
    below = Math.max(-1, above - step)
  } else {
    below = start
    while (below + step < n && !reached(below + step)) {
      below += step
      step *= 2
    }
    above = Math.min(n, below + step)
  }
  while (above - below > 1) {
    const middle = Math.floor((above + below) / 2)
    if (reached(middle)) above = middle
    else below = middle
  }
  return above
}

function approximately(p: number, n: number, share: number): number {
  const z = normalQuantile(p)
  const deviation = Math.sqrt(n * share * (1 - share))
  return n * share + z * deviation + ((1 - 2 * share) * (z * z - 1)) / 6
}
