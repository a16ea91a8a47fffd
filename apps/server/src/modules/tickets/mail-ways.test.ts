import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, afterEach, before, beforeEach, test } from 'node:test'
import type { IncomingMail, Mailbox } from '@lahko/contract/mailboxes'
import type { TicketEntry } from '@lahko/contract/tickets'
import { createTransport } from 'nodemailer'
import { openReceiver, type Receiver } from '#platform/mail/receiving/smtp-receiver.ts'
import { system } from '#platform/store.ts'
import { testHouse, type TestHouse } from '#platform/testing/house.ts'
import { openImapServer, type ImapServer } from '#platform/testing/imap-server.ts'
import { keyOf, testWorkspace } from '../../testing/workspace.ts'
import { getMailbox } from './mailboxes.ts'
import { openMailboxReader, readMailboxes } from './mailbox-reading.ts'

// The ways by which mail comes in, and what happens when they break.

let house: TestHouse
let imap: ImapServer
let receiver: Receiver
let workspaceId: string
let ask: <T>(method: 'GET' | 'POST' | 'PUT', url: string, payload?: object) => Promise<T>

before(async () => {
  house = await testHouse({ LAHKO_SMTP_RECEIVER: '127.0.0.1:0', LAHKO_RETURN_ADDRESS: 'feedback@shop.example' })
  const own = await testWorkspace(house, 'ways')
  const headers = { host: own.host, authorization: `Bearer ${await keyOf(house, own)}` }
  ask = async (method, url, payload) => {
    const reply = await house.app.inject({ method, url: `/api/v1${url}`, headers, payload })
    assert.ok(reply.statusCode < 300, reply.body)
    return reply.json() as never
  }
  workspaceId = (await ask<{ workspace: { id: string } }>('GET', '/me')).workspace.id
  receiver = await openReceiver(house, house.config.mail.returns!)
})
beforeEach(async () => void (imap = await openImapServer()))
afterEach(() => imap.close())
after(async () => {
  await receiver.close()
  await house.close()
})

let count = 0
const raw = (subject: string) =>
  `From: nives@mail.example\r\nSubject: ${subject}\r\nMessage-ID: <${++count}@mail.example>\r\n\r\nHello\r\n`
const place = () => ({ host: '127.0.0.1', port: imap.port, secure: false, user: 'testuser' })
const add = (more: object = {}) =>
  ask<Mailbox>('POST', '/mailboxes', { name: 'Way', address: `way${++count}@shop.example`, ...more })
const shown = ({ id }: Mailbox) => ask<Mailbox>('GET', `/mailboxes/${id}`)
const readerOf = async ({ id }: Mailbox) => (await openMailboxReader(house, { workspaceId, id }))!

