import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import pg from 'pg'
import { testHouse, type TestHouse } from '#platform/testing/house.ts'
import { goodPassword, newKey, newWorkspace, visitor, type Visitor } from '../../testing/visitor.ts'

let house: TestHouse
let sql: pg.Client
let owner: Visitor

before(async () => {
  house = await testHouse({ LAHKO_SIGNUP: 'open', LAHKO_TRUST_PROXY: '1' })
  sql = new pg.Client(house.database.owner)
  await sql.connect()
  owner = (await newWorkspace(house, 'acme')).owner
})
after(async () => {
  await sql.end()
  await house.close()
})

const right = { email: 'owner@acme.example', password: goodPassword }
const wrong = { ...right, password: 'not this one at all' }
const signIn = (from: Visitor, who: object = right) => from.ask('POST', '/sessions', who)

describe('signing in', () => {
  test('sets a cookie that scripts and other sites do not get', async () => {
    const reply = await signIn(visitor(house))
    assert.deepEqual([reply.statusCode, reply.json()], [201, { workspaceUrl: 'http://localhost/app' }])
    const [cookie] = reply.cookies
    assert.deepEqual(
      [cookie!.name, cookie!.httpOnly, cookie!.sameSite, cookie!.path, cookie!.secure],
      ['lahko_session', true, 'Lax', '/', undefined],
    )
    assert.match(cookie!.value, /^[\w-]{43}$/)
    const { rows } = await sql.query('select 1 from sessions where token_hash = sha256($1)', [
      Buffer.from(cookie!.value),
    ])
    assert.equal(rows.length, 1)
  })

  test('the cookie is Secure behind https, and each port has its own', async () => {
    const headers = { 'x-forwarded-proto': 'https' }
    assert.equal((await visitor(house).ask('POST', '/sessions', right, headers)).cookies[0]!.secure, true)
    const other = visitor(house, { host: 'localhost:3001' })
    assert.equal((await signIn(other)).cookies[0]!.name, 'lahko_session_3001')
    assert.equal((await other.ask('GET', '/me')).statusCode, 200)
  })

  test('an unknown address and a wrong password get the same reply', async () => {
    const [unknown, mistaken] = [
      await signIn(visitor(house), { ...wrong, email: 'nobody@acme.example' }),
      await signIn(visitor(house), wrong),
    ]
    const { requestId: _, ...one } = unknown.json()
    const { requestId: __, ...two } = mistaken.json()
    assert.deepEqual(one, two)
    assert.deepEqual([unknown.statusCode, one.code], [401, 'accounts.wrong_sign_in'])
  })

  test('and take the same time', async () => {
    const timed = async (email: string) => {
      const started = performance.now()
      await signIn(visitor(house, { address: '203.0.113.200' }), { ...wrong, email })
      return performance.now() - started
    }
    const [unknown, known] = [[] as number[], [] as number[]]
    // The least of many is what a busy machine does not add to.
    for (let round = 0; round < 9; round++) {
      unknown.push(await timed('nobody@acme.example'))
      known.push(await timed('owner@acme.example'))
    }
    const [fast, slow] = [Math.min(...unknown), Math.min(...known)].toSorted((a, b) => a - b)
    assert.ok(fast! > slow! / 2, `${fast} and ${slow} ms`)
  })

  test('leads to one’s own workspace, also from another’s host', async () => {
    await newWorkspace(house, 'second')
    const reply = await signIn(visitor(house), { ...right, email: 'owner@second.example' })
    assert.match(reply.json().workspaceUrl, /^http:\/\/second\.localhost\/enter\//)
  })

  test('an account without a workspace is told so', async () => {
    await newWorkspace(house, 'gone')
    await sql.query("delete from workspaces where slug = 'gone'")
    const reply = await signIn(visitor(house), { ...right, email: 'owner@gone.example' })
    assert.deepEqual([reply.statusCode, reply.json().code], [403, 'accounts.no_workspace'])
  })
})

describe('throttling', () => {
  const fail = async (from: Visitor, times: number, who: object = wrong) => {
    let last = await signIn(from, who)
    for (let count = 1; count < times; count++) last = await signIn(from, who)
    return last
  }

  test('after five wrong passwords the wait doubles, and a right one ends it', async () => {
    const from = visitor(house, { address: '198.51.100.1' })
    assert.equal((await fail(from, 5)).statusCode, 401)
    for (const seconds of [1, 2, 4, 8]) {
      const refused = await signIn(from)
      assert.deepEqual(
        [refused.statusCode, refused.json().code, refused.headers['retry-after']],
        [429, 'accounts.too_many_attempts', String(seconds)],
      )
      house.clock.advance(seconds * 1000)
      if (seconds < 8) assert.equal((await signIn(from, wrong)).statusCode, 401)
    }
    assert.equal((await signIn(from)).statusCode, 201)
    const { rows } = await sql.query('select failures from sign_in_attempts where key = $1', [
      accountKey('198.51.100.1'),
    ])
    assert.deepEqual(rows, [])
  })

  test('attempts at the same moment are counted before any is tried', async () => {
    const from = visitor(house, { address: '198.51.100.2' })
    const replies = await Promise.all(Array.from({ length: 9 }, () => signIn(from, wrong)))
    assert.deepEqual(replies.map((reply) => reply.statusCode).toSorted(), [401, 401, 401, 401, 401, 429, 429, 429, 429])
  })

  test('the owner gets in from another address, and on a known device', async () => {
    const known = visitor(house, { address: '198.51.100.3' })
    await signIn(known)
    await known.ask('DELETE', '/sessions/current')
    const stranger = visitor(house, { address: '198.51.100.3' })
    await counted(accountKey('198.51.100.3'), 5)
    assert.equal((await signIn(stranger)).statusCode, 429)
    assert.equal((await signIn(visitor(house, { address: '198.51.100.4' }))).statusCode, 201)
    assert.equal((await signIn(known)).statusCode, 201)
  })

  test('a known device is counted too', async () => {
    const known = visitor(house, { address: '198.51.100.5' })
    await signIn(known)
    assert.equal((await fail(known, 6)).statusCode, 429)
  })

  test('an address is slowed down over all accounts, and not by right passwords', async () => {
    const address = '198.51.100.6'
    for (let count = 0; count < 3; count++) await signIn(visitor(house, { address }))
    await counted(sha(`address ${address}`), 30)
    const refused = await signIn(visitor(house, { address }))
    assert.deepEqual([refused.statusCode, refused.headers['retry-after']], [429, '1'])
    house.clock.advance(3_600_001)
    assert.equal((await signIn(visitor(house, { address }))).statusCode, 201)
  })
})

describe('sessions', () => {
  test('are listed, newest first and by page, and ended one by one', async () => {
    const [one, two] = [visitor(house), visitor(house)]
    house.clock.advance(1)
    await one.ask('POST', '/sessions', right, { 'user-agent': 'First' })
    house.clock.advance(1)
    await two.ask('POST', '/sessions', right, { 'user-agent': 'Second' })
    const list = (await two.ask('GET', '/sessions?limit=2')).json()
    assert.deepEqual(
      list.items.map((item: { userAgent: string; current: boolean }) => [item.userAgent, item.current]),
      [
        ['Second', true],
        ['First', false],
      ],
    )
    const more = (await two.ask('GET', `/sessions?limit=1&after=${list.items[0].id}`)).json()
    assert.equal(more.items[0].id, list.items[1].id)
    assert.equal((await one.ask('GET', '/me')).statusCode, 200)
    assert.equal((await two.ask('DELETE', `/sessions/${list.items[1].id}`)).statusCode, 204)
    assert.equal((await one.ask('GET', '/me')).statusCode, 401)
    assert.equal((await two.ask('DELETE', `/sessions/${list.items[1].id}`)).statusCode, 404)
  })

  test('of somebody else are not there', async () => {
    const other = (await newWorkspace(house, 'other')).owner
    const { items } = (await owner.ask('GET', '/sessions')).json()
    assert.equal((await other.ask('DELETE', `/sessions/${items[0].id}`)).statusCode, 404)
    assert.equal((await owner.ask('GET', '/me')).statusCode, 200)
  })

  test('a key has none, and cannot change or switch anybody', async () => {
    const { bearer } = await newKey(owner, 'workspace.read')
    const by = visitor(house)
    assert.deepEqual((await by.ask('GET', '/sessions', undefined, bearer)).json(), { items: [], next: null })
    const { items } = (await owner.ask('GET', '/sessions')).json()
    assert.equal((await by.ask('DELETE', `/sessions/${items[0].id}`, undefined, bearer)).statusCode, 404)
    assert.equal((await by.ask('PATCH', '/me', { name: 'Key' }, bearer)).json().code, 'accounts.members_only')
    assert.equal((await by.ask('POST', '/workspace-switches', { workspaceId: items[0].id }, bearer)).statusCode, 403)
  })

  test('signing out ends the session, and twice is as good', async () => {
    const browser = visitor(house)
    await signIn(browser)
    assert.equal((await browser.ask('DELETE', '/sessions/current')).statusCode, 204)
    assert.equal((await browser.ask('GET', '/me')).statusCode, 401)
    assert.equal((await browser.ask('DELETE', '/sessions/current')).statusCode, 204)
  })

  test('another site’s page cannot sign anybody out', async () => {
    const reply = await owner.ask('DELETE', '/sessions/current', undefined, { origin: 'https://evil.example' })
    assert.equal(reply.statusCode, 403)
    assert.equal((await owner.ask('GET', '/me')).statusCode, 200)
  })
})

describe('oneself', () => {
  test('a new password takes the old one and ends every other session', async () => {
    const next = 'seven quiet harbours at dusk'
    const { owner: me } = await newWorkspace(house, 'careful')
    const who = { email: 'owner@careful.example', password: goodPassword }
    const elsewhere = visitor(house, { host: 'careful.localhost' })
    await signIn(elsewhere, who)
    const refused = await me.ask('PATCH', '/me', { password: { current: 'wrong', next } })
    assert.deepEqual([refused.statusCode, refused.json().code], [401, 'accounts.wrong_sign_in'])
    const weak = await me.ask('PATCH', '/me', { password: { current: goodPassword, next: 'password123' } })
    assert.deepEqual([weak.statusCode, weak.json().errors[0].field], [400, '/body/password/next'])
    assert.equal(
      (await me.ask('PATCH', '/me', { name: 'Cene', password: { current: goodPassword, next } })).statusCode,
      204,
    )
    assert.equal((await me.ask('GET', '/me')).json().account.name, 'Cene')
    assert.equal((await elsewhere.ask('GET', '/me')).statusCode, 401)
    assert.equal((await signIn(visitor(house), who)).statusCode, 401)
    assert.equal((await signIn(visitor(house), { ...who, password: next })).statusCode, 201)
  })

  test('another workspace is entered without a password, but only as its member', async () => {
    const { id } = await newWorkspace(house, 'switched')
    const refused = await owner.ask('POST', '/workspace-switches', { workspaceId: id })
    assert.deepEqual([refused.statusCode, refused.json().code], [404, 'platform.not_found'])
    await sql.query(
      "insert into members select $1, gen_random_uuid(), id, 'viewer', now() from accounts where email = 'owner@acme.example'",
      [id],
    )
    const reply = await owner.ask('POST', '/workspace-switches', { workspaceId: id })
    assert.match(reply.json().workspaceUrl, /^http:\/\/switched\.localhost\/enter\//)
    assert.deepEqual(
      (await owner.ask('GET', '/me')).json().workspaces.map((one: { name: string }) => one.name),
      ['The acme shop', 'The switched shop'],
    )
  })
})

/** So many attempts were counted just now. */
async function counted(key: Buffer, failures: number): Promise<void> {
  await sql.query(
    'insert into sign_in_attempts values ($1, $2, $3) on conflict (key) do update set failures = sign_in_attempts.failures + $2, last_at = $3',
    [key, failures, house.clock.now()],
  )
}

function accountKey(address: string): Buffer {
  return sha(`account ${right.email} ${address}`)
}

function sha(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
