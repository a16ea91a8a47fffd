import { compareGroups, summarize, type Histogram } from '@lahko/effort'
import { fTail } from '../packages/effort/src/distributions/f.ts'
import type { BenchResult } from './report.ts'
import { histogramDrawer, seededRandom, shares } from './seeded.ts'

const scale = 'ces-10'
const tables = 400
const shapes: Record<string, number[]> = {
  'mostly easy': shares([3, 1, 1, 1, 2, 2, 5, 10, 20, 55]),
  'very easy': shares([2, 0, 0, 0, 0, 0, 1, 2, 5, 90]),
  'both ends': shares([10, 0, 0, 0, 0, 0, 0, 0, 0, 90]),
  even: shares([1, 1, 1, 1, 1, 1, 1, 1, 1, 1]),
}
const counts = [3, 10, 50, 200]
const sizes: [fewest: number, most: number][] = [
  [2, 5],
  [5, 5],
  [10, 10],
  [30, 30],
  [100, 100],
  [3, 60],
]

/**
 * How often the gate of `compareGroups` opens (at 5 %) on groups that are all one and the same, how often Welch's (1951)
 * would, and how many tables then call a group more than noise that is none.
 */
export async function run(): Promise<BenchResult> {
  const random = seededRandom(1974)
  const rows = Object.entries(shapes).flatMap(([shape, probabilities]) => {
    const draw = histogramDrawer(probabilities, random)
    return counts.flatMap((groups) =>
      sizes.map(([fewest, most]) => {
        const drawn = () => draw(fewest + Math.floor(random() * (most - fewest + 1)))
        const answers = fewest === most ? `${most}` : `${fewest}–${most}`
        return [shape, groups, answers, ...openings(() => Array.from({ length: groups }, drawn))]
      }),
    )
  })
  const columns = ['groups are', 'groups', 'answers each', 'gate opens, %', "Welch's opens, %", 'false verdict, %']
  const worst = (column: number) => Math.max(...rows.map((row) => Number(row[column])))
  const checks = [
    { check: 'gate open on nothing, at most', value: worst(3), wanted: '≤ 10 %', holds: worst(3) <= 10 },
    { check: 'table with a false verdict, at most', value: worst(5), wanted: '≤ 10 %', holds: worst(5) <= 10 },
  ]
  return { name: 'gate', columns, rows, checks }
}

function openings(drawn: () => Histogram[]): number[] {
  const found = { gate: 0, welch: 0, verdict: 0 }
  for (let table = 0; table < tables; table++) {
    const histograms = drawn()
    const groups = histograms.map((histogram, index) => ({ key: `${index}`, counts: histogram }))
    const compared = compareGroups(groups, scale, 'mean')
    if ((compared.omnibus?.pValue ?? 1) < 0.05) found.gate++
    if (welch(histograms) < 0.05) found.welch++
    if (compared.groups.some(({ verdict }) => verdict === 'more-than-noise')) found.verdict++
  }
  return [found.gate, found.welch, found.verdict].map((count) => (100 * count) / tables)
}

/** Welch's p-value; a group whose answers are all alike has half an answer added at each end of the scale. */
function welch(histograms: readonly Histogram[]): number {
  const groups = histograms.map((histogram) => {
    const { n, mean, standardDeviation } = summarize(histogram, scale)
    const centre = (n * mean!.value + 5.5) / (n + 1)
    const ends = ((1 - centre) ** 2 + (10 - centre) ** 2) / 2
    const variance = standardDeviation! ** 2 || (n * (mean!.value - centre) ** 2 + ends) / n
    return { n, mean: mean!.value, weight: n / variance }
  })
  const k = groups.length
  const whole = groups.reduce((sum, { weight }) => sum + weight, 0)
  const centre = groups.reduce((sum, { weight, mean }) => sum + weight * mean, 0) / whole
  const between = groups.reduce((sum, { weight, mean }) => sum + weight * (mean - centre) ** 2, 0)
  const lambda = groups.reduce((sum, { weight, n }) => sum + (1 - weight / whole) ** 2 / (n - 1), 0)
  const statistic = between / (k - 1) / (1 + (2 * (k - 2) * lambda) / (k * k - 1))
  return fTail(statistic, k - 1, (k * k - 1) / (3 * lambda))
}
