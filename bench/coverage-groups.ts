import { compareGroups, shrinkGroups, summarize, type MetricName } from '@lahko/effort'
import {
  count,
  differences,
  judge,
  mean,
  pointOf,
  probabilitiesOf,
  textbookDifference,
  truthsOf,
  type Point,
} from './coverage-points.ts'
import { histogramDrawer } from './seeded.ts'

const groupDraws = 400
const draws = 3000
const sixGroups = [0.5, 0.8, 0.8, 0.8, 0.8, 0.95]
const twoEndsAt = (share: number) => [1 - share, 0, 0, 0, 0, 0, 0, 0, 0, share]

/** Six groups, two of them unlike the others, at the level that `compareGroups` draws its intervals at. */
export function groupPoints(random: () => number): Point[] {
  const alike = sixGroups.map(() => probabilitiesOf('ces-10', 'skewed to easy'))
  const unlike = alike.map((one, index) => (index < 2 ? probabilitiesOf('ces-10', 'in the middle') : one))
  const shares = sixGroups.map(twoEndsAt)
  return Object.entries({ alike, 'two unlike': unlike, 'only 1 and 10': shares }).flatMap(([shape, groups]) =>
    [10, 30, 100].flatMap((n) => differences.map((metric) => groupPoint(shape, groups, n, metric, random))),
  )
}

function groupPoint(shape: string, groups: number[][], n: number, metric: MetricName, random: () => number): Point {
  const truths = groups.map((one) => truthsOf('ces-10', one)[metric])
  const draws = groups.map((one) => histogramDrawer(one, random))
  const rest = (index: number) => mean(truths.filter((_, other) => other !== index))
  const hits = { ours: 0, textbook: 0 }
  for (let time = 0; time < groupDraws; time++) {
    const drawn = draws.map((draw, index) => ({ key: String(index), counts: draw(n) }))
    const { groups: compared } = compareGroups(drawn, 'ces-10', metric)
    compared.forEach(({ low, high, difference }, index) => {
      const truth = truths[index]! - rest(index)
      const others = drawn.filter((_, other) => other !== index).map(({ counts }) => counts)
      const half = textbookDifference(drawn[index]!.counts, added(others), metric)
      if (low! <= truth + 1e-12 && truth - 1e-12 <= high!) hits.ours += 1
      if (Math.abs(difference! - truth) <= half + 1e-12) hits.textbook += 1
    })
  }
  return pointOf(`group against the rest, ${metric}`, shape, 'ces-10', n, hits, groupDraws * groups.length)
}

function added(histograms: readonly number[][]): number[] {
  return histograms[0]!.map((_, index) => histograms.reduce((sum, counts) => sum + counts[index]!, 0))
}

/** Twelve groups whose own shares of easy are drawn anew each time; a posterior holds the truth on average over them. */
export function shrunkenPoints(random: () => number): Point[] {
  return [10, 30, 100].flatMap((n) =>
    (['easyShare', 'mean'] as const).map((metric) => {
      const hits = { ours: 0, textbook: 0 }
      for (let time = 0; time < groupDraws; time++) {
        const shares = Array.from({ length: 12 }, () => 0.55 + 0.4 * random())
        const drawn = shares.map((share, index) => ({
          key: String(index),
          counts: histogramDrawer(twoEndsAt(share), random)(n),
        }))
        shrinkGroups(drawn, 'ces-10', metric).forEach(({ low, high }, index) => {
          const truth = truthsOf('ces-10', twoEndsAt(shares[index]!))[metric]
          if (low! <= truth && truth <= high!) hits.ours += 1
          if (judge(summarize(drawn[index]!.counts, 'ces-10'), metric).textbook(truth)) hits.textbook += 1
        })
      }
      return pointOf(`shrunken ${metric}`, 'shares 55–95 %', 'ces-10', n, hits, groupDraws * 12)
    }),
  )
}

const timesEach = 3

/** Each customer answers three times alike, so that n answers are worth a third and the design effect is 3. */
export function clusteredPoints(random: () => number): Point[] {
  return ['even', 'skewed to easy', 'very easy'].flatMap((shape) => {
    const probabilities = probabilitiesOf('ces-10', shape)
    const truths = truthsOf('ces-10', probabilities)
    const draw = histogramDrawer(probabilities, random)
    return [10, 30, 100].flatMap((customers) => {
      const hits = differences.map(() => ({ ours: 0, textbook: 0 }))
      for (let time = 0; time < draws; time++) {
        const counts = draw(customers).map((one) => one * timesEach)
        const summary = summarize(counts, 'ces-10', { designEffect: timesEach })
        differences.forEach((metric, index) => count(hits[index]!, judge(summary, metric), truths[metric], 1))
      }
      return differences.map((metric, index) =>
        pointOf(`${metric}, design effect 3`, shape, 'ces-10', customers * timesEach, hits[index]!, draws),
      )
    })
  })
}
