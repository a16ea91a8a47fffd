import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, beforeEach, test } from 'node:test'
import type { Notice } from '@lahko/contract'
import type { Mailbox } from '@lahko/contract/mailboxes'
import type { Ticket, TicketEntry, TicketLine, TicketMessage } from '@lahko/contract/tickets'
import { headerOf, partOf, testSmtp, type TestSmtp } from '#platform/testing/smtp.ts'
import { system } from '#platform/store.ts'
import { multipart } from '../../testing/forms.ts'
import { visitor } from '../../testing/visitor.ts'
import { getMailbox } from './mailboxes.ts'
import { testDesk, type TestDesk } from './testing/desk.ts'

// What leaves by the server of a mailbox: how that is entered, and from and to which addresses it goes.

let desk: TestDesk
let smtp: TestSmtp
let provider: Server
let tokenUrl: string
/** What the provider was asked with, what it gives, and which token the mail server takes. */
let asked: string[] = []
let given: () => Record<string, unknown> | undefined
let good: string

before(async () => {
  desk = await testDesk('sending')
  smtp = await testSmtp(0, (user, token) => user === 'support@shop.example' && token === good)
  provider = createServer((request, reply) => {
    let body = ''
    request.on('data', (part: Buffer) => (body += part.toString()))
    request.on('end', () => {
      asked.push(new URLSearchParams(body).get('refresh_token')!)
      const said = given()
      reply.writeHead(said ? 200 : 400, { 'content-type': 'application/json' })
      reply.end(JSON.stringify(said ?? { error: 'invalid_grant', error_description: 'The consent was withdrawn.' }))
    })
  })
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve))
  tokenUrl = `http://127.0.0.1:${(provider.address() as AddressInfo).port}/token`
})
beforeEach(() => {
  asked = []
  smtp.received.length = 0
  smtp.entered.length = 0
})
after(async () => {
  await new Promise<void>((resolve) => provider.close(() => resolve()))
  await desk.house.close()
  await smtp.close()
})

let count = 0
const server = () => ({ host: '127.0.0.1', port: Number(new URL(smtp.url).port), secure: false })
const byToken = () => ({
  ...{ ...server(), user: 'support@shop.example' },
  oauth: { tokenUrl, clientId: `lahko ${++count}`, refreshToken: `first ${count}` },
})
const add = (more: object = {}) =>
  desk.ask<Mailbox>('POST', '/mailboxes', { name: 'Support', address: `box${++count}@shop.example`, ...more })

type Mail = { from?: string; to: string; id?: string; headers?: string[]; text?: string }
/** A mail that comes to a mailbox. @returns its ticket */
async function receive(box: Mailbox, { from = 'nives@mail.example', to, id, headers = [], text = 'It broke.' }: Mail) {
  const name = id ?? `<${++count}@mail.example>`
  const head = [`From: Nives <${from}>`, `To: ${to}`, `Subject: Zip ${count}`, `Message-ID: ${name}`, ...headers]
  desk.house.clock.advance(1_000)
  await desk.receive(box.id, [[...head, '', text, ''].join('\r\n')])
  const { items } = await desk.ask<{ items: { ticket: TicketLine | null }[] }>(
    'GET',
    `/incoming-mails?mailbox=${box.id}`,
  )
  return desk.get(items[0]!.ticket!.id)
}
async function answer(ticket: Ticket, more: object = {}): Promise<TicketMessage> {
  const body = { kind: 'reply', text: 'Sorry.', ...more }
  desk.house.clock.advance(1_000)
  const message = await desk.ask<TicketMessage>('POST', `/tickets/${ticket.id}/messages`, body)
  await later(10_000)
  return message
}
async function later(ms: number): Promise<void> {
  desk.house.clock.advance(ms)
  await desk.house.due.drain()
  await desk.house.jobs.settle()
}
const shown = ({ id }: Mailbox) => desk.ask<Mailbox>('GET', `/mailboxes/${id}`)
async function bell(box: Mailbox): Promise<unknown[]> {
  const { items } = await desk.ask<{ items: Notice[] }>('GET', '/notices')
  return items.flatMap((one) => (one.topicId === box.id && 'reason' in one.data ? [one.data.reason] : []))
}
async function entries(id: string): Promise<TicketMessage[]> {
  const { items } = await desk.ask<{ items: TicketEntry[] }>('GET', `/tickets/${id}/entries`)
  return items.flatMap((entry) => (entry.type === 'message' ? entry.message : []))
}

