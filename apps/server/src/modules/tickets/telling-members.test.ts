import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Notice } from '@lahko/contract'
import { sql } from 'kysely'
import { emit } from '#platform/events.ts'
import { openImapServer } from '#platform/testing/imap-server.ts'
import { newMember, type Visitor } from '../../testing/visitor.ts'
import { openMailboxReader } from './mailbox-reading.ts'
import { noteFailure } from './mailboxes.queries.ts'
import { testDesk, type TestDesk } from './testing/desk.ts'
import { writeIn } from './writing-in.ts'

let desk: TestDesk
let bor: { member: Visitor; id: string }

before(async () => {
  desk = await testDesk('telling-members')
  bor = await newMember(desk.house, desk.owner, 'agent', 'bor@telling.example')
})
after(() => desk.house.close())

/** What the bell says about one ticket; jobs run side by side, so in no order. */
async function bellOf(visitor: Visitor, topicId: string): Promise<string[]> {
  await desk.house.jobs.settle()
  const { items } = (await visitor.ask('GET', '/notices')).json() as { items: Notice[] }
  return items
    .filter((notice) => notice.topicId === topicId)
    .map(({ kind }) => kind)
    .toSorted()
}
const note = (id: string, text: string) => desk.ask('POST', `/tickets/${id}/messages`, { kind: 'note', text })
const mailed = async () =>
  (await desk.ask<{ items: { subject: string; recipient: string }[] }>('GET', '/mails')).items
    .filter(({ recipient }) => recipient === 'bor@telling.example')
    .map(({ subject }) => subject)

test('an owner hears that a ticket is theirs and of what is written in it, and not of what they do', async () => {
  const { id, number } = await desk.open({ subject: 'Loose heel' })
  await desk.house.jobs.settle()
  await desk.ask('POST', '/ticket-changes', { changes: [{ id, ownerId: bor.id }] })
  await desk.hear(id)
  await desk.reply(id)
  assert.deepEqual(await bellOf(bor.member, id), ['ticket_assigned', 'ticket_message', 'ticket_message'])
  assert.deepEqual(await bellOf(desk.owner, id), [])
  assert.deepEqual([...new Set(await mailed())], [`#${number}: Loose heel`])
  await desk.ask('PATCH', `/tickets/${id}`, { ownerId: desk.memberId })
  assert.deepEqual(await bellOf(desk.owner, id), [], 'who takes a ticket knows it')
})

test('who is mentioned and who follows hears of it once', async () => {
  const { id } = await desk.open()
  await desk.house.jobs.settle()
  await bor.member.ask('PUT', `/tickets/${id}/follow`)
  await note(id, 'Ask @Bor Kos about the heel.')
  assert.deepEqual(await bellOf(bor.member, id), ['ticket_mentioned'])
  await note(id, 'The heel is fine.')
  assert.deepEqual(await bellOf(bor.member, id), ['ticket_mentioned', 'ticket_message'])
})

test('an owner hears that a ticket sleeps no more, and of one that nobody owns whoever follows it', async () => {
  const [own, free, woken] = [await desk.open(), await desk.open(), await desk.open()]
  await desk.house.jobs.settle()
  await bor.member.ask('PUT', `/tickets/${free.id}/follow`)
  const until = new Date(desk.house.clock.now().getTime() + 3_600_000).toISOString()
  for (const { id } of [own, woken]) await desk.ask('PATCH', `/tickets/${id}`, { ownerId: bor.id })
  for (const { id } of [own, free, woken]) await desk.ask('PATCH', `/tickets/${id}`, { snoozedUntil: until })
  await desk.ask('PATCH', `/tickets/${woken.id}`, { snoozedUntil: null })
  desk.house.clock.advance(3_600_000)
  await desk.house.due.drain()
  assert.deepEqual(await bellOf(bor.member, own.id), ['ticket_assigned', 'ticket_woken'])
  assert.deepEqual(await bellOf(bor.member, free.id), ['ticket_woken'])
  assert.deepEqual(await bellOf(bor.member, woken.id), ['ticket_assigned'], 'a member woke it')
  assert.deepEqual(await bellOf(desk.owner, own.id), [])
  assert.ok((await mailed()).includes(`#${own.number}: A zip`))
})

test('a ticket can be muted, and a kind of mail declined', async () => {
  const { id } = await desk.open()
  await desk.ask('PATCH', `/tickets/${id}`, { ownerId: bor.id })
  await desk.house.jobs.settle()
  const { items } = (await bor.member.ask('GET', '/notices')).json() as { items: Notice[] }
  await bor.member.ask('PUT', `/notices/${items[0]!.id}/mute`, { until: null })
  await bor.member.ask('PATCH', '/notices/settings', { mails: { ticket_message: false } })
  const before = (await mailed()).length
  await desk.hear(id)
  await desk.house.jobs.settle()
  assert.equal((await mailed()).length, before)
})

