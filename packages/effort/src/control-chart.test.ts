import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { anyScale, countsFor } from '../testing/arbitraries.ts'
import { controlChart, type Period } from './control-chart.ts'
import { binomialQuantile } from './distributions/binomial.ts'
import { addHistograms } from './histograms.ts'
import { metricNames } from './reading.ts'
import { summarize } from './summaries.ts'

function near(actual: number | null | undefined, expected: number, within = 1e-12): void {
  assert.ok(typeof actual === 'number' && Math.abs(actual - expected) <= within, `${actual} instead of ${expected}`)
}

function chartOf(histograms: readonly (readonly number[])[]): Period<number>[] {
  return histograms.map((counts, at) => ({ at, counts }))
}

/** Twenty calm periods of a share of about 0.8, and what comes after. */
const calm = Array.from({ length: 20 }, (_, index) => [20 + (index % 3) - 1, 0, 80 - (index % 3) + 1])

test('p-chart: exact binomial limits for each n', () => {
  const points = controlChart(chartOf([...calm, [10, 0, 40], [60, 0, 40]]), 'ces-3', 'easyShare')
  const centre = calm.reduce((sum, counts) => sum + counts[2]!, 0) / 2000
  near(points[0]?.centre, centre)
  near(points[0]?.low, binomialQuantile(0.0013498980316300957, 100, centre) / 100)
  near(points[0]?.high, binomialQuantile(0.9986501019683699, 100, centre) / 100)
  near(points[20]?.low, binomialQuantile(0.0013498980316300957, 50, centre) / 50)
  assert.deepEqual(points[20]?.signals, [])
  assert.deepEqual(points[21]?.signals, ['limit', 'drift'])
})

test("p′-chart: where periods differ by more than chance, Laney's φ widens the limits", () => {
  const restless = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? [5, 0, 95] : [35, 0, 65]))
  const points = controlChart(chartOf(restless), 'ces-3', 'easyShare')
  // z jumps by 0.3 / √(0.8 · 0.2 / 100) = 7.5 each time.
  const half = 3 * (7.5 / 1.128) * Math.sqrt((0.8 * 0.2) / 100)
  near(points[0]?.low, 0.8 - half)
  near(points[0]?.high, Math.min(1, 0.8 + half))
  assert.ok(points.every(({ signals }) => signals.length === 0))
})

test('x̄-chart: three standard errors of each n on symmetric scores', () => {
  const counts = [5, 10, 20, 10, 5]
  const points = controlChart(chartOf([...Array.from({ length: 20 }, () => counts), [1, 2, 4, 2, 1]]), 'csat-5', 'mean')
  // Twenty periods of 50: squares 60 each, and half an answer at each end adds 4; 1000 − 20 degrees of freedom.
  const deviation = Math.sqrt((20 * 60 + 4) / 980)
  near(points[0]?.low, 3 - (3 * deviation) / Math.sqrt(50))
  near(points[20]?.high, 3 + (3 * deviation) / Math.sqrt(10))
})

test('x̄-chart: on skewed scores both limits move towards the longer tail', () => {
  const counts = [1, 0, 0, 0, 0, 0, 1, 3, 5, 30]
  const { low, high, centre } = controlChart(chartOf(Array.from({ length: 20 }, () => counts)), 'ces-10', 'mean')[0]!
  assert.ok(centre! - low! > high! - centre!)
  assert.ok(high! <= 10)
})

test('the EWMA starts at the centre, moves a fifth of the way, and finds a drift that no limit sees', () => {
  const slow = Array.from({ length: 15 }, () => [29, 0, 71])
  const points = controlChart(chartOf([...calm, ...slow]), 'ces-3', 'easyShare')
  near(points[0]?.ewma, 0.8 * points[0]!.centre! + 0.2 * points[0]!.value!)
  near(points[1]?.ewma, 0.8 * points[0]!.ewma! + 0.2 * points[1]!.value!)
  const signals = points.flatMap((point) => point.signals)
  assert.ok(signals.includes('drift') && !signals.includes('limit'))
})

