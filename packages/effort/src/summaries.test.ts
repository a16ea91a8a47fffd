import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { anyScale, countsFor } from '../testing/arbitraries.ts'
import { addHistograms } from './histograms.ts'
import { criticalZ, tangoInterval, wilsonInterval } from './intervals.ts'
import { metricNames, type Options } from './reading.ts'
import { scales, type ScaleId } from './scales.ts'
import { summarize } from './summaries.ts'

const z = criticalZ(0.95)

function near(actual: number | null | undefined, expected: number, within: number): void {
  assert.ok(typeof actual === 'number' && Math.abs(actual - expected) <= within, `${actual} instead of ${expected}`)
}

test('no answers give null, never 0 or NaN', () => {
  const { mean, easyShare, hardShare, netEase, easeIndex, median, standardDeviation, n } = summarize([0, 0, 0], 'ces-3')
  const figures = [mean, easyShare, hardShare, netEase, easeIndex, median, standardDeviation]
  assert.deepEqual([n, ...figures], [0, null, null, null, null, null, null, null])
})

test('one answer has a mean without an interval, and shares with one', () => {
  const summary = summarize([0, 0, 1], 'ces-3')
  assert.deepEqual(summary.mean, { value: 3, low: null, high: null, method: 'softened-t' })
  assert.deepEqual([summary.median, summary.standardDeviation], [3, null])
  near(summary.easyShare?.low, 1 / (1 + z * z), 1e-12)
  assert.equal(summary.easyShare?.high, 1)
})

test('ten tens are 8.25–10', () => {
  const { mean } = summarize([0, 0, 0, 0, 0, 0, 0, 0, 0, 10], 'ces-10')
  assert.equal(mean?.low?.toFixed(2), '8.25')
  assert.equal(mean?.high, 10)
})

test('the interval of the mean, by hand', () => {
  // 2, 3, 3, 5 on 1–5: with ½ at 1 and ½ at 5, N = 5, mean 3.2, squares 8.8; t with 3 df is 3.182446305284263.
  const half = 3.182446305284263 * Math.sqrt(8.8 / 4 / 5)
  const { mean, standardDeviation, median } = summarize([0, 1, 2, 0, 1], 'csat-5')
  assert.equal(mean?.value, 3.25)
  near(mean.low, 3.2 - half, 1e-10)
  near(mean.high, 5, 1e-10)
  near(standardDeviation, Math.sqrt(4.75 / 3), 1e-12)
  assert.equal(median, 3)
})

test('from 300 answers on the interval is the plain t', () => {
  const { mean, standardDeviation, n } = summarize([9, 3, 3, 3, 9, 9, 21, 48, 75, 120], 'ces-10')
  const half = (1.967929669 * standardDeviation!) / Math.sqrt(n)
  near(mean?.low, mean!.value - half, 0.02)
  near(mean?.high, mean!.value + half, 0.02)
})

test("Wilson's intervals are the published ones", () => {
  // Newcombe (1998), Two-sided confidence intervals for the single proportion, table I, method 3.
  const table = [
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ] as const
  for (const [easy, n, low, high] of table) {
    const { easyShare } = summarize([n - easy, 0, easy], 'ces-3')
    near(easyShare?.low, low, 0.00005)
    near(easyShare?.high, high, 0.00005)
  }
})

test("Tango's intervals", () => {
  // 1 and 7 of 21: Bentur et al. (2009) in Fagerland, Lydersen & Laake (2014), printed −0.517 to −0.026. All rows were
  // also found by maximising the restricted likelihood and solving the score equation with SciPy's brentq.
  const table = [
    [1, 7, 21, -0.5172322764213774, -0.026003032480868535],
    [40, 20, 160, 0.030864533133086746, 0.2180642441668248],
    [15, 3, 22, 0.1789685958495073, 0.7710856778430831],
    [5, 10, 100, -0.1334713110143098, 0.028619556266333307],
    [0, 6, 30, -0.3730569641314825, -0.06378392819123738],
    [12, 0, 14, 0.45727993777296205, 0.9599060787285351],
  ] as const
  for (const [plus, minus, n, low, high] of table) {
    const bounds = tangoInterval(plus, minus, n, z)
    near(bounds.low, low, 1e-10)
    near(bounds.high, high, 1e-10)
    const summary = summarize([minus, n - plus - minus, plus], 'ces-3')
    near(summary.netEase?.low, low, 1e-10)
    near(summary.netEase?.high, high, 1e-10)
  }
})

