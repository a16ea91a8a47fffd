import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import type { Mailbox } from '@lahko/contract/mailboxes'
import type { Ticket, TicketEntry, TicketMessage } from '@lahko/contract/tickets'
import { headerOf, partOf, testSmtp, type Received, type TestSmtp } from '#platform/testing/smtp.ts'
import { newMember, type Visitor } from '../../testing/visitor.ts'
import { wordsAbove } from './notice-answers.ts'
import { testDesk, type TestDesk } from './testing/desk.ts'

// Members answer notices from their own mail programs.

let desk: TestDesk
let smtp: TestSmtp
let box: Mailbox
let bor: { member: Visitor; id: string }

before(async () => {
  smtp = await testSmtp()
  desk = await testDesk('notice-answers', {
    ...{ LAHKO_SMTP_URL: smtp.url, LAHKO_MAIL_FROM: 'notices@shop.example' },
    ...{ LAHKO_RETURN_ADDRESS: 'returns@shop.example', LAHKO_SMTP_RECEIVER: '127.0.0.1:0' },
  })
  bor = await newMember(desk.house, desk.owner, 'agent', 'bor@shop.example')
  box = await desk.ask<Mailbox>('POST', '/mailboxes', { name: 'Support', address: 'support@shop.example' })
})
beforeEach(() => void (smtp.received.length = 0))
after(async () => {
  await desk.house.close()
  await smtp.close()
})

let count = 0
async function receive(from: string, head: string[], text: string): Promise<void> {
  await arrive(from, head, text)
  await later(10_000)
}
async function arrive(from: string, head: string[], text: string): Promise<void> {
  const named = [`From: ${from}`, 'Subject: Re: Zip', `Message-ID: <${++count}@mail.example>`, ...head]
  await desk.receive(box.id, [[...named, '', text, ''].join('\r\n')])
}
async function later(ms: number): Promise<void> {
  await desk.house.jobs.settle()
  desk.house.clock.advance(ms)
  await desk.house.due.drain()
  await desk.house.jobs.settle()
}
/** A ticket that a customer has written by mail, and that Bor owns. */
async function newTicket(): Promise<Ticket> {
  const before = count + 1
  await receive('Nives <nives@mail.example>', [`To: ${box.address}`], `It broke.\nBadly, ${before}.`)
  const { items } = await desk.ask<{ items: { ticket: { id: string } }[] }>('GET', '/incoming-mails?limit=1')
  await desk.ask('POST', '/ticket-changes', { changes: [{ id: items[0]!.ticket.id, ownerId: bor.id }] })
  await later(1_000)
  smtp.received.length = 0
  return desk.get(items[0]!.ticket.id)
}
async function hear(): Promise<Received> {
  await receive('Nives <nives@mail.example>', [`To: ${box.address}`, `In-Reply-To: <${count}@mail.example>`], 'Hello?')
  return noticeTo('bor@shop.example')
}
function noticeTo(address: string): Received {
  const found = smtp.received.filter(({ to }) => to.includes(address))
  assert.equal(found.length, 1, `one notice to ${address}`)
  return found[0]!
}
const textOf = ({ raw }: Received) => partOf(raw, 'text/plain').replaceAll('\r\n', '\n')
/** The notice as a mail program quotes it below what is written. */
function answerTo(notice: Received, text: string): Promise<void> {
  const quoted = textOf(notice)
    .split('\n')
    .map((line) => `> ${line}`)
  const head = [`To: ${headerOf(notice.raw, 'Reply-To')}`, `In-Reply-To: ${headerOf(notice.raw, 'Message-ID')}`]
  return receive(
    'Bor <bor@shop.example>',
    head,
    `${text}\n\nOn Fri, 20 Nov 2026 at 11:00, Shop wrote:\n\n${quoted.join('\n')}`,
  )
}
async function lastOf({ id }: Ticket): Promise<TicketMessage> {
  const { items } = await desk.ask<{ items: TicketEntry[] }>('GET', `/tickets/${id}/entries`)
  return items.flatMap((entry) => (entry.type === 'message' ? entry.message : []))[0]!
}
const toCustomer = () => smtp.received.filter(({ to }) => to.includes('nives@mail.example'))

