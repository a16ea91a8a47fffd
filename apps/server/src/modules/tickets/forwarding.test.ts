import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Mailbox } from '@lahko/contract/mailboxes'
import type { TakenBack, Ticket, TicketEntry, TicketMessage } from '@lahko/contract/tickets'
import type { Touchpoint } from '@lahko/contract/touchpoints'
import { openImapServer, type ImapServer } from '#platform/testing/imap-server.ts'
import { testHouse, type TestHouse } from '#platform/testing/house.ts'
import { headerOf, partOf, testSmtp, type TestSmtp } from '#platform/testing/smtp.ts'
import { testWorkspace, type TestWorkspace } from '../../testing/workspace.ts'
import { openMailboxReader } from './mailbox-reading.ts'

// What passes between the desk and somebody whom it asks, over a mail server there and another one back.

let smtp: TestSmtp
let imap: ImapServer
let house: TestHouse
let own: TestWorkspace
let workspaceId: string
let mailbox: Mailbox

before(async () => {
  smtp = await testSmtp()
  imap = await openImapServer()
  house = await testHouse({ LAHKO_SMTP_URL: smtp.url, LAHKO_MAIL_FROM: 'feedback@shop.example' })
  own = await testWorkspace(house, 'forwarding')
  workspaceId = (await ask<{ workspace: { id: string } }>('GET', '/me')).workspace.id
  mailbox = await ask<Mailbox>('POST', '/mailboxes', {
    ...{ name: 'Support', address: 'support@shop.example', authServer: 'mx.shop.example' },
    imap: { host: '127.0.0.1', port: imap.port, secure: false, user: 'testuser', password: 'testpass' },
  })
})
after(async () => {
  await house.close()
  await imap.close()
  await smtp.close()
})

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH'

function send(method: Method, url: string, payload?: object | string, headers: Record<string, string> = {}) {
  return house.app.inject({
    ...{ method, url: `/api/v1${url}`, payload },
    headers: { host: own.host, cookie: own.cookie, 'sec-fetch-site': 'same-origin', ...headers },
  })
}

async function ask<T>(method: Method, url: string, payload?: object | string, headers?: Record<string, string>) {
  const reply = await send(method, url, payload, headers)
  assert.ok(reply.statusCode < 300, `${reply.statusCode} ${reply.body}`)
  return (reply.body === '' ? undefined : reply.json()) as T
}

/** The field of a body that is refused, and why. */
async function refusal(url: string, payload: object): Promise<string> {
  const reply = await send('POST', url, payload)
  const { errors } = reply.json() as { errors: { field: string; code: string }[] }
  assert.equal(reply.statusCode, 400, reply.body)
  return `${errors[0]!.field} ${errors[0]!.code}`
}

const get = (id: string) => ask<Ticket>('GET', `/tickets/${id}`)
async function messagesOf(id: string): Promise<TicketMessage[]> {
  const { items } = await ask<{ items: TicketEntry[] }>('GET', `/tickets/${id}/entries`)
  return items.flatMap((entry) => (entry.type === 'message' ? [entry.message] : [])).toReversed()
}

/** What is due then leaves. */
async function later(ms = 10_000): Promise<void> {
  house.clock.advance(ms)
  await house.due.drain()
  await house.jobs.settle()
}

let count = 0
type Written = {
  from: string
  to?: string
  subject?: string
  text?: string
  headers?: string[]
  file?: string
  /** In the place of the text, with the headers that say what it is. */
  parts?: string[]
}

/** A mail comes in, and is read. */
async function comes(written: Written) {
  const { from, to = mailbox.address, subject = 'Zip', text = 'It broke.', headers = [], file } = written
  house.clock.advance(60_000)
  const head = [`From: ${from}`, `To: ${to}`, `Subject: ${subject}`, `Message-ID: <in${++count}@mail.example>`]
  const part = (type: string, content: string) => ['--b', `Content-Type: ${type}`, '', content]
  const body =
    written.parts ??
    (file === undefined
      ? ['', text]
      : [
          ...['MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary=b', ''],
          ...part('text/plain; charset=utf-8', text),
          ...part(
            `text/plain; name="${file}"\r\nContent-Disposition: attachment; filename="${file}"`,
            'Bought in May.',
          ),
          '--b--',
        ])
  imap.put([...head, ...headers, ...body, ''].join('\r\n'))
  const reader = await openMailboxReader(house, { workspaceId, id: mailbox.id })
  await reader!.readOnce()
  await house.jobs.settle()
}

/** A ticket that a customer has opened by mail. */
async function newTicket(from: string, file?: string): Promise<{ ticket: Ticket; first: TicketMessage }> {
  return ticketBy({ from, file })
}

async function ticketBy(written: Written): Promise<{ ticket: Ticket; first: TicketMessage }> {
  await comes(written)
  const { items } = await ask<{ items: Ticket[] }>('GET', '/tickets')
  const ticket = await get(items[0]!.id)
  return { ticket, first: (await messagesOf(ticket.id))[0]! }
}

