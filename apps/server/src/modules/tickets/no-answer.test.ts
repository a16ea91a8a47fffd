import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Invitation } from '@lahko/contract/programmes'
import type { Ticket, TicketEntry, TicketMessage } from '@lahko/contract/tickets'
import type { Touchpoint } from '@lahko/contract/touchpoints'
import { testDesk, type TestDesk } from './testing/desk.ts'

const dayMs = 86_400_000
let desk: TestDesk

before(async () => {
  desk = await testDesk('no-answer')
  const { items } = await desk.ask<{ items: { id: string }[] }>('GET', '/surveys')
  const programme = { name: 'After tickets', surveyId: items[0]!.id, delayMinutes: 2_880 }
  const { id } = await desk.ask<{ id: string }>('POST', '/programmes', programme)
  await desk.ask('PUT', `/programmes/${id}/state`, { state: 'on' })
})
after(() => desk.house.close())

let people = 0
async function solved(): Promise<Ticket> {
  const { id } = await desk.open({ from: { name: 'Nives', address: `n${++people}@mail.example` } })
  await desk.reply(id)
  return desk.ask<Ticket>('PATCH', `/tickets/${id}`, { status: 'solved' })
}
const touchpointOf = async (ticketId: string) => {
  const { touchpointId } = await desk.get(ticketId)
  return desk.ask<Touchpoint>('GET', `/touchpoints/${touchpointId}`)
}
async function invitationOf(touchpointId: string): Promise<Invitation | undefined> {
  await desk.house.jobs.settle()
  const { items } = await desk.ask<{ items: Invitation[] }>('GET', '/invitations')
  return items.find(({ touchpoint }) => touchpoint?.id === touchpointId)
}
async function entriesOf(id: string): Promise<TicketEntry[]> {
  return (await desk.ask<{ items: TicketEntry[] }>('GET', `/tickets/${id}/entries`)).items
}
const needsNoAnswer = (id: string) =>
  desk.ask<{ undo: object[] }>('POST', '/ticket-changes', { changes: [{ id, noAnswer: true }] })

test('what needs no answer is solved as it was, and the invitation that waits goes on as if nothing had come', async () => {
  const { id, solvedAt } = await solved()
  const first = await touchpointOf(id)
  const waiting = await invitationOf(first.id)
  assert.equal(waiting?.state, 'waiting')
  desk.house.clock.advance(dayMs)
  await desk.hear(id, 'The parcel is here.')
  assert.equal(await invitationOf(first.id), undefined)
  const { undo } = await needsNoAnswer(id)
  const ticket = await desk.get(id)
  assert.deepEqual([ticket.status, ticket.solvedAt, ticket.waitingSince], ['solved', solvedAt, null])
  const again = await touchpointOf(id)
  assert.deepEqual([again.id, again.endedAt, again.attributes['reopenings']], [first.id, first.endedAt, '0'])
  const renewed = await invitationOf(first.id)
  assert.deepEqual([renewed?.state, renewed?.dueAt], ['waiting', waiting.dueAt])
  const facts = (await entriesOf(id)).flatMap((entry) => (entry.type === 'fact' ? [entry.fact.data] : []))
  assert.deepEqual(
    facts.filter(({ noAnswer }) => noAnswer),
    [{ from: 'open', to: 'solved', noAnswer: true, solvedAt }],
  )
  await desk.ask('POST', '/ticket-changes', { changes: undo })
  const open = await desk.get(id)
  assert.equal(open.status, 'open')
  assert.ok(open.waitingSince)
  await needsNoAnswer(id)
  assert.equal((await desk.get(id)).solvedAt, solvedAt)
  await needsNoAnswer(id)
  assert.equal((await desk.get(id)).solvedAt, solvedAt, 'twice is once')
})

test('after a week nothing has begun anew either, and nobody is asked a second time', async () => {
  const { id, solvedAt } = await solved()
  const first = await touchpointOf(id)
  await invitationOf(first.id)
  desk.house.clock.advance(8 * dayMs)
  await desk.house.due.drain()
  await desk.hear(id, 'Merry Christmas.')
  const second = await touchpointOf(id)
  assert.notEqual(second.id, first.id)
  await needsNoAnswer(id)
  const now = await desk.get(id)
  assert.deepEqual([now.touchpointId, now.solvedAt], [first.id, solvedAt])
  assert.equal((await desk.refuse('GET', `/touchpoints/${second.id}`)).status, 404)
  await desk.hear(id, 'It broke again.')
  assert.match((await touchpointOf(id)).externalId!, /:2$/)
})

test('what was never solved is solved now', async () => {
  const { id } = await desk.open()
  await needsNoAnswer(id)
  const { status, solvedAt } = await desk.get(id)
  assert.deepEqual([status, solvedAt], ['solved', desk.house.clock.now().toISOString()])
  const both = await desk.refuse('PATCH', `/tickets/${id}`, { status: 'open', noAnswer: true })
  assert.deepEqual([both.status, both.field], [400, '/body/noAnswer'])
})

test('mere thanks leave a solved ticket solved where a rule says so, and one key opens it', async () => {
  const rules = { thanksStaySolved: false, answersCountFor: 'solved' }
  assert.deepEqual(await desk.ask('GET', '/desk-rules'), { ...rules, answersCountForSince: null })
  const { id } = await solved()
  await desk.hear(id, 'Thanks, Ana!')
  assert.equal((await desk.get(id)).status, 'open', 'off unless somebody says so')
  await needsNoAnswer(id)
  await desk.ask('PUT', '/desk-rules', { ...rules, thanksStaySolved: true })
  const { id: touchpointId } = await touchpointOf(id)
  const messageId = await desk.hear(id, 'Thank you very much!\n\nBest regards\nNives\n\n> We look.')
  const kept = await desk.get(id)
  assert.deepEqual([kept.status, kept.lastExcerpt.slice(0, 9)], ['solved', 'Thank you'])
  assert.equal((await invitationOf(touchpointId))?.state, 'waiting')
  const entry = (await entriesOf(id)).find((one) => one.id === messageId)
  assert.deepEqual(entry?.type === 'message' && (entry.message as TicketMessage).banners, ['thanks'])
  const open = await desk.ask<Ticket>('PATCH', `/tickets/${id}`, { status: 'open' })
  assert.ok(open.waitingSince)
  await desk.ask('PATCH', `/tickets/${id}`, { status: 'solved' })
  await desk.hear(id, 'Thanks, but it broke again.')
  assert.equal((await desk.get(id)).status, 'open')
  await desk.hear(id, 'Thanks!')
  assert.equal((await desk.get(id)).status, 'open', 'what is open stays open')
})
