import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { criticalZ, wilsonInterval } from './intervals.ts'
import { answersNeeded, invitationsNeeded } from './sample-size.ts'

test('the usual table', () => {
  assert.equal(answersNeeded({ margin: 0.05 }), 381)
  assert.equal(answersNeeded({ margin: 0.1 }), 93)
  assert.equal(answersNeeded({ margin: 0.05, population: 1000 }), 276)
  assert.equal(answersNeeded({ margin: 0.1, population: 27 }), 22)
  assert.equal(answersNeeded({ margin: 0.05, population: 1 }), 1)
  assert.equal(answersNeeded({ margin: 0.05, designEffect: 2 }), 761)
  assert.equal(answersNeeded({ margin: 0.49 }), 1)
  assert.equal(invitationsNeeded({ margin: 0.05, responseRate: 0.2 }), 1905)
  assert.equal(invitationsNeeded({ margin: 0.05, responseRate: 1 }), 381)
})

test('one answer fewer would be too few, and the answers asked for are enough', () => {
  const half = (n: number, share: number, level: number) => {
    const { low, high } = wilsonInterval(share, n, criticalZ(level))
    return (high - low) / 2
  }
  const margin = fc.double({ min: 0.005, max: 0.3, noNaN: true })
  const share = fc.double({ min: 0.02, max: 0.98, noNaN: true })
  fc.assert(
    fc.property(margin, share, fc.double({ min: 0.6, max: 0.999, noNaN: true }), (wanted, expected, level) => {
      const n = answersNeeded({ margin: wanted, share: expected, level })
      if (n === 1) return
      // Wilson's interval is clipped at 0 and 1 in print; the margin is that of the formula.
      fc.pre(half(n - 1, expected, level) > 0 && expected > 0.1 && expected < 0.9)
      assert.ok(half(n, expected, level) <= wanted * (1 + 1e-9))
      assert.ok(half(n - 1, expected, level) > wanted * (1 - 1e-9))
    }),
  )
})

test('a population is never asked for more than it has', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1e6 }),
      fc.double({ min: 0.001, max: 0.4, noNaN: true }),
      (population, margin) => {
        const n = answersNeeded({ margin, population })
        assert.ok(n >= 1 && n <= population && n <= answersNeeded({ margin }))
      },
    ),
  )
})

test('bad arguments are refused by name', () => {
  const wrong: [() => unknown, RegExp][] = [
    [() => answersNeeded(undefined as never), /^precision is undefined; it must be an object with a margin/],
    [() => invitationsNeeded(null as never), /^precision is null/],
    [() => answersNeeded({} as never), /^margin is undefined/],
    [() => answersNeeded({ margin: 0 }), /^margin is 0; it must be above 0 and below 0\.5/],
    [() => answersNeeded({ margin: 0.1, share: 1.2 }), /^share is 1\.2; it must be a number from 0 to 1/],
    [() => answersNeeded({ margin: 0.1, population: 0.5 }), /^population is 0\.5/],
    [() => invitationsNeeded({ margin: 0.1, responseRate: 0 }), /^responseRate is 0; it must be above 0 and at most 1/],
  ]
  for (const [call, message] of wrong) assert.throws(call, { name: 'RangeError', message })
})
