import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Notice, NoticeSettings } from '@lahko/contract'
import { newMember, type Visitor } from '../../testing/visitor.ts'
import { testDesk, type TestDesk } from './testing/desk.ts'

let desk: TestDesk
let bor: { member: Visitor; id: string }
let eva: { member: Visitor; id: string }

before(async () => {
  desk = await testDesk('unowned')
  bor = await newMember(desk.house, desk.owner, 'agent', 'bor@unowned.example')
  eva = await newMember(desk.house, desk.owner, 'agent', 'eva@unowned.example')
  await desk.house.jobs.settle()
})
after(() => desk.house.close())

async function choose(who: Visitor, change: object): Promise<NoticeSettings> {
  const reply = await who.ask('PATCH', '/notices/settings', change)
  assert.equal(reply.statusCode, 200, reply.body)
  return reply.json() as NoticeSettings
}

/** What the bell says about one ticket, once all that is due has been done. */
async function bellOf(who: Visitor, topicId: string): Promise<string[]> {
  await desk.house.jobs.settle()
  await desk.house.due.drain()
  const { items } = (await who.ask('GET', '/notices')).json() as { items: Notice[] }
  return items.filter((notice) => notice.topicId === topicId).map(({ kind }) => kind)
}
const later = (minutes: number) => desk.house.clock.advance(minutes * 60_000)
const give = (id: string, ownerId: string | null) => desk.ask('PATCH', `/tickets/${id}`, { ownerId })
const mailed = async () =>
  (await desk.ask<{ items: { subject: string; recipient: string }[] }>('GET', '/mails')).items.map(
    ({ subject, recipient }) => `${recipient} ${subject}`,
  )

test('a new ticket without an owner is told to who chose it, and to nobody else', async () => {
  const { id: before } = await desk.open()
  assert.deepEqual(await bellOf(bor.member, before), [], 'off unless chosen')
  const settings = await choose(bor.member, { newTickets: true })
  assert.deepEqual([settings.newTickets, settings.unownedMinutes], [true, null])
  const { id, number } = await desk.open({ subject: 'A strap' })
  assert.deepEqual(await bellOf(bor.member, id), ['ticket_new'])
  assert.deepEqual(await bellOf(eva.member, id), [])
  assert.ok((await mailed()).includes(`bor@unowned.example #${number}: A strap`))
  const { id: own } = await desk.open()
  await give(own, desk.memberId)
  assert.deepEqual(await bellOf(bor.member, own), [], 'somebody has it by now')
  await choose(desk.owner, { newTickets: true })
  const { id: mine } = await desk.open()
  assert.deepEqual(await bellOf(desk.owner, mine), [], 'who opened it knows it')
  await choose(bor.member, { newTickets: false })
})

test('a ticket that nobody has had for so long is told once, to each after their own wait', async () => {
  await choose(bor.member, { unownedMinutes: 30 })
  await choose(eva.member, { unownedMinutes: 60 })
  const { id } = await desk.open()
  assert.deepEqual(await bellOf(bor.member, id), [])
  later(29)
  assert.deepEqual(await bellOf(bor.member, id), [])
  later(1)
  assert.deepEqual([await bellOf(bor.member, id), await bellOf(eva.member, id)], [['ticket_unowned'], []])
  later(30)
  assert.deepEqual(
    [await bellOf(bor.member, id), await bellOf(eva.member, id)],
    [['ticket_unowned'], ['ticket_unowned']],
  )
})

test('who takes a ticket ends that; who gives it back lets it begin anew; what needs nobody is not told', async () => {
  const [taken, returned, solved] = [await desk.open(), await desk.open(), await desk.open()]
  await desk.house.jobs.settle()
  later(20)
  await give(taken.id, desk.memberId)
  await give(returned.id, desk.memberId)
  await desk.house.jobs.settle()
  await give(returned.id, null)
  await desk.ask('PATCH', `/tickets/${solved.id}`, { status: 'solved' })
  await desk.house.jobs.settle()
  later(15)
  for (const { id } of [taken, returned, solved]) assert.deepEqual(await bellOf(bor.member, id), [])
  later(15)
  assert.deepEqual(await bellOf(bor.member, returned.id), ['ticket_unowned'])
  for (const { id } of [taken, solved]) assert.deepEqual(await bellOf(bor.member, id), [])
  await choose(bor.member, { unownedMinutes: null })
  const { id } = await desk.open()
  later(120)
  assert.deepEqual(await bellOf(bor.member, id), [])
})

test('what slept, was solved or was spam waits anew afterwards; the notice says how long that was', async () => {
  await choose(bor.member, { unownedMinutes: 30 })
  const tickets = [await desk.open(), await desk.open(), await desk.open()] as const
  const change = (place: 0 | 1 | 2, what: object) => desk.ask('PATCH', `/tickets/${tickets[place].id}`, what)
  await desk.house.jobs.settle()
  await change(0, { snoozedUntil: new Date(desk.house.clock.now().getTime() + 60 * 60_000).toISOString() })
  await change(1, { status: 'solved' })
  await change(2, { spam: true })
  later(40)
  for (const { id } of tickets) assert.deepEqual(await bellOf(bor.member, id), [])
  later(20)
  assert.deepEqual(await bellOf(bor.member, tickets[0].id), [], 'it has just woken')
  await change(1, { status: 'open' })
  await change(2, { spam: false })
  await desk.house.jobs.settle()
  await choose(bor.member, { unownedMinutes: 90 })
  later(30)
  for (const { id } of tickets) assert.deepEqual(await bellOf(bor.member, id), ['ticket_unowned'])
  const { items } = (await bor.member.ask('GET', '/notices')).json() as { items: Notice[] }
  const told = items.filter(({ topicId }) => tickets.some(({ id }) => id === topicId))
  assert.deepEqual(
    told.map(({ data }) => (data as { minutes?: number }).minutes),
    [30, 30, 30],
  )
})

test('what slept until its customer writes waits anew when they do, though it was new all along', async () => {
  await choose(bor.member, { unownedMinutes: 30 })
  const { id } = await desk.open()
  await desk.ask('PATCH', `/tickets/${id}`, { snoozedUntil: 'reply' })
  await desk.house.jobs.settle()
  later(45)
  assert.deepEqual(await bellOf(bor.member, id), [])
  await desk.hear(id, 'Is somebody there?')
  await desk.house.jobs.settle()
  later(29)
  assert.deepEqual(await bellOf(bor.member, id), [])
  later(1)
  assert.deepEqual(await bellOf(bor.member, id), ['ticket_unowned'])
})
