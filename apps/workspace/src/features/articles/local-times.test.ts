import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fieldOf, instantOf } from './local-times.ts'

test('a time goes into its field and comes back as the same instant', () => {
  for (const instant of ['2026-11-26T08:30:00.000Z', '2026-07-01T21:05:00.000Z']) {
    assert.equal(instantOf(fieldOf(instant)), instant)
  }
})

test('an empty field is no time', () => {
  assert.equal(instantOf(''), null)
  assert.equal(fieldOf(null), '')
  assert.equal(instantOf('2026-13-40T99:00'), null)
})
