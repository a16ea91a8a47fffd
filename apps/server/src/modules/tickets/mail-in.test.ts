import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { IncomingMail, Mailbox } from '@lahko/contract/mailboxes'
import type { TicketLine } from '@lahko/contract/tickets'
import { openImapReader } from '#platform/mail/receiving/imap-reader.ts'
import { openImapServer, type ImapServer } from '#platform/testing/imap-server.ts'
import { system } from '#platform/store.ts'
import { judgeIncomingTask } from './judging-mail.jobs.ts'
import { keeperOf } from './mailbox-keeper.ts'
import { openMailboxReader } from './mailbox-reading.ts'
import { imapAccount } from './mailbox-trying.ts'
import { getMailbox } from './mailboxes.ts'
import { imapDesk } from './testing/imap-desk.ts'

// A mailbox is read from its server: each message once, and all of them.

const desk = imapDesk('mail-in')
const { ask, fetchAll, ledger, mail, settings, shown, ticketOf } = desk

test('a mailbox is added, tried and changed, and no secret of it is ever told', async () => {
  const tried = await ask<{ imap: { ok: boolean; messages: number } }>('POST', `/mailboxes/${desk.mailbox.id}/test`)
  assert.deepEqual([tried.imap.ok, tried.imap.messages], [true, 0])
  assert.doesNotMatch(JSON.stringify([desk.mailbox, tried]), /testpass/)
  const { password: _, ...place } = settings(desk.mailbox.address).imap
  const same = { ...settings(desk.mailbox.address), imap: place, name: 'Help' }
  assert.equal((await ask<Mailbox>('PUT', `/mailboxes/${desk.mailbox.id}`, same)).name, 'Help')
  assert.equal(
    (await ask<typeof tried>('POST', `/mailboxes/${desk.mailbox.id}/test`)).imap.ok,
    true,
    'the password stays',
  )
  const elsewhere = { ...same, imap: { ...place, host: 'evil.example' } }
  const refused = await ask<{ errors: { field: string }[] }>('PUT', `/mailboxes/${desk.mailbox.id}`, elsewhere, 400)
  assert.equal(refused.errors[0]!.field, '/body/imap/password', 'it never goes to another server')
  const wrong = { ...same, imap: { ...place, password: 'wrong' } }
  await ask('PUT', `/mailboxes/${desk.mailbox.id}`, wrong)
  const bad = await ask<{ imap: { ok: boolean; says: string } }>('POST', `/mailboxes/${desk.mailbox.id}/test`)
  assert.equal(bad.imap.ok, false)
  assert.match(bad.imap.says, /does not let us in/)
  await ask('POST', '/mailboxes', settings(desk.mailbox.address), 400)
})

test('each message becomes a ticket once, old ones too, and the counts agree with the server', async () => {
  for (const subject of ['One', 'Two', 'Three']) desk.imap.put(mail({ subject }), subject === 'Two' ? ['\\Seen'] : [])
  await fetchAll()
  await fetchAll()
  desk.imap.put(mail({ subject: 'Four' }))
  await fetchAll()
  assert.deepEqual(
    (await ledger()).map(({ subject, outcome, sender }) => [subject, outcome, sender]),
    ['One', 'Two', 'Three', 'Four'].map((subject) => [subject, 'kept', 'nives@mail.example']),
  )
  const { counts, checkedAt, error } = await shown()
  assert.deepEqual(counts, { server: 4, missing: 0, kept: 4, repeats: 0, bounces: 0, setAside: 0, waiting: 0 })
  assert.deepEqual([error, checkedAt !== null], [null, true])
  assert.equal((await ticketOf((await ledger())[0])).customer?.email, 'nives@mail.example')
})

for (const what of ['text', 'size'])
  test(`a message of which the server gives no ${what} holds up no other, and is missing`, async () => {
    for (const subject of ['One', 'Two', 'Three']) desk.imap.put(mail({ subject }))
    desk.imap.refuse(2, what === 'size')
    await fetchAll()
    assert.deepEqual(
      (await ledger()).map(({ subject }) => subject),
      ['One', 'Three'],
    )
    const { counts } = await shown()
    assert.deepEqual([counts.server, counts.missing, counts.kept], [3, 1, 2])
  })

