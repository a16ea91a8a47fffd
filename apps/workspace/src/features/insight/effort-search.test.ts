import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chosenOf, readEffortSearch, toggled, without } from './effort-search.ts'

test('an address keeps what makes sense and forgets the rest', () => {
  const given = {
    period: 'week',
    at: '2026-11-18',
    filter: ['topic:Returns', 'nonsense'],
    wording: '2',
    metric: 'joy',
    order: 'newest',
  }
  assert.deepEqual(readEffortSearch(given), {
    period: 'week',
    at: '2026-11-18',
    filter: ['topic:Returns'],
    wording: 2,
    order: 'newest',
  })
  assert.deepEqual(readEffortSearch({ filter: 'topic:a:b', wording: '-1' }), { filter: ['topic:a:b'] })
  const days = { from: '2026-11-02', to: '2026-11-18' }
  assert.deepEqual(readEffortSearch({ period: 'week', ...days }), { period: 'week' })
  assert.deepEqual(readEffortSearch({ period: 'days', ...days }), { period: 'days', ...days })
})

test('a filter goes in and out, and values may hold colons', () => {
  const filter = toggled(toggled(undefined, 'topic', 'a:b'), 'channel', 'chat')
  assert.deepEqual(chosenOf(filter, 'topic'), ['a:b'])
  assert.deepEqual(toggled(filter, 'topic', 'a:b'), ['channel:chat'])
  assert.deepEqual(without(filter, 'channel'), ['topic:a:b'])
})
