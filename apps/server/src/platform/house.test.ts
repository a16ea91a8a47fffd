import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { testHouse, type TestHouse } from './testing/house.ts'

let house: TestHouse
before(async () => void (house = await testHouse()))
after(() => house.close())

test('is alive and ready', async () => {
  assert.equal((await house.app.inject('/healthz')).statusCode, 200)
  assert.equal((await house.app.inject('/readyz')).statusCode, 200)
})

test('an address that is not there is a problem that says so', async () => {
  const reply = await house.app.inject('/api/v1/nowhere')
  assert.equal(reply.statusCode, 404)
  assert.equal(reply.headers['content-type'], 'application/problem+json; charset=utf-8')
  assert.equal(reply.json().code, 'platform.no_such_address')
})

test('the document is OpenAPI 3.1', async () => {
  assert.equal((await house.app.inject('/api/v1/openapi.json')).json().openapi, '3.1.0')
})
