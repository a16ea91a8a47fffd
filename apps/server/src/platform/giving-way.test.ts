import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pass } from 'node:timers/promises'
import { workGivingWay } from './giving-way.ts'

const goesOn = new AbortController().signal

/** How long five steps of 20 ms took, in ms. */
async function timeOf(askedFor: () => number): Promise<number> {
  let left = 5
  const began = performance.now()
  await workGivingWay({ askedFor }, goesOn, async () => {
    await pass(20)
    return --left > 0
  })
  assert.equal(left, 0)
  return performance.now() - began
}

test('long work rests after a step while others ask, and only then', async () => {
  let asked = 0
  const [alone, beside] = [await timeOf(() => 7), await timeOf(() => asked++)]
  assert.ok(beside > alone + 4 * 2 * 20 * 0.9, `${alone} ms alone, ${beside} ms beside others`)
})

test('it begins no step any more, and does not rest to the end, when it is told to stop', async () => {
  const stopping = new AbortController()
  let [asked, steps] = [0, 0]
  await workGivingWay({ askedFor: () => asked++ }, stopping.signal, async () => {
    steps++
    setTimeout(() => stopping.abort(), 50)
    await pass(200)
    return true
  })
  assert.equal(steps, 1)
})
