import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import pg from 'pg'
import { buildApp } from '../app.ts'
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

test('the figures are for this machine, or for whoever sends the token', async () => {
  const ask = async (remoteAddress: string, headers = {}, app = house.app) =>
    (await app.inject({ url: '/metrics', remoteAddress, headers })).statusCode
  for (const address of ['127.0.0.1', '::1', '::ffff:127.0.0.1']) assert.equal(await ask(address), 200)
  assert.equal(await ask('203.0.113.7'), 404)
  assert.equal(await ask('127.0.0.1', { 'x-forwarded-for': '203.0.113.7' }), 404)
  const metricsToken = 'a token for monitors'
  const app = await buildApp({ ...house, config: { ...house.config, metricsToken } })
  try {
    assert.equal(await ask('203.0.113.7', { authorization: `Bearer ${metricsToken}` }, app), 200)
    assert.equal(await ask('203.0.113.7', { authorization: 'Bearer another' }, app), 404)
    assert.equal(await ask('127.0.0.1', {}, app), 404)
  } finally {
    await app.close()
  }
})

test('a full disk is said as what it is', async () => {
  const sql = new pg.Client(house.database.owner)
  await sql.connect()
  await sql.query(`create function refuse() returns trigger language plpgsql as
    $$ begin raise 'could not extend file' using errcode = '53100'; end $$`)
  await sql.query('create trigger full_disk before insert on workspaces execute function refuse()')
  const reply = await house.app.inject({ method: 'POST', url: '/api/v1/demo' })
  assert.deepEqual([reply.statusCode, reply.json().code], [503, 'platform.disk_full'])
  await sql.query('drop trigger full_disk on workspaces')
  await sql.end()
})
