import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fixedClock } from '#platform/clock.ts'
import { shortMemory } from './short-memory.ts'

function counted(capacity = 10) {
  const clock = fixedClock('2026-11-20T10:00:00Z')
  const reads: string[] = []
  const waiting: (() => void)[] = []
  let held = false
  const load = async (key: string) => {
    reads.push(key)
    const value = `${key}${reads.length}`
    if (held) await new Promise<void>((resolve) => waiting.push(resolve))
    return value
  }
  const memory = shortMemory({ capacity, maxAgeMs: 5_000, clock, load })
  return { clock, reads, memory, hold: () => void (held = true), release: () => waiting.forEach((go) => go()) }
}

test('remembers for five seconds and no longer', async () => {
  const { clock, memory } = counted()
  assert.equal(await memory.get('a'), 'a1')
  clock.advance(5_000)
  assert.equal(memory.get('a'), 'a1')
  clock.advance(1)
  assert.equal(await memory.get('a'), 'a2')
})

test('those who ask at the same time share one read', async () => {
  const { memory, reads } = counted()
  assert.deepEqual(await Promise.all([memory.get('a'), memory.get('a')]), ['a1', 'a1'])
  assert.equal(reads.length, 1)
})

test('is bounded: what was asked for longest ago goes', async () => {
  const { memory, reads } = counted(2)
  for (const key of ['a', 'b', 'a', 'c', 'a']) await memory.get(key)
  assert.deepEqual(reads, ['a', 'b', 'c'])
  await memory.get('b')
  assert.deepEqual(reads, ['a', 'b', 'c', 'b'])
})

test('what was being read while it was told to forget is not remembered', async () => {
  const { memory, hold, release } = counted()
  hold()
  const old = memory.get('a')
  memory.forget()
  const fresh = memory.get('a')
  release()
  assert.deepEqual(await Promise.all([old, fresh]), ['a1', 'a2'])
  assert.equal(memory.get('a'), 'a2')
})

test('a failed read is not remembered', async () => {
  let fails = true
  const clock = fixedClock('2026-11-20T10:00:00Z')
  const load = async () => {
    if (fails) throw new Error('away')
    return 1
  }
  const memory = shortMemory({ capacity: 2, maxAgeMs: 5_000, clock, load })
  await assert.rejects(async () => memory.get('a'), /away/)
  fails = false
  assert.equal(await memory.get('a'), 1)
})
