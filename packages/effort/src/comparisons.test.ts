import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { anyScale, countsFor, flipped } from '../testing/arbitraries.ts'
import { compare, compareMeans, compareShares } from './comparisons.ts'
import { metricNames, type MetricName } from './reading.ts'
import { summarize } from './summaries.ts'

function near(actual: number | null, expected: number, within: number): void {
  assert.ok(actual !== null && Math.abs(actual - expected) <= within, `${actual} instead of ${expected}`)
}

test("Newcombe's hybrid score intervals are the published ones", () => {
  // Newcombe (1998), Interval estimation for the difference between independent proportions, table II, method 10.
  const table = [
    [56, 70, 48, 80, 0.0524, 0.3339],
    [9, 10, 3, 10, 0.1705, 0.809],
    [6, 7, 2, 7, 0.0582, 0.8062],
    [5, 56, 0, 29, -0.0381, 0.1926],
    [0, 10, 0, 20, -0.1611, 0.2775],
    [0, 10, 0, 10, -0.2775, 0.2775],
    [10, 10, 0, 20, 0.6791, 1],
    [10, 10, 0, 10, 0.6075, 1],
  ] as const
  for (const [a, nA, b, nB, low, high] of table) {
    const found = compareShares({ successes: a, n: nA }, { successes: b, n: nB })
    near(found.low, low, 0.00005)
    near(found.high, high, 0.00005)
    assert.equal(found.method, 'newcombe')
  }
})

test('the p-value of shares is the chi-square test without correction', () => {
  // scipy.stats.chi2_contingency([[56, 14], [48, 32]], correction=False)
  near(compareShares({ successes: 56, n: 70 }, { successes: 48, n: 80 }).pValue, 0.008045081368196585, 1e-12)
  assert.equal(compareShares({ successes: 0, n: 7 }, { successes: 0, n: 9 }).pValue, 1)
  const doubled = compareShares({ successes: 112, n: 140 }, { successes: 96, n: 160 }, { designEffect: 2, rule: 'x' })
  near(doubled.pValue, 0.008045081368196585, 1e-12)
  near(doubled.low, compareShares({ successes: 56, n: 70 }, { successes: 48, n: 80 }).low!, 1e-12)
})

const a = [2, 0, 1, 0, 3, 0, 1, 0, 5, 10]
const b = [2, 5, 1, 9, 3, 0, 1, 0, 5, 10]

test("the p-value of means is Welch's", () => {
  // scipy.stats.ttest_ind(…, equal_var=False)
  const found = compareMeans(a, b, 'ces-10')
  near(found.pValue, 0.04424178178319151, 1e-12)
  assert.equal(found.difference, summarize(a, 'ces-10').mean!.value - summarize(b, 'ces-10').mean!.value)
  assert.deepEqual(Object.keys(found), ['difference', 'low', 'high', 'pValue', 'method'])
  const pValue = (metric: MetricName) => compare(a, b, 'ces-10', metric).pValue
  near(pValue('easeIndex'), 0.04424178178319151, 1e-12)
})

test('MOVER, by hand (Zou & Donner 2008, equation 1)', () => {
  const one = summarize(a, 'ces-10').netEase!
  const other = summarize(b, 'ces-10').netEase!
  const found = compare(a, b, 'ces-10', 'netEase')
  const difference = one.value - other.value
  near(found.low, difference - Math.hypot(one.value - one.low!, other.high! - other.value), 1e-12)
  near(found.high, difference + Math.hypot(one.high! - one.value, other.value - other.low!), 1e-12)
})

test('both variances 0, one answer, or none', () => {
  const tens = [0, 0, 0, 0, 0, 0, 0, 0, 0, 9]
  const nines = [0, 0, 0, 0, 0, 0, 0, 0, 9, 0]
  const one = [0, 0, 0, 0, 0, 0, 0, 0, 1, 0]
  const none = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
  assert.equal(compareMeans(tens, nines, 'ces-10').pValue, null)
  assert.equal(compare(tens, nines, 'ces-10', 'mean').verdict, 'within-noise')
  const single = compare(tens, one, 'ces-10', 'mean')
  assert.deepEqual([single.difference, single.low, single.high, single.pValue], [1, null, null, null])
  assert.deepEqual([single.ease, single.verdict], ['easier', null])
  const empty = { difference: null, low: null, high: null, pValue: null, ease: null, verdict: null }
  assert.deepEqual(compare(tens, none, 'ces-10', 'mean'), { ...empty, method: 'mover' })
  assert.deepEqual(compare(none, none, 'ces-10', 'easyShare'), { ...empty, method: 'newcombe' })
  assert.equal(compareShares({ successes: 0, n: 0 }, { successes: 1, n: 2 }).difference, null)
})

test('the word follows the customer, not the sign', () => {
  const low = [9, 1, 0, 0, 0]
  const high = [0, 0, 0, 1, 9]
  const words = (scale: 'ces-5' | 'csat-5', metric: MetricName) => compare(high, low, scale, metric).ease
  assert.equal(words('csat-5', 'mean'), 'easier')
  assert.equal(words('ces-5', 'mean'), 'harder')
  assert.equal(words('csat-5', 'hardShare'), 'easier')
  assert.equal(words('ces-5', 'hardShare'), 'harder')
  assert.equal(words('ces-5', 'easeIndex'), 'harder')
  assert.equal(compare(low, low, 'ces-5', 'mean').ease, 'same')
})