async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 20_000
  while (!(await holds())) {
    assert.ok(performance.now() < deadline, 'it does not come to pass')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

async function deliver(message: string, to: string | string[]): Promise<string> {
  const transport = createTransport({ host: '127.0.0.1', port: receiver.port, tls: { rejectUnauthorized: false } })
  const sent = await transport
    .sendMail({ envelope: { from: 'nives@mail.example', to }, raw: message })
    .catch((error: Error) => error)
  transport.close()
  await house.jobs.settle()
  return 'response' in sent ? String(sent.response) : sent.message
}

test('the receiver takes mail for a mailbox, its aliases and its tokens, once, and for nobody else', async () => {
  const mailbox = await add({ aliases: ['alias@shop.example'] })
  const other = await add()
  const mail = raw('By SMTP')
  assert.match(await deliver(mail, mailbox.address), /^250/)
  assert.match(await deliver(mail, 'Alias@shop.example'), /^250/, 'the same mail by another way')
  assert.match(await deliver(raw('Token'), mailbox.address.replace('@', `+${'a'.repeat(40)}@`)), /^250/)
  assert.match(await deliver(raw('Both'), [mailbox.address, other.address]), /^250/)
  assert.match(await deliver(raw('Nobody'), 'nobody@shop.example'), /550 5\.1\.1/)
  const counts = await Promise.all([mailbox, other].map(async (one) => (await shown(one)).counts))
  assert.deepEqual(
    counts.map(({ kept, repeats }) => [kept, repeats]),
    [
      [3, 1],
      [1, 0],
    ],
  )
  await ask('PUT', `/mailboxes/${other.id}`, { name: 'Way', address: other.address, paused: true })
  assert.match(await deliver(raw('Paused'), other.address), /^250/)
  assert.deepEqual((await shown(other)).counts, { ...(await shown(other)).counts, waiting: 1, kept: 1 }, 'it waits')
  await ask('PUT', `/mailboxes/${other.id}`, { name: 'Way', address: other.address, paused: false })
  await house.jobs.settle()
  assert.deepEqual((await shown(other)).counts, { ...(await shown(other)).counts, waiting: 0, kept: 2 })
})

test('the largest mail that the receiver takes is kept whole', async () => {
  const mailbox = await add()
  const head = raw('Large')
  const lines = `${'x'.repeat(998)}\r\n`.repeat(26_140 - Math.ceil(head.length / 1_000))
  assert.ok(head.length + lines.length > 25 * 1024 * 1024 - 76 * 1024)
  assert.match(await deliver(head + lines, mailbox.address), /^250/)
  const { kept, setAside } = (await shown(mailbox)).counts
  assert.deepEqual([kept, setAside], [1, 0])
  const larger = head + `${'x'.repeat(998)}\r\n`.repeat(26_220 - Math.ceil(head.length / 1_000))
  assert.match(await deliver(larger.slice(0, 25 * 1024 * 1024 - 20), mailbox.address), /552 5\.3\.4/, 'told, not cut')
})

test('mailboxes are read as they are added and changed; a server that is away is found again', async (t) => {
  const reading = readMailboxes(house)
  t.after(() => reading.stop())
  imap.put(raw('old'))
  const mailbox = await add({ imap: { ...place(), password: 'testpass' } })
  const kept = async () => {
    await house.jobs.settle()
    return (await shown(mailbox)).counts.kept
  }
  await until(async () => (await kept()) === 1)
  imap.put(raw('while it waits'))
  await until(async () => (await kept()) === 2)
  const { port } = imap
  await imap.close()
  await until(async () => (await shown(mailbox)).failingSince !== null)
  assert.match((await shown(mailbox)).error!, /\S/)
  imap = await openImapServer(port)
  imap.put(raw('after the outage'))
  await until(async () => (await kept()) === 3 && (await shown(mailbox)).failingSince === null)
  await ask('PUT', `/mailboxes/${mailbox.id}`, { name: 'Way', address: mailbox.address, paused: true, imap: place() })
})

test('a connection that breaks while messages are fetched loses none and doubles none', async () => {
  const mailbox = await add({ imap: { ...place(), password: 'testpass' } })
  for (let number = 0; number < 300; number++) imap.put(raw(`${number}`))
  for (let cuts = 0; cuts < 3; cuts++) {
    const reading = (await readerOf(mailbox)).readOnce()
    setTimeout(() => imap.cut(), 60 + 60 * cuts)
    await reading.catch(() => undefined)
  }
  await (await readerOf(mailbox)).readOnce()
  await house.jobs.settle()
  const { counts } = await shown(mailbox)
  assert.deepEqual(counts, { server: 300, missing: 0, kept: 300, repeats: 0, bounces: 0, setAside: 0, waiting: 0 })
})

test('a token is fetched when it is needed, kept while it lives, and its end is said', async (t) => {
  const asked: string[] = []
  let refuse: object | undefined
  let status = 400
  const provider = createServer((request, reply) => {
    let body = ''
    request.on('data', (part: Buffer) => (body += part.toString()))
    request.on('end', () => {
      asked.push(body)
      reply.writeHead(refuse ? status : 200, { 'content-type': 'application/json' })
      reply.end(JSON.stringify(refuse ?? { access_token: 'testtoken', expires_in: 3_600 }))
    })
  })
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve))
  const tokenUrl = `http://127.0.0.1:${(provider.address() as AddressInfo).port}/token`
  const oauth = { tokenUrl, clientId: 'lahko', clientSecret: 'hush', refreshToken: 'again' }
  imap.put(raw('By token'))
  const mailbox = await add({ imap: { ...place(), oauth } })
  assert.doesNotMatch(JSON.stringify(mailbox), /hush|again/)
  await (await readerOf(mailbox)).readOnce()
  await (await readerOf(mailbox)).readOnce()
  assert.equal((await shown(mailbox)).counts.server, 1)
  assert.equal(asked.length, 1, 'an hour has one token')
  assert.deepEqual(Object.fromEntries(new URLSearchParams(asked[0])), {
    ...{ grant_type: 'refresh_token', client_id: 'lahko', client_secret: 'hush', refresh_token: 'again' },
  })
  house.clock.advance(3_600_000)
  const tried = async () => {
    const { imap } = await ask<{ imap: { ok: boolean; says: string } }>('POST', `/mailboxes/${mailbox.id}/test`)
    assert.equal(imap.ok, false)
    return imap.says
  }
  refuse = { error: 'invalid_grant', error_description: 'The consent was withdrawn.' }
  const anew =
    'The provider gives no access token any more: connect the mailbox anew. It said: invalid_grant: The consent was withdrawn.'
  await assert.rejects((await readerOf(mailbox)).readOnce(), /The consent was withdrawn/)
  assert.equal(await tried(), anew)
  const reader = await readerOf(mailbox)
  t.after(() => reader.stop())
  reader.start()
  await until(async () => (await shown(mailbox)).error === anew)
  await reader.stop()
  status = 503
  assert.match(
    await tried(),
    /no access token just now.*It said: invalid_grant/,
    'a provider in trouble ends no consent',
  )
  refuse = {}
  status = 404
  assert.match(await tried(), /no access token just now.*address for tokens. It said: the provider answered 404$/)
  await new Promise<void>((resolve) => provider.close(() => resolve()))
  assert.match(await tried(), /no access token just now.*It said: connect ECONNREFUSED/)
})

