import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Invitation } from '@lahko/contract/programmes'
import type { Touchpoint } from '@lahko/contract/touchpoints'
import { testDesk, type TestDesk } from './testing/desk.ts'

const dayMs = 86_400_000
let desk: TestDesk

before(async () => {
  desk = await testDesk('telling')
  const { items } = await desk.ask<{ items: { id: string }[] }>('GET', '/surveys')
  const programme = { name: 'After tickets', surveyId: items[0]!.id, delayMinutes: 1_440 }
  const { id } = await desk.ask<{ id: string }>('POST', '/programmes', programme)
  await desk.ask('PUT', `/programmes/${id}/state`, { state: 'on' })
})
after(() => desk.house.close())

let people = 0
const somebody = () => ({ name: '', address: `c${++people}@mail.example` })
const touchpointOf = async (ticketId: string) => {
  const { touchpointId } = await desk.get(ticketId)
  return desk.ask<Touchpoint & { answers: unknown[] }>('GET', `/touchpoints/${touchpointId}`)
}
const solve = (id: string) => desk.ask('PATCH', `/tickets/${id}`, { status: 'solved' })
/** What the ledger says of a touchpoint, once it has been decided. */
async function fateOf(touchpointId: string): Promise<string | undefined> {
  await desk.house.jobs.settle()
  const { items } = await desk.ask<{ items: Invitation[] }>('GET', '/invitations')
  const line = items.find(({ touchpoint }) => touchpoint?.id === touchpointId)
  return line && (line.rule ?? line.state)
}

test('a ticket is one touchpoint from its creation, with facts as they happen', async () => {
  const { id, number, createdAt } = await desk.open({ from: somebody(), topic: 'Returns' })
  const born = await touchpointOf(id)
  assert.deepEqual(
    [born.externalId, born.kind, born.startedAt, born.endedAt],
    [`ticket:${number}`, 'ticket', createdAt, null],
  )
  await desk.reply(id)
  desk.house.clock.advance(10 * 60_000)
  await desk.hear(id)
  await desk.reply(id)
  await desk.ask('PATCH', `/tickets/${id}`, { ownerId: desk.memberId, status: 'solved', priority: 'high' })
  const { attributes, endedAt } = await touchpointOf(id)
  assert.equal(endedAt, desk.house.clock.now().toISOString())
  assert.deepEqual(attributes, {
    ...{
      channel: 'api',
      topic: 'Returns',
      agent: 'Ana Novak',
      agent_by: 'solved',
      outcome: 'solved',
      priority: 'high',
    },
    ...{ contacts: '2', replies: '2', channels: 'api email', owner_changes: '0', reopenings: '0', repeats_7_days: '0' },
    ...{ waited_for_us_minutes: '2', waited_for_customer_minutes: '11', first_answer_minutes: '1' },
    solution_minutes: '13',
  })
})

test('a wait lasts until the next turn, or until it is solved, whoever it was that waited', async () => {
  const { id } = await desk.open({ from: somebody() })
  desk.house.clock.advance(3 * 1440 * 60_000)
  await solve(id)
  const waits = async (ticketId: string) => {
    const { attributes } = await touchpointOf(ticketId)
    return [attributes['waited_for_us_minutes'], attributes['waited_for_customer_minutes']]
  }
  assert.deepEqual(await waits(id), ['4320', '0'])
  const other = await desk.open({ from: somebody() })
  await desk.reply(other.id)
  desk.house.clock.advance(2 * 1440 * 60_000)
  await solve(other.id)
  const [us, customer] = await waits(other.id)
  assert.ok(Number(us) <= 1 && Number(customer) >= 2879, `${us} ${customer}`)
})

