import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { after, before, beforeEach, test } from 'node:test'
import { createTransport } from 'nodemailer'
import pg from 'pg'
import { exampleForms } from '../../../modules/surveys/example-forms.ts'
import { insertExampleInvitation } from '../../../modules/surveys/example-invitations.ts'
import { newKey, newWorkspace, visitor, type Visitor } from '../../../testing/visitor.ts'
import { keepHouse } from '../../jobs.ts'
import { system } from '../../store.ts'
import { testHouse, type TestHouse } from '../../testing/house.ts'
import { headerOf, testSmtp, type TestSmtp } from '../../testing/smtp.ts'
import { queueMail } from '../queueing.ts'
import { judgeTask } from './judging.jobs.ts'
import { openReceiver, type Receiver } from './smtp-receiver.ts'
import { registerMailTaker } from './takers.ts'
import { takeIn } from './taking-in.ts'

let smtp: TestSmtp
let house: TestHouse
let receiver: Receiver
let sql: pg.Client
let owner: Visitor
let workspaceId: string
let surveyId: string

before(async () => {
  smtp = await testSmtp()
  house = await testHouse({
    LAHKO_SMTP_URL: smtp.url,
    LAHKO_MAIL_FROM: 'feedback@shop.example',
    LAHKO_SMTP_RECEIVER: '127.0.0.1:0',
    LAHKO_MAIL_PACE: '0',
    LAHKO_SIGNUP: 'open',
  })
  receiver = await openReceiver(house, house.config.mail.returns!)
  sql = new pg.Client(house.database.owner)
  await sql.connect()
  const made = await newWorkspace(house, 'returns', visitor(house))
  owner = made.owner
  workspaceId = made.id
  surveyId = (await exampleForms(house, owner).survey('ces-10-solved')).id
})
beforeEach(() => {
  smtp.received.length = 0
  smtp.refuse = () => undefined
})
after(async () => {
  await sql.end()
  await receiver.close()
  await house.close()
  await smtp.close()
})

type Sent = { id: string; customerId: string; raw: string; returnTo: string; mailId: string; email: string }

/** An invitation that has been mailed. */
async function invite(wish: { reminderDays?: number[]; workspaceId?: string; surveyId?: string } = {}): Promise<Sent> {
  const dueAt = house.clock.now()
  const made = await insertExampleInvitation(sql, { workspaceId, surveyId, dueAt, ...wish })
  await house.due.drain()
  const email = `customer-${made.customerId.slice(0, 8)}@kupec.example`
  const { raw } = smtp.received.findLast(({ to }) => to[0] === email)!
  const returnTo = /<([^>]+)>/.exec(headerOf(raw, 'Reply-To')!)![1]!
  const mailId = /<([^@]+)@/.exec(headerOf(raw, 'Message-ID')!)![1]!
  return { ...made, raw, returnTo, mailId, email }
}

/** An example as it would come back about a mail. */
function example(name: string, { returnTo, mailId }: Pick<Sent, 'returnTo' | 'mailId'>): string {
  const text = readFileSync(new URL(`./examples/${name}.eml`, import.meta.url), 'utf8')
  return text
    .replaceAll(/^(Message-Id: )<(?!MAILID)/gim, () => `Message-ID: <${randomUUID()}-`)
    .replaceAll('feedback+TOKEN@shop.example', returnTo)
    .replaceAll('MAILID', mailId)
}

/** Another server hands it to Lahko's own. @returns what that says */
async function deliver(raw: string, to: string): Promise<string> {
  const transport = createTransport({ host: '127.0.0.1', port: receiver.port, tls: { rejectUnauthorized: false } })
  const sent = await transport.sendMail({ envelope: { from: '', to }, raw }).catch((error: Error) => error)
  transport.close()
  await house.jobs.settle()
  house.clock.advance(1)
  return 'response' in sent ? String(sent.response) : sent.message
}

const comeBack = (name: string, sent: Sent) => deliver(example(name, sent), sent.returnTo)

async function rowOf(id: string) {
  const { rows } = await sql.query('select * from invitations where id = $1', [id])
  return rows[0] as Record<string, unknown>
}

