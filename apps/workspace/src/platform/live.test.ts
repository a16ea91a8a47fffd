import assert from 'node:assert/strict'
import { test } from 'node:test'
import { concerns, staleAfter } from './live.ts'

test('an answer makes the effort screen stale, a key does not', () => {
  assert.ok(staleAfter('response.received').includes('insight'))
  assert.ok(staleAfter('response_batch.received').includes('insight'))
  assert.ok(!staleAfter('key.created').includes('insight'))
})

test('what nobody knows makes everything stale', () => {
  assert.equal(staleAfter('comet.landed'), 'all')
})

test('what happens to one ticket leaves the others as they are, and the lists not', () => {
  const wake = { type: 'ticket.assigned', subjectIds: ['a'] }
  assert.ok(concerns(wake, ['tickets', 'one', 'a'], 'a'))
  assert.ok(!concerns(wake, ['tickets', 'one', 'b'], 'b'))
  assert.ok(concerns(wake, ['tickets', 'list'], undefined))
  assert.ok(concerns({ ...wake, subjectIds: [] }, ['tickets', 'one', 'b'], 'b'), 'too many to be named')
  assert.ok(concerns({ ...wake, type: 'ticket.merged' }, ['tickets', 'one', 'b'], 'b'))
})

test('what somebody else says in a field of a ticket is fetched where it is open', () => {
  const wake = { type: 'ticket.fields', subjectIds: ['a'] }
  assert.ok(concerns(wake, ['ticketValues', 'a'], 'a'))
  assert.ok(!concerns(wake, ['ticketValues', 'b'], 'b'))
})

test('who reads a ticket concerns nothing but who looks at it', () => {
  const wake = { type: 'ticket.readers', subjectIds: ['a'] }
  assert.ok(concerns(wake, ['presence', 'a'], 'a'))
  assert.ok(!concerns(wake, ['presence', 'b'], 'b'))
  assert.ok(!concerns(wake, ['tickets', 'one', 'a'], 'a'))
})
