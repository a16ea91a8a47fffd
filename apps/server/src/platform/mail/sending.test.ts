import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, beforeEach, test } from 'node:test'
import type { MailboxNoticeData, Notice } from '@lahko/contract'
import pg from 'pg'
import { newKey, newWorkspace, visitor, type Visitor } from '../../testing/visitor.ts'
import { system, type Scope } from '../store.ts'
import { testHouse, type TestHouse } from '../testing/house.ts'
import { headerOf, partOf, testSmtp, type TestSmtp } from '../testing/smtp.ts'
import { registerMailKind } from './kinds.ts'
import { countFailedMails } from './mails.queries.ts'
import { queueMail } from './queueing.ts'
import { openSender } from './sending.ts'

let smtp: TestSmtp
let house: TestHouse
let sql: pg.Client
let owner: Visitor
let scope: Scope

/** What happened to the subjects of mails, in order. */
let waitUntil: Date | undefined
let said: string[]
let unwanted = new Set<string>()
/** In which transaction each mail was claimed. */
let claims: unknown[] = []

before(async () => {
  smtp = await testSmtp()
  house = await testHouse({
    LAHKO_SMTP_URL: smtp.url,
    LAHKO_MAIL_FROM: 'feedback@shop.example',
    LAHKO_MAIL_PACE: '20',
    LAHKO_SMTP_CONNECTIONS: '3',
  })
  sql = new pg.Client(house.database.owner)
  await sql.connect()
  const made = await newWorkspace(house, 'mailing', visitor(house))
  owner = made.owner
  scope = { workspaceId: made.id, actor: system }
  registerMailKind('greeting', {
    claimed: async (tx, { subjectId }) => (
      claims.push(tx),
      unwanted.has(subjectId) ? 'not wanted any more' : waitUntil
    ),
    sent: async (_, { recipient, number }) => void said.push(`sent ${recipient} ${number}`),
    failed: async (_, { recipient }, why) =>
      void said.push(`failed ${recipient}${why === 'bad_address' ? ' nobody there' : ''}`),
    postponed: async (_, { recipient }) => void said.push(`postponed ${recipient}`),
    uncertain: async () => void said.push('uncertain'),
    queuedAgain: async () => void said.push('again'),
  })
})
beforeEach(async () => {
  smtp.received.length = 0
  smtp.refuse = () => undefined
  smtp.refuseSender = () => undefined
  smtp.beforeAnswer = async () => undefined
  said = []
  waitUntil = undefined
  unwanted = new Set()
  claims = []
  await sql.query('delete from mails')
  house.clock.advance(10 * 60_000)
})
after(async () => {
  await sql.end()
  await house.close()
  await smtp.close()
})

type Content = { subjectId?: string; number?: number; text?: string; html?: string }

function queue(
  recipient: string,
  { subjectId = randomUUID(), number = 0, text = 'Dober dan', html = '<p>Dober dan</p>' }: Content = {},
): Promise<string | undefined> {
  return house.store.write(scope, (tx) =>
    queueMail(tx, house.config.mail, {
      ...{ kind: 'greeting', subjectId, number, recipient },
      ...{ fromName: 'Čevljar, Ana', subject: 'Živjo', text, html },
      headers: { 'List-Unsubscribe': '<https://shop.example/u>' },
    }),
  )
}

const hindrance = async () => (await owner.ask('GET', '/mails?limit=1')).json().hindered

async function rowOf(id: string | undefined) {
  const { rows } = await sql.query('select state, attempts, reply, due_at, message_id from mails where id = $1', [id])
  return rows[0] as { state: string; attempts: number; reply: string; due_at: Date; message_id: string }
}

const countFailed = () => house.store.read(scope, (db) => countFailedMails(db, new Date(0)))

test('a mail goes out as it was written, once, and its row keeps what the server said', async () => {
  const subjectId = randomUUID()
  const id = await queue('ana@kupec.example', { subjectId })
  assert.equal(await queue('ana@kupec.example', { subjectId }), undefined)
  await house.due.drain()
  await house.due.drain()
  assert.equal(smtp.received.length, 1)
  const { raw, to } = smtp.received[0]!
  assert.deepEqual(to, ['ana@kupec.example'])
  assert.match(headerOf(raw, 'From')!, /<feedback@shop\.example>$/)
  assert.equal(headerOf(raw, 'Message-ID'), `<${id}@shop.example>`)
  assert.equal(headerOf(raw, 'List-Unsubscribe'), '<https://shop.example/u>')
  assert.equal(partOf(raw, 'text/plain').trim(), 'Dober dan')
  assert.equal(partOf(raw, 'text/html').trim(), '<p>Dober dan</p>')
  const { state, reply } = await rowOf(id)
  assert.equal(state, 'sent')
  assert.match(reply, /^250 /)
  assert.deepEqual(said, ['sent ana@kupec.example 0'])
})