async function returnsAbout(mailId: string | null) {
  const { rows } = await sql.query<Record<string, unknown>>(
    'select * from returned_mails where mail_id is not distinct from $1 order by id',
    [mailId],
  )
  return rows
}

async function suppressed(email: string): Promise<string | undefined> {
  const { items } = (await owner.ask('GET', `/suppressions?address=${email}`)).json()
  return items[0]?.reason
}

const invitation = async (id: string) => (await owner.ask('GET', `/invitations/${id}`)).json()

test('a mail goes out with a token of its own in the envelope and in Reply-To', async () => {
  const one = await invite()
  const two = await invite()
  assert.match(one.returnTo, /^feedback\+[a-z2-7]{42}@shop\.example$/)
  assert.notEqual(one.returnTo, two.returnTo)
  assert.match(headerOf(one.raw, 'From')!, /<feedback@shop\.example>$/)
  assert.equal(smtp.received[0]!.from, one.returnTo)
})

test('a server that greylists, and one that is away for an hour, get each mail once', async () => {
  const port = Number(new URL(smtp.url).port)
  const seen = new Set<string>()
  smtp.refuse = (address) =>
    seen.has(address) ? undefined : (seen.add(address), { code: 451, message: '4.7.1 greylisted, come again' })
  const dueAt = house.clock.now()
  const greylisted = await insertExampleInvitation(sql, { workspaceId, surveyId, dueAt })
  await house.due.drain()
  assert.equal(smtp.received.length, 0)
  house.clock.advance(60_000)
  await house.due.drain()
  assert.deepEqual([smtp.received.length, (await rowOf(greylisted.id))['state']], [1, 'sent'])

  await smtp.close()
  const waiting = await insertExampleInvitation(sql, { workspaceId, surveyId, dueAt })
  for (let minutes = 0; minutes < 60; minutes += 5) {
    await house.due.drain()
    house.clock.advance(5 * 60_000)
  }
  assert.equal((await rowOf(waiting.id))['state'], 'queued')
  smtp = await testSmtp(port)
  house.clock.advance(60 * 60_000)
  await house.due.drain()
  assert.deepEqual([smtp.received.length, (await rowOf(waiting.id))['state']], [1, 'sent'])
})

test('a hard bounce ends the invitation and its reminders, and nobody writes to the address again', async () => {
  const sent = await invite({ reminderDays: [2] })
  assert.match(await comeBack('bounce-postfix', sent), /^250 /)
  const row = await rowOf(sent.id)
  assert.deepEqual([row['state'], row['next_reminder_at']], ['bounced', null])
  assert.equal(await suppressed(sent.email), 'bounced')
  const [returned] = (await invitation(sent.id)).returned
  assert.deepEqual([returned.kind, returned.status, returned.about.recipient], ['bounce', '5.1.1', sent.email])
  house.clock.advance(3 * 86_400_000)
  await house.due.drain()
  assert.equal(smtp.received.filter(({ to }) => to[0] === sent.email).length, 1)
})

test('a full mailbox and a mail refused as spam bounce, and leave the address alone; a delay changes nothing', async () => {
  for (const name of ['bounce-exchange-full', 'bounce-refused-as-spam']) {
    const sent = await invite()
    await comeBack(name, sent)
    assert.deepEqual([(await rowOf(sent.id))['state'], await suppressed(sent.email)], ['bounced', undefined], name)
  }
  const sent = await invite()
  await comeBack('delay-postfix', sent)
  assert.deepEqual([(await rowOf(sent.id))['state'], await suppressed(sent.email)], ['sent', undefined])
  assert.equal((await returnsAbout(sent.mailId))[0]!['kind'], 'delay')
})

test('whoever calls it spam is asked no more', async () => {
  const sent = await invite()
  await deliver(example('complaint', sent), 'feedback@shop.example')
  assert.equal((await rowOf(sent.id))['state'], 'unsubscribed')
  assert.equal(await suppressed(sent.email), 'complained')
})