test('a token that the server takes no more is forgotten, and one new one is tried', async () => {
  const tokens = ['testtoken', 'testtoken', 'revoked', 'revoked', 'revoked']
  let asked = 0
  const provider = createServer((_, reply) => {
    const said = { access_token: tokens[asked++], expires_in: 3_600 }
    reply.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(said))
  })
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve))
  const tokenUrl = `http://127.0.0.1:${(provider.address() as AddressInfo).port}/token`
  const mailbox = await add({ imap: { ...place(), oauth: { tokenUrl, clientId: 'revoked', refreshToken: 'x' } } })
  const reader = await readerOf(mailbox)
  await reader.readOnce()
  imap.setToken('second')
  tokens[1] = 'second'
  await reader.readOnce()
  assert.equal(asked, 2, 'the first lives for an hour, says the provider')
  await reader.readOnce()
  assert.equal(asked, 2)
  imap.setToken('third')
  await assert.rejects(reader.readOnce())
  assert.equal(asked, 3, 'once')
  await new Promise<void>((resolve) => provider.close(() => resolve()))
})

test('a provider that gives another refresh token each time is asked with the newest, also after a restart', async () => {
  const asked: string[] = []
  const provider = createServer((request, reply) => {
    let body = ''
    request.on('data', (part: Buffer) => (body += part.toString()))
    request.on('end', () => {
      asked.push(new URLSearchParams(body).get('refresh_token')!)
      const said = { access_token: 'testtoken', expires_in: 3_600, refresh_token: `turn ${asked.length}` }
      reply.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(said))
    })
  })
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve))
  const tokenUrl = `http://127.0.0.1:${(provider.address() as AddressInfo).port}/token`
  const oauth = { tokenUrl, clientId: 'rotating', refreshToken: 'first' }
  const mailbox = await add({ imap: { ...place(), oauth } })
  const reader = await readerOf(mailbox)
  await reader.readOnce()
  house.clock.advance(3_600_000)
  await reader.readOnce()
  const kept = async () => {
    const { imap } = await house.store.read({ workspaceId, actor: system }, (db) => getMailbox(db, mailbox.id))
    return imap!.oauth!.refreshToken
  }
  assert.equal(await kept(), 'turn 2', 'a new process goes on with it')
  house.clock.advance(3_600_000)
  await Promise.all([reader, await readerOf(mailbox)].map((one) => one.readOnce()))
  assert.deepEqual(asked, ['first', 'turn 1', 'turn 2'], 'once, though two connections need it')
  assert.equal(await kept(), 'turn 3')
  await new Promise<void>((resolve) => provider.close(() => resolve()))
})

test('nothing that a sender writes to the receiver proves who they are', async () => {
  const mailbox = await add({ authServer: 'mx.shop.example' })
  const first = raw('Zip')
  await deliver(first, mailbox.address)
  const id = /<.*>/.exec(first)![0]
  const head = 'Authentication-Results: mx.shop.example; dmarc=pass header.from=ways.example'
  const forged = raw('Re: Zip').replace('nives@mail.example', 'Ana <ana@ways.example>')
  await deliver(`${head}\r\nIn-Reply-To: ${id}\r\n${forged}`, mailbox.address)
  const { items } = await ask<{ items: IncomingMail[] }>('GET', `/incoming-mails?mailbox=${mailbox.id}`)
  const entries = await ask<{ items: TicketEntry[] }>('GET', `/tickets/${items[0]!.ticket!.id}/entries`)
  const written = entries.items.flatMap((entry) => (entry.type === 'message' ? [entry.message] : []))
  const note = written.find(({ author }) => author.address === 'ana@ways.example')!
  assert.deepEqual([note.kind, note.banners], ['note', ['unverified_member']])
})
