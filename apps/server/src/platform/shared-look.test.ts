import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sharedLook } from './shared-look.ts'

test('who asks during a look gets the next one, and all who wait share it', async () => {
  const ends: (() => void)[] = []
  let looks = 0
  const look = sharedLook(() => {
    const own = ++looks
    return new Promise<number>((resolve) => ends.push(() => resolve(own)))
  })
  const [first, second, third] = [look(), look(), look()]
  assert.equal(looks, 1)
  ends[0]!()
  assert.equal(await first, 1)
  await new Promise(setImmediate)
  assert.equal(looks, 2)
  const fourth = look()
  ends[1]!()
  assert.deepEqual(await Promise.all([second, third]), [2, 2])
  await new Promise(setImmediate)
  ends[2]!()
  assert.equal(await fourth, 3)
  assert.equal(looks, 3)
})

test('a look that fails fails for those who shared it, and the next one is another', async () => {
  let looks = 0
  const look = sharedLook(async () => {
    if (++looks === 2) throw new Error('away')
    return looks
  })
  const [first, second, third] = await Promise.allSettled([look(), look(), look()])
  assert.deepEqual([first!.status, second!.status, third!.status], ['fulfilled', 'rejected', 'rejected'])
  assert.equal(await look(), 3)
})