test('a reply is kept with its invitation, seen with its customer and followed by no reminder', async () => {
  const sent = await invite({ reminderDays: [2] })
  await comeBack('reply-gmail-sl', sent)
  const { facts, returned } = await invitation(sent.id)
  assert.ok(facts.some(({ fact }: { fact: string }) => fact === 'replied'))
  const text = 'Trikrat sem klicala, preden je kdo dvignil.\n\nNaročila še vedno nimam.'
  assert.deepEqual([returned[0].kind, returned[0].text, returned[0].sender], ['reply', text, 'nives@kupec.example'])
  const { items } = (await owner.ask('GET', `/customers/${sent.customerId}/timeline`)).json()
  const reply = items.find(({ type }: { type: string }) => type === 'reply')
  assert.deepEqual([reply.text, reply.automatic, reply.invitationId], [text, false, sent.id])
  house.clock.advance(3 * 86_400_000)
  await house.due.drain()
  assert.equal(smtp.received.filter(({ to }) => to[0] === sent.email).length, 1)
})

test('a note of somebody who is away changes nothing, and the reminder comes', async () => {
  const sent = await invite({ reminderDays: [2] })
  await comeBack('away-gmail', sent)
  const row = await rowOf(sent.id)
  assert.deepEqual([row['state'], row['replied_at']], ['sent', null])
  assert.equal((await invitation(sent.id)).returned[0].kind, 'auto_reply')
  house.clock.advance(3 * 86_400_000)
  await house.due.drain()
  assert.equal(smtp.received.filter(({ to }) => to[0] === sent.email).length, 2)
})

test('the same message twice is one, whichever way and headers it takes', async () => {
  const sent = await invite()
  const raw = example('reply-gmail-nb', sent)
  await deliver(raw, sent.returnTo)
  await deliver(raw, sent.returnTo)
  const travelled = `Received: from a by b; Fri, 20 Nov 2026 10:00:00 +0000\r\n${raw.replaceAll('\n', '\r\n')}`
  assert.equal(await takeIn(house, Buffer.from(travelled)), 'taken')
  assert.equal((await returnsAbout(sent.mailId)).length, 1)
  const another = raw.replace('Helt greit, takk.', 'En ting til.')
  await deliver(another, sent.returnTo)
  assert.equal((await returnsAbout(sent.mailId)).length, 2)
})

test('a process that dies after it took a message and before it judged it has lost nothing', async () => {
  const sent = await invite()
  await takeIn(house, Buffer.from(example('bounce-postfix', sent)))
  const { rows } = await sql.query(`select 1 from returned_mails where kind = 'unread'`)
  assert.deepEqual([rows.length, (await rowOf(sent.id))['state']], [1, 'sent'])
  await house.jobs.settle()
  assert.equal((await rowOf(sent.id))['state'], 'bounced')
})

test('a bounce that is faster than the word that the mail was sent stays a bounce', async () => {
  const dueAt = house.clock.now()
  const hanging = Promise.withResolvers<void>()
  const arrived = Promise.withResolvers<string>()
  smtp.beforeAnswer = async ({ raw }) => {
    arrived.resolve(raw)
    await hanging.promise
    return undefined
  }
  const made = await insertExampleInvitation(sql, { workspaceId, surveyId, dueAt })
  const draining = house.due.drain()
  const raw = await arrived.promise
  const returnTo = /<([^>]+)>/.exec(headerOf(raw, 'Reply-To')!)![1]!
  const mailId = /<([^@]+)@/.exec(headerOf(raw, 'Message-ID')!)![1]!
  await deliver(example('bounce-postfix', { returnTo, mailId }), returnTo)
  smtp.beforeAnswer = async () => undefined
  hanging.resolve()
  await draining
  const row = await rowOf(made.id)
  assert.equal(row['state'], 'bounced')
  assert.notEqual(row['sent_at'], null)
})

test('a token that nobody was given is set aside as forged, and nothing happens to the mail', async () => {
  const sent = await invite()
  const other = await invite()
  const token = (address: string) => /\+([a-z2-7]+)@/.exec(address)![1]!
  // The first 26 letters name the mail; the tag at the end is another mail's.
  const forged = `${token(sent.returnTo).slice(0, 26)}${token(other.returnTo).slice(26)}`
  const returnTo = `feedback+${forged}@shop.example`
  await deliver(example('bounce-qmail', { returnTo, mailId: 'unknown' }), returnTo)
  const [aside] = (await returnsAbout(null)).filter(({ reason }) => reason === 'forged')
  assert.deepEqual([aside!['subject'], (await rowOf(sent.id))['state']], ['failure notice', 'sent'])
})

