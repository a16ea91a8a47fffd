import { scales, summarize, type MetricName, type ScaleId, type Summary } from '@lahko/effort'
import { shares } from './seeded.ts'

const z = 1.959963984540054

/** Shapes by the distance from the easy end, 0, to the hard end, 1: they fit a scale of any length. */
export const shapes: Record<string, (distance: number) => number> = {
  even: () => 1,
  'in the middle': (distance) => Math.exp(-12 * (distance - 0.5) ** 2),
  'both ends': (distance) => 0.05 + Math.abs(distance - 0.5) ** 4 * 16,
  'skewed to easy': (distance) => 0.02 ** distance,
  'skewed to hard': (distance) => 0.02 ** (1 - distance),
  'very easy': (distance) => 0.0002 ** distance + (distance === 1 ? 0.02 : 0),
  'nearly all easy': (distance) => (distance === 0 ? 0.95 : 0) + (distance === 1 ? 0.05 : 0),
  'all easy': (distance) => (distance === 0 ? 1 : 0),
  'all hard': (distance) => (distance === 1 ? 1 : 0),
}
export const differences: MetricName[] = ['mean', 'easyShare', 'hardShare', 'netEase']

export interface Point {
  figure: string
  shape: string
  scale: string
  n: number
  ours: number
  textbook: number
  /** Points that were looked for because they are the worst stand in the table, but are no grid points. */
  sought?: true
}

export function probabilitiesOf(scaleId: ScaleId, shape: string): number[] {
  const { min, max, direction } = scales[scaleId]
  const values = Array.from({ length: max - min + 1 }, (_, index) => index / (max - min))
  const weight = shapes[shape]!
  return shares(values.map((place) => weight(direction === 'high-is-easy' ? 1 - place : place)))
}

/** Both intervals of one histogram: ours, and the textbook's (plain t; Wald). */
export interface Judged {
  ours: (truth: number) => boolean
  textbook: (truth: number) => boolean
}

export function judge(summary: Summary, metric: MetricName): Judged {
  const { low, high, value } = summary[metric]!
  const half = textbookHalf(summary, metric)
  return {
    ours: (truth) => low! <= truth + 1e-12 && truth - 1e-12 <= high!,
    textbook: (truth) => Math.abs(truth - value) <= half + 1e-12,
  }
}

function textbookHalf(summary: Summary, metric: MetricName): number {
  const { n } = summary
  if (metric === 'mean') return plainT(n) * (summary.standardDeviation! / Math.sqrt(n))
  return z * Math.sqrt(variance(summary, metric) / n)
}

function variance({ easyShare, hardShare, netEase }: Summary, metric: MetricName): number {
  if (metric === 'netEase') return easyShare!.value + hardShare!.value - netEase!.value ** 2
  const share = metric === 'easyShare' ? easyShare!.value : hardShare!.value
  return share * (1 - share)
}

/** Student's t at 97.5 %, n − 1 degrees of freedom, as printed in any table. */
function plainT(n: number): number {
  const printed: Record<number, number> = { 5: 2.7764, 7: 2.4469, 10: 2.2622, 20: 2.093, 30: 2.0452, 50: 2.0096 }
  return printed[n] ?? (n === 100 ? 1.9842 : 1.9679)
}

export function truthsOf(scaleId: ScaleId, probabilities: readonly number[]): Record<MetricName, number> {
  const { min, easy, hard } = scales[scaleId]
  const sum = (worth: (value: number) => number) => probabilities.reduce((all, p, i) => all + p * worth(min + i), 0)
  const easyShare = sum((value) => (easy.includes(value) ? 1 : 0))
  const hardShare = sum((value) => (hard.includes(value) ? 1 : 0))
  return { mean: sum((value) => value), easyShare, hardShare, netEase: easyShare - hardShare, easeIndex: 0 }
}

export function count(hits: { ours: number; textbook: number }, judged: Judged, truth: number, chance: number): void {
  if (judged.ours(truth)) hits.ours += chance
  if (judged.textbook(truth)) hits.textbook += chance
}

export function pointOf(
  figure: string,
  shape: string,
  scale: string,
  n: number,
  hits: { ours: number; textbook: number },
  of: number,
): Point {
  return { figure, shape, scale, n, ours: hits.ours / of, textbook: hits.textbook / of }
}

/** z times the plain standard error of the difference. */
export function textbookDifference(countsA: number[], countsB: number[], metric: MetricName): number {
  const errors = [countsA, countsB].map((counts) => {
    const summary = summarize(counts, 'ces-10')
    const squared = metric === 'mean' ? summary.standardDeviation! ** 2 : variance(summary, metric)
    return squared / summary.n
  })
  return z * Math.sqrt(errors[0]! + errors[1]!)
}

export function lowest(points: readonly Point[]): Point {
  return points.reduce((least, point) => (point.ours < least.ours ? point : least))
}

export function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, one) => sum + one, 0) / numbers.length
}
