import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach } from 'node:test'
import type { IncomingMail, Mailbox } from '@lahko/contract/mailboxes'
import type { Ticket, TicketEntry, TicketMessage } from '@lahko/contract/tickets'
import pg from 'pg'
import type { MailboxReader } from '#platform/mail/receiving/imap-reader.ts'
import { testHouse, type TestHouse } from '#platform/testing/house.ts'
import { openImapServer, type ImapServer } from '#platform/testing/imap-server.ts'
import { keyOf, testWorkspace } from '../../../testing/workspace.ts'
import { openMailboxReader } from '../mailbox-reading.ts'

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'
export type Written = { from?: string; to?: string; subject?: string; id?: string; headers?: string[]; text?: string }

/** A desk whose mail is read from a real IMAP server, for all tests of a file; each has a server and a mailbox of its own. */
export type ImapDesk = {
  readonly house: TestHouse
  imap: ImapServer
  readonly mailbox: Mailbox
  /** As the owner of the database. */
  readonly sql: pg.Client
  readonly workspaceId: string
  /** The number of the test. */
  readonly turn: number
  ask<T>(method: Method, url: string, payload?: object, status?: number): Promise<T>
  settings(address: string): object & { imap: object & { password: string } }
  mail(written: Written): string
  reader(): Promise<MailboxReader>
  /** Reads the mailbox as it is now, and judges all of it. */
  fetchAll(): Promise<void>
  ledger(): Promise<IncomingMail[]>
  shown(): Promise<Mailbox>
  ticketOf(line: IncomingMail | undefined): Promise<Ticket>
  /** Oldest first. */
  messages(ticketId: string): Promise<TicketMessage[]>
  replyKey(): Promise<Buffer>
}

export function imapDesk(slug: string): ImapDesk {
  let headers: Record<string, string>
  let count = 0
  const state = { turn: 0 } as {
    -readonly [Name in 'house' | 'imap' | 'mailbox' | 'sql' | 'workspaceId' | 'turn']: ImapDesk[Name]
  }
  const desk: ImapDesk = Object.assign(state, {
    async ask<T>(method: Method, url: string, payload?: object, status?: number) {
      const reply = await state.house.app.inject({ method, url: `/api/v1${url}`, headers, payload })
      assert.ok(status === undefined ? reply.statusCode < 300 : reply.statusCode === status, reply.body)
      return (reply.body === '' ? undefined : reply.json()) as T
    },
    settings: (address: string) => ({
      ...{ name: 'Support', address, authServer: 'mx.shop.example' },
      imap: { host: '127.0.0.1', port: state.imap.port, secure: false, user: 'testuser', password: 'testpass' },
    }),
    mail({
      from = 'Nives <nives@mail.example>',
      to,
      subject = 'Zip',
      id,
      headers: more = [],
      text = 'It broke.',
    }: Written) {
      const head = [`From: ${from}`, `To: ${to ?? state.mailbox.address}`, `Subject: ${subject}`]
      return [...head, `Message-ID: ${id ?? `<${++count}@mail.example>`}`, ...more, '', text, ''].join('\r\n')
    },
    async reader() {
      const { house, workspaceId, mailbox } = state
      return (await openMailboxReader(house, { workspaceId, id: mailbox.id }))!
    },
    async fetchAll() {
      await (await desk.reader()).readOnce()
      await state.house.jobs.settle()
    },
    async ledger() {
      const url = `/incoming-mails?mailbox=${state.mailbox.id}&limit=200`
      const { items } = await desk.ask<{ items: IncomingMail[] }>('GET', url)
      return items.toSorted((a, b) => a.uid! - b.uid!)
    },
    shown: () => desk.ask<Mailbox>('GET', `/mailboxes/${state.mailbox.id}`),
    ticketOf: (line: IncomingMail | undefined) => desk.ask<Ticket>('GET', `/tickets/${line!.ticket!.id}`),
    async messages(ticketId: string) {
      const { items } = await desk.ask<{ items: TicketEntry[] }>('GET', `/tickets/${ticketId}/entries?limit=200`)
      return items.flatMap((entry) => (entry.type === 'message' ? [entry.message] : [])).toReversed()
    },
    async replyKey() {
      const { rows } = await state.sql.query('select reply_key from mailboxes where id = $1', [state.mailbox.id])
      return rows[0].reply_key as Buffer
    },
  })

  before(async () => {
    state.house = await testHouse()
    state.sql = new pg.Client(state.house.database.owner)
    await state.sql.connect()
    const own = await testWorkspace(state.house, slug)
    headers = { host: own.host, authorization: `Bearer ${await keyOf(state.house, own)}` }
    state.workspaceId = (await state.sql.query('select workspace_id from workspaces')).rows[0].workspace_id
  })
  beforeEach(async () => {
    state.imap = await openImapServer()
    state.mailbox = await desk.ask<Mailbox>('POST', '/mailboxes', desk.settings(`support${++state.turn}@shop.example`))
  })
  afterEach(() => state.imap.close())
  after(async () => {
    await state.sql.end()
    await state.house.close()
  })
  return desk
}
