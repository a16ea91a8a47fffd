import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { after, before, test } from 'node:test'
import type { IncomingMail } from '@lahko/contract/mailboxes'
import { findMailboxCalled, importMails, type TooLarge } from '#tickets'
import { system, type Scope } from '../platform/store.ts'
import { testHouse, type TestHouse } from '../platform/testing/house.ts'
import { keyOf, testWorkspace } from '../testing/workspace.ts'
import { mail } from './mail.ts'

let house: TestHouse
let scope: Scope
let mailboxId: string
let ask: <T>(method: 'GET' | 'POST', url: string, payload?: object) => Promise<T>

before(async () => {
  house = await testHouse()
  const own = await testWorkspace(house, 'archive')
  const headers = { host: own.host, authorization: `Bearer ${await keyOf(house, own)}` }
  ask = async (method, url, payload) =>
    (await house.app.inject({ method, url: `/api/v1${url}`, headers, payload })).json() as never
  const { workspace } = await ask<{ workspace: { id: string } }>('GET', '/me')
  scope = { workspaceId: workspace.id, actor: system }
  const mailbox = await ask<{ id: string }>('POST', '/mailboxes', {
    ...{
      name: 'Old',
      address: 'old@shop.example',
      aliases: ['help@shop.example'],
      confirmation: { en: 'We have it.' },
    },
  })
  mailboxId = mailbox.id
})
after(() => house.close())

const one = (id: string, subject: string, more = '', text = 'Hello') =>
  `From: Nives <nives@mail.example>\nTo: old@shop.example\nSubject: ${subject}\nMessage-ID: <${id}@mail.example>\n${more}\n${text}\n`
const mbox = [
  `From nives@mail.example Mon Mar  4 10:00:00 2024\n${one('a', 'Zip', 'Date: Mon, 4 Mar 2024 10:00:00 +0100\n')}\n`,
  `From nives@mail.example Mon Mar  4 11:00:00 2024\n${one('b', 'Re: Zip', 'In-Reply-To: <a@mail.example>\nReceived: from x by y; Mon, 4 Mar 2024 12:00:00 +0100\nDate: Fri, 1 Jan 2100 00:00:00 +0000\n', '>From here on\n\nFrom: is no line that begins one')}\n`,
  `From x Mon Mar  4 12:00:00 2024\r\n${one('c', 'Boots').replaceAll('\n', '\r\n')}\r\n`,
].join('')

/** In parts that end anywhere, as a file is read. */
function* parts(text: string): Generator<Buffer> {
  const bytes = Buffer.from(text)
  for (let start = 0; start < bytes.length; start += 37) yield bytes.subarray(start, start + 37)
}
const read = (text: string) => importMails(house, scope, mailboxId, Readable.from(parts(text)))

test('an mbox becomes tickets once, at the time at which each mail came, and nobody is written to', async () => {
  assert.deepEqual(await read(mbox), { read: 3, taken: 3, refused: 0 })
  assert.deepEqual(await read(mbox), { read: 3, taken: 0, refused: 0 })
  await house.jobs.settle()
  const { items } = await ask<{ items: IncomingMail[] }>('GET', '/incoming-mails?outcome=kept')
  const lines = items.toSorted((a, b) => (a.receivedAt < b.receivedAt ? -1 : 1))
  assert.deepEqual(
    lines.map(({ subject, receivedAt }) => [subject, receivedAt]),
    [
      ['Zip', '2024-03-04T09:00:00.000Z'],
      ['Re: Zip', '2024-03-04T11:00:00.000Z'],
      ['Boots', '2024-03-04T12:00:00.000Z'],
    ],
  )
  assert.equal(lines[0]!.ticket?.id, lines[1]!.ticket?.id)
  const entries = await ask<{ items: { message?: { text: string } }[] }>(
    'GET',
    `/tickets/${lines[0]!.ticket!.id}/entries`,
  )
  assert.ok(entries.items.some(({ message }) => message?.text === 'From here on\n\nFrom: is no line that begins one'))
  const { items: mails } = await ask<{ items: { kind: string }[] }>('GET', '/mails')
  assert.deepEqual(mails, [])
})

