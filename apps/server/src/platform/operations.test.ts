import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { testHouse, type TestHouse } from './testing/house.ts'

let house: TestHouse
before(async () => void (house = await testHouse()))
after(() => house.close())

test('while the database is away, or may be somebody else’s, nothing is served but what needs none', async () => {
  const ask = async (url: string) => house.app.inject({ url, headers: { 'accept-language': 'nb' } })
  assert.deepEqual([(await ask('/readyz')).statusCode, (await ask('/api/v1/start')).statusCode], [200, 200])
  house.state.healthy = false
  const refused = await ask('/api/v1/start')
  assert.deepEqual([refused.statusCode, refused.json().code], [503, 'platform.database_away'])
  assert.match(refused.json().title, /Databasen/)
  assert.ok(Number(refused.headers['retry-after']) > 0)
  assert.deepEqual([(await ask('/readyz')).statusCode, (await ask('/healthz')).statusCode], [503, 200])
  house.state.healthy = true
  assert.equal((await ask('/api/v1/start')).statusCode, 200)
})
