import { refuse } from './arguments.ts'
import type { Scale } from './scales.ts'

/** How often each value of a scale was given: whole counts, the first for the scale's `min`. */
export type Histogram = readonly number[]

/** The histogram of both together. Both must have the same length. */
export function addHistograms(a: Histogram, b: Histogram): number[] {
  if (a.length !== b.length) refuse('b', b, `of the same length as a, ${a.length}`)
  return a.map((count, index) => count + (b[index] ?? 0))
}

/** Refuses a histogram that is not one whole, non-negative count for each value of the scale. */
export function checkCounts(argument: string, counts: Histogram, scale: Scale): void {
  const size = scale.max - scale.min + 1
  if (!Array.isArray(counts) || counts.length !== size) {
    refuse(argument, counts, `${size} counts, for the values ${scale.min} to ${scale.max}`)
  }
  for (let index = 0; index < size; index++) {
    const count = counts[index]
    if (!Number.isSafeInteger(count) || count! < 0) {
      refuse(`${argument}[${index}]`, count, 'a whole number of answers, 0 or more')
    }
  }
}

/** How many answers a histogram holds. */
export function totalOf(counts: Histogram): number {
  let n = 0
  for (const count of counts) n += count
  return n
}

/** How many answers took one of `values`. */
export function countOf(counts: Histogram, scale: Scale, values: readonly number[]): number {
  let n = 0
  for (const value of values) n += counts[value - scale.min] ?? 0
  return n
}

/** n, mean and the sum of squared distances from it, where each answer is worth the score of its place. */
export interface Moments {
  readonly n: number
  readonly mean: number
  readonly squares: number
}

/** The moments of the scores; the mean of no answers is NaN. */
export function momentsOf(counts: Histogram, scores: readonly number[]): Moments {
  let n = 0
  let sum = 0
  for (let index = 0; index < counts.length; index++) {
    n += counts[index]!
    sum += counts[index]! * scores[index]!
  }
  const mean = sum / n
  let squares = 0
  for (let index = 0; index < counts.length; index++) squares += counts[index]! * (scores[index]! - mean) ** 2
  return { n, mean, squares }
}

/** The middle value; between two middle ones their mean. `null` without answers. */
export function medianOf(counts: Histogram, scale: Scale): number | null {
  const n = totalOf(counts)
  if (n === 0) return null
  return (valueAt(counts, scale, Math.ceil(n / 2)) + valueAt(counts, scale, Math.floor(n / 2) + 1)) / 2
}

/** The value of the `place`-th smallest answer, counted from 1. */
function valueAt(counts: Histogram, scale: Scale, place: number): number {
  let seen = 0
  for (let index = 0; index < counts.length; index++) {
    seen += counts[index]!
    if (seen >= place) return scale.min + index
  }
  return scale.max
}
