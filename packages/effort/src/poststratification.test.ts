import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { countsFor } from '../testing/arbitraries.ts'
import { addHistograms } from './histograms.ts'
import { metricNames } from './reading.ts'
import { scales } from './scales.ts'
import { poststratify } from './poststratification.ts'
import { summarize } from './summaries.ts'

const scale = scales['ces-3']
const near = (actual: number | null | undefined, expected: number) =>
  assert.ok(typeof actual === 'number' && Math.abs(actual - expected) < 1e-9, `${actual} instead of ${expected}`)

test('a stratum that answered less often weighs more, by hand', () => {
  // Mail: 10 of 100 answered, all 1. Phone: 30 of 100, all 3. As answered (10·1 + 30·3) / 40 = 2.5; adjusted 2.
  const answers = [
    { attributes: { channel: 'mail' }, counts: [10, 0, 0] },
    { attributes: { channel: 'phone' }, counts: [0, 0, 30] },
  ]
  const people = [
    { attributes: { channel: 'mail' }, n: 100 },
    { attributes: { channel: 'phone' }, n: 100 },
  ]
  const { strata, effectiveN, usable, summary } = poststratify(answers, people, scale)
  assert.deepEqual(
    strata.map(({ weight }) => weight),
    [2, 2 / 3],
  )
  near(effectiveN, 40 ** 2 / (10 * 4 + 30 * (4 / 9)))
  assert.deepEqual([usable, summary.n], [true, 40])
  near(summary.mean?.value, 2)
  near(summary.easyShare?.value, 0.5)
  near(summary.median, 2)
  // Wilson's interval of one half among 30 answers.
  near(summary.easyShare?.low, summarize([15, 0, 15], scale).easyShare!.low!)
})

test('where all answered alike, adjusted is as answered', () => {
  fc.assert(
    fc.property(fc.array(countsFor(scale), { minLength: 1, maxLength: 4 }), (groups) => {
      const total = groups.flat().reduce((sum, count) => sum + count, 0)
      fc.pre(total > 0)
      const answers = groups.map((counts, index) => ({ attributes: { topic: `t${index}` }, counts }))
      const people = answers.map(({ attributes, counts }) => ({ attributes, n: 7 * counts.reduce((a, b) => a + b, 0) }))
      const { effectiveN, summary } = poststratify(answers, people, scale)
      const plain = summarize(
        groups.reduce((sum, counts) => addHistograms(sum, counts), [0, 0, 0]),
        scale,
      )
      near(effectiveN, total)
      near(summary.median, plain.median!)
      for (const metric of metricNames) near(summary[metric]!.value, plain[metric]!.value)
    }),
    { seed: 20261126 },
  )
})

test('figures lie in their intervals, weights in 0–5, and effective n in n', () => {
  const group = fc.record({
    attributes: fc.record({ language: fc.constantFrom('en', 'sl'), topic: fc.constantFrom('a', 'b') }),
    counts: countsFor(scale),
    silent: fc.nat(5000),
  })
  fc.assert(
    fc.property(fc.array(group, { minLength: 1, maxLength: 8 }), (groups) => {
      const n = groups.reduce((sum, { counts }) => sum + counts.reduce((a, b) => a + b, 0), 0)
      fc.pre(n > 1)
      const people = groups.map(({ attributes, counts, silent }) => ({
        attributes,
        n: counts.reduce((a, b) => a + b, silent),
      }))
      const { strata, effectiveN, summary } = poststratify(groups, people, scale)
      assert.ok(effectiveN > 0 && effectiveN <= n * (1 + 1e-12))
      assert.ok(strata.every(({ weight }) => weight >= 0 && weight <= 5))
      assert.equal(
        strata.reduce((sum, { answers }) => sum + answers, 0),
        n,
      )
      for (const metric of metricNames) {
        const { value, low, high } = summary[metric]!
        assert.ok((low ?? value) <= value + 1e-12 && value <= (high ?? value) + 1e-12)
      }
    }),
    { seed: 20261126 },
  )
})

test('small strata are joined over language first, then outcome, topic and channel', () => {
  const at = (language: string, topic: string, channel: string, n: number) => ({
    attributes: { language, topic, channel },
    counts: [0, n, 0],
  })
  const answers = [
    at('en', 'a', 'mail', 9),
    at('sl', 'a', 'mail', 2),
    at('en', 'b', 'mail', 3),
    at('nb', 'c', 'mail', 8),
  ]
  const people = answers.map(({ attributes }) => ({ attributes, n: 50 }))
  const { strata } = poststratify(answers, people, scale)
  const seen = strata.map(({ attributes, answers: n, population }) => [attributes, n, population])
  // Topic a holds enough over its languages. Topic b does not, and joins the smallest of its channel: topic c.
  assert.deepEqual(seen, [
    [{ channel: 'mail' }, 11, 100],
    [{ topic: 'a', channel: 'mail' }, 11, 100],
  ])
})

test('weights are trimmed at five, and far too uneven answers are not usable', () => {
  const answers = [
    { attributes: { channel: 'mail' }, counts: [5, 0, 0] },
    { attributes: { channel: 'phone' }, counts: [0, 0, 500] },
  ]
  const people = [
    { attributes: { channel: 'mail' }, n: 100_000 },
    { attributes: { channel: 'phone' }, n: 500 },
  ]
  const { strata, usable } = poststratify(answers, people, scale)
  assert.equal(strata[0]!.weight, 5)
  assert.equal(usable, false)
})

test('no answers give null, and a population of nobody is refused', () => {
  const none = poststratify([], [{ attributes: {}, n: 10 }], scale)
  assert.deepEqual([none.usable, none.effectiveN, none.summary.mean, none.summary.median], [false, 0, null, null])
  assert.throws(() => poststratify([], [], scale), /population is \[\]; it must be groups of at least one person/)
  assert.throws(() => poststratify([{ attributes: {}, counts: [1] }], [{ attributes: {}, n: 1 }], scale), RangeError)
  assert.throws(() => poststratify([], [{ attributes: {}, n: 0.5 }], scale), /population\[0\].n is 0.5/)
})