test('lines that begin with dots, long lines and letters of all kinds arrive as they were written', async () => {
  const lines = [
    ...[
      '.',
      '..',
      '...and so on',
      '.hidden',
      'a',
      '.',
      'From here on',
      '=20 is no space',
      '^ caret ^^',
      'end.  ',
      '\ttab',
    ],
    ...['š'.repeat(400), 'x'.repeat(3_000), `${'.'.repeat(2_000)} end`, '-- ', 'Maja 🙂', '.'],
  ]
  const texts = [lines.join('\n'), lines.join('\n').replaceAll(/[^\n -~]/g, 'a'), `${'.\n'.repeat(20_000)}.`]
  for (const text of texts) {
    smtp.received.length = 0
    house.clock.advance(60_000)
    await queue('ana@kupec.example', { text, html: `<pre>${text}</pre>` })
    await house.due.drain()
    const { raw } = smtp.received[0]!
    assert.ok(raw.split('\r\n').every((line) => line.length <= 998 && !line.includes('\n')))
    const read = (type: 'text/plain' | 'text/html') => partOf(raw, type).replaceAll('\r\n', '\n')
    assert.equal(read('text/plain').trimEnd(), text)
    assert.equal(read('text/html').trimEnd(), `<pre>${text}</pre>`)
  }
})

test('what the server puts off is tried again later with the same Message-ID, and at last given up', async () => {
  smtp.refuse = () => ({ code: 451, message: '4.7.1 greylisted' })
  const id = await queue('slow@kupec.example')
  await house.due.drain()
  const first = await rowOf(id)
  assert.equal(first.state, 'waiting')
  assert.match(first.reply, /451.*greylisted/)
  assert.equal(first.due_at.getTime(), house.clock.now().getTime() + 60_000)
  for (let days = 0; days < 14; days++) {
    house.clock.advance(86_400_000)
    await house.due.drain()
  }
  const last = await rowOf(id)
  assert.deepEqual([last.state, last.attempts, last.message_id], ['failed', 12, first.message_id])
  assert.equal(said.at(-1), 'failed slow@kupec.example')
})

test('what the server refuses for good stops, and an address without anybody is told apart', async () => {
  smtp.refuse = (address) =>
    address.startsWith('nobody')
      ? { code: 550, message: '5.1.1 no such user' }
      : { code: 554, message: '5.7.1 we do not like this' }
  const nobody = await queue('nobody@one.example')
  const other = await queue('other@two.example')
  await house.due.drain()
  assert.equal((await rowOf(nobody)).state, 'failed')
  assert.match((await rowOf(other)).reply, /5\.7\.1/)
  assert.equal(await countFailed(), 2)
  assert.deepEqual(said.toSorted(), ['failed nobody@one.example nobody there', 'failed other@two.example'])
})

test('a server that wants a password or another sender hinders all mails, and ends none of them', async () => {
  for (const refusal of [
    { code: 530, message: '5.7.0 Must issue a STARTTLS command first' },
    { code: 553, message: '5.7.1 Sender address rejected' },
  ]) {
    smtp.refuseSender = () => refusal
    const id = await queue(`${refusal.code}@kupec.example`)
    await house.due.drain()
    const held = await rowOf(id)
    assert.deepEqual([held.state, held.attempts, held.reply.slice(0, 3)], ['waiting', 0, String(refusal.code)])
    assert.deepEqual(await hindrance(), { since: house.clock.now().toISOString(), says: held.reply })
    smtp.refuseSender = () => undefined
    house.clock.advance(60_000)
    await house.due.drain()
    assert.equal((await rowOf(id)).state, 'sent')
  }
})