const anyPair = anyScale.chain((scale) =>
  fc.tuple(fc.constant(scale), countsFor(scale), countsFor(scale), fc.constantFrom(...metricNames)),
)

test('swapping the sides swaps everything', () => {
  fc.assert(
    fc.property(anyPair, ([scale, one, other, metric]) => {
      const there = compare(one, other, scale, metric)
      const back = compare(other, one, scale, metric)
      if (there.difference === null) return assert.equal(back.difference, null)
      assert.ok(there.difference + back.difference! === 0)
      if (there.low !== null) assert.ok(there.low + back.high! === 0 && there.high! + back.low! === 0)
      assert.equal(there.verdict, back.verdict)
      const opposite = { easier: 'harder', harder: 'easier', same: 'same' } as const
      assert.equal(back.ease, opposite[there.ease!])
      if (there.pValue !== null) near(back.pValue, there.pValue, 1e-12)
    }),
  )
})

test('an interval contains its difference and stays in range', () => {
  fc.assert(
    fc.property(anyPair, ([scale, one, other, metric]) => {
      const { difference, low, high, pValue, verdict } = compare(one, other, scale, metric)
      if (difference === null || low === null || high === null) return
      const widest = { mean: scale.max - scale.min, easyShare: 1, hardShare: 1, netEase: 2, easeIndex: 100 }[metric]
      assert.ok(-widest <= low && low <= difference && difference <= high && high <= widest)
      assert.ok(pValue === null || (pValue >= 0 && pValue <= 1))
      assert.equal(verdict, low > 0 || high < 0 ? 'more-than-noise' : 'within-noise')
    }),
  )
})

test('a flipped direction mirrors ease and keeps the verdict', () => {
  fc.assert(
    fc.property(anyPair, ([scale, one, other, metric]) => {
      const straight = compare(one, other, scale, metric)
      const mirror = compare(one, other, flipped(scale), metric)
      const turned = { easier: 'harder', harder: 'easier', same: 'same' } as const
      // Read from the other end the easy share is the hard share, so shares are compared with each other's mirror.
      const counterpart = { easyShare: 'hardShare', hardShare: 'easyShare' } as Partial<Record<MetricName, MetricName>>
      const partner = counterpart[metric]
      const against = partner === undefined ? mirror : compare(one, other, flipped(scale), partner)
      assert.equal(against.ease, straight.ease === null ? null : turned[straight.ease])
      assert.equal(against.verdict, straight.verdict)
    }),
  )
})

test('a mirrored scale with mirrored answers says the same', () => {
  fc.assert(
    fc.property(anyPair, ([scale, one, other, metric]) => {
      const back = (values: readonly number[]) => values.map((value) => scale.min + scale.max - value).toReversed()
      const turned = { ...flipped(scale), easy: back(scale.easy), hard: back(scale.hard) }
      const straight = compare(one, other, scale, metric)
      const mirror = compare(one.toReversed(), other.toReversed(), turned, metric)
      assert.equal(mirror.verdict, straight.verdict)
      assert.equal(mirror.ease, straight.ease)
    }),
  )
})

test('the same answers many times over are the same, without a rounding error', () => {
  const anyTwice = anyScale.chain((scale) =>
    fc.tuple(fc.constant(scale), countsFor(scale), fc.integer({ min: 1, max: 1000 }), fc.constantFrom(...metricNames)),
  )
  fc.assert(
    fc.property(anyTwice, ([scale, counts, times, metric]) => {
      const more = counts.map((count) => times * count)
      const { difference, ease } = compare(counts, more, scale, metric)
      assert.deepEqual([difference, ease], counts.some(Boolean) ? [0, 'same'] : [null, null])
    }),
    { numRuns: 1000 },
  )
})

test('bad arguments are refused by name', () => {
  const wrong: [() => unknown, RegExp][] = [
    [() => compareShares({ successes: 3, n: 2 }, { successes: 0, n: 1 }), /^a\.successes is 3; .* from 0 to a\.n, 2/],
    [() => compareShares({ successes: 1, n: 2 }, { successes: 0, n: -1 }), /^b\.n is -1/],
    [() => compareShares(undefined as never, { successes: 0, n: 1 }), /^a is undefined; it must be \{ successes, n \}/],
    [() => compareShares({ successes: 0, n: 1 }, { successes: 0, n: 1 }, null as never), /^options is null/],
    [() => compare([1, 0, 0], [1, 0], 'ces-3', 'mean'), /^countsB is \[1,0\]/],
    [
      () => compare([1, 0, 0], [1, 0, 0], 'ces-3', 'median' as MetricName),
      /^metric is 'median'; it must be one of mean/,
    ],
  ]
  for (const [call, message] of wrong) assert.throws(call, { name: 'RangeError', message })
})
