import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import pg from 'pg'
import { openImapServer, type ImapServer } from '../platform/testing/imap-server.ts'
import { testHouse, type TestHouse } from '../platform/testing/house.ts'
import { keyOf, testWorkspace } from '../testing/workspace.ts'
import { checkMailboxes, judgeMailbox, type MailboxState } from './mailbox-checks.ts'

const now = new Date('2026-11-20T10:00:00Z')
const before5 = new Date('2026-11-20T09:55:00Z')
const imap = { host: 'x', port: 993, secure: true, user: 'u', folder: 'INBOX' }
const well: MailboxState = {
  ...{ slug: 'shop', address: 'help@shop.example', imap, smtp: null, paused_at: null, checked_at: before5 },
  ...{ server_count: 3, missing: 0, set_aside: 0, waiting_since: null, newest_at: new Date('2026-11-20T07:00:00Z') },
}
const entered = { imap: { ok: true, says: 'It can be read.', messages: 3 }, smtp: null }
const judged = (more: Partial<MailboxState>, trial: Parameters<typeof judgeMailbox>[1] = entered, receives = false) => {
  const { state, says } = judgeMailbox({ ...well, ...more }, trial, receives, now)
  return `${state}: ${says.replace('help@shop.example of shop: ', '')}`
}

test('what is said of a mailbox', () => {
  const old = new Date('2026-11-18T09:00:00Z')
  const refused = { imap: { ok: false, says: 'Nobody answers.', messages: null }, smtp: null }
  const unsent = { imap: entered.imap, smtp: { ok: false, says: 'No.' } }
  const none = { imap: null, smtp: null }
  const cases: [string, string][] = [
    [judged({}), 'good: it can be read, its 3 messages are all there; the last message came 3 hours ago'],
    [judged({}, refused), 'bad: its mail cannot be read. Nobody answers.'],
    [judged({}, unsent), 'bad: its answers cannot be sent. No.'],
    [judged({ missing: 2 }), 'bad: of 3 messages on the server 2 are not in the ledger'],
    [judged({ set_aside: 4 }), 'warning: 4 set aside'],
    [judged({ checked_at: old }), 'warning: last read 2 days ago'],
    [judged({ checked_at: null }), 'warning: it has not been read yet'],
    [judged({ waiting_since: old }), `warning: messages wait to be judged since ${old.toISOString()}`],
    [judged({ paused_at: old }, none), 'warning: paused, nothing is read'],
    [judged({ imap: null }, none), 'warning: only files reach it'],
    [judged({ imap: null, newest_at: null }, none, true), 'good: nothing has come yet'],
  ]
  for (const [said, wanted] of cases) assert.equal(said, wanted)
})

let house: TestHouse
let server: ImapServer
before(async () => {
  house = await testHouse()
  server = await openImapServer()
})
after(async () => {
  await server.close()
  await house.close()
})

test('each mailbox is entered with what the database has of it', async () => {
  const own = await testWorkspace(house, 'shop')
  const headers = { host: own.host, authorization: `Bearer ${await keyOf(house, own)}` }
  const place = { host: '127.0.0.1', port: server.port, secure: false, user: 'testuser' }
  for (const [address, password] of [
    ['a@shop.example', 'testpass'],
    ['b@shop.example', 'wrong'],
  ]) {
    const payload = { name: 'Shop', address, imap: { ...place, password } }
    await house.app.inject({ method: 'POST', url: '/api/v1/mailboxes', headers, payload })
  }
  const sql = new pg.Client(house.database.owner)
  await sql.connect()
  const [first, second] = await checkMailboxes(sql, false, new Date())
  await sql.end()
  assert.deepEqual([first!.state, first!.says], ['warning', 'a@shop.example of shop: it has not been read yet'])
  assert.equal(second!.state, 'bad')
  assert.match(second!.says, /^b@shop\.example of shop: its mail cannot be read\. The server does not let us in/)
})
