import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Mailbox } from '@lahko/contract/mailboxes'
import type { TicketEntry, TicketLine, TicketMessage } from '@lahko/contract/tickets'
import { testHouse, type TestHouse } from '#platform/testing/house.ts'
import { openImapServer, type ImapServer } from '#platform/testing/imap-server.ts'
import { testSmtp, type TestSmtp } from '#platform/testing/smtp.ts'
import { keyOf, testWorkspace } from '../../testing/workspace.ts'
import { openMailboxReader } from './mailbox-reading.ts'

// The provider of a desk is down for an hour, in both directions.

let smtp: TestSmtp
let imap: ImapServer
let house: TestHouse
let workspaceId: string
let ask: <T>(method: 'GET' | 'POST', url: string, payload?: object) => Promise<T>

before(async () => {
  smtp = await testSmtp()
  imap = await openImapServer(0, 7)
  house = await testHouse({ LAHKO_SMTP_URL: smtp.url, LAHKO_MAIL_FROM: 'desk@shop.example', LAHKO_MAIL_PACE: '0' })
  const own = await testWorkspace(house, 'outage')
  const headers = { host: own.host, authorization: `Bearer ${await keyOf(house, own)}` }
  ask = async (method, url, payload) => {
    const reply = await house.app.inject({ method, url: `/api/v1${url}`, headers, payload })
    assert.ok(reply.statusCode < 300, reply.body)
    return reply.json() as never
  }
  workspaceId = (await ask<{ workspace: { id: string } }>('GET', '/me')).workspace.id
})
after(async () => {
  await house.close()
  await imap.close()
  await smtp.close()
})

const raws: string[] = []
function arrives(many: number): void {
  for (let number = 0; number < many; number++) {
    const address = `c${raws.length}@d${raws.length}.example`
    const head = [`From: ${address}`, 'To: support@shop.example', `Subject: Zip ${raws.length}`]
    raws.push([...head, `Message-ID: <${raws.length}@mail.example>`, '', 'It broke.', ''].join('\r\n'))
  }
}

async function read(mailbox: Mailbox): Promise<void> {
  await (await openMailboxReader(house, { workspaceId, id: mailbox.id }))!.readOnce()
  await house.jobs.settle()
}

async function pass(minutes: number): Promise<void> {
  house.clock.advance(minutes * 60_000)
  await house.due.drain()
  await house.jobs.settle()
}

async function repliesIn(tickets: readonly TicketLine[]): Promise<TicketMessage[]> {
  const all = await Promise.all(tickets.map(({ id }) => ask<{ items: TicketEntry[] }>('GET', `/tickets/${id}/entries`)))
  const messages = all.flatMap(({ items }) => items.flatMap((one) => (one.type === 'message' ? one.message : [])))
  return messages.filter(({ kind }) => kind === 'reply')
}

test('what could neither be fetched nor sent for an hour comes and goes afterwards, once', async () => {
  const mailbox = await ask<Mailbox>('POST', '/mailboxes', {
    ...{ name: 'Support', address: 'support@shop.example' },
    imap: { host: '127.0.0.1', port: imap.port, secure: false, user: 'testuser', password: 'testpass' },
  })
  arrives(10)
  for (const raw of raws) imap.put(raw)
  await read(mailbox)
  const { items: tickets } = await ask<{ items: TicketLine[] }>('GET', '/tickets?limit=50')
  assert.equal(tickets.length, 10)
  for (const { id } of tickets) await ask('POST', `/tickets/${id}/messages`, { kind: 'reply', text: 'Send it in.' })
  const ports = { smtp: Number(new URL(smtp.url).port), imap: imap.port }
  await smtp.vanish()
  await imap.close()
  for (let minutes = 0; minutes < 60; minutes += 5) {
    await assert.rejects(read(mailbox))
    await pass(5)
  }
  const waiting = await repliesIn(tickets)
  assert.deepEqual(
    waiting.map(({ delivery }) => delivery?.state),
    Array.from({ length: 10 }).fill('waiting'),
  )
  assert.match(waiting[0]!.delivery!.says, /ECONNREFUSED/)
  const failing = await ask<Mailbox>('GET', `/mailboxes/${mailbox.id}`)
  assert.notEqual(failing.sendingFailingSince, null, 'also by the server of the installation')

  arrives(5)
  smtp = await testSmtp(ports.smtp)
  imap = await openImapServer(ports.imap, 7)
  for (const raw of raws) imap.put(raw)
  await read(mailbox)
  await read(mailbox)
  for (let hours = 0; hours < 3; hours++) await pass(60)
  const sent = (await repliesIn(tickets)).map(({ delivery }) => delivery?.state)
  assert.deepEqual(sent, Array.from({ length: 10 }).fill('sent'))
  const reached = smtp.received.flatMap(({ to }) => to).filter((address) => address !== 'ana@outage.example')
  assert.deepEqual(
    reached.toSorted(),
    Array.from({ length: 10 }, (_, number) => `c${number}@d${number}.example`),
  )
  const { counts, sendingFailingSince } = await ask<Mailbox>('GET', `/mailboxes/${mailbox.id}`)
  assert.equal(sendingFailingSince, null)
  assert.deepEqual(counts, { server: 15, missing: 0, kept: 15, repeats: 0, bounces: 0, setAside: 0, waiting: 0 })
})