test('a message at which the server ends the connection is tried alone, set aside, and fetched again on request', async () => {
  // Decoded, the second one's subject has a NUL, which no database takes.
  for (const subject of ['One', '=?utf-8?Q?Two=00?=', 'Three']) desk.imap.put(mail({ subject }))
  desk.imap.hangUpOn(2)
  const reader = await desk.reader()
  const read = async (failures: number) => {
    for (let tries = 0; tries < failures; tries++) await assert.rejects(reader.readOnce())
    await reader.readOnce()
    await desk.house.jobs.settle()
  }
  const lines = async () => (await ledger()).map(({ subject, outcome, reason }) => [subject, reason ?? outcome])
  await read(3)
  const setAside = ['One', 'kept', 'Two', 'not_given', 'Three', 'kept']
  assert.deepEqual((await lines()).flat(), setAside)
  const { sender, hasSource, size, id, says } = (await ledger())[1]!
  assert.deepEqual([sender, hasSource, size > 0], ['nives@mail.example', false, true])
  assert.equal(says, 'the server ended the connection')
  const { counts } = await shown()
  assert.deepEqual([counts.server, counts.missing, counts.kept, counts.setAside], [3, 0, 2, 1])
  const { outcome } = await ask<IncomingMail>('POST', `/incoming-mails/${id}/retry`)
  assert.equal(outcome, 'waiting')
  await read(2)
  assert.deepEqual((await lines()).flat(), setAside, 'in vain')
  await ask('POST', `/incoming-mails/${id}/retry`)
  desk.imap.mend()
  await read(0)
  assert.deepEqual((await lines()).flat(), setAside.with(3, 'kept'))
  assert.equal((await ticketOf((await ledger())[1])).subject, 'Two')
})

test('what was not given is asked for again by itself, ever more seldom, and at last no more', async () => {
  for (const subject of ['One', 'Two', 'Three']) desk.imap.put(mail({ subject }))
  for (const uid of [1, 2, 3]) desk.imap.hangUpOn(uid)
  const reader = await desk.reader()
  const readToEnd = async () => {
    for (let tries = 0; tries < 20; tries++)
      if (
        await reader.readOnce().then(
          () => true,
          () => false,
        )
      )
        break
    await desk.house.jobs.settle()
  }
  const minutesToNext = async () => {
    const [{ retryAt }] = (await ledger()) as [IncomingMail]
    return retryAt && Math.round((Date.parse(retryAt) - desk.house.clock.now().getTime()) / 60_000)
  }
  await readToEnd()
  await reader.readOnce()
  const pauses: unknown[] = []
  for (let times = 0; times < 3; times++) {
    const minutes = Number(await minutesToNext())
    pauses.push(minutes)
    desk.house.clock.advance(minutes * 60_000)
    desk.imap.put(mail({ subject: `Later ${times}` }))
    await readToEnd()
  }
  const outcomes = async () => (await ledger()).map(({ reason, outcome }) => reason ?? outcome)
  const kept = Array.from({ length: 3 }, () => 'kept')
  assert.deepEqual(await outcomes(), ['not_given', 'not_given', 'not_given', ...kept], 'what is new came all the while')
  pauses.push(await minutesToNext())
  // One comes when somebody asks, and so the others do at once.
  desk.imap.mend()
  desk.imap.hangUpOn(3)
  await ask('POST', `/incoming-mails/${(await ledger())[0]!.id}/retry`)
  await reader.readOnce()
  await readToEnd()
  assert.deepEqual(await outcomes(), ['kept', 'kept', 'not_given', ...kept])
  const [, , last] = await ledger()
  desk.house.clock.advance(Date.parse(last!.retryAt!) - desk.house.clock.now().getTime())
  await readToEnd()
  assert.deepEqual(pauses, [10, 60, 360, 1440])
  const { retryAt, outcome } = (await ledger())[2]!
  assert.deepEqual([retryAt, outcome], [null, 'set_aside'], 'five times were enough')
})

