import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import pg from 'pg'
import { testHouse, type TestHouse } from '#platform/testing/house.ts'
import { headerOf, partOf, testSmtp, type TestSmtp } from '#platform/testing/smtp.ts'
import { goodPassword, newMember, newWorkspace, visitor, type Visitor } from '../../testing/visitor.ts'

let smtp: TestSmtp
let house: TestHouse
let sql: pg.Client
let owner: Visitor
const host = 'lahko.example.com'
const weekMs = 7 * 86_400_000

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
  smtp.refuse = () => undefined
  house.clock.advance(60_000)
})
after(async () => {
  await sql.end()
  await house.close()
  await smtp.close()
})

const code = (reply: { statusCode: number; json(): { code: string } }) => [reply.statusCode, reply.json().code]
let count = 0
async function invite(role = 'agent', from = owner, email = `new${++count}@acme.example`) {
  const reply = await from.ask('POST', '/member-invitations', { email, role })
  assert.equal(reply.statusCode, 201, reply.body)
  return { email, ...(reply.json() as { invitation: { id: string; mail: string; expiresAt: string }; url: string }) }
}
const pathOf = (url: string) => `/member-links/${url.split('/').at(-1)}`
const look = async (url: string) => (await visitor(house, { host }).ask('GET', pathOf(url))).statusCode
const linkIn = (raw: string) => /https:\S+\/app\/join\/\S+/.exec(partOf(raw, 'text/plain'))![0]
const listed = async () =>
  (await owner.ask('GET', '/member-invitations?limit=200')).json().items as Record<string, string>[]

describe('an invitation by mail', () => {
  test('arrives with a link that adds one member, and leaves the list then', async () => {
    const { invitation, url, email } = await invite()
    assert.equal(Date.parse(invitation.expiresAt) - house.clock.now().getTime(), weekMs)
    await house.due.drain()
    const [mail] = smtp.received
    assert.deepEqual(mail!.to, [email])
    assert.equal(linkIn(mail!.raw), url)
    assert.match(partOf(mail!.raw, 'text/plain'), /^Ana Novak vas vabi v The acme shop\r\n/)
    assert.match(partOf(mail!.raw, 'text/html'), /<html lang="sl">/)
    assert.equal(headerOf(mail!.raw, 'Auto-Submitted'), 'auto-generated')
    assert.equal((await listed()).find(({ id }) => id === invitation.id)?.['mail'], 'sent')
    const browser = visitor(house, { host })
    assert.deepEqual((await browser.ask('GET', pathOf(url))).json(), {
      ...{ workspaceName: 'The acme shop', role: 'agent', email },
    })
    const joined = await browser.ask('POST', `${pathOf(url)}/acceptance`, {
      name: 'Bor',
      email,
      password: goodPassword,
    })
    assert.equal(joined.statusCode, 201, joined.body)
    assert.ok((await listed()).every(({ id }) => id !== invitation.id))
    assert.equal((await owner.ask('DELETE', `/member-invitations/${invitation.id}`)).statusCode, 404)
  })

  test('is in the outbox, where nobody reads what it says; sent, it is forgotten', async () => {
    const { email } = await invite()
    const { items } = (await owner.ask('GET', '/mails?limit=1')).json()
    const [{ id, recipient, secret }] = items
    assert.deepEqual([recipient, secret], [email, true])
    const whole = (await owner.ask('GET', `/mails/${id}`)).json()
    assert.deepEqual([whole.text, whole.html, whole.state], [null, null, 'waiting'])
    assert.equal((await owner.ask('GET', `/mails/${id}/page`)).statusCode, 404)
    assert.equal((await sql.query('select text from mails where id = $1', [id])).rows[0].text.length > 100, true)
    await house.due.drain()
    const { rows } = await sql.query('select text, html, state from mails where id = $1', [id])
    assert.deepEqual(rows, [{ text: null, html: null, state: 'sent' }])
    assert.equal((await owner.ask('POST', `/mails/${id}/resend`)).statusCode, 409)
  })

  test('sent again has a new link, and the old one opens nothing; not twice in a minute', async () => {
    const { invitation, url } = await invite()
    const again = () => owner.ask('POST', `/member-invitations/${invitation.id}/mails`)
    assert.deepEqual(code(await again()), [429, 'accounts.invited_just_now'])
    house.clock.advance(60_000)
    const reply = await again()
    assert.equal(reply.statusCode, 201, reply.body)
    assert.equal(await look(url), 410)
    assert.equal(await look(reply.json().url), 200)
    await house.due.drain()
    assert.deepEqual(
      smtp.received.map(({ raw }) => linkIn(raw)),
      [reply.json().url],
      'the first mail is not sent any more',
    )
  })

  test('that is withdrawn opens nothing and is not sent', async () => {
    const { invitation, url } = await invite()
    assert.equal((await owner.ask('DELETE', `/member-invitations/${invitation.id}`)).statusCode, 204)
    assert.equal(await look(url), 410)
    await house.due.drain()
    assert.equal(smtp.received.length, 0)
  })

  test('is not sent when its link is over', async () => {
    const { invitation } = await invite()
    house.clock.advance(weekMs)
    await house.due.drain()
    assert.equal(smtp.received.length, 0)
    const { rows } = await sql.query('select reply, state, text from mails where subject_id = $1', [invitation.id])
    assert.deepEqual(rows, [{ reply: 'expired', state: 'failed', text: null }])
    assert.equal((await listed()).find(({ id }) => id === invitation.id)?.['mail'], 'failed')
  })

  test('that is over stands in nobody’s way, and is gone a month later', async () => {
    const { id } = (await owner.ask('GET', '/me')).json().workspace
    await sql.query(
      `insert into member_invitations (workspace_id, id, email, role, language, created_at, mailed_at, expires_at)
       select $1, gen_random_uuid(), 'over' || i || '@acme.example', 'agent', 'en', $2, $2, $2
       from generate_series(1, 200) i`,
      [id, new Date(house.clock.now().getTime() - 30 * 86_400_000 + 60_000)],
    )
    await invite()
    const over = async () => (await listed()).filter(({ email }) => email!.startsWith('over')).length
    assert.ok((await over()) > 190)
    house.clock.advance(60_001)
    await invite()
    assert.equal(await over(), 0)
  })

  test('says when nobody is at the address', async () => {
    smtp.refuse = () => ({ code: 550, message: '5.1.1 nobody' })
    const { invitation } = await invite()
    await house.due.drain()
    assert.equal((await listed()).find(({ id }) => id === invitation.id)?.['mail'], 'failed')
  })

  test('goes out to many at once, whom nobody makes wait for a connection', async () => {
    // More than there are connections: with a second one each they would all wait, and be refused after ten seconds.
    const made = await Promise.all(Array.from({ length: 16 }, () => invite()))
    assert.equal(made.length, 16)
  })

  test('goes to nobody twice, and to no member', async () => {
    const { email } = await invite()
    const body = { email: email.toUpperCase(), role: 'agent' }
    const twice = await owner.ask('POST', '/member-invitations', body)
    assert.deepEqual([...code(twice), twice.json().errors[0].field], [400, 'accounts.invited_already', '/body/email'])
    const member = await owner.ask('POST', '/member-invitations', { email: 'owner@acme.example', role: 'agent' })
    assert.deepEqual(code(member), [400, 'accounts.member_already'])
    const wrong = await owner.ask('POST', '/member-invitations', { email: 'no address', role: 'agent' })
    assert.deepEqual([wrong.statusCode, wrong.json().errors[0].field], [400, '/body/email'])
  })

  test('gives no role beyond one’s own, and takes none back', async () => {
    const { member: manager } = await newMember(house, owner, 'manager', 'manager1@acme.example')
    const body = { email: 'x@acme.example', role: 'owner' }
    assert.deepEqual(code(await manager.ask('POST', '/member-invitations', body)), [403, 'accounts.role_beyond_own'])
    const { invitation } = await invite('owner')
    house.clock.advance(60_000)
    for (const [method, path] of [
      ['POST', `/member-invitations/${invitation.id}/mails`],
      ['DELETE', `/member-invitations/${invitation.id}`],
    ] as const) {
      assert.deepEqual(code(await manager.ask(method, path)), [403, 'accounts.role_beyond_own'])
    }
  })

  test('of whoever is removed, or may give fewer roles, is gone', async () => {
    for (const [index, take] of [
      (id: string) => owner.ask('DELETE', `/members/${id}`),
      (id: string) => owner.ask('PATCH', `/members/${id}`, { role: 'agent' }),
    ].entries()) {
      const { member: manager, id } = await newMember(house, owner, 'manager', `leaving${index}@acme.example`)
      const { invitation, url } = await invite('agent', manager)
      assert.equal((await take(id)).statusCode < 300, true)
      assert.equal(await look(url), 410)
      assert.ok((await listed()).every((one) => one['id'] !== invitation.id))
    }
  })

  test('is listed by page, to those who may manage members', async () => {
    await invite()
    await invite()
    const page = (await owner.ask('GET', '/member-invitations?limit=1')).json()
    assert.equal(page.items.length, 1)
    const next = (await owner.ask('GET', `/member-invitations?limit=1&after=${page.next}`)).json()
    assert.ok(next.items[0].id > page.items[0].id)
    const { member: viewer } = await newMember(house, owner, 'viewer', 'viewer1@acme.example')
    assert.deepEqual(code(await viewer.ask('GET', '/member-invitations')), [403, 'platform.not_allowed'])
  })
})

