import fc from 'fast-check'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { at, spread, windowOf } from './plot-scales.ts'

test('a window shows all values, at least as wide as asked, within the limits', () => {
  const value = fc.double({ min: 0, max: 1, noNaN: true })
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 6 }), (values) => {
      const [first, last] = windowOf(values, [0, 1], 0.3)
      assert.ok(first >= 0 && last <= 1 && last - first >= 0.3 - 1e-9, `${first} ${last}`)
      for (const one of values) assert.ok(one >= first - 1e-9 && one <= last + 1e-9, `${one} outside ${first}–${last}`)
    }),
  )
})

test('a window of nothing is everything', () => assert.deepEqual(windowOf([null, undefined], [1, 10], 2), [1, 10]))

test('places are per cent, and what lies outside stays at the edge', () => {
  assert.equal(at(7.5, [5, 10]), '50.00%')
  assert.equal(at(12, [5, 10]), '100.00%')
})

test('labels move apart, keep their order and stay above the floor', () => {
  const labels = spread(
    [100, 104, 250, 249].map((y, id) => ({ id, y, height: 15 })),
    252,
  )
  assert.deepEqual(
    labels.map(({ id }) => id),
    [0, 1, 3, 2],
  )
  for (const [place, label] of labels.entries()) {
    const above = labels[place - 1]
    assert.ok(!above || label.y >= above.y + above.height)
    assert.ok(label.y + label.height <= 252)
  }
})
