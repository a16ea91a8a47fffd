import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fetchAndKill, fetchByTwo } from './mail-in.ts'

test('killed while it fetches a mailbox and makes tickets of it, no mail is lost and none is there twice', async () => {
  const { kept, lost, doubled } = await fetchAndKill(500, 4, 0)
  assert.deepEqual({ kept, lost, doubled }, { kept: 500, lost: 0, doubled: 0 })
})

test('two servers that read one mailbox at once make one message of each mail', async () => {
  assert.deepEqual(await fetchByTwo(200), { kept: 200, lost: 0, doubled: 0 })
})