const supplier = { name: 'YKK', address: 'desk@ykk.example' }
const forward = (id: string, given: object) =>
  ask<TicketMessage>('POST', `/tickets/${id}/messages`, { kind: 'forward', text: '', recipients: [supplier], ...given })

test('messages are forwarded with their files, the answer comes back from outside, and the customer gets nothing', async () => {
  const { ticket, first } = await newTicket('Nives Oblak <nives@mail.example>', 'receipt.txt')
  const before = await ask<Touchpoint>('GET', `/touchpoints/${ticket.touchpointId}`)
  smtp.received.length = 0
  const sent = await forward(ticket.id, { text: 'Is this *covered*?', messageIds: [first.id] })
  assert.deepEqual([sent.kind, sent.delivery?.state, sent.forwards], ['forward', 'undo', [first.id]])
  await later()
  await later(60_000)
  assert.equal(smtp.received.length, 1)
  const { raw, to } = smtp.received[0]!
  assert.deepEqual(to, ['desk@ykk.example'])
  assert.equal(headerOf(raw, 'Subject'), 'Fwd: Zip')
  assert.equal(headerOf(raw, 'In-Reply-To'), undefined)
  const text = partOf(raw, 'text/plain').replaceAll('\r\n', '\n')
  assert.match(text, /^Is this \*covered\*\?\n\n---------- /)
  assert.match(text, /Nives Oblak <nives@mail\.example>/)
  assert.match(text, /\n\nIt broke\.\n/)
  assert.match(partOf(raw, 'text/html'), /<em>covered<\/em>/)
  assert.match(raw, /filename="?receipt\.txt/)
  const asked = await get(ticket.id)
  assert.deepEqual([asked.status, asked.waitingSince], [ticket.status, ticket.waitingSince], 'the customer waits still')
  assert.deepEqual(
    asked.participants.map(({ address, outside }) => [address, outside]),
    [
      ['desk@ykk.example', true],
      ['nives@mail.example', false],
    ],
  )

  const replyTo = headerOf(raw, 'Reply-To')!.replace(/^.*<|>$/g, '')
  await comes({ from: 'YKK <desk@ykk.example>', to: replyTo, subject: 'Re: Fwd: Zip', text: 'Yes, send it in.' })
  const answer = (await messagesOf(ticket.id)).at(-1)!
  assert.deepEqual(
    [answer.kind, answer.outside, answer.author.kind, answer.text],
    ['message', true, 'other', 'Yes, send it in.'],
  )
  const now = await get(ticket.id)
  assert.deepEqual([now.status, now.customer, now.replyTo], ['new', ticket.customer, ticket.replyTo])
  assert.equal(smtp.received.length, 1, 'nobody is written to by itself')
  const after = await ask<Touchpoint>('GET', `/touchpoints/${now.touchpointId}`)
  assert.deepEqual(after.attributes, before.attributes, 'nothing of it is the customer’s effort')

  await ask('POST', `/tickets/${ticket.id}/messages`, { kind: 'reply', text: 'Send it in, please.' })
  await later()
  const reply = smtp.received.at(-1)!
  assert.deepEqual(reply.to, ['nives@mail.example'])
  const quoted = partOf(reply.raw, 'text/plain')
  assert.doesNotMatch(quoted, /covered|Yes, send it in|ykk/i)
  assert.doesNotMatch(reply.raw.split(/\r?\n\r?\n/)[0]!, /ykk/i)
})

test('a message goes on as it looked, with the pictures that stand in it', async () => {
  const shown = '<table><tr><td bgcolor="#ffeedd"><b>Broken</b> <img src="cid:zip@mail" alt="Zip"></td></tr></table>'
  const part = (headers: string[], content: string) => ['--r', ...headers, '', content]
  const { ticket, first } = await ticketBy({
    from: 'Jure <jure@mail.example>',
    parts: [
      ...['MIME-Version: 1.0', 'Content-Type: multipart/related; boundary=r', ''],
      ...part(['Content-Type: text/html; charset=utf-8'], `${shown}<script>alert(1)</script>`),
      ...part(
        ['Content-Type: image/png; name=zip.png', 'Content-ID: <zip@mail>', 'Content-Transfer-Encoding: base64'],
        'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mM4YKDwHwAE1AIQ7CqaiQAAAABJRU5ErkJggg==',
      ),
      '--r--',
    ],
  })
  await forward(ticket.id, { text: 'Whose is *this*?', messageIds: [first.id] })
  await later()
  const { raw } = smtp.received.at(-1)!
  const html = partOf(raw, 'text/html')
  assert.match(html, /<em>this<\/em>.*jure@mail\.example.*<blockquote.*<td bgcolor="#ffeedd"><b>Broken<\/b>/s)
  assert.doesNotMatch(html, /alert/)
  const [, name] = /<img src="cid:([^"]+)" alt="Zip"/.exec(html) ?? []
  assert.ok(name, html)
  assert.match(raw, new RegExp(`Content-ID: <${name}>`, 'i'), 'the picture travels under the name by which it is shown')
  assert.match(partOf(raw, 'text/plain'), /From: Jure <jure@mail\.example>[^]*Broken/)
})