test('opened again within seven days it goes on, and an invitation that waits is withdrawn', async () => {
  const { id } = await desk.open({ from: somebody() })
  await desk.reply(id)
  await solve(id)
  const { touchpointId } = await desk.get(id)
  assert.equal(await fateOf(touchpointId!), 'waiting')
  await desk.hear(id, 'It broke again.')
  assert.equal((await touchpointOf(id)).endedAt, null)
  assert.equal(await fateOf(touchpointId!), undefined)
  desk.house.clock.advance(2 * dayMs)
  await desk.house.due.drain()
  await desk.reply(id)
  await solve(id)
  const again = await touchpointOf(id)
  assert.deepEqual([again.id, again.attributes['reopenings']], [touchpointId, '1'])
  assert.equal(await fateOf(touchpointId!), 'waiting')
})

test('opened again later it begins another touchpoint, and the first keeps its fate', async () => {
  const { id, number } = await desk.open({ from: somebody() })
  await desk.reply(id)
  await solve(id)
  const first = await touchpointOf(id)
  desk.house.clock.advance(8 * dayMs)
  await desk.hear(id, 'Me again.')
  const second = await touchpointOf(id)
  assert.notEqual(second.id, first.id)
  assert.deepEqual([second.externalId, second.endedAt], [`ticket:${number}:2`, null])
  assert.deepEqual([second.attributes['contacts'], second.attributes['replies']], ['1', '0'])
  assert.equal((await desk.ask<Touchpoint>('GET', `/touchpoints/${first.id}`)).endedAt, first.endedAt)
  assert.deepEqual((await desk.get(id)).earlierTouchpointIds, [first.id], 'what was said about it is still shown')
  await solve(id)
  desk.house.clock.advance(8 * dayMs)
  await desk.hear(id, 'And again.')
  assert.deepEqual((await desk.get(id)).earlierTouchpointIds, [second.id, first.id])
})

test('who was asked already is not asked again about the same ticket, though it has an end again', async () => {
  const { id } = await desk.open({ from: somebody() })
  await solve(id)
  const { touchpointId } = await desk.get(id)
  await fateOf(touchpointId!)
  desk.house.clock.advance(dayMs)
  await desk.house.due.drain()
  await desk.house.due.drain()
  const sent = await fateOf(touchpointId!)
  assert.ok(sent === 'sent' || sent === 'queued' || sent === 'uncertain', sent)
  await desk.hear(id)
  assert.equal((await touchpointOf(id)).endedAt, null)
  await solve(id)
  assert.equal((await touchpointOf(id)).endedAt, desk.house.clock.now().toISOString())
})

test('what was merged is not asked because of that, until it is unmerged', async () => {
  const [source, target] = [await desk.open({ from: somebody() }), await desk.open({ from: somebody() })]
  const { touchpointId } = await desk.get(source.id)
  await desk.ask('PUT', `/tickets/${source.id}/merge`, { intoId: target.id })
  assert.equal((await touchpointOf(source.id)).attributes['outcome'], 'merged')
  assert.equal(await fateOf(touchpointId!), 'merged')
  await desk.ask('DELETE', `/tickets/${source.id}/merge`)
  const back = await touchpointOf(source.id)
  assert.deepEqual([back.id, back.endedAt, back.attributes['outcome']], [touchpointId, null, ''])
  await solve(source.id)
  assert.equal(await fateOf(touchpointId!), 'waiting')
})

test('a merge that opens what was solved long ago begins one touchpoint for both, as the source did', async () => {
  const from = somebody()
  const target = await desk.open({ from })
  await desk.reply(target.id)
  await solve(target.id)
  const first = await touchpointOf(target.id)
  await fateOf(first.id)
  desk.house.clock.advance(10 * dayMs)
  const source = await desk.open({ from })
  await desk.reply(source.id)
  await desk.hear(source.id)
  await desk.ask('PUT', `/tickets/${source.id}/merge`, { intoId: target.id })
  assert.equal(await fateOf(source.touchpointId!), 'merged')
  const second = await touchpointOf(target.id)
  assert.deepEqual([second.externalId, second.startedAt], [`ticket:${target.number}:2`, source.createdAt])
  const { contacts, replies } = second.attributes
  assert.deepEqual([contacts, replies], ['2', '1'], 'what was written in the source is its')
  await desk.ask('DELETE', `/tickets/${source.id}/merge`)
  const [again, own] = [await touchpointOf(target.id), await touchpointOf(source.id)]
  assert.deepEqual([again.id, again.endedAt, again.attributes['reopenings']], [first.id, first.endedAt, '0'])
  assert.deepEqual([own.id, own.endedAt], [source.touchpointId, null])
  assert.equal((await desk.refuse('GET', `/touchpoints/${second.id}`)).status, 404)
})