test('a server is entered with an access token, kept while it lives, and had anew when it is not taken', async () => {
  good = 'one'
  given = () => ({ access_token: good, expires_in: 3_600, refresh_token: `turn ${good}` })
  const box = await add({ smtp: byToken() })
  assert.doesNotMatch(JSON.stringify(box), /first/)
  assert.deepEqual(box.smtp!.oauth, { tokenUrl, clientId: box.smtp!.oauth!.clientId })
  const tried = await desk.ask<{ smtp: { ok: boolean } }>('POST', `/mailboxes/${box.id}/test`)
  assert.equal(tried.smtp.ok, true)
  const ticket = await receive(box, { to: box.address })
  await answer(ticket)
  assert.equal(smtp.received.length, 1)
  assert.equal(asked.length, 1, 'one token for both')
  const row = await desk.house.store.read({ ...desk.scope, actor: system }, (db) => getMailbox(db, box.id))
  assert.equal(row.smtp!.oauth!.refreshToken, 'turn one', 'a provider takes the one before no more')

  // The provider ends it before its time, and the connection with it.
  good = 'two'
  const { port } = server()
  await smtp.vanish()
  smtp = await testSmtp(port, (user, token) => user === 'support@shop.example' && token === good)
  await answer(ticket, { text: 'And again.' })
  for (let times = 0; smtp.received.length === 0 && times < 5; times++) await later(600_000)
  assert.deepEqual([smtp.received.length, asked.at(-1)], [1, 'turn one'])
  assert.deepEqual([...new Set(smtp.entered)], ['support@shop.example two'])
})

test('when the provider gives no token any more, the mailbox says so, its managers hear it once, and the mail waits', async () => {
  given = () => undefined
  const box = await add({ smtp: byToken() })
  const ticket = await receive(box, { to: box.address })
  const { id } = await answer(ticket)
  assert.equal((await shown(box)).sendingFailingSince !== null, true)
  assert.match((await shown(box)).sendingError!, /The consent was withdrawn/)
  await later(3_600_000)
  assert.deepEqual(await bell(box), ['sending'], 'once an outage')
  const [reply] = (await entries(ticket.id)).filter((one) => one.id === id)
  assert.match(reply!.delivery!.says, /withdrawn/)
  const tried = await desk.ask<{ smtp: { ok: boolean; says: string } }>('POST', `/mailboxes/${box.id}/test`)
  assert.match(tried.smtp.says, /withdrawn/)
  assert.doesNotMatch(tried.smtp.says, /geslo/, 'no password is to blame')
  good = 'three'
  given = () => ({ access_token: good, expires_in: 3_600 })
  await later(6 * 3_600_000)
  assert.equal(smtp.received.length, 1)
  assert.deepEqual([(await shown(box)).sendingFailingSince, await bell(box)], [null, []])
})

test('the access to a server is asked for whole, and goes to no other server than before', async () => {
  const smtpOf = byToken()
  const at = async (more: object) =>
    (await desk.refuse('POST', '/mailboxes', { name: 'S', address: `r${++count}@shop.example`, ...more })).field
  const { refreshToken: _, ...provided } = smtpOf.oauth
  assert.equal(await at({ smtp: { ...smtpOf, user: '' } }), '/body/smtp/user')
  assert.equal(await at({ smtp: { ...smtpOf, oauth: provided } }), '/body/smtp/oauth/refreshToken')
  const box = await add({ smtp: smtpOf })
  const same = { name: box.name, address: box.address, smtp: { ...smtpOf, oauth: provided } }
  await desk.ask('PUT', `/mailboxes/${box.id}`, same)
  const elsewhere = { ...same, smtp: { ...same.smtp, host: 'evil.example' } }
  assert.equal((await desk.refuse('PUT', `/mailboxes/${box.id}`, elsewhere)).field, '/body/smtp/oauth/refreshToken')
})

