import assert from 'node:assert/strict'
import { test } from 'node:test'
import { atMost, through } from './choosing.ts'

const ids = Array.from({ length: 210 }, (_, place) => `t${place}`)

test('a range goes from line to line, either way, and only where both are listed', () => {
  assert.deepEqual(through(ids, 't2', 't4'), ['t2', 't3', 't4'])
  assert.deepEqual(through(ids, 't4', 't2'), ['t2', 't3', 't4'])
  assert.deepEqual(through(ids, undefined, 't4'), [])
  assert.deepEqual(through(ids, 'gone', 't4'), [])
})

test('no more are chosen than can be changed at once', () => {
  assert.deepEqual([...atMost(new Set(ids))], ids.slice(0, 200))
  assert.equal(atMost(new Set(ids.slice(0, 200))).size, 200)
})