test("Tango's limits solve the score equation of their own null", () => {
  const count = fc.integer({ min: 0, max: 200 })
  fc.assert(
    fc.property(count, count, count, (plus, minus, neither) => {
      const n = plus + minus + neither
      fc.pre(n > 0)
      const { low, high } = tangoInterval(plus, minus, n, z)
      for (const limit of [low, high]) {
        if (Math.abs(limit) > 1 - 1e-9) continue
        const b = (2 * n - plus + minus) * limit - plus - minus
        const root = Math.sqrt(b * b + 8 * n * minus * limit * (1 - limit))
        const variance = n * ((root - b) / (2 * n) + limit * (1 - limit))
        near((plus - minus - n * limit) ** 2, z * z * variance, 1e-6 * n)
      }
    }),
  )
})

test('net ease without neutral answers is 2 · Wilson − 1', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 5000 }), fc.integer({ min: 0, max: 5000 }), (hard, easy) => {
      fc.pre(hard + easy > 0)
      const { netEase } = summarize([hard, 0, easy], 'ces-3')
      const { low, high } = wilsonInterval(easy / (hard + easy), hard + easy, z)
      near(netEase?.low, 2 * low - 1, 1e-12)
      near(netEase?.high, 2 * high - 1, 1e-12)
    }),
  )
})

const anyOptions: fc.Arbitrary<Options> = fc.record({
  level: fc.double({ min: 0.5, max: 0.9999, noNaN: true }),
  designEffect: fc.oneof(fc.constant(1), fc.double({ min: 1, max: 20, noNaN: true })),
})
const anyCase = anyScale.chain((scale) => fc.tuple(fc.constant(scale), countsFor(scale), anyOptions))

test('every interval contains its value and stays in range', () => {
  fc.assert(
    fc.property(anyCase, ([scale, counts, options]) => {
      const summary = summarize(counts, scale, options)
      const ranges = {
        mean: [scale.min, scale.max],
        easyShare: [0, 1],
        hardShare: [0, 1],
        netEase: [-1, 1],
        easeIndex: [0, 100],
      }
      for (const name of metricNames) {
        const metric = summary[name]
        assert.equal(metric === null, summary.n === 0)
        if (metric === null || metric.low === null || metric.high === null) continue
        const [least, most] = ranges[name]
        assert.ok(least! <= metric.low && metric.low <= metric.value, `${name} ${JSON.stringify(metric)}`)
        assert.ok(metric.value <= metric.high && metric.high <= most!, `${name} ${JSON.stringify(metric)}`)
      }
    }),
    { numRuns: 500 },
  )
})

test('a higher level or design effect never narrows an interval', () => {
  fc.assert(
    fc.property(anyCase, ([scale, counts, options]) => {
      const narrow = summarize(counts, scale, options)
      const level = 1 - (1 - options.level!) / 2
      const wide = summarize(counts, scale, { ...options, level })
      const clustered = summarize(counts, scale, { ...options, designEffect: options.designEffect! * 1.5 })
      for (const name of ['easyShare', 'netEase', 'mean'] as const) {
        const low = narrow[name]?.low ?? null
        if (low === null) continue
        assert.ok(wide[name]!.low! <= low + 1e-12 && wide[name]!.high! >= narrow[name]!.high! - 1e-12)
        if (name === 'mean') continue
        assert.ok(clustered[name]!.low! <= low + 1e-12 && clustered[name]!.high! >= narrow[name]!.high! - 1e-12)
      }
    }),
  )
})

test('a design effect of 2 on doubled counts leaves shares as they were', () => {
  const counts = [3, 0, 1, 2, 0, 0, 4, 6, 9, 5]
  const doubled = counts.map((count) => 2 * count)
  const once = summarize(counts, 'ces-10')
  const twice = summarize(doubled, 'ces-10', { designEffect: 2 })
  assert.equal(twice.easyShare?.low, once.easyShare?.low)
  near(twice.netEase?.high, once.netEase!.high!, 1e-12)
  near(twice.mean?.low, once.mean!.low!, 1e-12)
})

test('the ease index is the mean, rescaled and turned so that 100 is easy', () => {
  fc.assert(
    fc.property(anyCase, ([scale, counts, options]) => {
      const { mean, easeIndex } = summarize(counts, scale, options)
      if (mean === null || mean.low === null || mean.high === null) return
      const ends = [mean.low, mean.value, mean.high].map((x) => {
        const fromEasy = scale.direction === 'high-is-easy' ? x - scale.min : scale.max - x
        return (100 * fromEasy) / (scale.max - scale.min)
      })
      if (scale.direction === 'high-is-hard') ends.reverse()
      near(easeIndex?.low, ends[0]!, 1e-9)
      near(easeIndex?.value, ends[1]!, 1e-9)
      near(easeIndex?.high, ends[2]!, 1e-9)
    }),
  )
})