test('an answer leaves from the address to which its customer wrote last, unless another one is chosen', async () => {
  good = 'four'
  given = () => ({ access_token: good, expires_in: 3_600 })
  const [sales, jobs] = ['sales@shop.example', 'jobs@shop.example']
  const box = await add({ smtp: byToken(), aliases: ['Sales@shop.example', jobs] })
  const ticket = await receive(box, { to: sales, id: '<alias@mail.example>' })
  assert.deepEqual(ticket.mailbox, {
    ...{ id: box.id, name: 'Support', address: box.address },
    ...{ addresses: [box.address, sales, jobs], answersFrom: sales },
  })
  await answer(ticket)
  const sent = smtp.received.at(-1)!
  assert.match(headerOf(sent.raw, 'From')!, new RegExp(`<${sales}>`))
  const [, token] = /<([^>]+)>/.exec(headerOf(sent.raw, 'Reply-To')!)!
  assert.match(token!, /^sales\+[a-z2-7]{40}@/)
  assert.equal(sent.from, sales)

  const back = await receive(box, { to: token! })
  assert.equal(back.id, ticket.id, 'what comes to the alias is in the same ticket')
  const chosen = await answer(ticket, { from: jobs })
  assert.equal(chosen.author.address, jobs)
  assert.match(headerOf(smtp.received.at(-1)!.raw, 'From')!, new RegExp(`<${jobs}>`))
  const draft = await desk.ask<TicketMessage>('POST', `/tickets/${ticket.id}/messages`, {
    ...{ kind: 'reply', text: 'Wait.', from: box.address },
  })
  assert.equal((await desk.ask<{ from: string }>('DELETE', `/ticket-messages/${draft.id}`)).from, box.address)
  const strange = { kind: 'reply', text: 'No.', from: 'boss@elsewhere.example' }
  assert.equal((await desk.refuse('POST', `/tickets/${ticket.id}/messages`, strange)).field, '/body/from')
})

test('without plus addresses answers come to the plain address, and find their ticket by a signed header', async () => {
  const box = await add({ smtp: byToken(), plusAddresses: false })
  const ticket = await receive(box, { to: box.address, id: '<plain@mail.example>' })
  await answer(ticket)
  const { raw } = smtp.received.at(-1)!
  assert.match(headerOf(raw, 'Reply-To')!, new RegExp(`<${box.address}>`))
  const references = headerOf(raw, 'References')!
  assert.match(references, /^<[a-z2-7]{40}@shop\.example> <plain@mail\.example>$/)
  const [signed] = references.split(' ')
  // A server has put a Message-ID of its own in the place of ours.
  const headers = ['In-Reply-To: <made-by@server.example>', `References: ${signed} <made-by@server.example>`]
  assert.equal((await receive(box, { to: box.address, headers })).id, ticket.id)
  const other = { to: box.address, from: 'partner@x.example', headers: [`In-Reply-To: ${headerOf(raw, 'Message-ID')}`] }
  const joined = await receive(box, other)
  assert.equal(joined.id, ticket.id, 'whoever has the token')
  assert.notEqual(
    (await receive(box, { ...other, headers: ['In-Reply-To: <plain@mail.example>'], from: 'third@x.example' })).id,
    ticket.id,
  )
})

test('customers get to their requests by a mailbox’s server alone; without any they are told', async (t) => {
  const alone = await testDesk('alone')
  t.after(() => alone.house.close())
  const linkFor = async () => {
    const { payload, headers } = multipart({ lang: 'en', address: 'nives@mail.example' })
    return visitor(alone.house).ask('POST', '//requests/link', payload, headers)
  }
  await alone.open({ from: { address: 'nives@mail.example', name: '' } })
  assert.equal((await linkFor()).statusCode, 409)
  good = 'four'
  given = () => ({ access_token: good, expires_in: 3_600 })
  await alone.ask('POST', '/mailboxes', { name: 'First', address: 'first@shop.example' })
  await alone.ask('POST', '/mailboxes', { name: 'Support', address: 'support@shop.example', smtp: byToken() })
  assert.equal((await linkFor()).statusCode, 303)
  await alone.house.jobs.settle()
  await alone.house.due.drain()
  const [mail] = smtp.received
  assert.deepEqual(mail?.to, ['nives@mail.example'])
  assert.match(headerOf(mail!.raw, 'From')!, /support@shop\.example/)
  assert.match(partOf(mail!.raw, 'text/plain'), /requests\/enter\//)
})
