import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Ticket } from '@lahko/contract/tickets'
import pg from 'pg'
import { testHouse, type TestHouse } from '#platform/testing/house.ts'
import { testDesk } from './testing/desk.ts'
import { testWorkspace, type TestWorkspace } from '../../testing/workspace.ts'

let house: TestHouse
let own: TestWorkspace
let sql: pg.Client

before(async () => {
  house = await testHouse()
  own = await testWorkspace(house, 'erasing')
  sql = new pg.Client(house.database.owner)
  await sql.connect()
})
after(async () => {
  await sql.end()
  await house.close()
})

async function ask<T>(
  method: 'GET' | 'POST' | 'DELETE',
  url: string,
  payload?: object | string,
  type?: string,
): Promise<T> {
  const headers = {
    host: own.host,
    cookie: own.cookie,
    'sec-fetch-site': 'same-origin',
    ...(type && { 'content-type': type }),
  }
  const reply = await house.app.inject({ method, url: `/api/v1${url}`, headers, payload })
  assert.ok(reply.statusCode < 300, `${method} ${url}: ${reply.body}`)
  return (reply.body === '' ? undefined : reply.json()) as T
}

test('a customer gets all of it, and erased nothing of it is anybody’s, while others keep theirs', async () => {
  const from = { name: 'Nives Oblak', address: 'nives@mail.example' }
  const ticket = await ask<Ticket>('POST', '/tickets', { subject: 'Secret zip', text: 'secret words', from })
  const other = await ask<Ticket>('POST', '/tickets', {
    subject: 'Boot',
    text: 'kept words',
    from: { address: 'bor@mail.example' },
  })
  const file = await ask<{ id: string }>('POST', '/files?name=secret.txt', 'secret bytes', 'application/octet-stream')
  await ask('POST', `/tickets/${ticket.id}/messages`, { kind: 'note', text: 'secret note' })
  await ask('POST', `/tickets/${ticket.id}/messages`, { kind: 'reply', text: 'secret reply', fileIds: [file.id] })
  await ask('POST', `/tickets/${other.id}/messages`, { kind: 'reply', text: 'kept too', copies: [from] })
  house.clock.advance(10_000)
  await house.due.drain()
  const whole = await ask<Record<string, unknown[]>>('GET', `/customers/${ticket.customer!.id}`)
  assert.equal(whole['tickets']!.length, 1)
  assert.deepEqual(whole['ticketMessages']!.length, 3)
  await ask('DELETE', `/customers/${ticket.customer!.id}`)
  const left = await ask<Ticket>('GET', `/tickets/${ticket.id}`)
  assert.deepEqual([left.number, left.subject, left.customer, left.messages], [ticket.number, '', null, 3])
  for (const table of ['tickets', 'ticket_messages', 'ticket_participants', 'files', 'ticket_drafts', 'customers']) {
    const { rows } = await sql.query(`select t::text as row from ${table} t`)
    const found = rows.filter(
      ({ row }) => /secret|nives@/i.test(row) || row.includes(Buffer.from('secret bytes').toString('hex')),
    )
    assert.deepEqual(found, [], table)
  }
  const mails = await sql.query(`select 1 from mails where text like '%secret%'`)
  assert.equal(mails.rowCount, 0)
  assert.equal((await ask<Ticket>('GET', `/tickets/${other.id}`)).lastExcerpt, 'kept too')
})

test('of mails that were set aside, or came once more in another guise, nothing is left either', async (t) => {
  const desk = await testDesk('erasing-mails')
  t.after(() => desk.house.close())
  const { id } = await desk.ask<{ id: string }>('POST', '/mailboxes', { name: 'Support', address: 'in@shop.example' })
  const mail = (messageId: string, received = '') =>
    `${received}From: Nives <nives@mail.example>\r\nTo: in@shop.example\r\nSubject: Zip\r\n` +
    `Message-ID: <${messageId}@mail.example>\r\n\r\nsecret words\r\n`
  await desk.receive(id, [mail('a')])
  await desk.receive(id, [mail('a', 'Received: from another.example\r\n')])
  await desk.ask('POST', '/blocked-senders', { sender: 'nives@mail.example' })
  await desk.receive(id, [mail('b')])
  type Line = { outcome: string; sender: string; ticket: { id: string } | null }
  const lines = async () => (await desk.ask<{ items: Line[] }>('GET', `/incoming-mails?mailbox=${id}`)).items
  const before = await lines()
  assert.deepEqual(before.map(({ outcome }) => outcome).toSorted(), ['kept', 'repeat', 'set_aside'])
  const { customer } = await desk.get(before.find(({ ticket }) => ticket !== null)!.ticket!.id)
  await desk.ask('DELETE', `/customers/${customer!.id}`)
  assert.deepEqual(
    (await lines()).map(({ sender }) => sender),
    ['', '', ''],
  )
  const owner = new pg.Client(desk.house.database.owner)
  await owner.connect()
  const { rows } = await owner.query("select 1 from files where content like '%secret%'::bytea")
  await owner.end()
  assert.equal(rows.length, 0)
})