test('a file that is read again and again adds nothing to the ledger, and what it has twice otherwise one line', async () => {
  const begin = 'From x Mon Mar  4 12:00:00 2024\n'
  const twice = [one('h', 'Twice', 'Date: x\n'), one('h', 'Twice', 'Date: x\nX-Label: Old\n')]
  const file = [...twice, ...twice].map((mail) => `${begin}${mail}\n`).join('')
  const ledger = async () => {
    const { items } = await ask<{ items: IncomingMail[] }>('GET', '/incoming-mails?limit=200')
    const { items: mailboxes } = await ask<{ items: { counts: object }[] }>('GET', '/mailboxes')
    return { lines: items.filter(({ subject }) => subject === 'Twice').length, counts: mailboxes[0]!.counts }
  }
  assert.deepEqual(await read(file), { read: 4, taken: 1, refused: 0 })
  await house.jobs.settle()
  const once = await ledger()
  assert.equal(once.lines, 2)
  for (let times = 0; times < 3; times++) assert.deepEqual(await read(file), { read: 4, taken: 0, refused: 0 })
  await house.jobs.settle()
  assert.deepEqual(await ledger(), once)
})

test('one message in a file of its own is one', async () => {
  assert.deepEqual(await read(one('d', 'From the shop')), { read: 1, taken: 1, refused: 0 })
  assert.deepEqual(await read(''), { read: 0, taken: 0, refused: 0 })
})

test('what is over, as whoever imports it says, becomes solved tickets', async () => {
  const file = Readable.from(parts(one('e', 'Long ago')))
  assert.deepEqual(await importMails(house, scope, mailboxId, file, true), { read: 1, taken: 1, refused: 0 })
  await house.jobs.settle()
  const { items } = await ask<{ items: IncomingMail[] }>('GET', '/incoming-mails?outcome=kept')
  const line = items.find(({ subject }) => subject === 'Long ago')!
  const { status } = await ask<{ status: string }>('GET', `/tickets/${line.ticket!.id}`)
  assert.equal(status, 'solved')
})

test('a message that is too large is left out whole, and said by name and place; the others come in', async () => {
  const begin = 'From x Mon Mar  4 12:00:00 2024\n'
  const large = one('large', 'Too much', '', `${'x'.repeat(999)}\n`.repeat(26_300))
  const file = Readable.from([
    Buffer.from(`${begin}${one('f', 'Before')}\n${begin}${large}\n${begin}${one('g', 'After')}`),
  ])
  const refused: TooLarge[] = []
  const watch = { onTooLarge: (mail: TooLarge) => void refused.push(mail) }
  assert.deepEqual(await importMails(house, scope, mailboxId, file, false, watch), { read: 2, taken: 2, refused: 1 })
  assert.deepEqual(
    refused.map(({ size, ...mail }) => ({ ...mail, large: size > 26_300_000 })),
    [{ place: 2, line: 9, sender: 'nives@mail.example', subject: 'Too much', large: true }],
  )
  const { items } = await ask<{ items: IncomingMail[] }>('GET', '/incoming-mails?limit=200')
  assert.equal(items.filter(({ subject }) => subject === 'Too much').length, 0)
})

test('a mailbox is found by its address, an alias, or because there is no other', async () => {
  for (const address of [undefined, 'OLD@shop.example', 'help@shop.example'])
    assert.equal((await findMailboxCalled(house, scope, address))?.id, mailboxId)
  assert.equal(await findMailboxCalled(house, scope, 'x@shop.example'), undefined)
})

test('what cannot be meant is said in a sentence', async () => {
  const terminal = { stdin: process.stdin, stdout: process.stdout, stderr: process.stderr, env: {} }
  await assert.rejects(async () => mail.run(['export'], terminal), /there is import/)
  await assert.rejects(async () => mail.run(['import'], terminal), /Name the file/)
})