test('what is about no mail is set aside, listed, downloaded as it came and judged again by hand', async () => {
  await deliver('From: X <x@y.example>\r\nSubject: Hello\r\nMessage-ID: <h1@y>\r\n\r\nHi\r\n', 'feedback@shop.example')
  const list = (await owner.ask('GET', '/returned-mails?kind=set_aside&limit=1')).json()
  const [{ id, reason, sender, subject }] = list.items
  assert.deepEqual([reason, sender, subject, list.receiving], ['about_no_mail', 'x@y.example', 'Hello', true])
  const source = await owner.ask('GET', `/returned-mails/${id}/source`)
  assert.match(source.body, /^Return-Path: <>\r\nDelivered-To: feedback@shop\.example\r\nFrom: X/)
  assert.match(String(source.headers['content-disposition']), /^attachment;/)
  assert.equal((await owner.ask('POST', `/returned-mails/${id}/retry`)).statusCode, 204)
  assert.equal((await owner.ask('GET', `/returned-mails/${id}`)).json().kind, 'unread')
  assert.equal((await owner.ask('POST', `/returned-mails/${id}/retry`)).statusCode, 409)
  await house.jobs.settle()
  assert.equal((await owner.ask('GET', `/returned-mails/${id}`)).json().reason, 'about_no_mail')
})

test('what cannot be taken apart is set aside with its bytes', async () => {
  const { mailId } = await invite()
  const part = '--a\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n'
  const raw = `In-Reply-To: <${mailId}@shop.example>\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n${part.repeat(3000)}`
  await takeIn(house, Buffer.from(raw))
  await house.jobs.settle()
  const [aside] = await returnsAbout(mailId)
  assert.deepEqual(
    [aside!['kind'], aside!['reason'], (aside!['raw'] as Buffer).length],
    ['set_aside', 'unreadable', raw.length],
  )
})

test('a bounce with a NUL in what the server says is a bounce', async () => {
  const sent = await invite()
  await takeIn(house, Buffer.from(example('bounce-postfix', sent).replace('User unknown', 'User\u0000unknown')))
  await house.jobs.settle()
  assert.equal((await rowOf(sent.id))['state'], 'bounced')
})

/** A mail that lets its reader in. @returns its id */
async function queueSecret(): Promise<string> {
  const id = await house.store.write({ workspaceId, actor: system }, (tx) =>
    queueMail(tx, house.config.mail, {
      ...{ kind: 'note', subjectId: randomUUID(), number: 0, recipient: 'bor@shop.example', fromName: 'A' },
      ...{ subject: 's', text: 'https://…/app/enter/secret', html: 'h', headers: {}, secret: true },
    }),
  )
  return id!
}

/** What is kept of the only message about a mail, which nobody may download. */
async function keptOf(mailId: string) {
  const [row] = await returnsAbout(mailId)
  assert.equal((await owner.ask('GET', `/returned-mails/${String(row!['id'])}/source`)).statusCode, 404)
  return [row!['kind'], row!['reason'], row!['raw'], row!['text']]
}

test('of what comes back to a mail that lets its reader in, nobody else reads a word', async () => {
  const mailId = await queueSecret()
  await takeIn(house, Buffer.from(example('bounce-exim', { returnTo: 'feedback@shop.example', mailId })))
  await house.jobs.settle()
  assert.deepEqual(await keptOf(mailId), ['bounce', null, null, null])
})

test('nor of what is set aside, or was given up', async () => {
  const delivered = await queueSecret()
  await takeIn(house, Buffer.from(example('aside-delivered', { returnTo: 'feedback@shop.example', mailId: delivered })))
  await house.jobs.settle()
  assert.deepEqual(await keptOf(delivered), ['set_aside', 'delivered', null, null])

  const given = await queueSecret()
  await takeIn(house, Buffer.from(example('bounce-exim', { returnTo: 'feedback@shop.example', mailId: given })))
  const { rows } = await sql.query(`select id from returned_mails where kind = 'unread'`)
  const task = judgeTask(house)
  await house.store.write({ workspaceId, actor: system }, (tx) => task.giveUp!(tx, { returnedMailId: rows[0].id }))
  await house.jobs.settle()
  assert.deepEqual(await keptOf(given), ['set_aside', 'unreadable', null, null])
})