test('the drift limit allows for the uncertainty of the centre', () => {
  const usual = Array.from({ length: 20 }, () => [5, 10, 20, 10, 5])
  const drifts = (moved: number) => {
    const after = Array.from({ length: 40 }, () => [5, 10, 20 - moved, 10 + moved, 5])
    return controlChart(chartOf([...usual, ...after]), 'csat-5', 'mean').some(({ signals }) =>
      signals.includes('drift'),
    )
  }
  // 2.86 deviations are 0.150 points for a known centre, 0.180 for one made from a thousand answers.
  assert.equal(drifts(8), false)
  assert.equal(drifts(10), true)
})

test('periods under five answers join the next, and leftovers wait', () => {
  const periods = [
    { at: '2026-01-01', counts: [0, 1, 1] },
    { at: '2026-01-02', counts: [1, 0, 1] },
    { at: '2026-01-03', counts: [0, 0, 1] },
    { at: '2026-01-04', counts: [2, 2, 2] },
    { at: '2026-01-05', counts: [0, 0, 0] },
    { at: '2026-01-06', counts: [4, 0, 0] },
  ]
  const points = controlChart(periods, 'ces-3', 'mean')
  assert.deepEqual(
    points.map(({ at, joined, n, unfinished }) => [at, joined, n, unfinished]),
    [
      ['2026-01-03', 2, 5, false],
      ['2026-01-04', 0, 6, false],
      ['2026-01-06', 1, 4, true],
    ],
  )
})

test('the unfinished period is drawn, leaves the centre alone and never signals', () => {
  const periods = chartOf([...calm, [90, 0, 10]])
  const running = controlChart(periods, 'ces-3', 'easyShare', { baseline: 30, unfinished: true }).at(-1)!
  assert.deepEqual([running.value, running.signals, running.unfinished], [0.1, [], true])
  near(running.centre, calm.reduce((sum, counts) => sum + counts[2]!, 0) / 2000)
  const finished = controlChart(periods, 'ces-3', 'easyShare').at(-1)!
  assert.deepEqual([finished.signals, finished.unfinished], [['limit', 'drift'], false])
})

test('an accepted change starts a new baseline and a new EWMA', () => {
  const worse = Array.from({ length: 25 }, (_, index) => [50 + (index % 2), 0, 50 - (index % 2)])
  const periods = chartOf([...calm, ...worse])
  assert.ok(controlChart(periods, 'ces-3', 'easyShare').some(({ signals }) => signals.length > 0))
  const points = controlChart(periods, 'ces-3', 'easyShare', { changes: [20] })
  assert.ok(points.every(({ signals }) => signals.length === 0))
  near(points[19]?.centre, points[0]!.centre!)
  near(points[20]?.centre, worse.slice(0, 20).reduce((sum, counts) => sum + counts[2]!, 0) / 2000)
  near(points[20]?.ewma, 0.8 * points[20]!.centre! + 0.2 * points[20]!.value!)
})

test('no answer from before a change enters what comes after it', () => {
  const ones = [9, 0, 0, 0, 0, 0, 0, 0, 0, 0]
  const four = [4, 0, 0, 0, 0, 0, 0, 0, 0, 0]
  const tens = ones.toReversed()
  const periods = chartOf([...Array.from({ length: 10 }, () => ones), four, ...Array.from({ length: 10 }, () => tens)])
  const points = controlChart(periods, 'ces-10', 'mean', { changes: [11] })
  assert.deepEqual(
    points
      .slice(9, 12)
      .map(({ at, joined, n, value, centre, unfinished }) => ({ at, joined, n, value, centre, unfinished })),
    [
      { at: 9, joined: 0, n: 9, value: 1, centre: 1, unfinished: false },
      { at: 10, joined: 0, n: 4, value: 1, centre: 1, unfinished: true },
      { at: 11, joined: 0, n: 9, value: 10, centre: 10, unfinished: false },
    ],
  )
  assert.deepEqual(points[10]!.signals, [])
  const running = controlChart(periods, 'ces-10', 'mean', { changes: [11], unfinished: true })
  assert.deepEqual(
    running.filter(({ unfinished }) => unfinished).map(({ at }) => at),
    [10, 20],
  )
})

test('after an all-easy baseline the first hard answer is no alarm in shares, many are one everywhere', () => {
  const allEasy = Array.from({ length: 20 }, () => [0, 0, 20])
  for (const metric of ['easyShare', 'hardShare', 'mean', 'netEase'] as const) {
    const points = controlChart(chartOf([...allEasy, [1, 0, 19], [10, 0, 10]]), 'ces-3', metric)
    if (metric.endsWith('Share')) assert.equal(points[20]?.signals.includes('limit'), false, metric)
    assert.equal(points[21]?.signals.includes('limit'), true, metric)
  }
})

