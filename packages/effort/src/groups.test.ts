import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { anyScale, countsFor, seededRandom } from '../testing/arbitraries.ts'
import { compare } from './comparisons.ts'
import { adjustPValues, compareGroups, brownForsythe, type Group } from './groups.ts'
import { metricNames } from './reading.ts'
import { scales } from './scales.ts'
import { shrinkGroups } from './shrinkage.ts'

function near(actual: number | null | undefined, expected: number, within = 1e-12): void {
  assert.ok(typeof actual === 'number' && Math.abs(actual - expected) <= within, `${actual} instead of ${expected}`)
}

test("Benjamini & Hochberg's own example", () => {
  // Benjamini & Hochberg (1995), section 4: fifteen p-values, four of them picked at 0.05.
  const p = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528, 0.759, 1,
  ]
  const adjusted = adjustPValues(p)
  assert.equal(adjusted.filter((one) => one <= 0.05).length, 4)
  near(adjusted[0], 0.0015)
  near(adjusted[3], (0.0095 * 15) / 4)
  near(adjusted[4], (0.0201 * 15) / 5)
  assert.equal(adjusted[14], 1)
})

const anyP = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 40 })

test('adjusted p-values keep the order, are never smaller and never above 1', () => {
  fc.assert(
    fc.property(anyP, (pValues) => {
      const adjusted = adjustPValues(pValues)
      pValues.forEach((p, i) => {
        assert.ok(adjusted[i]! >= p && adjusted[i]! <= 1)
        pValues.forEach((q, j) => assert.ok(p > q || adjusted[i]! <= adjusted[j]!))
      })
    }),
  )
})

test('picking by adjusted p-value is the step-up procedure', () => {
  fc.assert(
    fc.property(anyP, (pValues) => {
      const sorted = pValues.toSorted((x, y) => x - y)
      const last = sorted.findLastIndex((p, index) => p <= ((index + 1) / sorted.length) * 0.05 * (1 - 1e-12))
      assert.ok(adjustPValues(pValues).filter((p) => p <= 0.05).length >= last + 1)
      const stepUp = sorted.findLastIndex((p, index) => p <= ((index + 1) / sorted.length) * 0.05 * (1 + 1e-12))
      assert.ok(adjustPValues(pValues).filter((p) => p <= 0.05).length <= stepUp + 1)
    }),
  )
})

test('a p-value outside 0–1 is refused', () => {
  assert.throws(() => adjustPValues([0.2, 1.1]), { name: 'RangeError', message: /^pValues\[1\] is 1\.1/ })
  assert.throws(() => adjustPValues([NaN]), RangeError)
  assert.throws(() => adjustPValues(null as never), { name: 'RangeError', message: /^pValues is null/ })
})

test('groups that are none are refused by name', () => {
  const wrong: [groups: unknown, message: RegExp][] = [
    [null, /^groups is null; it must be an array of \{ key, counts \}/],
    [[null], /^groups\[0\] is null/],
    [[{ counts: [1, 1, 1] }], /^groups\[0\]\.key is undefined; it must be a text/],
    [[{ key: 'a', counts: [1] }], /^counts of a is \[1\]/],
  ]
  for (const [groups, message] of wrong) {
    assert.throws(() => compareGroups(groups as Group[], 'ces-3', 'mean'), { name: 'RangeError', message })
    assert.throws(() => shrinkGroups(groups as Group[], 'ces-3', 'mean'), { name: 'RangeError', message })
  }
})

const three: Group[] = [
  { key: 'a', counts: [5, 1, 0, 2, 7] },
  { key: 'b', counts: [1, 1, 4, 6, 2] },
  { key: 'c', counts: [0, 3, 3, 3, 3] },
]

test("the gate: Brown & Forsythe's F* and Pearson's chi-square", () => {
  // By NumPy from the formulas of Brown & Forsythe (1974) and Mehrotra (1997), and by scipy.stats.chi2_contingency.
  const { omnibus } = compareGroups(three, 'csat-5', 'mean')
  near(omnibus?.statistic, 0.0663169986168881)
  near(omnibus?.df, 1.774886437281806)
  near(omnibus?.dfWithin, 32.4853349758642)
  near(omnibus?.pValue, 0.9181207030726367)
  assert.equal(omnibus?.method, 'brown-forsythe')
  const shares = compareGroups(three, 'csat-5', 'easyShare').omnibus
  near(shares?.statistic, 0.2801242236024844)
  near(shares?.pValue, 0.8693042396697839)
  assert.deepEqual([shares?.method, shares?.df, shares?.dfWithin], ['chi-square', 2, null])
})