test('a mail for which somebody waits goes out before those that wait, whatever the pace', async () => {
  await house.due.drain()
  smtp.received.length = 0
  const { id } = (await owner.ask('GET', '/me')).json().workspace
  await sql.query(
    `insert into mails (workspace_id, id, kind, subject_id, number, from_name, recipient, message_id, subject, text,
       html, created_at, due_at)
     select $1, gen_random_uuid(), 'note', gen_random_uuid(), 0, 'A', 'a' || i || '@acme.example', '<' || i || '@x>',
       's', 't', 'h', $2, $2 from generate_series(1, 300) i`,
    [id, house.clock.now()],
  )
  const { email } = await invite()
  await house.due.drain()
  assert.deepEqual(smtp.received[0]!.to, [email])
  assert.ok(smtp.received.length < 300, 'the others keep their pace')
  house.clock.advance(10)
  const second = await invite()
  await house.due.drain()
  assert.ok(smtp.received.some(({ to }) => to[0] === second.email))
})

test('without a mail server the link is handed over otherwise, and the mail waits', async () => {
  const silent = await testHouse()
  const { owner: alone } = await newWorkspace(silent, 'alone')
  const reply = await alone.ask('POST', '/member-invitations', { email: 'bor@alone.example', role: 'agent' })
  assert.equal(reply.statusCode, 201)
  assert.equal(reply.json().invitation.mail, 'waiting')
  assert.equal((await visitor(silent).ask('GET', pathOf(reply.json().url))).statusCode, 200)
  assert.equal((await alone.ask('GET', '/start')).json().sendsLinks, false)
  for (const path of ['/password-links', '/sign-in-links']) {
    assert.deepEqual(code(await visitor(silent).ask('POST', path, { email: 'owner@alone.example' })), [
      409,
      'accounts.no_mail_server',
    ])
  }
  await silent.close()
})
