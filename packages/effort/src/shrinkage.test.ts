import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { anyScale, countsFor } from '../testing/arbitraries.ts'
import type { Group } from './groups.ts'
import { metricNames } from './reading.ts'
import { fitBetaBinomial, pauleMandel, shrinkGroups } from './shrinkage.ts'
import { summarize } from './summaries.ts'

function near(actual: number | null | undefined, expected: number, within: number): void {
  assert.ok(typeof actual === 'number' && Math.abs(actual - expected) <= within, `${actual} instead of ${expected}`)
}

test('τ² of the thirteen BCG trials', () => {
  // Colditz et al. (1994), log risk ratios; metafor's rma(method = "PM") prints tau^2 = 0.3181. More digits by SciPy.
  const trials = [
    [4, 119, 11, 128],
    [6, 300, 29, 274],
    [3, 228, 11, 209],
    [62, 13536, 248, 12619],
    [33, 5036, 47, 5761],
    [180, 1361, 372, 1079],
    [8, 2537, 10, 619],
    [505, 87886, 499, 87892],
    [29, 7470, 45, 7232],
    [17, 1699, 65, 1600],
    [186, 50448, 141, 27197],
    [5, 2493, 3, 2338],
    [27, 16886, 29, 17825],
  ] as const
  const effects = trials.map(([a, b, c, d]) => ({
    mean: Math.log(a / (a + b)) - Math.log(c / (c + d)),
    variance: 1 / a - 1 / (a + b) + 1 / c - 1 / (c + d),
  }))
  near(pauleMandel(effects), 0.31806845220502383, 1e-10)
})

test('equal groups have no variance between them', () => {
  assert.equal(
    pauleMandel([
      { mean: 2, variance: 1 },
      { mean: 2, variance: 3 },
    ]),
    0,
  )
  assert.equal(pauleMandel([{ mean: 2, variance: 1 }]), 0)
})

const eight = [
  [8, 20],
  [3, 10],
  [9, 12],
  [12, 30],
  [1, 9],
  [15, 18],
  [7, 25],
  [4, 11],
] as const

test('the beta–binomial fit is the likeliest one', () => {
  // Nelder–Mead on scipy.stats.betabinom.logpmf.
  const prior = fitBetaBinomial(eight.map(([successes, n]) => ({ successes, n })))
  near(prior?.a, 2.961537313, 1e-6)
  near(prior?.b, 3.751471554, 1e-6)
})

test('groups that differ by chance alone are all the same', () => {
  assert.equal(
    fitBetaBinomial([
      { successes: 5, n: 10 },
      { successes: 6, n: 12 },
    ]),
    null,
  )
  assert.equal(
    fitBetaBinomial([
      { successes: 0, n: 10 },
      { successes: 0, n: 12 },
    ]),
    null,
  )
  const groups = [10, 20, 30, 40, 50].map((n) => ({ key: String(n), counts: [n, 0, n] }))
  const shrunken = shrinkGroups(groups, 'ces-3', 'easyShare')
  assert.deepEqual(
    shrunken.map(({ estimate, rank }) => [estimate, rank]),
    groups.map(() => [0.5, 1]),
  )
  near(shrunken[0]?.low, summarize([150, 0, 150], 'ces-3').easyShare!.low!, 1e-12)
})

const shares: Group[] = eight.map(([easy, n], index) => ({ key: `group ${index}`, counts: [n - easy, 0, easy] }))

test('a small group is drawn further to the middle than a large one', () => {
  const groups: Group[] = [
    ...shares,
    { key: 'small', counts: [0, 0, 3] },
    { key: 'large', counts: [0, 0, 300] },
    { key: 'silent', counts: [0, 0, 0] },
  ]
  for (const metric of ['easyShare', 'mean', 'netEase'] as const) {
    const shrunken = new Map(shrinkGroups(groups, 'ces-3', metric).map((group) => [group.key, group]))
    assert.ok(shrunken.get('small')!.estimate! < shrunken.get('large')!.estimate!)
    assert.equal(shrunken.get('large')?.rank, 1)
    assert.deepEqual(shrunken.get('silent'), { key: 'silent', estimate: null, low: null, high: null, rank: null })
  }
})

test('the posterior share is (a + easy) / (a + b + n)', () => {
  const prior = fitBetaBinomial(eight.map(([successes, n]) => ({ successes, n })))!
  const first = shrinkGroups(shares, 'ces-3', 'easyShare')[0]
  near(first?.estimate, (prior.a + 8) / (prior.a + prior.b + 20), 1e-12)
  assert.ok(first!.low! < first!.estimate! && first!.estimate! < first!.high!)
})

test('rank 1 is the easiest on every metric and in either direction; under five groups there is none', () => {
  const easiestFirst = [
    [0, 1, 40],
    [2, 5, 30],
    [9, 9, 9],
    [30, 5, 2],
    [40, 1, 0],
  ].map((counts, index) => ({
    key: String(index),
    counts,
  }))
  for (const metric of metricNames) {
    const ranks = shrinkGroups(easiestFirst, 'ces-3', metric).map(({ rank }) => rank)
    assert.deepEqual(ranks, [1, 2, 3, 4, 5], metric)
    const few = shrinkGroups(easiestFirst.slice(1), 'ces-3', metric)
    assert.ok(few.every(({ rank, estimate }) => rank === null && estimate !== null))
  }
  const hardIsHigh = easiestFirst.map(({ key, counts }) => ({
    key,
    counts: [counts[2]!, 0, counts[1]!, 0, counts[0]!],
  }))
  assert.deepEqual(
    shrinkGroups(hardIsHigh, 'ces-5', 'mean').map(({ rank }) => rank),
    [1, 2, 3, 4, 5],
  )
})

test('estimates stay in range, inside their interval and between their own value and the others', () => {
  const anyGroups = anyScale.chain((scale) =>
    fc.tuple(fc.constant(scale), fc.array(countsFor(scale), { maxLength: 8 }), fc.constantFrom(...metricNames)),
  )
  fc.assert(
    fc.property(anyGroups, ([scale, histograms, metric]) => {
      const groups = histograms.map((counts, index) => ({ key: String(index), counts }))
      const values = histograms.map((counts) => summarize(counts, scale)[metric]?.value ?? null)
      const known = values.filter((value) => value !== null)
      shrinkGroups(groups, scale, metric).forEach(({ estimate, low, high }, index) => {
        if (values[index] === null) return assert.equal(estimate, null)
        const [least, most] = [Math.min(...known) - 1e-9, Math.max(...known) + 1e-9]
        assert.ok(least <= estimate! && estimate! <= most, `${estimate} outside ${least}–${most}`)
        assert.ok(low! <= estimate! && estimate! <= high!)
      })
    }),
    { numRuns: 300 },
  )
})

test('groups that are all easy stay on the scale', () => {
  const faces = {
    id: 'custom',
    family: 'effort',
    min: 2,
    max: 3,
    direction: 'high-is-hard',
    easy: [2],
    hard: [3],
  } as const
  const groups = [2, 497].map((easy) => ({ key: String(easy), counts: [easy, 0] }))
  assert.deepEqual(
    shrinkGroups(groups, faces, 'easeIndex').map(({ estimate }) => estimate),
    [100, 100],
  )
})

test('bad arguments are refused by name', () => {
  assert.throws(() => shrinkGroups([{ key: 'a', counts: [1] }], 'ces-3', 'mean'), {
    name: 'RangeError',
    message: /^counts of a is \[1\]/,
  })
})