test('however long nothing could leave, it is tried each quarter of an hour, and the first that leaves frees the others', async () => {
  smtp.refuseSender = () => ({ code: 421, message: '4.3.2 shutting down' })
  const ids = [await queue('a@one.example'), await queue('b@two.example')]
  const since = house.clock.now().toISOString()
  for (let minutes = 0; minutes < 180; minutes += 15) {
    await house.due.drain()
    house.clock.advance(15 * 60_000)
  }
  await house.due.drain()
  assert.equal((await hindrance()).since, since)
  const held = await rowOf(ids[0])
  assert.ok(held.due_at.getTime() - house.clock.now().getTime() <= 15 * 60_000)
  smtp.refuseSender = () => undefined
  house.clock.advance(60_000)
  ids.push(await queue('c@three.example'))
  await house.due.drain()
  await house.due.drain()
  for (const id of ids) assert.deepEqual([(await rowOf(id)).state, (await rowOf(id)).attempts], ['sent', 1])
  assert.equal(await hindrance(), null)
})

test('that nothing leaves is told at the bell once an outage that lasts, and taken back when it is over', async () => {
  const told = async () => {
    await house.due.drain()
    await house.jobs.settle()
    const { items } = (await owner.ask('GET', '/notices')).json()
    return items.map(({ kind, topic, data }: Notice) => [kind, topic, (data as MailboxNoticeData).reason])
  }
  smtp.refuseSender = () => ({ code: 421, message: '4.3.2 shutting down' })
  await queue('a@one.example')
  await queue('b@two.example')
  assert.deepEqual(await told(), [])
  house.clock.advance(2 * 60_000)
  assert.deepEqual(await told(), [], 'a server that starts again is no news')
  const outage = [['mailbox_failing', 'feedback@shop.example', 'outbox']]
  for (const minutes of [4, 8, 16]) {
    house.clock.advance(minutes * 60_000)
    assert.deepEqual(await told(), outage)
  }
  smtp.refuseSender = () => undefined
  house.clock.advance(16 * 60_000)
  assert.deepEqual(await told(), [])
  assert.equal(smtp.received.length, 2)
  smtp.refuseSender = () => ({ code: 421, message: '4.3.2 shutting down' })
  await queue('c@three.example')
  await told()
  house.clock.advance(6 * 60_000)
  assert.deepEqual(await told(), outage, 'the next outage is told again')
  smtp.refuseSender = () => undefined
  house.clock.advance(60 * 60_000)
  assert.deepEqual(await told(), [])
})

test('what nothing could carry for five days is given up', async () => {
  smtp.refuseSender = () => ({ code: 530, message: '5.7.0 Authentication required' })
  const id = await queue('ana@kupec.example')
  await house.due.drain()
  house.clock.advance(5 * 86_400_000)
  await house.due.drain()
  assert.equal((await rowOf(id)).state, 'failed')
  assert.equal(await hindrance(), null)
})

test('one full mailbox leaves its domain as it is, a server that is busy rests it', async () => {
  smtp.refuse = (address) => (address.startsWith('full') ? { code: 452, message: '4.2.2 mailbox full' } : undefined)
  await queue('full@large.example')
  const other = await queue('other@large.example')
  await house.due.drain()
  assert.equal((await rowOf(other)).state, 'sent')
})

test('a mail whose subject has to wait goes out then', async () => {
  waitUntil = new Date(house.clock.now().getTime() + 3_600_000)
  const id = await queue('ana@kupec.example')
  await house.due.drain()
  assert.deepEqual([(await rowOf(id)).state, (await rowOf(id)).due_at], ['waiting', waitUntil])
  house.clock.advance(3_600_000)
  waitUntil = undefined
  await house.due.drain()
  assert.equal((await rowOf(id)).state, 'sent')
})

test('however many mails of the demo wait, those of others go out', async () => {
  await sql.query(`
    with demo as (
      insert into workspaces (workspace_id, slug, name, language, time_zone, kind, created_at)
      values (gen_random_uuid(), 'demo-of-mails', 'Demo', 'en', 'UTC', 'demo', now()) returning workspace_id
    )
    insert into mails (workspace_id, id, kind, subject_id, number, from_name, recipient, message_id, subject, created_at, due_at)
    select workspace_id, gen_random_uuid(), 'greeting', gen_random_uuid(), 0, 'Demo', 'a@demo.example', '<' || n || '@demo>',
      'Hello', '2020-01-01', '2020-01-01' from demo, generate_series(1, 1500) n`)
  const id = await queue('ana@kupec.example')
  await house.due.drain()
  assert.equal((await rowOf(id)).state, 'sent')
  await sql.query(`delete from workspaces where slug = 'demo-of-mails'`)
})