test('what stood in another for long goes on when it is unmerged', async () => {
  const [source, target] = [await desk.open({ from: somebody() }), await desk.open({ from: somebody() })]
  await desk.ask('PUT', `/tickets/${source.id}/merge`, { intoId: target.id })
  desk.house.clock.advance(10 * dayMs)
  await desk.ask('DELETE', `/tickets/${source.id}/merge`)
  const { id, endedAt } = await touchpointOf(source.id)
  assert.deepEqual([id, endedAt], [source.touchpointId, null])
})

test('spam is no touchpoint, and what is none after all is one again', async () => {
  const { id } = await desk.open({ from: somebody() })
  const { id: before } = await touchpointOf(id)
  await desk.ask('PATCH', `/tickets/${id}`, { spam: true })
  assert.equal((await desk.get(id)).touchpointId, null)
  assert.equal((await desk.refuse('GET', `/touchpoints/${before}`)).status, 404)
  await desk.ask('PATCH', `/tickets/${id}`, { spam: false })
  assert.equal((await touchpointOf(id)).endedAt, null)
})

test('who comes again within a week counts for what was solved before', async () => {
  const from = somebody()
  const { id } = await desk.open({ from })
  await solve(id)
  desk.house.clock.advance(6 * dayMs)
  await desk.open({ from })
  assert.equal((await touchpointOf(id)).attributes['repeats_7_days'], '1')
})

test('who comes again under another name counts too, from when both are one and as long as they are', async () => {
  const solved = await desk.open({ from: somebody() })
  await solve(solved.id)
  desk.house.clock.advance(dayMs)
  const again = await desk.open({ from: somebody() })
  const repeats = async () => {
    await desk.house.jobs.settle()
    return (await touchpointOf(solved.id)).attributes['repeats_7_days']
  }
  assert.equal(await repeats(), '0')
  await desk.ask('PUT', `/customers/${solved.customer!.id}/merge`, { intoId: again.customer!.id })
  assert.equal(await repeats(), '1')
  await desk.ask('DELETE', `/customers/${solved.customer!.id}/merge`)
  assert.equal(await repeats(), '0')
})

test('a reply that is taken back has never been: what it told of the effort is taken back with it', async () => {
  const { id } = await desk.open({ from: somebody() })
  const before = await touchpointOf(id)
  const said = { kind: 'reply', text: 'Try again.', status: 'solved' }
  const { id: messageId } = await desk.ask<{ id: string }>('POST', `/tickets/${id}/messages`, said)
  const waits = await touchpointOf(id)
  assert.deepEqual([waits.attributes['replies'], waits.attributes['outcome']], ['1', undefined])
  assert.equal(await fateOf(waits.id), undefined, 'nobody is asked before the answer has left')
  desk.house.clock.advance(10_000)
  await desk.house.due.drain()
  const solved = await touchpointOf(id)
  assert.equal(solved.attributes['outcome'], 'solved')
  assert.equal(await fateOf(solved.id), 'waiting')
  // No server has taken it yet.
  await desk.ask('DELETE', `/ticket-messages/${messageId}`)
  const after = await touchpointOf(id)
  assert.deepEqual([after.id, after.endedAt], [before.id, null])
  const { replies, outcome, first_answer_minutes: answered } = after.attributes
  assert.deepEqual([replies, outcome, answered ?? ''], ['0', '', ''])
  assert.equal(await fateOf(after.id), undefined)
})
