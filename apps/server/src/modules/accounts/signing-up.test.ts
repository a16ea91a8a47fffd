import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import pg from 'pg'
import { system } from '#platform/store.ts'
import { testHouse, type TestHouse } from '#platform/testing/house.ts'
import { noWorkspace } from './resolving.ts'
import { makeSignUpLink } from './signing-up.ts'
import { heard } from '../../testing/hearing.ts'
import { follow, newWorkspace, signUpForm, visitor } from '../../testing/visitor.ts'

let house: TestHouse
let sql: pg.Client

async function open(environment?: Record<string, string>): Promise<void> {
  house = await testHouse(environment)
  sql = new pg.Client(house.database.owner)
  await sql.connect()
}
async function close(): Promise<void> {
  await sql.end()
  await house.close()
}

describe('on an empty house', () => {
  before(() => open())
  after(close)
  beforeEach(async () => {
    await sql.query('truncate accounts, workspaces cascade')
    await heard(house, sql, 'workspace.removed')
  })

  test('the first screen says so, and the first sign-up makes owner, workspace, session and event', async () => {
    const browser = visitor(house)
    assert.deepEqual((await browser.ask('GET', '/start')).json(), {
      sendsLinks: false,
      signUpOpen: true,
      signedIn: false,
      demo: null,
      phoneUrl: null,
      hostWorkspace: null,
    })
    const reply = await browser.ask('POST', '/sign-ups', signUpForm('acme'))
    assert.equal(reply.statusCode, 201, reply.body)
    assert.deepEqual(reply.json(), { workspaceUrl: 'http://localhost/app' })
    const me = (await browser.ask('GET', '/me')).json()
    assert.deepEqual(
      [me.role, me.account.email, me.workspace.slug, me.workspace.timeZone],
      ['owner', 'owner@acme.example', 'acme', 'Europe/Ljubljana'],
    )
    const { rows } = await sql.query("select data from events where type = 'workspace.created'")
    assert.deepEqual(rows, [{ data: { libraryId: 'ces-10-solved' } }])
    const start = (await browser.ask('GET', '/start')).json()
    assert.deepEqual(
      [start.signUpOpen, start.signedIn, start.hostWorkspace],
      [false, true, { name: 'The acme shop', kind: 'company', language: 'sl' }],
    )
  })

  test('of two at once only one becomes the first', async () => {
    const replies = await Promise.all(
      ['red', 'blue', 'green'].map((slug) => visitor(house).ask('POST', '/sign-ups', signUpForm(slug))),
    )
    assert.deepEqual(replies.map((reply) => reply.statusCode).toSorted(), [201, 403, 403])
    assert.equal(replies.find((reply) => reply.statusCode === 403)!.json().code, 'accounts.sign_up_closed')
    const { rows } = await sql.query(
      'select (select count(*) from accounts) as accounts, (select count(*) from workspaces) as workspaces',
    )
    assert.deepEqual(rows, [{ accounts: 1, workspaces: 1 }])
  })

  test('after the first it takes a link, which works once', async () => {
    await newWorkspace(house, 'acme')
    const closed = await visitor(house).ask('POST', '/sign-ups', signUpForm('late'))
    assert.deepEqual([closed.statusCode, closed.json().code], [403, 'accounts.sign_up_closed'])
    const wrong = await visitor(house).ask('POST', '/sign-ups', signUpForm('late', { token: 'wrong' }))
    assert.equal(wrong.statusCode, 403)
    const { token } = await house.store.write({ workspaceId: noWorkspace, actor: system }, makeSignUpLink)
    const [one, two] = await Promise.all(
      ['late', 'later'].map((slug) => visitor(house).ask('POST', '/sign-ups', signUpForm(slug, { token }))),
    )
    assert.deepEqual([one!.statusCode, two!.statusCode].toSorted(), [201, 403])
  })

  test('a link ends after seven days', async () => {
    await newWorkspace(house, 'acme')
    const { token } = await house.store.write({ workspaceId: noWorkspace, actor: system }, makeSignUpLink)
    house.clock.advance(7 * 86_400_000)
    assert.equal((await visitor(house).ask('POST', '/sign-ups', signUpForm('late', { token }))).statusCode, 403)
  })
})

