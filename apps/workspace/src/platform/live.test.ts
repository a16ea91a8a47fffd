import assert from 'node:assert/strict'
import { test } from 'node:test'
import { staleAfter } from './live.ts'

test('an answer makes the effort screen stale, a key does not', () => {
  assert.ok(staleAfter('response.received').includes('insight'))
  assert.ok(staleAfter('response_batch.received').includes('insight'))
  assert.ok(!staleAfter('key.created').includes('insight'))
})

test('what nobody knows makes everything stale', () => {
  assert.equal(staleAfter('comet.landed'), 'all')
})
