import assert from 'node:assert/strict'
import { after, before, beforeEach } from 'node:test'
import type { Ticket, TicketEntry, TicketMessage } from '@lahko/contract/tickets'
import pg from 'pg'
import { testHouse, type TestHouse } from '#platform/testing/house.ts'
import { testSmtp, type TestSmtp } from '#platform/testing/smtp.ts'
import { keyOf, testWorkspace, type TestWorkspace } from '../../testing/workspace.ts'

/** Whoever imports this has a house with a mail server, opened before their tests, and a workspace that replies from it. */
export let smtp: TestSmtp
export let house: TestHouse
let own: TestWorkspace
export let key: string
export let sql: pg.Client

before(async () => {
  smtp = await testSmtp()
  house = await testHouse({ LAHKO_SMTP_URL: smtp.url, LAHKO_MAIL_FROM: 'feedback@shop.example' })
  own = await testWorkspace(house, 'replies')
  key = await keyOf(house, own)
  sql = new pg.Client(house.database.owner)
  await sql.connect()
})
beforeEach(() => {
  smtp.received.length = 0
  smtp.refuse = () => undefined
  house.clock.advance(60_000)
})
after(async () => {
  await sql.end()
  await house.close()
  await smtp.close()
})

/** The mail server is there again, where it was. */
export async function bringBackSmtp(): Promise<void> {
  smtp = await testSmtp(Number(new URL(smtp.url).port))
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'
type Headers = Record<string, string>

/** As the member who owns the workspace. */
export function send(method: Method, url: string, payload?: object | string, headers: Headers = {}) {
  return house.app.inject({
    ...{ method, url: `/api/v1${url}`, payload },
    headers: { host: own.host, cookie: own.cookie, 'sec-fetch-site': 'same-origin', ...headers },
  })
}

export async function ask<T>(method: Method, url: string, payload?: object | string, headers?: Headers): Promise<T> {
  const reply = await send(method, url, payload, headers)
  assert.ok(reply.statusCode < 300, `${reply.statusCode} ${reply.body}`)
  return (reply.body === '' ? undefined : reply.json()) as T
}

/** So many tickets were made; `nives-COUNT@mail.example` wrote the last. */
export let count = 0
export async function newTicket(subject = 'Zip'): Promise<Ticket> {
  const from = { name: 'Nives Oblak', address: `nives-${++count}@mail.example` }
  const ticket = await ask<Ticket>('POST', '/tickets', { subject, text: 'It came off.\n\nToday.', from })
  house.clock.advance(1_000)
  return ticket
}

export const write = (id: string, given: object, headers?: Headers) =>
  ask<TicketMessage>('POST', `/tickets/${id}/messages`, { kind: 'reply', text: 'Sorry.', ...given }, headers)
export const get = (id: string) => ask<Ticket>('GET', `/tickets/${id}`)
export async function messagesOf(id: string): Promise<TicketMessage[]> {
  const { items } = await ask<{ items: TicketEntry[] }>('GET', `/tickets/${id}/entries`)
  return items.flatMap((entry) => (entry.type === 'message' ? entry.message : []))
}

/** Lets a time go by, and what is due then happen. */
export async function later(ms: number): Promise<void> {
  house.clock.advance(ms)
  await house.due.drain()
  await house.jobs.settle()
}