test('a notice of what a customer wrote says it, and an answer to it goes to the customer, without the notice', async () => {
  const ticket = await newTicket()
  const notice = await hear()
  const text = textOf(notice)
  assert.match(text, /^## [^\n]+: kar napišete, dobi stranka\. ##\n/)
  assert.match(text, /\nHello\?\n/)
  assert.match(headerOf(notice.raw, 'Reply-To')!, /^support\+[a-z2-7]{40}@shop\.example$/)
  assert.match(headerOf(notice.raw, 'Message-ID')!, /\.[a-z2-7]{40}@shop\.example>$/)
  smtp.received.length = 0
  await answerTo(notice, 'A new zip leaves today.\n\nBor')
  const [mail, ...more] = toCustomer()
  assert.equal(more.length, 0)
  assert.match(textOf(mail!), /^A new zip leaves today\.\n\nBor\n/)
  assert.doesNotMatch(textOf(mail!), /##|dobi stranka/)
  assert.match(headerOf(mail!.raw, 'From')!, /support@shop\.example/)
  const reply = await lastOf(ticket)
  assert.deepEqual([reply.kind, reply.author.id, reply.banners], ['reply', bor.id, []])
  assert.equal((await desk.get(ticket.id)).status, 'waiting')
  assert.equal(smtp.received.filter(({ to }) => to.includes('bor@shop.example')).length, 0, 'who wrote it knows it')
})

test('an answer to what a colleague wrote is a note, and reaches no customer', async () => {
  const ticket = await newTicket()
  await desk.ask('POST', `/tickets/${ticket.id}/messages`, { kind: 'note', text: 'Bor, is it the old zip?' })
  await later(1_000)
  const notice = noticeTo('bor@shop.example')
  assert.match(textOf(notice), /^## [^\n]+: kar napišete, postane zapisek/)
  assert.match(textOf(notice), /\nBor, is it the old zip\?\n/)
  await answerTo(notice, 'It is the old zip, do not tell them.')
  const note = await lastOf(ticket)
  assert.deepEqual(
    [note.kind, note.author.id, note.text, note.banners],
    ['note', bor.id, 'It is the old zip, do not tell them.', []],
  )
  assert.equal(toCustomer().length, 0)
  assert.equal((await desk.get(ticket.id)).status, 'new')
})

test('a notice that a snoozed ticket is back is answered by a note', async () => {
  const ticket = await newTicket()
  const until = new Date(desk.house.clock.now().getTime() + 3_600_000).toISOString()
  await desk.ask('PATCH', `/tickets/${ticket.id}`, { ownerId: bor.id, snoozedUntil: until })
  await later(3_600_000)
  const notice = noticeTo('bor@shop.example')
  assert.match(textOf(notice), /^## [^\n]+: kar napišete, postane zapisek/)
  await answerTo(notice, 'Still no zip in the house.')
  const { kind, author, text } = await lastOf(ticket)
  assert.deepEqual([kind, author.id, text], ['note', bor.id, 'Still no zip in the house.'])
})

test('nobody else’s mail counts by a member’s token, and nothing goes out where nothing was written', async () => {
  const ticket = await newTicket()
  const notice = await hear()
  const head = [`To: ${headerOf(notice.raw, 'Reply-To')}`]
  const before = (await desk.get(ticket.id)).messages
  await receive('Bor <bor@elsewhere.example>', head, 'Send money.')
  assert.equal((await desk.get(ticket.id)).messages, before, 'an address that is no member’s')
  for (const nothing of ['', 'Sent from my iPhone', '-- \nBor']) {
    await answerTo(notice, nothing)
    assert.equal((await lastOf(ticket)).kind, 'note')
  }
  await receive('Bor <bor@shop.example>', [...head, 'Auto-Submitted: auto-replied'], 'I am away.')
  assert.equal((await lastOf(ticket)).kind, 'note')
  assert.equal(toCustomer().length, 0)
})

test('where the answer would not reach whoever wrote, it is a note: by its first line, or as it turns out', async () => {
  const ticket = await newTicket()
  const copied = ['Nives <nives@mail.example>', [`To: ${box.address}`, 'Cc: jan@mail.example']] as const
  await receive(copied[0], [...copied[1], `In-Reply-To: <${count}@mail.example>`], 'Jan knows more.')
  smtp.received.length = 0
  await receive('Jan <jan@mail.example>', [`To: ${box.address}`, `In-Reply-To: <${count}@mail.example>`], 'I do.')
  assert.match(textOf(noticeTo('bor@shop.example')), /^## [^\n]+: kar napišete, postane zapisek/)
  smtp.received.length = 0
  const notice = await hear()
  assert.match(textOf(notice), /dobi stranka/)
  const other = await desk.open({ from: { name: 'Jan', address: 'jan@mail.example' } })
  await desk.ask('PUT', `/tickets/${ticket.id}/merge`, { intoId: other.id })
  await answerTo(notice, 'Nives, a new zip leaves today.')
  const note = await lastOf(other)
  assert.deepEqual([note.kind, note.author.id, note.text], ['note', bor.id, 'Nives, a new zip leaves today.'])
  const outside = smtp.received.flatMap(({ to }) => to).filter((address) => address.endsWith('@mail.example'))
  assert.deepEqual(outside, [])
})

test('an answer by mail can be taken back until it leaves; it is a draft then, and the ticket as it was', async () => {
  const ticket = await newTicket()
  const notice = await hear()
  smtp.received.length = 0
  await arrive('Bor <bor@shop.example>', [`To: ${headerOf(notice.raw, 'Reply-To')}`], 'A new zip leaves today.')
  const before = await desk.get(ticket.id)
  assert.equal(before.status, 'waiting')
  const { text } = await desk.ask<{ text: string }>('DELETE', `/ticket-messages/${(await lastOf(ticket)).id}`)
  assert.equal(text, 'A new zip leaves today.')
  await later(60_000)
  assert.equal(toCustomer().length, 0)
  const now = await desk.get(ticket.id)
  assert.deepEqual([now.status, now.messages], ['new', before.messages - 1])
})

test('whose role may not write tickets any more writes nothing to customers by an old notice', async () => {
  const ticket = await newTicket()
  const notice = await hear()
  await desk.ask('PATCH', `/members/${bor.id}`, { role: 'viewer' })
  await answerTo(notice, 'A new zip leaves today.')
  await desk.ask('PATCH', `/members/${bor.id}`, { role: 'agent' })
  const note = await lastOf(ticket)
  assert.deepEqual([note.kind, note.author.kind, note.banners], ['note', 'other', ['unverified_member']])
  assert.equal(toCustomer().length, 0)
})

test('what is accepted of an old notice is what that notice was for, and nothing of the notice goes along', async () => {
  const accept = async (ticket: Ticket) => {
    const { id } = await lastOf(ticket)
    await desk.ask('PUT', `/ticket-messages/${id}/author`)
    await later(60_000)
  }
  const asViewer = async (answer: () => Promise<void>) => {
    await desk.ask('PATCH', `/members/${bor.id}`, { role: 'viewer' })
    await answer()
    await desk.ask('PATCH', `/members/${bor.id}`, { role: 'agent' })
  }
  const ticket = await newTicket()
  await desk.ask('POST', `/tickets/${ticket.id}/messages`, { kind: 'note', text: 'Bor, is it the old zip?' })
  await later(1_000)
  const note = noticeTo('bor@shop.example')
  await asViewer(() => answerTo(note, 'It is the old zip, do not tell them.'))
  assert.ok((await lastOf(ticket)).banners.includes('unverified_member'))
  await accept(ticket)
  const { kind, author, text, banners } = await lastOf(ticket)
  assert.deepEqual([kind, author.id, text, banners], ['note', bor.id, 'It is the old zip, do not tell them.', []])
  assert.equal(toCustomer().length, 0)
  assert.equal((await desk.get(ticket.id)).status, 'new')

  smtp.received.length = 0
  const other = await newTicket()
  const words = await hear()
  smtp.received.length = 0
  const head = [`To: ${headerOf(words.raw, 'Reply-To')}`]
  // A mail program that marks nothing as quoted.
  await asViewer(() => receive('Bor <bor@shop.example>', head, `A new zip leaves today.\n\n${textOf(words)}`))
  await accept(other)
  const [mail, ...more] = toCustomer()
  assert.equal(more.length, 0)
  assert.doesNotMatch(textOf(mail!), /##|dobi stranka/)
})

test('what a mail program does not mark as quoted ends at the line of the notice', () => {
  assert.equal(wordsAbove('Yes.\n\n## Svar over denne linjen: det du skriver, går til kunden. ##\nShop'), 'Yes.')
  assert.equal(wordsAbove('Yes.\n\n| ## Answer above this line: what'), 'Yes.')
  assert.equal(wordsAbove('No ## sign.'), 'No ## sign.')
})