test('many mails that nobody wants any more are settled a hundred at a time, and those behind them go out', async () => {
  const subjects = Array.from({ length: 250 }, () => randomUUID())
  subjects.forEach((id) => unwanted.add(id))
  for (const subjectId of subjects) await queue('ana@kupec.example', { subjectId })
  house.clock.advance(1)
  const wanted = await queue('bor@kupec.example')
  await house.due.drain()
  assert.equal((await rowOf(wanted)).state, 'sent')
  const sizes = new Map<unknown, number>()
  for (const tx of claims) sizes.set(tx, (sizes.get(tx) ?? 0) + 1)
  assert.equal(claims.length, 251)
  assert.ok(Math.max(...sizes.values()) <= 100)
})

test('a mail that is too late is not sent, and its subject is told', async () => {
  const id = await house.store.write(scope, (tx) =>
    queueMail(tx, house.config.mail, {
      ...{ kind: 'greeting', subjectId: randomUUID(), number: 0, recipient: 'ana@kupec.example', fromName: 'A' },
      ...{ subject: 's', text: 't', html: 'h', headers: {}, expiresAt: new Date(house.clock.now().getTime() + 1_000) },
    }),
  )
  house.clock.advance(2_000)
  await house.due.drain()
  const { state, reply } = await rowOf(id)
  assert.deepEqual([state, reply, said], ['failed', 'expired', ['failed ana@kupec.example']])
})

test('a connection that breaks before the answer leaves a mail uncertain, which is sent again only by hand', async () => {
  const hanging = new Promise<void>((resolve) => {
    smtp.beforeAnswer = (mail) => (smtp.received.push(mail), resolve(), new Promise(() => undefined))
  })
  const id = await queue('ana@kupec.example')
  const draining = house.due.drain()
  await hanging
  await smtp.vanish()
  await draining
  assert.equal((await rowOf(id)).state, 'uncertain')
  assert.deepEqual(said, ['uncertain'])
  await house.due.drain()
  assert.equal((await rowOf(id)).attempts, 1)

  // Nothing listens there now: nothing has left, so it simply waits.
  const waiting = await queue('bor@kupec.example')
  await house.due.drain()
  assert.equal((await rowOf(waiting)).state, 'waiting')
  const again = await owner.ask('POST', `/mails/${id}/resend`)
  assert.equal(again.statusCode, 204, again.body)
  assert.equal((await rowOf(id)).state, 'waiting')
  assert.equal((await owner.ask('POST', `/mails/${id}/resend`)).statusCode, 409)
})

test('a mail that its subject does not want any more is not sent', async () => {
  const subjectId = randomUUID()
  unwanted.add(subjectId)
  const id = await queue('ana@kupec.example', { subjectId })
  await house.due.drain()
  const { state, reply } = await rowOf(id)
  assert.deepEqual([state, reply, said], ['failed', 'not wanted any more', []])
  assert.equal(await countFailed(), 0, 'what was called off on purpose has not failed')
})

test('what a dead process had claimed becomes uncertain; what a living one has stays', async () => {
  const mine = await queue('ana@kupec.example')
  const dead = await queue('bor@kupec.example')
  const other = await openSender(house, house.database.app)
  const claim = `update mails set claimed_by = $2, claimed_at = now() where id = $1`
  await sql.query(claim, [dead, 1_234_567])
  const { rows } = await sql.query<{ objid: string }>(
    `select objid from pg_locks where locktype = 'advisory' and classid = 19791
      and database = (select oid from pg_database where datname = current_database())`,
  )
  assert.equal(rows.length, 2)
  await sql.query(claim, [mine, Number(rows[0]!.objid)])
  assert.equal(await house.sender.sweep(), 1)
  assert.deepEqual([(await rowOf(mine)).state, (await rowOf(dead)).state], ['sending', 'uncertain'])
  await other.close()
})

test('a domain gets no more than its pace, and the others do not wait for it', async () => {
  const server = await testSmtp()
  const paced = await testHouse({
    LAHKO_SMTP_URL: server.url,
    LAHKO_MAIL_FROM: 'feedback@shop.example',
    LAHKO_MAIL_PACE: '20',
    LAHKO_SMTP_CONNECTIONS: '1',
  })
  const { id: workspaceId } = await newWorkspace(paced, 'paced', visitor(paced))
  await paced.store.write({ workspaceId, actor: system }, async (tx) => {
    for (const recipient of ['a@big.example', 'b@big.example', 'c@big.example', 'd@small.example'])
      await queueMail(tx, paced.config.mail, {
        ...{ kind: 'note', subjectId: randomUUID(), number: 0, recipient, fromName: 'A', subject: 's' },
        ...{ text: 't', html: 'h', headers: {} },
      })
  })
  await paced.due.drain()
  assert.equal(server.received.length, 3)
  paced.clock.advance(3_000)
  await paced.due.drain()
  assert.equal(server.received.length, 4)
  await paced.close()
  await server.close()
})

