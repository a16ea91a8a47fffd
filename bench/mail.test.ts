import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sendAndKill } from './mail.ts'

test('killed while it sends, Lahko sends no mail twice and says of which nobody knows', async () => {
  const { twice, missing, uncertain, sent } = await sendAndKill(400, 2)
  assert.deepEqual({ twice, missing }, { twice: 0, missing: 0 })
  assert.ok(uncertain <= 16, String(uncertain))
  assert.ok(sent > 300)
})