test("with two groups F* is the square of Welch's t, with his degrees of freedom", () => {
  const found = brownForsythe([
    { mean: 49 / 15, variance: 2, n: 15 },
    { mean: 3, variance: 1, n: 14 },
  ])
  const t = (49 / 15 - 3) / Math.sqrt(2 / 15 + 1 / 14)
  near(found?.statistic, t * t)
  near(found?.df, 1)
  near(found?.dfWithin, (2 / 15 + 1 / 14) ** 2 / ((2 / 15) ** 2 / 14 + (1 / 14) ** 2 / 13))
})

test('the gate stays shut on what is one and the same, however many, small and skewed the groups are', () => {
  const random = seededRandom(1947)
  const skewed = [3, 4, 5, 6, 8, 10, 15, 25, 45, 100]
  const answer = () => skewed.findIndex((share) => random() * 100 < share)
  const drawn = (): Group[] =>
    Array.from({ length: 200 }, (_, index) => {
      const counts = Array.from({ length: 10 }, () => 0)
      for (let n = 3 + Math.floor(random() * 58); n > 0; n--) counts[answer()]!++
      return { key: String(index), counts }
    })
  const tables = Array.from({ length: 100 }, () => compareGroups(drawn(), 'ces-10', 'mean'))
  assert.ok(tables.filter(({ omnibus }) => omnibus!.pValue < 0.05).length <= 12)
  assert.ok(tables.filter(({ groups }) => groups.some(({ verdict }) => verdict === 'more-than-noise')).length <= 12)
})

test('groups whose answers are all alike can still be picked', () => {
  const tens = [0, 0, 0, 0, 0, 0, 0, 0, 0, 100]
  const ones = tens.toReversed()
  const groups = [
    { key: 'a', counts: tens },
    { key: 'b', counts: ones },
    { key: 'c', counts: ones },
  ]
  for (const metric of ['mean', 'netEase', 'easeIndex'] as const) {
    const { omnibus, groups: compared } = compareGroups(groups, 'ces-10', metric)
    assert.ok(omnibus!.pValue < 1e-6)
    assert.ok(compared[0]!.adjustedP! < 1e-6)
    assert.deepEqual([compared[0]!.ease, compared[0]!.verdict], ['easier', 'more-than-noise'], metric)
  }
  const few = groups.map(({ key, counts }) => ({ key, counts: counts.map((count) => count / 50) }))
  assert.equal(compareGroups(few, 'ces-10', 'mean').groups[0]?.verdict, 'within-noise')
})

test('where nothing differs, all is within noise', () => {
  for (const metric of metricNames) {
    const { groups } = compareGroups(three, 'csat-5', metric)
    assert.deepEqual(
      groups.map(({ verdict }) => verdict),
      ['within-noise', 'within-noise', 'within-noise'],
    )
  }
})

const mixed: Group[] = [
  { key: 'easy', counts: [0, 0, 0, 10, 190] },
  { key: 'hard', counts: [150, 30, 10, 5, 5] },
  ...Array.from({ length: 8 }, (_, index) => ({ key: `usual ${index}`, counts: [15, 20, 30, 60, 75 + index] })),
]

test('picked groups get intervals at level 1 − R (1 − level) / m', () => {
  const { groups, level, omnibus } = compareGroups(mixed, 'csat-5', 'mean')
  assert.ok(omnibus !== null && omnibus.pValue < 1e-10)
  const picked = groups.filter(({ adjustedP }) => adjustedP !== null && adjustedP <= 0.05).length
  assert.ok(picked >= 2)
  near(level, 1 - (picked * 0.05) / 10)
  const rest = mixed.slice(1).reduce((sum, { counts }) => sum.map((n, i) => n + counts[i]!), [0, 0, 0, 0, 0])
  const alone = compare(mixed[0]!.counts, rest, 'csat-5', 'mean', { level })
  assert.deepEqual([groups[0]?.low, groups[0]?.high, groups[0]?.ease], [alone.low, alone.high, 'easier'])
  assert.deepEqual([groups[0]?.verdict, groups[1]?.verdict], ['more-than-noise', 'more-than-noise'])
  assert.equal(groups[1]?.ease, 'harder')
})

