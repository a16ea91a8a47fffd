import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import pg from 'pg'
import { testHouse, type TestHouse } from '#platform/testing/house.ts'
import { networkOf } from './networks.ts'
import { placeOf, slugOfHost } from './places.ts'
import { heard } from '../../testing/hearing.ts'
import { newKey, newMember, newWorkspace, visitor, type Visitor } from '../../testing/visitor.ts'

let house: TestHouse
let sql: pg.Client
let first: { owner: Visitor; id: string }
let second: { owner: Visitor; id: string }

before(async () => {
  house = await testHouse({ LAHKO_SIGNUP: 'open', LAHKO_BASE_URL: 'https://feedback.shop.example' })
  sql = new pg.Client(house.database.owner)
  await sql.connect()
  first = await newWorkspace(house, 'first')
  second = await newWorkspace(house, 'second')
  await sql.query('insert into hosts values ($1, $2)', ['help.second.example', second.id])
})
after(async () => {
  await sql.end()
  await house.close()
})

const workspaceAt = async (host: string) =>
  (await visitor(house, { host }).ask('GET', '/start')).json().hostWorkspace.name

describe('the host names the workspace', () => {
  for (const [host, name] of [
    ['localhost', 'The first shop'],
    ['localhost:3000', 'The first shop'],
    ['127.0.0.1', 'The first shop'],
    ['[::1]:3000', 'The first shop'],
    ['unheard.of.example', 'The first shop'],
    ['first.localhost', 'The first shop'],
    ['second.localhost:3000', 'The second shop'],
    ['SECOND.Localhost.', 'The second shop'],
    ['second.feedback.shop.example', 'The second shop'],
    ['help.second.example', 'The second shop'],
    ['third.localhost', 'The first shop'],
    ['deep.second.localhost', 'The first shop'],
  ] as const) {
    test(`${host} serves ${name}`, async () => assert.equal(await workspaceAt(host), name))
  }
})

test('a key implies its workspace, whatever the host', async () => {
  const { bearer } = await newKey(second.owner, 'workspace.read')
  const me = await visitor(house, { host: 'first.localhost' }).ask('GET', '/me', undefined, bearer)
  assert.equal(me.json().workspace.id, second.id)
  assert.deepEqual([me.json().account, me.json().role, me.json().permissions], [null, null, ['workspace.read']])
})

test('a key that opens nothing is refused in the language of whoever sent it, also beside a session', async () => {
  const headers = { authorization: 'Bearer lahko_nothing', 'accept-language': 'nb' }
  const reply = await first.owner.ask('GET', '/me', undefined, headers)
  assert.deepEqual([reply.statusCode, reply.json().code], [401, 'accounts.unknown_key'])
  assert.match(reply.json().title, /nøkkelen/)
})

test('another scheme of a proxy in front says nothing about who asks', async () => {
  const reply = await first.owner.ask('GET', '/me', undefined, { authorization: 'Basic YTpi' })
  assert.equal(reply.statusCode, 200)
})

test('a session belongs to its host', async () => {
  assert.equal((await second.owner.ask('GET', '/me')).statusCode, 200)
  const stolen = await second.owner.ask('GET', '/me', undefined, { host: 'first.localhost' })
  assert.deepEqual([stolen.statusCode, stolen.json().code], [401, 'platform.sign_in_first'])
})

test('where hosts name nothing, the session says which workspace is meant', async () => {
  const { owner, id } = await newWorkspace(house, 'third', visitor(house, { host: '192.168.1.5:3000' }))
  assert.equal((await owner.ask('GET', '/me')).json().workspace.id, id)
  assert.equal(await workspaceAt('192.168.1.5:3000'), 'The first shop')
})

test('the language is the member’s, else the browser’s, else the workspace’s', async () => {
  const title = async (who: Visitor, headers = {}) =>
    (await who.ask('GET', '/members/018f0000-0000-7000-8000-000000000001', undefined, headers)).json().title
  const stranger = visitor(house)
  assert.match(await title(stranger), /naslovu/)
  assert.match(await title(stranger, { 'accept-language': 'nb' }), /adressen/)
  assert.match(await title(first.owner, { 'accept-language': 'nb' }), /naslovu/)
  await first.owner.ask('PATCH', '/me', { language: 'en' })
  assert.match(await title(first.owner, { 'accept-language': 'nb' }), /address/)
})

test('a revoked key opens nothing from the next request on', async () => {
  const { id, bearer } = await newKey(first.owner, 'workspace.read')
  const ask = () => visitor(house).ask('GET', '/me', undefined, bearer)
  assert.equal((await ask()).statusCode, 200)
  await first.owner.ask('DELETE', `/keys/${id}`)
  assert.equal((await ask()).statusCode, 401)
})

test('what another process revoked is forgotten when it says so', async () => {
  const { id, bearer } = await newKey(first.owner, 'workspace.read')
  const ask = async () => (await visitor(house).ask('GET', '/me', undefined, bearer)).statusCode
  await heard(house, sql, 'nothing.new')
  assert.equal(await ask(), 200)
  await sql.query('update api_keys set revoked_at = now() where id = $1', [id])
  assert.equal(await ask(), 200)
  await heard(house, sql, 'key.revoked')
  assert.equal(await ask(), 401)
})

