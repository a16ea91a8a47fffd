import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connections, sendAndKill } from './mail.ts'

test('killed while it asks, Lahko asks nobody twice and lists of whom nobody knows', async () => {
  const { twice, missing, wrongLines, wrongSums, uncertain, received, reminders } = await sendAndKill(400, 2)
  assert.deepEqual({ twice, missing, wrongLines, wrongSums }, { twice: 0, missing: 0, wrongLines: 0, wrongSums: 0 })
  assert.ok(uncertain <= 2 * connections, String(uncertain))
  assert.ok(received > 300)
  assert.ok(reminders > 80, String(reminders))
})
