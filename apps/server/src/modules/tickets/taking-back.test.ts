import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { TicketMessage } from '@lahko/contract/tickets'
import type { Touchpoint } from '@lahko/contract/touchpoints'
import { testDesk, type TestDesk } from './testing/desk.ts'

let desk: TestDesk

before(async () => {
  desk = await testDesk('taking-back')
})
after(() => desk.house.close())

test('taken back, an earlier reply changes nothing that a later one has said, and neither comes again by the other', async () => {
  const { id, waitingSince } = await desk.open()
  const body = {
    kind: 'reply',
    text: 'Next week.',
    sendAt: new Date(desk.house.clock.now().getTime() + 7 * 86_400_000).toISOString(),
  }
  const early = await desk.ask<TicketMessage>('POST', `/tickets/${id}/messages`, body)
  desk.house.clock.advance(1_000)
  const late = await desk.ask<TicketMessage>('POST', `/tickets/${id}/messages`, { kind: 'reply', text: 'At once.' })
  await desk.ask('DELETE', `/ticket-messages/${early.id}`)
  const between = await desk.get(id)
  assert.deepEqual([between.status, between.waitingSince, between.lastExcerpt], ['waiting', null, 'At once.'])
  await desk.ask('DELETE', `/ticket-messages/${late.id}`)
  const now = await desk.get(id)
  assert.deepEqual([now.status, now.waitingSince, now.lastExcerpt, now.messages], ['new', waitingSince, 'It broke.', 1])
})

test('a reply that solved is taken back with all of it; what was solved since then stays so', async () => {
  const outcomeOf = async (id: string) => {
    const { touchpointId, status, waitingSince } = await desk.get(id)
    const { attributes, endedAt } = await desk.ask<Touchpoint>('GET', `/touchpoints/${touchpointId}`)
    return [status, waitingSince === null, attributes['outcome'] ?? '', endedAt === null]
  }
  const [one, other] = [await desk.open(), await desk.open()]
  const solving = { kind: 'reply', text: 'Done.', status: 'solved' }
  const first = await desk.ask<TicketMessage>('POST', `/tickets/${one.id}/messages`, solving)
  assert.deepEqual(await outcomeOf(one.id), ['solved', true, 'solved', false])
  await desk.ask('DELETE', `/ticket-messages/${first.id}`)
  assert.deepEqual(await outcomeOf(one.id), ['new', false, '', true])
  const second = await desk.ask<TicketMessage>('POST', `/tickets/${other.id}/messages`, { kind: 'reply', text: 'So.' })
  await desk.ask('PATCH', `/tickets/${other.id}`, { status: 'solved' })
  await desk.ask('DELETE', `/ticket-messages/${second.id}`)
  assert.deepEqual(await outcomeOf(other.id), ['solved', true, 'solved', false])
})
