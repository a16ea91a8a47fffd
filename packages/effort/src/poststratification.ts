import { checkArray } from './arguments.ts'
import { momentsOf, totalOf, type Histogram } from './histograms.ts'
import { readingOf, worthOf, type Options, type Reading } from './reading.ts'
import type { Scale, ScaleId } from './scales.ts'
import { checkStrata, strataOf, type AnsweredGroup, type Attributes, type PopulationGroup } from './strata.ts'
import { measure, type Summary } from './summaries.ts'

/** What an answer of one stratum counts for. */
export interface StratumWeight {
  /** Of those it was not joined over. */
  readonly attributes: Attributes
  readonly answers: number
  readonly population: number
  /** 0–5; 1 where the stratum answered as often as everybody. */
  readonly weight: number
}

export interface Adjusted {
  readonly strata: readonly StratumWeight[]
  /** Kish's: so many answers of equal weight would tell as much. */
  readonly effectiveN: number
  /** Whether that is at least a third of the answers; below, the adjusted figures are not to be shown. */
  readonly usable: boolean
  /** `n` counts the answers as they are; histogram, figures and intervals are weighted. */
  readonly summary: Summary
}

export interface AdjustOptions extends Options {
  /** The attributes that make strata; small ones are joined over the first of these first. */
  readonly order?: readonly string[]
}

const usualOrder = ['language', 'outcome', 'topic', 'channel']
const heaviest = 5

/**
 * The figures as they would be if every stratum had answered as often as the others: answers weigh by
 * (share of the population) / (share of the answers), at most 5, and every interval takes Kish's (1965) effective n,
 * (Σw)² / Σw², over `designEffect`, for n. It assumes that within a stratum those who are silent are like those who
 * answered. Throws a `RangeError` on counts that do not fit the scale, a population of nobody and bad options.
 */
export function poststratify(
  answers: readonly AnsweredGroup[],
  population: readonly PopulationGroup[],
  scale: Scale | ScaleId,
  options: AdjustOptions = {},
): Adjusted {
  const reading = readingOf(scale, options)
  const { order = usualOrder } = options
  checkArray('order', order, 'an array of names of attributes')
  checkStrata(answers, population, reading.scale)
  const found = strataOf(answers, population, reading.scale, order)
  const people = population.reduce((sum, { n }) => sum + n, 0)
  const n = answers.reduce((sum, { counts }) => sum + totalOf(counts), 0)
  const weighted = found.map((one) => ({ ...one, weight: weightOf(totalOf(one.counts) / n, one.population / people) }))
  const { effectiveN, histogram } = weigh(weighted, n)
  return {
    strata: weighted.map(({ attributes, counts, population: all, weight }) => ({
      attributes,
      answers: totalOf(counts),
      population: all,
      weight,
    })),
    effectiveN,
    usable: n > 0 && effectiveN >= n / 3,
    summary: summaryOf(histogram, n, { ...reading, designEffect: (reading.designEffect * n) / effectiveN }, reading),
  }
}

/** Nobody's answers weigh nothing; so do those of people who are not in the population. */
function weightOf(shareOfAnswers: number, shareOfPeople: number): number {
  return shareOfAnswers > 0 ? Math.min(heaviest, shareOfPeople / shareOfAnswers) : 0
}

type Weighted = { counts: Histogram; weight: number }

/** Kish's effective n, and the weighted histogram brought to a sum of n. */
function weigh(strata: readonly Weighted[], n: number): { effectiveN: number; histogram: number[] } {
  let sum = 0
  let squares = 0
  const histogram: number[] = []
  for (const { counts, weight } of strata) {
    sum += weight * totalOf(counts)
    squares += weight ** 2 * totalOf(counts)
    counts.forEach((count, place) => (histogram[place] = (histogram[place] ?? 0) + weight * count))
  }
  if (sum === 0) return { effectiveN: 0, histogram: histogram.map(() => 0) }
  return { effectiveN: sum ** 2 / squares, histogram: histogram.map((count) => (count * n) / sum) }
}

function summaryOf(histogram: number[], n: number, reading: Reading, { rule, level, scale }: Reading): Summary {
  const { squares } = momentsOf(histogram, worthOf('mean', reading))
  const effective = n / reading.designEffect
  return {
    n,
    histogram,
    mean: measure(histogram, 'mean', reading),
    easyShare: measure(histogram, 'easyShare', reading),
    hardShare: measure(histogram, 'hardShare', reading),
    netEase: measure(histogram, 'netEase', reading),
    easeIndex: measure(histogram, 'easeIndex', reading),
    median: weightedMedian(histogram, scale),
    standardDeviation: effective > 1 ? Math.sqrt((squares / n) * (effective / (effective - 1))) : null,
    rule,
    level,
  }
}

/** The value that half of the weight lies at or below; where that is exactly half, the mean with the next one. */
function weightedMedian(histogram: Histogram, { min }: Scale): number | null {
  const half = totalOf(histogram) / 2
  if (!(half > 0)) return null
  const close = half * 1e-12
  let seen = 0
  for (let place = 0; place < histogram.length; place++) {
    seen += histogram[place]!
    if (seen > half + close) return min + place
    if (seen < half - close) continue
    const next = histogram.findIndex((count, later) => later > place && count > 0)
    return next < 0 ? min + place : min + (place + next) / 2
  }
  return null
}
