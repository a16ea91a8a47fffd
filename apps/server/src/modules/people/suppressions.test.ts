import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { testHouse, type TestHouse } from '#platform/testing/house.ts'
import { newKey, newMember, newWorkspace, visitor, type Visitor } from '../../testing/visitor.ts'

let house: TestHouse
let owner: Visitor

before(async () => {
  house = await testHouse()
  owner = (await newWorkspace(house, 'ours', visitor(house))).owner
})
after(() => house.close())

const list = async (query = '') => (await owner.ask('GET', `/suppressions${query}`)).json()

test('an address is put on the list once, found, and taken off it', async () => {
  const first = (
    await owner.ask('POST', '/suppressions', { address: 'Ana@Kupec.example', reason: 'complained' })
  ).json()
  assert.deepEqual([first.address, first.reason], ['ana@kupec.example', 'complained'])
  const again = (await owner.ask('POST', '/suppressions', { address: 'ana@kupec.example' })).json()
  assert.deepEqual(again, first)
  assert.deepEqual((await list('?address=ANA@kupec.example')).items, [first])
  assert.equal((await owner.ask('DELETE', `/suppressions/${first.id}`)).statusCode, 204)
  assert.equal((await owner.ask('DELETE', `/suppressions/${first.id}`)).statusCode, 404)
  assert.deepEqual((await list()).items, [])
})

test('many come at once, all of them or none, and are listed by pages', async () => {
  const addresses = ['a@kupec.example', 'b@kupec.example', 'A@kupec.example']
  assert.deepEqual((await owner.ask('POST', '/suppressions/import', { addresses })).json(), { added: 2 })
  assert.deepEqual((await owner.ask('POST', '/suppressions/import', { addresses })).json(), { added: 0 })
  const bad = await owner.ask('POST', '/suppressions/import', { addresses: ['c@kupec.example', 'no address'] })
  assert.equal(bad.statusCode, 400)
  assert.equal(bad.json().errors[0].field, '/body/addresses/1')
  const first = await list('?limit=1')
  const second = await list(`?limit=1&after=${first.next}`)
  assert.deepEqual([...first.items, ...second.items].map(({ address }) => address).toSorted(), [
    'a@kupec.example',
    'b@kupec.example',
  ])
  assert.equal(second.next, null)
})

test('the list is looked through by how an address begins, by reason and by day', async () => {
  await owner.ask('POST', '/suppressions', { address: 'early_bird@kupec.example', reason: 'complained' })
  house.clock.advance(3 * 86_400_000)
  await owner.ask('POST', '/suppressions', { address: 'early@kunde.example', reason: 'complained' })
  await owner.ask('POST', '/suppressions', { address: 'late@kunde.example' })
  const found = async (query: string) =>
    ((await list(query)).items as { address: string }[]).map(({ address }) => address.split('@')[0]).toSorted()
  assert.deepEqual(await found('?begins=EARLY'), ['early', 'early_bird'])
  assert.deepEqual(await found('?begins=early_'), ['early_bird'])
  assert.deepEqual(await found('?begins=%25'), [])
  assert.deepEqual(await found('?reason=complained'), ['early', 'early_bird'])
  const today = house.clock.now().toISOString().slice(0, 10)
  assert.deepEqual(await found(`?from=${today}`), ['early', 'late'])
  assert.ok(!(await found('?to=2026-11-21')).includes('late'))
  const bad = await owner.ask('GET', '/suppressions?reason=mood')
  assert.deepEqual([bad.statusCode, bad.json().errors[0].field], [400, '/query/reason'])
})

test('who may read answers sees the list; only the owner lets an address be written to again', async () => {
  const { member: viewer } = await newMember(house, owner, 'viewer', 'viewer@ours.example')
  assert.equal((await viewer.ask('GET', '/suppressions')).statusCode, 200)
  assert.equal((await viewer.ask('POST', '/suppressions', { address: 'x@kupec.example' })).statusCode, 403)
  const { bearer } = await newKey(owner, 'responses.write')
  const made = await visitor(house).ask('POST', '/suppressions', { address: 'x@kupec.example' }, bearer)
  assert.equal(made.statusCode, 201)
  assert.equal(
    (await visitor(house).ask('DELETE', `/suppressions/${made.json().id}`, undefined, bearer)).statusCode,
    403,
  )
})
