import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { test } from 'node:test'
import { createSeenKeys } from './seen-keys.ts'

const keyOf = (n: number) => hash('sha256', String(n)).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*/, '$1-$2-$3-$4-$5')

test('a key is seen from its second time on, however many came between', () => {
  const seen = createSeenKeys()
  for (let n = 0; n < 20_000; n++) assert.equal(seen.add(keyOf(n)), false)
  for (let n = 0; n < 20_000; n++) assert.equal(seen.add(keyOf(n)), true)
})

test('beyond its limit only the first keys are known', () => {
  const seen = createSeenKeys(10)
  for (let n = 0; n < 20; n++) seen.add(keyOf(n))
  assert.deepEqual(
    [5, 9, 10, 19].map((n) => seen.add(keyOf(n))),
    [true, true, false, false],
  )
})
