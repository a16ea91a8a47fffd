import assert from 'node:assert/strict'
import { test } from 'node:test'
import { crash } from './crash.ts'

test('killed under load, Lahko has every acknowledged answer, once, and cells that agree', async () => {
  for (const { killed, acknowledged, missing, twice, wrongCells } of await crash(3)) {
    assert.ok(acknowledged > 0)
    assert.deepEqual({ killed, missing, twice, wrongCells }, { killed, missing: 0, twice: 0, wrongCells: 0 })
  }
})
