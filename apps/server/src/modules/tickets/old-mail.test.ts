import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { IncomingMail, Mailbox } from '@lahko/contract/mailboxes'
import type { Ticket, TicketEntry } from '@lahko/contract/tickets'
import pg from 'pg'
import { testDesk, type TestDesk } from './testing/desk.ts'

// A mailbox that is years old moves in: what came before a moment is over.

let desk: TestDesk
let sql: pg.Client
let mailbox: Mailbox
const dayMs = 86_400_000

before(async () => {
  desk = await testDesk('old-mail')
  sql = new pg.Client(desk.house.database.owner)
  await sql.connect()
  mailbox = await desk.ask<Mailbox>('POST', '/mailboxes', {
    ...{ name: 'Shop', address: 'help@shop.example', confirmation: { en: 'We have it.' } },
    solvedBefore: desk.house.clock.now().toISOString(),
  })
})
after(async () => {
  await sql.end()
  await desk.house.close()
})

const mail = (id: string, answers = '', from = 'Nives <nives@mail.example>') =>
  `From: ${from}\r\nTo: help@shop.example\r\nSubject: ${id}\r\nMessage-ID: <${id}@mail.example>\r\n${answers && `In-Reply-To: <${answers}@mail.example>\r\n`}\r\nHello\r\n`
const ago = (days: number) => new Date(desk.house.clock.now().getTime() - days * dayMs)

async function ticketOf(subject: string): Promise<Ticket> {
  const { items } = await desk.ask<{ items: IncomingMail[] }>('GET', '/incoming-mails?limit=200')
  return desk.get(items.find((line) => line.subject === subject)!.ticket!.id)
}
const countOf = async (text: string) => ((await sql.query(text)).rows[0] as { count: number }).count
const counts = async () => [
  await countOf('select count(*)::int from touchpoints'),
  await countOf('select count(*)::int from mails'),
  await countOf('select count(*)::int from notices'),
]

test('old mail becomes solved tickets, threads stay whole, and nobody is told, answered or asked', async () => {
  assert.equal(mailbox.solvedBefore, desk.house.clock.now().toISOString())
  await desk.receive(mailbox.id, [mail('a')], ago(400))
  await desk.receive(mailbox.id, [mail('b', 'a'), mail('c')], ago(390))
  await desk.receive(mailbox.id, [mail('d', 'c', 'owner@old-mail.example')], ago(3))
  await desk.receive(mailbox.id, [mail('e')], ago(2))
  const [a, c, e] = [await ticketOf('a'), await ticketOf('c'), await ticketOf('e')]
  assert.deepEqual([a.status, a.messages, (await ticketOf('b')).id], ['closed', 2, a.id])
  assert.deepEqual([c.status, c.messages, c.waitingSince], ['closed', 2, null])
  assert.deepEqual([e.status, e.solvedAt], ['solved', ago(2).toISOString()])
  const { items } = await desk.ask<{ items: TicketEntry[] }>('GET', `/tickets/${c.id}/entries`)
  const kinds = items.flatMap((entry) =>
    entry.type === 'message' ? [[entry.message.kind, entry.message.banners]] : [],
  )
  assert.deepEqual(kinds, [
    ['note', []],
    ['message', []],
  ])
  assert.deepEqual(await counts(), [0, 0, 0])
})

test('who writes again opens a solved old ticket, which is a touchpoint from then on', async () => {
  desk.house.clock.advance(60_000)
  await desk.receive(mailbox.id, [mail('f', 'e')])
  const ticket = await ticketOf('f')
  assert.deepEqual([ticket.id, ticket.status], [(await ticketOf('e')).id, 'open'])
  const { rows } = await sql.query('select external_id, started_at from touchpoints')
  assert.deepEqual(rows, [{ external_id: `ticket:${ticket.number}`, started_at: desk.house.clock.now() }])
})

test('new mail to the same mailbox is a ticket like any other', async () => {
  await desk.receive(mailbox.id, [mail('g')])
  assert.equal((await ticketOf('g')).status, 'new')
  assert.deepEqual(await counts(), [2, 1, 0], 'it is a touchpoint, and confirmed')
})

test('what time closes later is no touchpoint either', async () => {
  await desk.receive(mailbox.id, [mail('h')], ago(20))
  const { id } = await ticketOf('h')
  desk.house.clock.advance(30 * dayMs)
  await desk.house.due.drain()
  const { rows } = await sql.query('select status from tickets where id = $1', [id])
  assert.deepEqual(rows, [{ status: 'closed' }])
  assert.equal(await countOf(`select count(*)::int from tickets where round = 0 and touchpoint_id is not null`), 0)
})
