import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { knownToAll } from './known-before.ts'
import type { EarlierMessage } from './replies.queries.ts'
import { testDesk, type TestDesk } from './testing/desk.ts'

let desk: TestDesk

before(async () => {
  desk = await testDesk('known')
})
after(() => desk.house.close())

test('what somebody wrote under another name is known to them as long as both are one', async () => {
  const [work, home] = [
    await desk.open({ from: { address: 'gal@work.example' } }),
    await desk.open({ from: { address: 'gal@home.example' } }),
  ]
  const said = { from_address: 'gal@home.example', customer_id: home.customer!.id }
  const message = { ...said, recipients: [], copies: [], blind_copies: [] } as Partial<EarlierMessage> as EarlierMessage
  const known = async () =>
    (await desk.write((tx) => knownToAll(tx, [message], [{ name: '', address: 'gal@work.example' }]))).length
  assert.equal(await known(), 0)
  await desk.ask('PUT', `/customers/${home.customer!.id}/merge`, { intoId: work.customer!.id })
  assert.equal(await known(), 1)
  await desk.ask('DELETE', `/customers/${home.customer!.id}/merge`)
  assert.equal(await known(), 0)
})