test('who was asked goes on from outside without a token, and is answered with their own words', async () => {
  const { ticket, first } = await newTicket('Tor <tor@mail.example>')
  await forward(ticket.id, { messageIds: [first.id], status: 'on_hold' })
  await later()
  assert.equal((await get(ticket.id)).status, 'on_hold')
  const messageId = headerOf(smtp.received.at(-1)!.raw, 'Message-ID')!
  await comes({
    from: 'Ime <ime@ykk.example>',
    subject: 'Re: Fwd: Zip',
    text: 'I take over.',
    headers: [`In-Reply-To: ${messageId}`],
  })
  const [, , colleague] = await messagesOf(ticket.id)
  assert.deepEqual([colleague!.outside, colleague!.banners], [true, ['new_participant']])
  assert.equal((await get(ticket.id)).status, 'open')
  await forward(ticket.id, {
    ...{ text: 'Thank you.', messageIds: [colleague!.id] },
    recipients: [{ name: 'Ime', address: 'ime@ykk.example' }],
  })
  await later()
  const { raw } = smtp.received.at(-1)!
  assert.equal(headerOf(raw, 'Subject'), 'Re: Zip')
  assert.match(headerOf(raw, 'In-Reply-To') ?? '', /^<in\d+@mail\.example>$/)
  await comes({ from: 'Tor <tor@mail.example>', subject: `Re: Zip [#${ticket.number}]`, text: 'Any news?' })
  const last = (await messagesOf(ticket.id)).at(-1)!
  assert.deepEqual([last.outside, last.author.kind, last.text], [false, 'customer', 'Any news?'])
})

test('what a member writes to whom was asked stays a note', async () => {
  const { ticket, first } = await newTicket('Eva <eva@mail.example>')
  await forward(ticket.id, { messageIds: [first.id] })
  await later()
  const messageId = headerOf(smtp.received.at(-1)!.raw, 'Message-ID')!
  const mails = smtp.received.length
  const { items } = await ask<{ items: { email: string }[] }>('GET', '/members')
  await comes({
    ...{ from: items[0]!.email, subject: 'Re: Fwd: Zip', text: 'Any news from you?' },
    headers: [`In-Reply-To: ${messageId}`, 'Authentication-Results: mx.shop.example; dkim=pass header.d=shop.example'],
  })
  await later()
  const last = (await messagesOf(ticket.id)).at(-1)!
  assert.equal(last.kind, 'note')
  assert.equal(smtp.received.length, mails)
})

test('a forward can be taken back, and is the draft again', async () => {
  const { ticket, first } = await newTicket('Bor <bor@mail.example>', 'receipt.txt')
  const sent = await forward(ticket.id, { text: 'Look.', messageIds: [first.id] })
  const draft = await ask<TakenBack>('DELETE', `/ticket-messages/${sent.id}`)
  assert.deepEqual(draft, {
    ...{ kind: 'forward', text: 'Look.', recipients: [supplier], copies: [], blindCopies: [], fileIds: [] },
    ...{ messageIds: [first.id], seen: sent.id, newTicket: null },
  })
  const { participants, draft: kept } = await get(ticket.id)
  assert.deepEqual([participants.length, kept?.kind], [1, 'forward'])
})

test('what cannot be forwarded is refused by the field that names it', async () => {
  const { ticket, first } = await newTicket('Ana <ana.k@mail.example>')
  const other = await newTicket('Other <other@mail.example>')
  const url = `/tickets/${ticket.id}/messages`
  const note = await ask<TicketMessage>('POST', url, { kind: 'note', text: 'Between us.' })
  const given = { kind: 'forward', text: '', recipients: [supplier] }
  const bad = [
    await refusal(url, { ...given, messageIds: [] }),
    await refusal(url, { ...given, messageIds: [first.id], recipients: [] }),
    await refusal(url, { ...given, messageIds: [first.id, note.id] }),
    await refusal(url, { ...given, messageIds: [other.first.id] }),
    await refusal(url, { kind: 'reply', text: 'Hi', messageIds: [first.id] }),
    await refusal(url, { kind: 'reply', text: ' ' }),
  ]
  assert.deepEqual(bad, [
    '/body/messageIds custom',
    '/body/recipients custom',
    '/body/messageIds/1 replying.not_forwardable',
    '/body/messageIds/0 replying.not_forwardable',
    '/body/messageIds custom',
    '/body/text custom',
  ])
})