test('nobody is told that a mailbox fails when it gives once more nothing of what it did not give before', async (t) => {
  desk.imap.put(mail({ subject: 'One' }))
  desk.imap.hangUpOn(1)
  const reader = await desk.reader()
  for (let tries = 0; tries < 2; tries++) await assert.rejects(reader.readOnce())
  const [{ retryAt }] = (await ledger()) as [IncomingMail]
  desk.house.clock.advance(600_000)
  const running = await desk.reader()
  t.after(() => running.stop())
  running.start()
  const failures: unknown[] = []
  for (let turn = 0; turn < 400 && ((await ledger())[0]!.retryAt ?? retryAt) === retryAt; turn++) {
    failures.push((await shown()).failingSince)
    await sleep(50)
  }
  await running.stop()
  assert.notEqual((await ledger())[0]!.retryAt, retryAt)
  assert.deepEqual(new Set(failures), new Set([null]))
})

test('a message that is refused for long is set aside; one that is gone, or lies elsewhere now, cannot be fetched', async () => {
  desk.imap.put(mail({ subject: 'One' }))
  desk.imap.refuse(1)
  const reader = await desk.reader()
  for (let tries = 0; tries < 8; tries++) await assert.rejects(reader.readOnce())
  await reader.readOnce()
  const [{ id, reason, says }] = (await ledger()) as [IncomingMail]
  assert.deepEqual([reason, says], ['not_given', 'This message cannot be read'])
  await ask('POST', `/incoming-mails/${id}/retry`)
  desk.imap.remove(1)
  await reader.readOnce()
  const [gone] = await ledger()
  assert.deepEqual([gone!.outcome, gone!.reason, gone!.says], ['set_aside', 'not_given', null])
  await ask('POST', `/incoming-mails/${id}/retry`)
  const { port } = desk.imap
  await desk.imap.close()
  desk.imap = await openImapServer(port)
  desk.imap.put(mail({ subject: 'Two' }))
  await fetchAll()
  const { outcome } = (await ledger()).find((line) => line.id === id)!
  assert.equal(outcome, 'set_aside', 'it waits for nothing')
  const problem = await ask<{ code: string }>('POST', `/incoming-mails/${id}/retry`, undefined, 409)
  assert.equal(problem.code, 'mailboxes.folder_gone')
})

test('a server that ends a connection after all was read has not failed, and is entered again', async (t) => {
  const until = async (holds: () => Promise<boolean>) => {
    const deadline = performance.now() + 20_000
    while (!(await holds())) {
      assert.ok(performance.now() < deadline, 'it does not come to pass')
      await sleep(50)
    }
  }
  desk.imap.put(mail({ subject: 'One' }))
  const reader = await desk.reader()
  t.after(() => reader.stop())
  reader.start()
  await until(async () => (await shown()).checkedAt !== null)
  desk.imap.cut()
  desk.imap.put(mail({ subject: 'Two' }))
  await until(async () => (await ledger()).length === 2)
  await reader.stop()
  const { rows } = await desk.sql.query(`select from events where type = 'mailbox.failing' and subject_id = $1`, [
    desk.mailbox.id,
  ])
  assert.equal(rows.length, 0)
})

test('what comes while others are fetched is fetched behind them, without waiting for a minute', async (t) => {
  const { house, workspaceId, mailbox, imap } = desk
  const row = await house.store.read({ workspaceId, actor: system }, (db) => getMailbox(db, mailbox.id))
  const keeper = keeperOf(house, { workspaceId, actor: system }, row)
  imap.put(mail({ subject: 'One' }))
  let more = ['Two', 'Three']
  const wanted: typeof keeper.wanted = async (folder, first) => {
    const found = await keeper.wanted(folder, first)
    for (const subject of more) imap.put(mail({ subject }))
    more = []
    return found
  }
  const account = imapAccount(
    row.imap!,
    () => house.clock.now(),
    () => Promise.resolve(),
  )
  const reader = openImapReader(account, { ...keeper, wanted })
  // One that goes on after a failed assertion looks for its server for ever, and the process never ends.
  t.after(() => reader.stop())
  reader.start()
  const deadline = performance.now() + 15_000
  while ((await ledger()).length < 3 && performance.now() < deadline) await sleep(50)
  await reader.stop()
  assert.equal((await ledger()).length, 3)
})