test('what members were mailed of a ticket is forgotten with its customer, and the bell never knew their words', async () => {
  const from = { name: 'Tor Lie', address: 'tor@mail.example' }
  const { id, customer } = await desk.open({ subject: 'Whispered buckle', from })
  await desk.house.jobs.settle()
  await desk.ask('POST', '/ticket-changes', { changes: [{ id, ownerId: bor.id }] })
  await desk.house.jobs.settle()
  const about = async () => (await mailed()).filter((subject) => subject.includes('Whispered'))
  assert.equal((await about()).length, 1)
  await desk.ask('DELETE', `/customers/${customer!.id}`)
  assert.deepEqual(await about(), [])
  const { body } = await bor.member.ask('GET', '/notices')
  assert.doesNotMatch(body, /Whispered|tor@|Tor Lie/)
})

test('managers hear of a mailbox that fails, at the bell and by mail, until it works again; agents do not', async (t) => {
  const imap = await openImapServer()
  const place = { host: '127.0.0.1', port: imap.port, secure: false, user: 'testuser', password: 'wrong' }
  const given = { name: 'Shop', address: 'help@shop.example', imap: place }
  const { id } = await desk.ask<{ id: string }>('POST', '/mailboxes', given)
  const failing = await openMailboxReader(desk.house, { workspaceId: desk.scope.workspaceId, id })
  t.after(() => failing!.stop())
  failing!.start()
  const deadline = performance.now() + 10_000
  while ((await bellOf(desk.owner, id)).length === 0) assert.ok(performance.now() < deadline, 'nobody is told')
  await failing!.stop()
  assert.deepEqual(await bellOf(desk.owner, id), ['mailbox_failing'])
  assert.deepEqual(await bellOf(bor.member, id), [])
  const { items } = await desk.ask<{ items: { subject: string; recipient: string }[] }>('GET', '/mails')
  const told = items.filter(({ subject }) => subject.includes('help@shop.example'))
  assert.deepEqual(
    told.map(({ recipient }) => recipient),
    ['owner@telling-members.example'],
  )
  await desk.ask('PUT', `/mailboxes/${id}`, { ...given, imap: { ...place, password: 'testpass' } })
  assert.deepEqual(await bellOf(desk.owner, id), [], 'somebody has seen to it')
  await desk.house.store.write(desk.scope, (tx) => noteFailure(tx, { id, place: 0 }, 'still'))
  await desk.write((tx) => emit(tx, { type: 'mailbox.failing', subjectId: id }))
  assert.deepEqual(await bellOf(desk.owner, id), ['mailbox_failing'], 'it fails still')
  await (await openMailboxReader(desk.house, { workspaceId: desk.scope.workspaceId, id }))!.readOnce()
  assert.deepEqual(await bellOf(desk.owner, id), [], 'it works again')
  await desk.write((tx) => emit(tx, { type: 'mailbox.failing', subjectId: id }))
  assert.deepEqual(await bellOf(desk.owner, id), [], 'what is told too late is not told')
  await imap.close()
})

test('of whoever is erased no mail to a member keeps the words, also not of what they wrote in somebody else’s ticket', async () => {
  const { id } = await desk.open({ subject: 'Loose heel' })
  const cene = await newMember(desk.house, desk.owner, 'agent', 'cene@telling.example')
  await desk.ask('PATCH', `/tickets/${id}`, { ownerId: cene.id })
  const from = { name: 'Ota', address: 'ota@mail.example' }
  const { customer } = await desk.open({ subject: 'Other', from })
  const said = { kind: 'message', channel: 'email', text: 'His secret heel.' } as const
  await desk.write((tx) => writeIn(tx, id, { ...said, author: { customerId: customer!.id, ...from } }))
  await desk.hear(id, 'My own heel.')
  await desk.house.jobs.settle()
  const texts = async () => {
    const { rows } = await desk.write((tx) => sql<{ text: string }>`select text from mails`.execute(tx.kysely))
    const all = rows.map(({ text }) => text).join('\n')
    return ['His secret heel.', 'My own heel.'].filter((words) => all.includes(words))
  }
  assert.deepEqual(await texts(), ['His secret heel.', 'My own heel.'])
  await desk.ask('DELETE', `/customers/${customer!.id}`)
  assert.deepEqual(await texts(), ['My own heel.'])
})