test('greylisting puts off each new address by itself: the others of its domain are tried meanwhile', async () => {
  const server = await testSmtp()
  const grey = await testHouse({
    LAHKO_SMTP_URL: server.url,
    LAHKO_MAIL_FROM: 'feedback@shop.example',
    LAHKO_MAIL_PACE: '0',
    LAHKO_SMTP_CONNECTIONS: '1',
  })
  const known = new Set<string>()
  server.refuse = (address) => {
    if (known.has(address)) return undefined
    known.add(address)
    return { code: 451, message: '4.7.1 Greylisting in action, please come back later' }
  }
  const { id: workspaceId } = await newWorkspace(grey, 'grey', visitor(grey))
  const recipients = ['a@grey.example', 'b@grey.example', 'c@grey.example']
  await grey.store.write({ workspaceId, actor: system }, async (tx) => {
    for (const recipient of recipients)
      await queueMail(tx, grey.config.mail, {
        ...{ kind: 'note', subjectId: randomUUID(), number: 0, recipient, fromName: 'A', subject: 's' },
        ...{ text: 't', html: 'h', headers: {} },
      })
  })
  await grey.due.drain()
  assert.deepEqual([...known].toSorted(), recipients)
  grey.clock.advance(60_000)
  await grey.due.drain()
  assert.equal(server.received.length, 3)
  await grey.close()
  await server.close()
})

test('without a server mail stays in the outbox, where whoever may sees and reads it', async () => {
  const quiet = await testHouse()
  const { owner: reader, id: workspaceId } = await newWorkspace(quiet, 'quiet', visitor(quiet))
  const id = await quiet.store.write({ workspaceId, actor: system }, (tx) =>
    queueMail(tx, quiet.config.mail, {
      ...{ kind: 'note', subjectId: randomUUID(), number: 0, recipient: 'a@b.example', fromName: 'A', subject: 's' },
      ...{ text: 't', html: '<p>h</p>', headers: {} },
    }),
  )
  await quiet.due.drain()
  const { items, server } = (await reader.ask('GET', '/mails?state=waiting')).json()
  assert.deepEqual([items.length, items[0].state, server], [1, 'waiting', false])
  assert.equal((await reader.ask('GET', `/mails/${id}`)).json().html, '<p>h</p>')
  assert.deepEqual((await reader.ask('GET', '/mails?state=sent')).json().items, [])
  await quiet.close()
})

test('a key that may not read answers does not read them in mails to members either', async () => {
  registerMailKind('bell', { to: 'members', needs: 'tickets.read' })
  const id = await house.store.write(scope, (tx) =>
    queueMail(tx, house.config.mail, {
      ...{ kind: 'bell', subjectId: randomUUID(), number: 0, recipient: 'ana@shop.example', fromName: 'A' },
      ...{ subject: 's', text: 'Predolgo!', html: '<p>Predolgo!</p>', headers: {} },
    }),
  )
  const narrow = await newKey(owner, 'surveys.write')
  const answers = await newKey(owner, 'surveys.write', 'responses.read')
  const wide = await newKey(owner, 'surveys.write', 'responses.read', 'tickets.read')
  const readBy = async ({ bearer }: typeof narrow) => {
    const program = visitor(house)
    const { text, html, messageId } = (await program.ask('GET', `/mails/${id}`, undefined, bearer)).json()
    assert.equal(messageId, null, 'it may carry a token of its reader')
    return [text, html, (await program.ask('GET', `/mails/${id}/page`, undefined, bearer)).statusCode]
  }
  for (const key of [narrow, answers]) assert.deepEqual(await readBy(key), [null, null, 404])
  const listed = async (to: string) => (await owner.ask('GET', `/mails?to=${to}`)).json().items.length
  assert.deepEqual([await listed('members'), await listed('customers')], [1, 0])
  assert.deepEqual(await readBy(wide), ['Predolgo!', '<p>Predolgo!</p>', 200])
})
