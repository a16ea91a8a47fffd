import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import pg from 'pg'
import { testHouse, type TestHouse } from '#platform/testing/house.ts'
import { partOf, testSmtp, type TestSmtp } from '#platform/testing/smtp.ts'
import { goodPassword, newMember, newWorkspace, visitor, type Visitor } from '../../testing/visitor.ts'

let smtp: TestSmtp
let house: TestHouse
let sql: pg.Client
let owner: Visitor
const host = 'lahko.example.com'
const newPassword = 'harbour lamp 12 thistle'

before(async () => {
  smtp = await testSmtp()
  house = await testHouse({
    LAHKO_SMTP_URL: smtp.url,
    LAHKO_MAIL_FROM: 'lahko@shop.example',
    LAHKO_BASE_URL: `https://${host}`,
    LAHKO_SIGNUP: 'open',
  })
  sql = new pg.Client(house.database.owner)
  await sql.connect()
  owner = (await newWorkspace(house, 'acme', visitor(house, { host }))).owner
})
beforeEach(() => {
  smtp.received.length = 0
  // Whatever was counted by address is forgotten.
  house.clock.advance(2 * 3_600_000)
})
after(async () => {
  await sql.end()
  await house.close()
  await smtp.close()
})

const code = (reply: { statusCode: number; json(): { code: string } }) => [reply.statusCode, reply.json().code]
let count = 0
const someone = async () => {
  const email = `person${++count}@acme.example`
  return { email, ...(await newMember(house, owner, 'agent', email)) }
}
const from = (address = '198.51.100.9') => visitor(house, { host, address })

async function ask(kind: 'password' | 'sign-in', email: string, browser = from(), to?: string) {
  const reply = await browser.ask('POST', `/${kind}-links`, { email, to })
  await house.jobs.settle()
  await house.due.drain()
  return reply
}
/** The token of the newest mail to an address. */
function tokenTo(email: string): string {
  const mail = smtp.received.findLast(({ to }) => to[0] === email)
  return /https:\/\/\S+\/app\/(?:password|enter)\/(\S+)/.exec(partOf(mail!.raw, 'text/plain'))![1]!
}
const signIn = (email: string, password: string) => from('192.0.2.4').ask('POST', '/sessions', { email, password })

test('a lost password is set by a mailed link, once; all sessions of before end, and one begins', async () => {
  const { email, member } = await someone()
  assert.equal((await ask('password', email)).statusCode, 204)
  const path = `/password-links/${tokenTo(email)}`
  const browser = from()
  for (const _ of [1, 2]) assert.deepEqual((await browser.ask('GET', path)).json(), { email })
  const weak = await browser.ask('PUT', `${path}/password`, { password: 'password123' })
  assert.deepEqual([...code(weak), weak.json().errors[0].field], [400, 'accounts.password_common', '/body/password'])
  const set = await browser.ask('PUT', `${path}/password`, { password: newPassword })
  assert.equal(set.statusCode, 201, set.body)
  assert.equal((await browser.ask('GET', '/me')).json().account.email, email)
  assert.equal((await member.ask('GET', '/me')).statusCode, 401)
  assert.equal((await signIn(email, goodPassword)).statusCode, 401)
  assert.equal((await signIn(email, newPassword)).statusCode, 201)
  assert.deepEqual(code(await browser.ask('PUT', `${path}/password`, { password: goodPassword })), [
    410,
    'accounts.link_gone',
  ])
})

test('of two who set it by the same link at once, one does', async () => {
  const { email } = await someone()
  await ask('password', email)
  const path = `/password-links/${tokenTo(email)}/password`
  const replies = await Promise.all(
    [newPassword, 'another lamp 34 thistle'].map((password) => from().ask('PUT', path, { password })),
  )
  assert.deepEqual(replies.map(({ statusCode }) => statusCode).toSorted(), [201, 410])
})

test('a link signs in, once; opening it does not', async () => {
  const { email } = await someone()
  await ask('sign-in', email)
  const path = `/sign-in-links/${tokenTo(email)}`
  const scanner = from('203.0.113.99')
  for (const _ of [1, 2, 3]) {
    const looked = await scanner.ask('GET', path)
    assert.deepEqual([looked.statusCode, looked.cookies], [200, []])
    await scanner.ask('GET', `//app/enter/${tokenTo(email)}`)
  }
  const browser = from()
  assert.equal((await browser.ask('POST', `${path}/session`)).statusCode, 201)
  assert.equal((await browser.ask('GET', '/me')).json().account.email, email)
  assert.deepEqual(code(await from().ask('POST', `${path}/session`)), [410, 'accounts.link_gone'])
})

