import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import pg from 'pg'
import { judgeMailbox } from '../../../commands/mail-checks.ts'
import { newWorkspace, visitor, type Visitor } from '../../../testing/visitor.ts'
import { testHouse, type TestHouse } from '../../testing/house.ts'
import { openImapServer, type ImapServer } from '../../testing/imap-server.ts'
import { mailboxName, openMailbox } from './imap-mailbox.ts'

let imap: ImapServer
let house: TestHouse
let owner: Visitor
let sql: pg.Client

before(async () => {
  house = await testHouse()
  sql = new pg.Client(house.database.owner)
  await sql.connect()
  owner = (await newWorkspace(house, 'mailbox', visitor(house))).owner
})
beforeEach(async () => {
  await sql.query('delete from returned_mails')
  await sql.query('delete from return_mailboxes')
  imap = await openImapServer()
})
after(async () => {
  await sql.end()
  await house.close()
})

let count = 0
function mail(subject: string): string {
  return `From: a@b.example\r\nSubject: ${subject}\r\nMessage-ID: <${++count}@b.example>\r\n\r\nHello\r\n`
}
const put = (subject: string, flags: string[] = []) => imap.put(mail(subject), flags)

async function subjects(): Promise<string[]> {
  const { items } = (await owner.ask('GET', '/returned-mails?limit=200')).json()
  return (items as { subject: string }[]).map(({ subject }) => subject).toSorted()
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 20_000
  while (!(await holds())) {
    assert.ok(performance.now() < deadline, 'it does not come to pass')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

test('each message is taken in once, whether somebody has read it or not, and stays as it was', async () => {
  const mailbox = openMailbox(house, imap.url)
  put('one')
  put('two', ['\\Seen'])
  await mailbox.readOnce()
  assert.deepEqual(await subjects(), ['one', 'two'])
  await mailbox.readOnce()
  put('three', ['\\Seen'])
  await mailbox.readOnce()
  await openMailbox(house, imap.url).readOnce()
  assert.deepEqual(await subjects(), ['one', 'three', 'two'])
  assert.deepEqual(
    imap.flags().map((flags) => flags.includes('\\Seen')),
    [false, true, true],
  )
  const { rows } = await sql.query('select last_uid, failing_since from return_mailboxes')
  assert.deepEqual(rows, [{ last_uid: 3, failing_since: null }])
  await imap.close()
})

test('a mailbox with new numbers is read anew, and nothing in it is taken twice', async () => {
  put('kept')
  const raw = mail('moved')
  imap.put(raw)
  await openMailbox(house, imap.url).readOnce()
  const { port } = new URL(imap.url)
  await imap.close()
  imap = await openImapServer(Number(port))
  imap.put(raw)
  put('new')
  await openMailbox(house, imap.url).readOnce()
  assert.deepEqual(await subjects(), ['kept', 'moved', 'new'])
  await imap.close()
})

test('a message that cannot be kept now is read again, and no later one goes before it', async () => {
  put('first')
  put('second')
  await sql.query('alter table returned_mails add constraint away check (false) not valid')
  await assert.rejects(openMailbox(house, imap.url).readOnce())
  await sql.query('alter table returned_mails drop constraint away')
  assert.deepEqual(await subjects(), [])
  await openMailbox(house, imap.url).readOnce()
  assert.deepEqual(await subjects(), ['first', 'second'])
  await imap.close()
})

test('what arrives is taken in at once; a server that is away is found again, and who looks sees since when', async (t) => {
  const mailbox = openMailbox(house, imap.url)
  t.after(() => mailbox.stop())
  mailbox.start()
  const state = async () => {
    const { rows } = await sql.query('select checked_at, failing_since, error from return_mailboxes')
    return rows[0] as Parameters<typeof judgeMailbox>[1]
  }
  await until(async () => Boolean((await state())?.checked_at))
  put('while it waits')
  await until(async () => (await subjects()).length === 1)
  const { port } = new URL(imap.url)
  await imap.close()
  await until(async () => Boolean((await state())?.failing_since))
  const finding = judgeMailbox(mailboxName(imap.url), await state())
  assert.equal(finding.state, 'bad')
  assert.match(finding.says, /testuser@127\.0\.0\.1:\d+\/INBOX cannot be read since 2026-11-20T10:00/)
  assert.doesNotMatch(finding.says, /testpass/)
  imap = await openImapServer(Number(port))
  put('after the outage')
  await until(async () => (await subjects()).length === 2)
  assert.equal((await state())?.failing_since, null)
  await mailbox.stop()
  await imap.close()
})

test('a wrong password is said as it is', async () => {
  await assert.rejects(openMailbox(house, imap.url.replace('testpass', 'wrong')).readOnce())
  await imap.close()
})

test('a password goes to no server that has no TLS, unless it is this machine', async () => {
  // The same machine by a name that is not known as its own.
  const url = imap.url.replace('127.0.0.1', '[::ffff:127.0.0.1]')
  await assert.rejects(openMailbox(house, url).readOnce(), /STARTTLS/)
  await imap.close()
})