test('merged histograms are the summary of the union', () => {
  const pair = anyScale.chain((scale) => fc.tuple(fc.constant(scale), countsFor(scale), countsFor(scale)))
  fc.assert(
    fc.property(pair, ([scale, a, b]) => {
      const answers = (counts: readonly number[]) => counts.flatMap((count, index) => Array<number>(count).fill(index))
      const union = Array.from({ length: a.length }, () => 0)
      for (const index of [...answers(a), ...answers(b)]) union[index]! += 1
      assert.deepEqual(summarize(addHistograms(a, b), scale), summarize(union, scale))
    }),
    { numRuns: 50 },
  )
})

test('the median is the middle of the sorted answers', () => {
  const scale = scales['nps-11']
  fc.assert(
    fc.property(countsFor(scale), (counts) => {
      const sorted = counts.flatMap((count, index) => Array<number>(count).fill(index))
      fc.pre(sorted.length > 0)
      const middle = (sorted[Math.floor((sorted.length - 1) / 2)]! + sorted[Math.ceil((sorted.length - 1) / 2)]!) / 2
      assert.equal(summarize(counts, scale).median, middle)
    }),
  )
})

test('another rule reads the same histogram anew', () => {
  const counts = [0, 0, 0, 0, 4, 3, 3]
  assert.equal(summarize(counts, 'ces-7').easyShare?.value, 1)
  const summary = summarize(counts, 'ces-7', { rule: 'easiest-two' })
  assert.equal(summary.easyShare?.value, 0.6)
  assert.deepEqual(summary.rule, { id: 'easiest-two', easy: [6, 7], hard: [1, 2] })
})

test('bad arguments are refused by name', () => {
  const wrong: [() => unknown, RegExp][] = [
    [() => summarize([1, 2], 'ces-3'), /^counts is \[1,2\]; it must be 3 counts, for the values 1 to 3/],
    [() => summarize([1, -2, 0], 'ces-3'), /^counts\[1\] is -2; it must be a whole number of answers, 0 or more/],
    [() => summarize([1, 0.5, 0], 'ces-3'), /^counts\[1\] is 0\.5/],
    [() => summarize([1, NaN, 0], 'ces-3'), /^counts\[1\] is NaN/],
    [() => summarize([1, 0, 0], 'stars' as ScaleId), /^scale is 'stars'; it must be one of ces-10, ces-7/],
    [() => summarize([1, 0, 0], 'ces-3', { level: 95 }), /^level is 95; it must be above 0 and below 1/],
    [
      () => summarize([1, 0, 0], 'ces-3', { designEffect: 0.5 }),
      /^designEffect is 0\.5; it must be a number of at least 1/,
    ],
    [() => summarize([1, 0, 0], 'ces-3', { rule: { id: 'x', easy: [1], hard: [3] } }), /^rule\.easy is \[1\]/],
    [() => summarize([1, 0, 0], null as never), /^scale is null/],
    [() => summarize([1, 0, 0], { ...scales['ces-3'], easy: undefined } as never), /^scale\.easy is undefined/],
    [() => summarize([1, 0, 0], 'ces-3', null as never), /^options is null; it must be an object, or left away/],
    [() => summarize([1, 0, 0], 'ces-3', { rule: null } as never), /^rule is null; it must be a rule/],
    [() => summarize([1, 0, 0], 'ces-3', { rule: { id: 'x' } } as never), /^rule\.easy is undefined; it must be a run/],
    [() => summarize([1, 0, 0], 'ces-3', { level: 1n } as never), /^level is 1/],
    [() => summarize({ 0: 1n } as never, 'ces-3'), /^counts is an object; it must be 3 counts/],
    [() => addHistograms([1], [1, 2]), /^b is \[1,2\]/],
    [() => addHistograms([1], [-1]), /^b\[0\] is -1; it must be a whole number/],
    [() => addHistograms(undefined as never, [1]), /^a is undefined/],
  ]
  for (const [call, message] of wrong) assert.throws(call, { name: 'RangeError', message })
})

test('what comes back is the caller’s own to keep', () => {
  const counts = [1, 2, 3]
  const summary = summarize(counts, 'ces-3')
  counts[0] = 100
  assert.deepEqual(summary.histogram, [1, 2, 3])
  assert.deepEqual(structuredClone(summary), summary)
})