/** A folder with these messages, of which those that are `lost` are not given. */
async function compare(there: number[], { lost = [], arriving = [] }: { lost?: number[]; arriving?: number[] }) {
  const { house, workspaceId, mailbox } = desk
  const keeper = keeperOf(house, { workspaceId, actor: system }, { id: mailbox.id, place: 0 })
  const lies = [...there]
  const folder = { uidValidity: 7, uidNext: 99, search: async () => [...lies] }
  const { uids } = await keeper.wanted(folder, true)
  const messages = uids
    .filter((uid) => !lost.includes(uid))
    .map((uid) => ({ uid, raw: Buffer.from(mail({})), size: 100, receivedAt: undefined }))
  if (messages.length > 0) await keeper.take(messages, folder)
  lies.push(...arriving)
  await keeper.finish(folder)
  await house.jobs.settle()
  const count = async (table: string, column: string, more: string) => {
    const text = `select count(*)::int from ${table} where ${column} = $1 and ${more}`
    return (await desk.sql.query(text, [mailbox.id])).rows[0].count as number
  }
  return {
    missing: (await shown()).counts.missing,
    told: await count('events', 'subject_id', `type = 'mailbox.failing'`),
    atTheBell: await count('notices', 'topic_id', `kind = 'mailbox_failing'`),
  }
}

test('that messages are missing is told once a day, and taken back when they are here', async () => {
  const lacks = () => compare([1, 2], { lost: [2] })
  assert.deepEqual(await lacks(), { missing: 1, told: 1, atTheBell: 1 })
  desk.house.clock.advance(3_600_000)
  assert.deepEqual(await lacks(), { missing: 1, told: 1, atTheBell: 1 })
  desk.house.clock.advance(24 * 3_600_000)
  assert.deepEqual(await lacks(), { missing: 1, told: 2, atTheBell: 2 })
  assert.deepEqual(await compare([1, 2], {}), { missing: 0, told: 2, atTheBell: 0 })
  assert.deepEqual(await compare([1, 2, 3], { lost: [3] }), { missing: 1, told: 2, atTheBell: 0 }, 'once a day')
})

test('what arrives while all of it is compared is on its way, not missing', async () => {
  assert.deepEqual(await compare([1], { arriving: [2] }), { missing: 0, told: 0, atTheBell: 0 })
})

test('a mailbox that is fetched again from the start, under new numbers, doubles nothing', async () => {
  const raws = ['One', 'Two'].map((subject) => mail({ subject }))
  raws.push('From: a@b.example\r\nSubject: no id\r\n\r\nHello\r\n')
  for (const raw of raws) desk.imap.put(raw)
  await fetchAll()
  await desk.imap.close()
  desk.imap = await openImapServer(desk.imap.port)
  for (const raw of raws) desk.imap.put(raw)
  desk.imap.put(mail({ subject: 'New' }))
  await fetchAll()
  const { counts } = await shown()
  assert.deepEqual(counts, { server: 4, missing: 0, kept: 4, repeats: 3, bounces: 0, setAside: 0, waiting: 0 })
})

test('the same message in two mailboxes is two, and two processes on one mailbox make one of each', async () => {
  const raw = mail({ subject: 'To both' })
  desk.imap.put(raw)
  for (let number = 0; number < 30; number++) desk.imap.put(mail({ subject: `${number}` }))
  const other = await ask<Mailbox>('POST', '/mailboxes', settings(`sales${desk.turn}@shop.example`))
  const readers = [desk.mailbox, desk.mailbox, other].map(({ id }) =>
    openMailboxReader(desk.house, { workspaceId: desk.workspaceId, id }),
  )
  await Promise.all((await Promise.all(readers)).map((reader) => reader!.readOnce()))
  await desk.house.jobs.settle()
  for (const { id } of [desk.mailbox, other]) {
    const { counts } = await ask<Mailbox>('GET', `/mailboxes/${id}`)
    assert.deepEqual([counts.kept, counts.repeats, counts.missing], [31, 0, 0])
  }
})

