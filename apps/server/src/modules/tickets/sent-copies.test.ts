import assert from 'node:assert/strict'
import type { AddressInfo, Socket } from 'node:net'
import { after, before, test, type TestContext } from 'node:test'
import hoodiecrow from 'hoodiecrow-imap'
import { ImapFlow } from 'imapflow'
import pg from 'pg'
import type { Ticket } from '@lahko/contract/tickets'
import { system } from '#platform/store.ts'
import { testHouse, type TestHouse } from '#platform/testing/house.ts'
import { headerOf, testSmtp, type TestSmtp } from '#platform/testing/smtp.ts'
import { testWorkspace, type TestWorkspace } from '../../testing/workspace.ts'
import { sentCopiesTask, sentFolderIn } from './sent-copies.ts'

let smtp: TestSmtp
let house: TestHouse
let own: TestWorkspace
let sql: pg.Client
const sockets = new Set<Socket>()
// With CONDSTORE in the list it answers fetches of modern clients with nothing.
const plugins = ['ID', 'UIDPLUS', 'LITERALPLUS']
const imap = hoodiecrow({
  plugins,
  storage: { INBOX: { messages: [] }, '': { folders: { 'Sent Items': { messages: [] } } } },
})

before(async () => {
  smtp = await testSmtp()
  imap.server.on('connection', (socket: Socket) => sockets.add(socket))
  await new Promise<void>((resolve) => imap.listen(0, '127.0.0.1', resolve))
  house = await testHouse({ LAHKO_SMTP_URL: smtp.url, LAHKO_MAIL_FROM: 'feedback@shop.example' })
  own = await testWorkspace(house, 'copies')
  sql = new pg.Client(house.database.owner)
  await sql.connect()
})
after(async () => {
  for (const socket of sockets) socket.destroy()
  await new Promise<void>((resolve) => imap.close(resolve))
  await sql.end()
  await house.close()
  await smtp.close()
})

const account = () => ({ host: '127.0.0.1', port: (imap.server.address() as AddressInfo).port, secure: false })

async function post<T>(url: string, payload: object): Promise<T> {
  const headers = { host: own.host, cookie: own.cookie, 'sec-fetch-site': 'same-origin' }
  const reply = await house.app.inject({ method: 'POST', url: `/api/v1${url}`, headers, payload })
  assert.ok(reply.statusCode < 300, reply.body)
  return reply.json() as T
}

async function sentMails(): Promise<string[]> {
  const client = new ImapFlow({ ...account(), auth: { user: 'testuser', pass: 'testpass' }, logger: false })
  await client.connect()
  await client.mailboxOpen('Sent Items')
  const found: string[] = []
  for await (const { source } of client.fetch('1:*', { source: true })) found.push(source!.toString())
  await client.logout()
  return found
}

test('a copy of each reply lies once among what was sent, with its blind copies', async () => {
  const from = { address: 'nives@mail.example' }
  const { id } = await post<Ticket>('/tickets', { subject: 'Zip', text: 'x', from })
  await sql.query(
    `insert into mailboxes (workspace_id, id, name, address, imap, created_at)
     select workspace_id, gen_random_uuid(), 'Help', 'help@shop.example', $2, now() from tickets where id = $1`,
    [id, { ...account(), user: 'testuser', password: 'testpass', folder: 'INBOX', auth: 'password' }],
  )
  const reply = await post<{ id: string }>(`/tickets/${id}/messages`, {
    ...{ kind: 'reply', text: 'Sorry.', blindCopies: [{ address: 'boss@shop.example' }] },
  })
  house.clock.advance(10_000)
  await house.due.drain()
  await house.jobs.settle()
  const { rows } = await sql.query('select workspace_id from tickets where id = $1', [id])
  const again = { workspaceId: rows[0].workspace_id as string, actor: system }
  await sentCopiesTask(house).run(again, { messageId: reply.id }, new AbortController().signal)
  const sent = await sentMails()
  assert.equal(sent.length, 1)
  assert.equal(headerOf(sent[0]!, 'Message-ID'), headerOf(smtp.received[0]!.raw, 'Message-ID'))
  assert.equal(headerOf(sent[0]!, 'Bcc'), 'boss@shop.example')
  assert.equal(headerOf(smtp.received[0]!.raw, 'Bcc'), undefined)
})

/** A server that keeps nothing yet becomes the mailbox's. @returns a ticket whose answers leave copies there */
async function openTicketBy(bare: ReturnType<typeof hoodiecrow>, t: TestContext): Promise<string> {
  bare.server.on('connection', (socket: Socket) => sockets.add(socket))
  await new Promise<void>((resolve) => bare.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    for (const socket of sockets) socket.destroy()
    return new Promise<void>((resolve) => bare.close(resolve))
  })
  await sql.query('update mailboxes set imap = imap || $1', [{ port: (bare.server.address() as AddressInfo).port }])
  const { id } = await post<Ticket>('/tickets', { subject: 'Zip', text: 'x', from: { address: 'nives@mail.example' } })
  return id
}

async function answer(id: string, text: string): Promise<void> {
  await post(`/tickets/${id}/messages`, { kind: 'reply', text })
  house.clock.advance(10_000)
  await house.due.drain()
  await house.jobs.settle()
}

test('a mailbox that has no folder for what was sent gets one', async (t) => {
  const bare = hoodiecrow({ plugins, storage: { INBOX: { messages: [] } } })
  const id = await openTicketBy(bare, t)
  for (const text of ['Sorry.', 'Once more.']) await answer(id, text)
  assert.equal(bare.getMailbox('Sent').messages.length, 2)
})

test('a mailbox in which nobody may make a folder gets no copy, and nothing is given up for it', async (t) => {
  const bare = hoodiecrow({ plugins, storage: { INBOX: { messages: [] } } })
  bare.setCommandHandler('CREATE', (connection, { tag }, _, done) => {
    connection.send({ tag, command: 'NO', attributes: [{ type: 'TEXT', value: 'Not allowed' }] })
    done()
  })
  const id = await openTicketBy(bare, t)
  await answer(id, 'Sorry.')
  const { rowCount } = await sql.query("select from graphile_worker.jobs where task_identifier = 'keep_sent_copy'")
  assert.deepEqual([rowCount, bare.getMailbox('Sent')], [0, undefined])
})

test('the folder for what was sent is found by its mark, else by the names that mail programs give it', () => {
  const found = (...names: string[]) => sentFolderIn(names.map((name) => ({ path: name, name })))
  const known = [
    ...['Sent', 'Sent Items', 'Poslano', 'Poslana pošta', 'Poslani elementi', 'Sendt', 'Sendte elementer'],
    ...['Gesendet', 'Gesendete Elemente'],
  ]
  for (const name of known) assert.equal(found('INBOX', 'Unsent', name), name)
  assert.equal(found('INBOX', 'Consent', 'Sent by Bor'), undefined)
  const marked = { path: 'INBOX.Ut', name: 'Ut', specialUse: String.raw`\Sent` }
  assert.equal(sentFolderIn([{ path: 'Sent', name: 'Sent' }, marked]), 'INBOX.Ut')
})