const link = 'https://feedback.shop.example/app/join/abcdefghijklmnop'
const ways: [string, string][] = [
  ['as it is', link],
  ['quoted-printable', `https://feedback.shop.example/app/jo=\r\nin/abcdefghijklmnop`],
  ['in base64', Buffer.from(`Pozdravljeni! ${link} Na svidenje.`).toString('base64').replaceAll(/.{40}/g, '$&\r\n')],
]
for (const [way, text] of ways) {
  test(`a link that lets its reader in is not kept ${way}, though the message names no mail`, async () => {
    const subject = `lost ${way}`
    await takeIn(house, Buffer.from(`From: a@b.example\r\nSubject: ${subject}\r\n\r\n${text}\r\n`))
    await house.jobs.settle()
    const row = (await returnsAbout(null)).find((one) => one['subject'] === subject)!
    assert.deepEqual([row['kind'], row['reason'], row['raw']], ['set_aside', 'about_no_mail', null])
  })
}

test('the server is no relay: only the return address is taken, and nothing too large', async () => {
  assert.match(await deliver('Subject: x\r\n\r\nx', 'somebody@else.example'), /550 5\.1\.1/)
  assert.match(await deliver('Subject: x\r\n\r\nx', 'feedback+short@shop.example'), /550 5\.1\.1/)
  assert.match(await deliver(`Subject: x\r\n\r\n${'x'.repeat(26 * 1024 * 1024)}`, 'feedback@shop.example'), /552/)
  const large = `From: a@b.example\r\nSubject: large\r\nMessage-ID: <l1@b>\r\n\r\n${'x\r\n'.repeat(700_000)}`
  assert.match(await deliver(large, 'feedback@shop.example'), /^250 /)
  const row = (await returnsAbout(null)).find(({ subject }) => subject === 'large')!
  assert.equal((row['raw'] as Buffer).length, 16_384)
  assert.ok(Number(row['size']) > 2_000_000)
})

test('of what is about a mail the first megabyte is kept', async () => {
  const sent = await invite()
  const raw = `${example('reply-gmail-nb', sent)}${'x\r\n'.repeat(700_000)}`
  assert.equal(await takeIn(house, Buffer.from(raw)), 'taken')
  await house.jobs.settle()
  assert.equal(((await returnsAbout(sent.mailId))[0]!['raw'] as Buffer).length, 1_048_576)
})

test('a flood of mail about nothing is refused for a day, and what is about a mail comes in all the same', async () => {
  await sql.query(
    `insert into returned_mails (workspace_id, id, received_at, fingerprint, size, kind, reason)
     select $1, gen_random_uuid(), $2, sha256(i::text::bytea), 10, 'set_aside', 'about_no_mail'
     from generate_series(1, 1000) i`,
    [workspaceId, house.clock.now()],
  )
  const nothing = 'From: a@b.example\r\nSubject: flood\r\nMessage-ID: <f1@b>\r\n\r\nx\r\n'
  assert.match(await deliver(nothing, 'feedback@shop.example'), /452 4\.3\.1/)
  const sent = await invite()
  assert.match(await comeBack('bounce-postfix', sent), /^250 /)
  house.clock.advance(86_400_000)
  assert.match(await deliver(nothing, 'feedback@shop.example'), /^250 /)
  await sql.query(`delete from returned_mails where size = 10`)
})

test('one address opens twenty connections and no more', async () => {
  const greeting = async (socket: Socket) => String((await once(socket, 'data'))[0])
  const open = () => connect(receiver.port, '127.0.0.1')
  const sockets = Array.from({ length: 20 }, open)
  for (const said of await Promise.all(sockets.map(greeting))) assert.match(said, /^220 /)
  const another = open()
  assert.match(await greeting(another), /^421 /)
  for (const socket of [...sockets, another]) socket.destroy()
})