test('without a word from anybody, nothing is older than five seconds', async () => {
  const { member, id } = await newMember(house, first.owner, 'viewer', 'viewer@first.example')
  await heard(house, sql, 'nothing.new')
  assert.equal((await member.ask('GET', '/members')).statusCode, 200)
  await sql.query('delete from members where id = $1', [id])
  assert.equal((await member.ask('GET', '/members')).statusCode, 200)
  house.clock.advance(5_001)
  assert.equal((await member.ask('GET', '/members')).statusCode, 401)
})

test('a recognised request reads nothing from the database', async () => {
  const { bearer } = await newKey(first.owner, 'workspace.read')
  const ask = () => visitor(house).ask('GET', '/nowhere', undefined, bearer)
  await ask()
  await idle(house)
  const clients = await Promise.all(Array.from({ length: 12 }, () => house.store.pool.connect()))
  try {
    // With every connection taken, anything that had to ask the database would wait for ever.
    assert.equal((await ask()).statusCode, 404)
  } finally {
    for (const client of clients) client.release()
  }
})

test('the time of last use is written at most once a minute, and not before the reply', async () => {
  const { id, bearer } = await newKey(first.owner, 'workspace.read')
  const lastUsed = async () =>
    (await sql.query('select last_used_at from api_keys where id = $1', [id])).rows[0].last_used_at as Date | null
  const use = async () => {
    await visitor(house).ask('GET', '/me', undefined, bearer)
    await idle(house)
    return (await lastUsed())?.getTime()
  }
  const start = house.clock.now().getTime()
  assert.equal(await use(), start)
  house.clock.advance(30_000)
  assert.equal(await use(), start)
  house.clock.advance(30_000)
  assert.equal(await use(), start + 60_000)
})

test('a session slides: thirty days without a visit end it', async () => {
  const { owner } = await newWorkspace(house, 'sliding')
  const day = 86_400_000
  for (let days = 0; days < 40; days += 20) {
    house.clock.advance(20 * day)
    assert.equal((await owner.ask('GET', '/me')).statusCode, 200)
    await idle(house)
  }
  house.clock.advance(30 * day)
  assert.equal((await owner.ask('GET', '/me')).statusCode, 401)
})

test('alive, ready and the application’s files need no database for who asks', async () => {
  const clients = await Promise.all(Array.from({ length: 12 }, () => house.store.pool.connect()))
  try {
    assert.equal((await house.app.inject({ url: '/healthz', headers: { host: 'never.seen.example' } })).statusCode, 200)
  } finally {
    for (const client of clients) client.release()
  }
})

test('the place of a workspace', () => {
  const visit = (host: string, protocol: 'http' | 'https' = 'http') => ({
    host,
    hostname: host.split(':')[0]!,
    protocol,
    port: null,
  })
  const home = { slug: 'acme', host: null, is_default: false }
  assert.deepEqual(placeOf(home, visit('localhost:3000')), { origin: 'http://acme.localhost:3000', here: false })
  assert.deepEqual(placeOf(home, visit('acme.localhost:3000')), { origin: 'http://acme.localhost:3000', here: true })
  assert.deepEqual(placeOf({ ...home, is_default: true }, visit('localhost')), {
    origin: 'http://localhost',
    here: true,
  })
  assert.deepEqual(placeOf({ ...home, is_default: true }, visit('other.localhost')), {
    origin: 'http://localhost',
    here: false,
  })
  assert.deepEqual(placeOf(home, visit('10.0.0.4:80')), { origin: 'http://10.0.0.4:80', here: true })
  const own = { ...home, host: 'help.acme.example' }
  assert.deepEqual(placeOf(own, visit('lahko.example', 'https')), { origin: 'https://help.acme.example', here: false })
  assert.deepEqual(placeOf(own, visit('help.acme.example', 'https')), {
    origin: 'https://help.acme.example',
    here: true,
  })
})

test('the name in a host', () => {
  const config = { baseUrl: 'https://feedback.example' }
  assert.equal(slugOfHost('acme.localhost', config), 'acme')
  assert.equal(slugOfHost('acme.feedback.example', config), 'acme')
  assert.equal(slugOfHost('a.b.localhost', config), null)
  assert.equal(slugOfHost('localhost', config), null)
  assert.equal(slugOfHost('notfeedback.example', config), null)
})

test('whom an address stands for', () => {
  assert.equal(networkOf('203.0.113.7'), '203.0.113.7')
  assert.equal(networkOf('::ffff:203.0.113.7'), '203.0.113.7')
  assert.equal(networkOf('2001:db8:1:2:3:4:5:6'), '2001:db8:1:2')
  assert.equal(networkOf('2001:db8::1'), networkOf('2001:db8::ffff'))
  assert.notEqual(networkOf('2001:db8:0:1::1'), networkOf('2001:db8:0:2::1'))
  assert.equal(networkOf('fe80::1%eth0'), 'fe80:0:0:0')
})

/** Waits until what was started off the request's path is written: the pool is idle. */
async function idle({ store: { pool } }: TestHouse): Promise<void> {
  while (pool.idleCount < pool.totalCount || pool.waitingCount > 0)
    await new Promise((resolve) => setImmediate(resolve))
}