test('a mail that PostgreSQL cannot take now is fetched again, and one that fails holds up no other', async () => {
  desk.imap.put(mail({ subject: 'first' }))
  desk.imap.put(mail({ subject: 'second' }))
  await desk.sql.query('alter table incoming_mails add constraint away check (false) not valid')
  await assert.rejects(fetchAll())
  await desk.sql.query('alter table incoming_mails drop constraint away')
  await desk.sql.query("alter table tickets add constraint odd check (subject <> 'first') not valid")
  await fetchAll()
  await desk.sql.query('alter table tickets drop constraint odd')
  const lines = await ledger()
  assert.deepEqual(
    lines.map(({ outcome, reason }) => [outcome, reason]),
    [
      ['set_aside', 'failed'],
      ['kept', null],
    ],
  )
  await ask('POST', `/incoming-mails/${lines[0]!.id}/retry`)
  await desk.house.jobs.settle()
  assert.equal((await shown()).counts.kept, 2)
})

test('a mailbox in use stays; a list of tickets shows who wrote', async () => {
  desk.imap.put(mail({ subject: 'Boots' }))
  await fetchAll()
  await ask('DELETE', `/mailboxes/${desk.mailbox.id}`, undefined, 409)
  const { items } = await ask<{ items: TicketLine[] }>('GET', `/tickets?mailbox=${desk.mailbox.id}`)
  assert.deepEqual(
    items.map(({ subject, lastAuthor }) => [subject, lastAuthor]),
    [['Boots', 'Nives']],
  )
  const empty = await ask<Mailbox>('POST', '/mailboxes', { name: 'E', address: `empty${desk.turn}@shop.example` })
  await ask('DELETE', `/mailboxes/${empty.id}`)
})

test('a mailbox that is pointed elsewhere is read there from its beginning, though the numbers are the same', async () => {
  const places = [await openImapServer(0, 7), await openImapServer(0, 7)] as const
  const pointTo = ({ port }: ImapServer, host: string) =>
    ask('PUT', `/mailboxes/${desk.mailbox.id}`, {
      ...settings(desk.mailbox.address),
      imap: { ...settings('').imap, host, port },
    })
  places[0].put(mail({ subject: 'Here' }))
  places[1].put(mail({ subject: 'There' }))
  await pointTo(places[0], '127.0.0.1')
  const left = await openMailboxReader(desk.house, { workspaceId: desk.workspaceId, id: desk.mailbox.id })
  await fetchAll()
  places[0].put(mail({ subject: 'Too late' }))
  await pointTo(places[1], 'localhost')
  await assert.rejects(left!.readOnce(), /elsewhere/)
  await fetchAll()
  const kept = (await ledger()).map(({ subject }) => subject)
  assert.deepEqual(kept.toSorted(), ['Here', 'There'])
  const { counts } = await shown()
  assert.deepEqual([counts.server, counts.missing, counts.kept], [1, 0, 2])
  for (const place of places) await place.close()
})

test('what came while a process judged is looked for once more, should that process die', async () => {
  const { house, workspaceId, mailbox, sql } = desk
  const judging = judgeIncomingTask(house)
  const run = () => judging.run({ workspaceId, actor: system }, { mailboxId: mailbox.id }, new AbortController().signal)
  const waiting = async () =>
    (await sql.query('select from graphile_worker.jobs where key like $1', [`%:${mailbox.id}`])).rowCount
  await sql.query('begin')
  await sql.query('lock table incoming_mails')
  const first = run()
  await run()
  const left = await waiting()
  await sql.query('commit')
  await first
  assert.equal(left, 1, 'the job that was done meanwhile is given up by whoever enqueues, and starts no more')
})
