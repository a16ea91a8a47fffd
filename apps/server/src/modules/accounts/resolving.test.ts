import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { networkInterfaces } from 'node:os'
import type { FastifyRequest } from 'fastify'
import pg from 'pg'
import { testHouse, type TestHouse } from '#platform/testing/house.ts'
import { buildApp } from '../../app.ts'
import { networkOf } from '#platform/networks.ts'
import { phoneUrl } from './phones.ts'
import { originOfHome, placeOf, slugOfHost } from './places.ts'
import { heard } from '../../testing/hearing.ts'
import { follow, goodPassword, newKey, newMember, newWorkspace, visitor, type Visitor } from '../../testing/visitor.ts'

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

test('members know the address of customers, wherever they are themselves', async () => {
  const originOf = async ({ owner }: typeof first) => (await owner.ask('GET', '/me')).json().origin
  assert.equal(await originOf(first), 'https://feedback.shop.example')
  assert.equal(await originOf(second), 'https://second.feedback.shop.example')
})

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

test('hosts without a name serve the workspace that the setting names', async () => {
  const config = { ...house.config, workspace: 'second' }
  const app = await buildApp({ ...house, config })
  try {
    const reply = await app.inject({ url: '/api/v1/start', headers: { host: '10.0.0.4' } })
    assert.equal(reply.json().hostWorkspace.name, 'The second shop')
  } finally {
    await app.close()
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

const visit = (host: string, protocol: 'http' | 'https' = 'http') => ({
  host,
  hostname: host.split(':')[0]!,
  protocol,
})
const home = { slug: 'acme', host: null, is_default: false }
const own = { ...home, host: 'help.acme.example' }
const base = { baseUrl: 'https://feedback.example' }
const noBase = { baseUrl: undefined }

test('where a member works: on a name of the workspace, else where the session alone decides, never on another’s', () => {
  const there = (origin: string) => ({ origin, here: false })
  const here = (origin: string) => ({ origin, here: true })
  for (const [of, at, hostIs, config, expected] of [
    [home, visit('localhost:3000'), 'nobodys', noBase, there('http://acme.localhost:3000')],
    [home, visit('acme.localhost:3000'), 'its', noBase, here('http://acme.localhost:3000')],
    [{ ...home, is_default: true }, visit('localhost'), 'nobodys', noBase, here('http://localhost')],
    [{ ...home, is_default: true }, visit('other.localhost'), 'anothers', noBase, there('http://localhost')],
    [home, visit('10.0.0.4:80'), 'nobodys', noBase, here('http://10.0.0.4:80')],
    [home, visit('other.feedback.example', 'https'), 'anothers', base, there('https://feedback.example')],
    [home, visit('help.other.example', 'https'), 'anothers', noBase, undefined],
    [home, visit('feedback.example', 'https'), 'nobodys', base, here('https://feedback.example')],
    [own, visit('lahko.example', 'https'), 'nobodys', noBase, there('https://help.acme.example')],
    [own, visit('help.acme.example', 'https'), 'its', noBase, here('https://help.acme.example')],
    [own, visit('localhost:3000'), 'nobodys', base, there('https://help.acme.example')],
  ] as const)
    assert.deepEqual(placeOf(of, at, hostIs, config), expected)
})

test('what links begin with leads strangers to this workspace, or there is none', () => {
  for (const [of, at, hostIs, config, expected] of [
    [home, visit('localhost:3000'), 'nobodys', noBase, 'http://acme.localhost:3000'],
    [home, visit('10.0.0.4:80'), 'nobodys', noBase, undefined],
    [{ ...home, is_default: true }, visit('10.0.0.4:80'), 'nobodys', noBase, 'http://10.0.0.4:80'],
    [home, visit('10.0.0.4:80'), 'nobodys', base, 'https://acme.feedback.example'],
    [home, visit('10.0.0.4'), 'nobodys', { baseUrl: 'http://10.0.0.4:3000' }, undefined],
    [{ ...home, is_default: true }, visit('help.other.example'), 'anothers', noBase, undefined],
    [{ ...home, is_default: true }, visit('localhost'), 'nobodys', base, 'https://feedback.example'],
    [own, visit('localhost:3000'), 'nobodys', base, 'https://help.acme.example'],
    [own, visit('10.0.0.4:3000'), 'nobodys', noBase, 'http://help.acme.example:3000'],
  ] as const)
    assert.equal(originOfHome(of, at, hostIs, config), expected)
})

test('links of a second workspace lead to it, and are refused where no name does', async () => {
  const made = { name: 'Help', libraryId: 'ces-7' }
  const based = await newWorkspace(house, 'based', visitor(house, { host: '10.0.0.4' }))
  const { id, url } = (await based.owner.ask('POST', '/surveys', made)).json()
  assert.equal(url, 'https://based.feedback.shop.example/s/help')
  const snippet = await based.owner.ask('GET', `/surveys/${id}/snippet`)
  assert.match(snippet.json().text, /https:\/\/based\.feedback\.shop\.example\/s\/help/)

  const bare = await testHouse({ LAHKO_SIGNUP: 'open' })
  try {
    await newWorkspace(bare, 'first')
    const { owner } = await newWorkspace(bare, 'second', visitor(bare, { host: '10.0.0.4' }))
    const survey = (await owner.ask('POST', '/surveys', made)).json()
    assert.equal(survey.url, null)
    for (const part of ['snippet', 'qr.svg']) {
      const refused = await owner.ask('GET', `/surveys/${survey.id}/${part}`)
      assert.deepEqual([refused.statusCode, refused.json().code], [409, 'accounts.no_address'])
    }
    const onThisMachine = owner.at('localhost')
    const { workspaceUrl } = (
      await onThisMachine.ask('POST', '/sessions', { email: 'owner@second.example', password: goodPassword })
    ).json()
    const inside = await follow(onThisMachine, workspaceUrl)
    assert.equal((await inside.ask('GET', `/surveys/${survey.id}`)).json().url, 'http://second.localhost/s/help')
    const code = await inside.ask('GET', `/surveys/${survey.id}/qr.svg`)
    assert.deepEqual([code.statusCode, code.json().code], [409, 'accounts.no_address'])
    const trial = (await owner.ask('POST', `/surveys/${survey.id}/trials`)).json()
    assert.equal(new URL(trial.url).host, '10.0.0.4')
  } finally {
    await bare.close()
  }
})

test('between two names of other workspaces a member is handed over, and stays signed in', async () => {
  const [there, other] = ['first.feedback.shop.example', 'second.feedback.shop.example']
  const browser = visitor(house, { host: there })
  const signedIn = await browser.ask('POST', '/sessions', { email: 'owner@third.example', password: goodPassword })
  assert.equal(signedIn.statusCode, 201)
  assert.equal(new URL(signedIn.json().workspaceUrl).host, 'feedback.shop.example')
  const inside = await follow(browser, signedIn.json().workspaceUrl)
  assert.equal((await inside.ask('GET', '/me')).json().workspace.slug, 'third')
  const second = await browser
    .at(other)
    .ask('POST', '/sessions', { email: 'owner@second.example', password: goodPassword })
  const own = await follow(browser, second.json().workspaceUrl)
  assert.equal((await own.ask('GET', '/me')).json().workspace.slug, 'second')
})

test('only who comes by localhost from this machine or network is told its address there', () => {
  const from = (ip: string, hostname = 'localhost') =>
    phoneUrl({ ...house, config: { ...house.config, baseUrl: undefined } }, {
      ip,
      hostname,
      socket: { localPort: 3000 },
    } as FastifyRequest)
  const all = Object.values(networkInterfaces()).flatMap((some) => some ?? [])
  const mine = all.find(({ family, internal }) => family === 'IPv4' && !internal)
  const told = mine ? `http://${mine.address}:3000` : null
  for (const ip of ['127.0.0.1', '::1', '10.1.2.3', '::ffff:192.168.0.9', 'fe80::1%eth0']) assert.equal(from(ip), told)
  for (const ip of ['203.0.113.7', '172.32.0.1', '2001:db8::1']) assert.equal(from(ip), null)
  assert.equal(from('10.1.2.3', 'feedback.example'), null)
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