test('a link that signs in remembers the screen that was wanted, and no other place', async () => {
  const { email } = await someone()
  for (const elsewhere of ['//evil.example', '/\\evil.example', 'https://evil.example', 'tickets', '/a b', '/č']) {
    const reply = await from().ask('POST', '/sign-in-links', { email, to: elsewhere })
    assert.deepEqual([reply.statusCode, reply.json().errors[0].field], [400, '/body/to'], elsewhere)
  }
  await ask('sign-in', email, from(), '/tickets?view=all&x=%C4%8D')
  assert.match(tokenTo(email), /^[\w-]{43}\?to=%2Ftickets%3Fview%3Dall%26x%3D%25C4%258D$/)
})

test('each link ends at its time, and a link of one kind is none of the other', async () => {
  const { email } = await someone()
  for (const [kind, minutes] of [
    ['password', 60],
    ['sign-in', 15],
  ] as const) {
    await ask(kind, email)
    const token = tokenTo(email)
    house.clock.advance(minutes * 60_000 - 1)
    assert.equal((await from().ask('GET', `/${kind}-links/${token}`)).statusCode, 200)
    const other = kind === 'password' ? 'sign-in' : 'password'
    assert.equal((await from().ask('GET', `/${other}-links/${token}`)).statusCode, 410)
    house.clock.advance(1)
    assert.equal((await from().ask('GET', `/${kind}-links/${token}`)).statusCode, 410)
  }
})

test('a new password voids the links that came before, of both kinds', async () => {
  const { email, member } = await someone()
  await ask('sign-in', email)
  const signInToken = tokenTo(email)
  await ask('password', email)
  await member.ask('PATCH', '/me', { password: { current: goodPassword, next: newPassword } })
  assert.equal((await from().ask('GET', `/sign-in-links/${signInToken}`)).statusCode, 410)
  assert.equal((await from().ask('GET', `/password-links/${tokenTo(email)}`)).statusCode, 410)
})

test('an address without an account gets the same reply, by the same work, and no mail', async () => {
  const { email } = await someone()
  const said: unknown[] = []
  for (const address of [email, 'nobody@acme.example']) {
    const reply = await from().ask('POST', '/password-links', { email: address })
    said.push([reply.statusCode, reply.body, Object.keys(reply.headers).toSorted()])
    const { rows } = await sql.query(
      "select count(*) as jobs from graphile_worker.jobs where task_identifier = 'mail_account_link'",
    )
    said.push(Number(rows[0].jobs))
    await house.jobs.settle()
  }
  assert.deepEqual(said.slice(0, 2), said.slice(2))
  await house.due.drain()
  assert.deepEqual(
    smtp.received.map(({ to }) => to[0]),
    [email],
  )
})

test('who asks too often waits; whoever has five unused links gets no more from anywhere', async () => {
  const { email } = await someone()
  for (let tried = 0; tried < 5; tried++) assert.equal((await ask('sign-in', email)).statusCode, 204)
  const refused = await ask('sign-in', email)
  assert.deepEqual(code(refused), [429, 'accounts.too_many_links'])
  assert.ok(Number(refused.headers['retry-after']) > 0)
  assert.equal((await ask('sign-in', email, from('192.0.2.77'))).statusCode, 204)
  assert.equal(smtp.received.length, 5)
})

test('whoever asks chooses neither the host of the link nor the reader of the mail', async () => {
  const { email } = await someone()
  const asked = await visitor(house, { host: 'evil.example' }).ask('POST', '/password-links', { email })
  assert.equal(asked.statusCode, 204)
  await house.jobs.settle()
  await house.due.drain()
  assert.match(partOf(smtp.received[0]!.raw, 'text/plain'), /\nhttps:\/\/lahko\.example\.com\/app\/password\//)
  const { items } = (await owner.ask('GET', '/mails?limit=1')).json()
  assert.deepEqual([items[0].recipient, items[0].secret], [email, true])
  assert.equal((await owner.ask('GET', `/mails/${items[0].id}`)).json().text, null)
})

test('a mail that is late is not sent any more, and a member who was removed has no link', async () => {
  const { email, id } = await someone()
  await from().ask('POST', '/sign-in-links', { email })
  await house.jobs.settle()
  house.clock.advance(900_000)
  await house.due.drain()
  assert.equal(smtp.received.length, 0)
  await ask('sign-in', email)
  const token = tokenTo(email)
  await owner.ask('DELETE', `/members/${id}`)
  assert.deepEqual(code(await from().ask('GET', `/sign-in-links/${token}`)), [410, 'accounts.link_gone'])
})