describe('where sign-up is open', () => {
  before(async () => {
    await open({ LAHKO_SIGNUP: 'open' })
    await newWorkspace(house, 'acme')
  })
  after(close)

  test('a second workspace is entered on its own host by a token that works once', async () => {
    const browser = visitor(house)
    house.clock.advance(1)
    const reply = await browser.ask('POST', '/sign-ups', signUpForm('second'))
    const { workspaceUrl } = reply.json()
    assert.match(workspaceUrl, /^http:\/\/second\.localhost\/enter\/[\w-]{43}$/)
    assert.equal(reply.cookies.length, 0)
    const path = new URL(workspaceUrl).pathname
    const elsewhere = await browser.at('localhost').ask('GET', `/${path}`)
    assert.equal(elsewhere.statusCode, 410)
    const head = await house.app.inject({ method: 'HEAD', url: path, headers: { host: 'second.localhost' } })
    assert.equal(head.statusCode, 404)
    const there = await follow(browser, workspaceUrl)
    assert.equal((await there.ask('GET', '/me')).json().workspace.slug, 'second')
    assert.equal((await visitor(house, { host: 'second.localhost' }).ask('GET', `/${path}`)).statusCode, 410)
  })

  test('a hand-over waits for a minute only', async () => {
    const browser = visitor(house)
    house.clock.advance(1)
    const { workspaceUrl } = (await browser.ask('POST', '/sign-ups', signUpForm('slow'))).json()
    house.clock.advance(60_000)
    const there = await follow(browser, workspaceUrl)
    assert.equal((await there.ask('GET', '/me')).statusCode, 401)
  })

  test('an address that is taken or kept is refused, and nothing stays behind', async () => {
    const form = signUpForm('acme', { email: 'somebody@else.example' })
    const taken = await visitor(house).ask('POST', '/sign-ups', form)
    assert.deepEqual([taken.statusCode, taken.json().code], [409, 'accounts.slug_taken'])
    const email = await visitor(house).ask('POST', '/sign-ups', signUpForm('other', { email: 'OWNER@acme.example' }))
    assert.deepEqual([email.statusCode, email.json().code], [409, 'accounts.email_taken'])
    const kept = await visitor(house).ask('POST', '/sign-ups', signUpForm('demo'))
    assert.deepEqual(
      [kept.statusCode, kept.json().code, kept.json().errors[0].field],
      [400, 'accounts.slug_reserved', '/body/workspace/slug'],
    )
    const { rows } = await sql.query(
      "select count(*) as count from accounts where email in ('somebody@else.example', 'owner@demo.example')",
    )
    assert.equal(rows[0].count, 0)
  })

  test('a password that others would guess is refused', async () => {
    for (const [password, code] of [
      ['password123', 'accounts.password_common'],
      ['ana novak tukaj', 'accounts.password_about_you'],
      ['mine weak-shop 4', 'accounts.password_about_you'],
      ['tooshort', 'platform.invalid'],
    ] as const) {
      const reply = await visitor(house).ask('POST', '/sign-ups', signUpForm('weak-shop', { password }))
      assert.deepEqual(
        [reply.statusCode, reply.json().code, reply.json().errors[0].field],
        [400, code, '/body/password'],
        password,
      )
    }
  })

  test('the first question is there with the reply, and one that the library does not have is refused', async () => {
    const { owner } = await newWorkspace(house, 'asking')
    const { items } = (await owner.ask('GET', '/surveys')).json()
    assert.deepEqual(
      items.map((one: { state: string }) => one.state),
      ['published'],
    )
    const reply = await visitor(house).ask(
      'POST',
      '/sign-ups',
      signUpForm('unasked', { question: { libraryId: 'nothing' } }),
    )
    assert.deepEqual([reply.statusCode, reply.json().errors[0].field], [400, '/body/question/libraryId'])
  })

  test('another site’s page cannot sign anybody up', async () => {
    const headers = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }
    const reply = await visitor(house).ask('POST', '/sign-ups', signUpForm('forged'), headers)
    assert.deepEqual([reply.statusCode, reply.json().code], [403, 'platform.cross_site'])
  })
})

describe('where sign-up is open', () => {
  before(() => open({ LAHKO_SIGNUP: 'open' }))
  after(close)

  test('an address that tries again and again waits longer and longer; another is not held up', async () => {
    const weak = (slug: string) => signUpForm(slug, { password: 'password123' })
    const from = visitor(house, { address: '198.51.100.4' })
    for (let tries = 0; tries < 20; tries++)
      assert.equal((await from.ask('POST', '/sign-ups', weak('again'))).statusCode, 400)
    const slowed = await from.ask('POST', '/sign-ups', weak('again'))
    assert.deepEqual([slowed.statusCode, slowed.json().code], [429, 'accounts.too_many_sign_ups'])
    assert.equal(slowed.headers['retry-after'], '1')
    const { owner } = await newWorkspace(house, 'acme', visitor(house, { address: '198.51.100.5' }))
    assert.equal((await owner.ask('GET', '/me')).statusCode, 200)
    house.clock.advance(1_000)
    assert.equal((await from.ask('POST', '/sign-ups', weak('again'))).statusCode, 400)
  })
})
