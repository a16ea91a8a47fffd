import { checkArray, refuse } from './arguments.ts'
import type { Scale } from './scales.ts'

/** How often each value of a scale was given: whole counts, the first for the scale's `min`. */
export type Histogram = readonly number[]

/**
 * The histogram of both together, for two of one scale. Throws a `RangeError` where one of them holds anything but
 * whole counts of 0 or more, or where their lengths differ.
 */
export function addHistograms(a: Histogram, b: Histogram): number[] {
  checkEachCount('a', a)
  checkEachCount('b', b)
  if (a.length !== b.length) refuse('b', b, `of the same length as a, ${a.length}`)
  return a.map((count, index) => count + b[index]!)
}

/** Refuses a histogram that is not one whole, non-negative count for each value of the scale. */
export function checkCounts(argument: string, counts: Histogram, scale: Scale): void {
  const size = scale.max - scale.min + 1
  if (!Array.isArray(counts) || counts.length !== size) {
    refuse(argument, counts, `${size} counts, for the values ${scale.min} to ${scale.max}`)
  }
  checkEachCount(argument, counts)
}

function checkEachCount(argument: string, counts: Histogram): void {
  checkArray(argument, counts, 'an array of counts')
  for (let index = 0; index < counts.length; index++) {
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

/** Both ends of an interval, in the unit of what it is an interval of. */
export interface Bounds {
  readonly low: number
  readonly high: number
}

/** n, mean and the sum of squared distances from it, in the metric's unit. */
export interface Moments {
  readonly n: number
  readonly mean: number
  readonly squares: number
}

/**
 * What an answer at each place of a histogram is worth: `steps[place] · times / per`. The steps are whole, so that sums
 * are exact and equal means are equal numbers.
 */
export interface Worth {
  readonly steps: readonly number[]
  readonly times: number
  readonly per: number
}

/** A number of steps in the metric's unit. */
export function inUnit(steps: number, { times, per }: Worth): number {
  return (steps * times) / per
}

/** The moments of what the answers are worth; the mean of no answers is NaN. */
export function momentsOf(counts: Histogram, worth: Worth): Moments {
  const { steps } = worth
  let n = 0
  let sum = 0
  for (let index = 0; index < counts.length; index++) {
    n += counts[index]!
    sum += counts[index]! * steps[index]!
  }
  const mean = sum / n
  let squares = 0
  for (let index = 0; index < counts.length; index++) squares += counts[index]! * (steps[index]! - mean) ** 2
  return { n, mean: inUnit(mean, worth), squares: inUnit(inUnit(squares, worth), worth) }
}

/** The least and the most that one answer can be worth. */
export function rangeOf(worth: Worth): Bounds {
  const first = inUnit(worth.steps[0]!, worth)
  const last = inUnit(worth.steps.at(-1)!, worth)
  return { low: Math.min(first, last), high: Math.max(first, last) }
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