test('a mail has a hundred recipients at most, and is kept once for all addresses of one mailbox', async () => {
  const taken: string[] = []
  registerMailTaker({
    find: async (_, address) =>
      /^box(\+[a-z2-7]{40})?@shop\.example$/.test(address)
        ? { take: async (raw) => void taken.push(String(raw)) }
        : undefined,
  })
  const letters = 'abcdefghijk'.split('')
  const endings = letters.flatMap((one) => letters.map((other) => one + other))
  const to = endings.slice(0, 101).map((ending) => `box+${'a'.repeat(38)}${ending}@shop.example`)
  const transport = createTransport({ host: '127.0.0.1', port: receiver.port, tls: { rejectUnauthorized: false } })
  const sent = await transport.sendMail({ envelope: { from: 'a@b.example', to }, raw: 'Subject: x\r\n\r\nx' })
  transport.close()
  assert.deepEqual([sent.accepted.length, sent.rejected.length], [100, 1])
  assert.match(sent.rejectedErrors![0]!.message, /452 4\.5\.3/)
  assert.deepEqual([taken.length, taken[0]!.match(/^Delivered-To: box\+/gm)?.length], [1, 100])
})

test('what all connections hold together has an end, and mail is taken again afterwards', async () => {
  const narrow = await openReceiver(house, house.config.mail.returns!, 100_000)
  const transport = createTransport({ host: '127.0.0.1', port: narrow.port, tls: { rejectUnauthorized: false } })
  const send = (text: string) =>
    transport.sendMail({ envelope: { from: '', to: 'feedback@shop.example' }, raw: `Subject: n\r\n\r\n${text}` })
  await assert.rejects(send('x\r\n'.repeat(50_000)), /452 4\.3\.1/)
  for (const text of ['1', '2', '3']) await send(`${text}${'x\r\n'.repeat(20_000)}`)
  transport.close()
  await narrow.close()
})

test('a port that is taken is refused in one sentence', async () => {
  const taken = { host: '127.0.0.1', port: receiver.port, certificateFile: undefined }
  await assert.rejects(openReceiver(house, { ...house.config.mail.returns!, receiver: taken }), {
    name: 'StartRefused',
    message: /^Port \d+ is already in use\. Choose another with LAHKO_SMTP_RECEIVER/,
  })
})

test('another workspace sees nothing of it, and gets its own', async () => {
  const stranger = await newWorkspace(house, 'stranger', visitor(house, { address: '198.51.100.9' }))
  assert.deepEqual((await stranger.owner.ask('GET', '/returned-mails')).json().items, [])
  const own = await exampleForms(house, stranger.owner).survey('ces-10-solved')
  const sent = await invite({ workspaceId: stranger.id, surveyId: own.id })
  await comeBack('reply-outlook-nb', sent)
  const { items } = (await stranger.owner.ask('GET', '/returned-mails')).json()
  assert.deepEqual([items.length, items[0].kind, items[0].about.mailId], [1, 'reply', sent.mailId])
  assert.equal((await owner.ask('GET', `/returned-mails/${items[0].id}`)).statusCode, 404)
})

test('after a month the bytes are forgotten and the reply stays; what was set aside is gone', async () => {
  const sent = await invite()
  await comeBack('reply-outlook-nb', sent)
  const { bearer } = await newKey(owner, 'responses.read', 'workspace.manage')
  const program = visitor(house)
  house.clock.advance(31 * 86_400_000)
  await keepHouse(house.store, [{ name: 'forget_returned_mails', daily: true, run: async () => undefined }])
  await house.jobs.settle()
  const [row] = await returnsAbout(sent.mailId)
  assert.deepEqual([row!['raw'], row!['text']], [null, 'Jeg måtte ringe to ganger.'])
  assert.deepEqual(await returnsAbout(null), [])
  assert.equal(
    (await program.ask('GET', `/returned-mails/${String(row!['id'])}/source`, undefined, bearer)).statusCode,
    404,
  )
  const exported = (await program.ask('GET', `/customers/${sent.customerId}`, undefined, bearer)).json()
  assert.equal(exported.replies[0].text, 'Jeg måtte ringe to ganger.')
  assert.equal((await program.ask('DELETE', `/customers/${sent.customerId}`, undefined, bearer)).statusCode, 204)
  assert.deepEqual(await returnsAbout(sent.mailId), [])
})