test('behind a closed gate nothing is more than noise, even where an interval leaves out 0', () => {
  const alike = Array.from({ length: 40 }, (_, index) => ({ key: `alike ${index}`, counts: [50, 0, 50] }))
  const { groups, omnibus } = compareGroups([...alike, { key: 'odd', counts: [11, 0, 39] }], 'ces-3', 'easyShare')
  assert.ok(omnibus!.pValue > 0.05)
  assert.ok(groups.at(-1)!.low! > 0)
  assert.equal(groups.at(-1)?.verdict, 'within-noise')
})

test('two groups are one comparison, whatever empty ones stand beside them', () => {
  const [a, b] = [mixed[0]!, mixed[1]!]
  const { groups, omnibus, level } = compareGroups(
    [a, { key: 'none', counts: [0, 0, 0, 0, 0] }, b],
    'csat-5',
    'easyShare',
  )
  const direct = compare(a.counts, b.counts, 'csat-5', 'easyShare')
  assert.deepEqual([omnibus, level], [null, 0.95])
  const { low, high, difference, verdict, ease, pValue } = direct
  assert.deepEqual(groups[0], { key: 'easy', difference, low, high, adjustedP: pValue, ease, verdict })
  assert.deepEqual(groups[2]?.low, -high!)
  assert.deepEqual(groups[1], {
    key: 'none',
    difference: null,
    low: null,
    high: null,
    adjustedP: null,
    ease: null,
    verdict: null,
  })
})

test('one group has nothing to be compared with', () => {
  const { groups } = compareGroups([mixed[0]!], 'csat-5', 'mean')
  assert.equal(groups[0]?.difference, null)
  assert.deepEqual(compareGroups([], 'csat-5', 'mean'), { omnibus: null, level: 0.95, groups: [] })
})

test('one group among single answers is one comparison', () => {
  const singles = Array.from({ length: 50 }, (_, index) => ({ key: `${index}`, counts: [1, 0, 0, 0, 0] }))
  const { omnibus, level, groups } = compareGroups(
    [{ key: 'many', counts: [0, 0, 0, 5, 95] }, ...singles],
    'csat-5',
    'mean',
  )
  assert.deepEqual([omnibus, level], [null, 0.95])
  assert.deepEqual([groups[0]?.ease, groups[0]?.verdict], ['easier', 'more-than-noise'])
  assert.ok(groups.slice(1).every(({ verdict }) => verdict === null))
})

test('groups whose answers are all alike break nothing', () => {
  const alike = [10, 8, 6, 4].map((n, index) => ({ key: `${index}`, counts: [0, 0, 0, 0, n] }))
  for (const metric of metricNames) {
    const { groups } = compareGroups(alike, 'csat-5', metric)
    for (const { difference, verdict } of groups) assert.deepEqual([difference, verdict], [0, 'within-noise'])
  }
  const odd = compareGroups([...alike, { key: 'odd', counts: [3, 3, 3, 3, 3] }], 'csat-5', 'mean')
  assert.ok(Number.isFinite(odd.omnibus?.pValue))
})

test('order does not matter and nothing is ever NaN', () => {
  const anyGroups = anyScale.chain((scale) =>
    fc.tuple(fc.constant(scale), fc.array(countsFor(scale), { maxLength: 8 }), fc.constantFrom(...metricNames)),
  )
  fc.assert(
    fc.property(anyGroups, ([scale, histograms, metric]) => {
      const groups = histograms.map((counts, index) => ({ key: String(index), counts }))
      const there = compareGroups(groups, scale, metric)
      const back = compareGroups(groups.toReversed(), scale, metric)
      there.groups.forEach((group, index) => {
        const same = back.groups[groups.length - 1 - index]!
        assert.equal(group.difference, same.difference)
        assert.equal(group.verdict, same.verdict)
        for (const value of [group.difference, group.low, group.high, group.adjustedP]) assert.ok(!Number.isNaN(value))
      })
    }),
  )
})

test('ten thousand groups take well under a second', () => {
  const groups = Array.from({ length: 10_000 }, (_, index) => ({
    key: String(index),
    counts: Array.from({ length: 10 }, (_unused, value) => (index * 7 + value * 13) % 29),
  }))
  const started = performance.now()
  const { groups: compared } = compareGroups(groups, scales['ces-10'], 'mean')
  assert.equal(compared.length, 10_000)
  assert.ok(performance.now() - started < 2000)
})
