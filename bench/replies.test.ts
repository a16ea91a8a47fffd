import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connections, replyAndKill } from './replies.ts'

test('killed before and while it sends a hundred replies, none goes twice or is lost, and the uncertain ones are listed', async () => {
  const kills = 3
  const { replies, received, twice, lost, uncertain } = await replyAndKill(100, kills)
  assert.deepEqual({ replies, twice, lost }, { replies: 100, twice: 0, lost: 0 })
  assert.ok(uncertain <= kills * connections, String(uncertain))
  assert.ok(received + uncertain >= 100, `${received} received, ${uncertain} uncertain`)
})
