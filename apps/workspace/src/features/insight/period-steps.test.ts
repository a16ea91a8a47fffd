import assert from 'node:assert/strict'
import { test } from 'node:test'
import { moved } from './period-steps.ts'

test('a run of days moves by its own length, over months and summer time', () => {
  assert.deepEqual(moved({ from: '2026-03-23', to: '2026-04-01' }, 1), { from: '2026-04-02', to: '2026-04-11' })
  assert.deepEqual(moved({ from: '2026-03-01', to: '2026-03-01' }, -1), { from: '2026-02-28', to: '2026-02-28' })
})
