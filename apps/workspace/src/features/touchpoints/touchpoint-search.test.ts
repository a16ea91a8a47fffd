import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readTouchpointSearch } from './touchpoint-search.ts'

test('an address is read as far as it makes sense', () => {
  assert.deepEqual(
    readTouchpointSearch({ find: 'ticket-', kind: 'call', state: 'open', agent: 'Bor', from: '2026-11-01', to: 'x' }),
    {
      find: 'ticket-',
      kind: 'call',
      state: 'open',
      agent: 'Bor',
      from: '2026-11-01',
    },
  )
  assert.deepEqual(readTouchpointSearch({ find: '', kind: ['a'], state: 'shut', topic: '', team: ['a'] }), {})
})