test('more than three charts widen the limits, three do not', () => {
  const periods = chartOf(Array.from({ length: 20 }, () => [10, 20, 10]))
  const widths = [1, 3, 30].map((charts) => {
    const { low, high } = controlChart(periods, 'ces-3', 'mean', { charts })[0]!
    return high! - low!
  })
  assert.equal(widths[1], widths[0])
  // Šidák: the two-sided normal quantile of 1 − (1 − 0.0026998)^(3/30), by SciPy.
  near(widths[2]! / widths[0]!, 3.6422092840336133 / 3, 1e-9)
})

test('nothing to draw', () => {
  assert.deepEqual(controlChart([], 'ces-3', 'mean'), [])
  const [only] = controlChart([{ at: 1, counts: [0, 0, 0] }], 'ces-3', 'mean')
  const limits = { low: null, high: null, ewmaLow: null, ewmaHigh: null }
  const nothing = { value: null, centre: null, ...limits, ewma: null, signals: [] }
  assert.deepEqual(only, { at: 1, joined: 0, n: 0, unfinished: true, ...nothing })
})

test('every point is finite, in range, and holds its own answers', () => {
  const anyChart = anyScale.chain((scale) =>
    fc.tuple(fc.constant(scale), fc.array(countsFor(scale), { maxLength: 30 }), fc.constantFrom(...metricNames)),
  )
  fc.assert(
    fc.property(anyChart, fc.boolean(), ([scale, histograms, metric], unfinished) => {
      const points = controlChart(chartOf(histograms), scale, metric, { unfinished, changes: [7] })
      for (const { signals, ewma, ewmaLow, ewmaHigh } of points) {
        if (signals.includes('drift')) assert.ok(ewma! < ewmaLow! || ewma! > ewmaHigh!)
      }
      let from = 0
      for (const { at, n, value, centre, low, high, ewma, joined } of points) {
        const own = histograms.slice(from, at + 1)
        from = at + 1
        assert.equal(joined, own.length - 1)
        const union = own.reduce(addHistograms)
        const summary = summarize(union, scale)
        assert.equal(n, summary.n)
        if (n > 0) near(value, summary[metric]!.value, 1e-9)
        for (const drawn of [value, centre, low, high, ewma]) assert.ok(drawn === null || Number.isFinite(drawn))
        if (low !== null && high !== null) assert.ok(low <= high)
      }
      assert.equal(from, histograms.length)
    }),
  )
})

test('bad arguments are refused by name', () => {
  const late = [
    { at: '2026-02-01', counts: [1, 1, 1] },
    { at: '2026-01-01', counts: [1, 1, 1] },
  ]
  const wrong: [() => unknown, RegExp][] = [
    [() => controlChart(late, 'ces-3', 'mean'), /^periods\[1\]\.at is '2026-01-01'; it must be later than 2026-02-01/],
    [() => controlChart(chartOf([[1, 1]]), 'ces-3', 'mean'), /^counts of 0 is \[1,1\]/],
    [
      () => controlChart([], 'ces-3', 'mean', { baseline: 1 }),
      /^baseline is 1; it must be a whole number of at least 2/,
    ],
    [() => controlChart([], 'ces-3', 'mean', { charts: 0 }), /^charts is 0/],
    [() => controlChart(null as never, 'ces-3', 'mean'), /^periods is null/],
    [() => controlChart([null as never], 'ces-3', 'mean'), /^periods\[0\] is null/],
    [() => controlChart([{ at: NaN, counts: [1, 1, 1] }], 'ces-3', 'mean'), /^periods\[0\]\.at is NaN/],
    [() => controlChart([], 'ces-3', 'mean', { changes: null as never }), /^changes is null/],
    [() => controlChart([], 'ces-3', 'mean', { changes: [{} as never] }), /^changes\[0\] is \{\}/],
    [() => controlChart([], 'ces-3', 'mean', null as never), /^options is null/],
  ]
  for (const [call, message] of wrong) assert.throws(call, { name: 'RangeError', message })
})
