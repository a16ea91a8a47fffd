import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { system, type Db } from './store.ts'
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

test('the document and the reference say which scope an address needs', async () => {
  const { paths } = (await house.app.inject('/api/v1/openapi.json')).json()
  assert.equal(paths['/api/v1/live'].get.description, 'Needs the scope workspace.read.')
  assert.equal(paths['/api/v1/start'].get.description, undefined)
  assert.match((await house.app.inject('/api/v1/docs')).body, /Needs the scope responses\.write\./)
})

test('the document says what a program needs beside the bodies: errors, keys for trying again, what is open, uploads', async () => {
  const { paths, components } = (await house.app.inject('/api/v1/openapi.json')).json()
  assert.deepEqual(components.schemas.Problem.required.toSorted(), ['code', 'requestId', 'status', 'title', 'type'])
  for (const [path, operations] of Object.entries<Record<string, { responses: object }>>(paths))
    for (const [method, { responses }] of Object.entries(operations))
      assert.ok('default' in responses, `${method} ${path} names no problem`)
  const { parameters, responses, security } = paths['/api/v1/responses'].post
  assert.deepEqual(
    parameters.map((one: { name: string; in: string }) => [one.name, one.in]),
    [['idempotency-key', 'header']],
  )
  assert.ok('application/problem+json' in responses.default.content)
  assert.equal(security, undefined)
  assert.deepEqual(paths['/api/v1/start'].get.security, [{}, { key: [] }])
  assert.ok('application/octet-stream' in paths['/api/v1/workspace/logo'].put.requestBody.content)
})

test('a body that is named and not sent is a missing one', async () => {
  const headers = { 'content-type': 'application/json' }
  const missing = await house.app.inject({ method: 'POST', url: '/api/v1/sessions', headers })
  assert.equal(missing.json().errors[0].field, '/body')
  assert.equal(missing.json().errors[0].message, 'An object with fields belongs here.')
  const sent = await house.app.inject({ method: 'POST', url: '/api/v1/sessions', headers, payload: '{' })
  assert.equal(sent.json().code, 'platform.unreadable')
})

test('a program that forgot its key, or what it sends, is told that first', async () => {
  const post = (type: string, payload: string) =>
    house.app.inject({ method: 'POST', url: '/api/v1/responses', headers: { 'content-type': type }, payload })
  assert.equal((await post('application/json', '{"nothing":"right"}')).json().code, 'platform.sign_in_first')
  const asForm = await post('application/x-www-form-urlencoded', '{"survey":"a","score":7}')
  assert.equal(asForm.json().title, 'This address takes JSON. Send it with Content-Type: application/json.')
})

test('a read that takes too long is stopped, a write is not', async () => {
  const scope = { workspaceId: randomUUID(), actor: system }
  const limit = async (db: Db) => (await sql<{ at: string }>`show statement_timeout`.execute(db.kysely)).rows
  assert.deepEqual(await house.store.read(scope, limit), [{ statement_timeout: '20s' }])
  assert.deepEqual(await house.store.readPatiently(scope, limit), [{ statement_timeout: '10min' }])
  assert.deepEqual(await house.store.write(scope, limit), [{ statement_timeout: '0' }])
})
