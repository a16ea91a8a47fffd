import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lasting } from './format.ts'

test('how long something took is said in its two largest units', () => {
  const said = [0, 1, 60, 90, 1439, 1440, 3879, 2880].map((minutes) => lasting(minutes))
  assert.deepEqual(said, [
    ...['0 minutes', '1 minute', '1 hour', '1 hour 30 minutes', '23 hours 59 minutes'],
    ...['1 day', '2 days 16 hours', '2 days'],
  ])
})
