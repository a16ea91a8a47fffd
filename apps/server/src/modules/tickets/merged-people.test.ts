import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Ticket } from '@lahko/contract/tickets'
import { newMember, type Visitor } from '../../testing/visitor.ts'
import { testDesk, type TestDesk } from './testing/desk.ts'

let desk: TestDesk
let bor: { member: Visitor; id: string }

before(async () => {
  desk = await testDesk('merged-people')
  await desk.ask('POST', '/mailboxes', { name: 'Shop', address: 'shop@shop.example' })
  bor = await newMember(desk.house, desk.owner, 'agent', 'bor@merged-people.example')
})
after(() => desk.house.close())

const merge = (id: string, intoId: string) => desk.ask('PUT', `/tickets/${id}/merge`, { intoId })
const unmerge = (id: string) => desk.ask('DELETE', `/tickets/${id}/merge`)
/** How often Bor was told of a ticket. */
async function timesTold(id: string): Promise<number> {
  await desk.house.jobs.settle()
  const { items } = (await bor.member.ask('GET', '/notices')).json() as { items: { data: { ticketId?: string } }[] }
  return items.filter(({ data }) => data.ticketId === id).length
}

test('who asked in what was merged is offered as a recipient, until it is unmerged', async () => {
  const target = await desk.open()
  const source = await desk.open({ from: { name: 'Tine Zupan', address: 'tine@mail.example' } })
  const third = await desk.open({ from: { name: 'Eva Hribar', address: 'eva@mail.example' } })
  const same = await desk.open()
  await merge(third.id, source.id)
  await merge(source.id, target.id)
  await merge(same.id, target.id)
  const merged = await desk.get(target.id)
  assert.deepEqual(merged.replyTo, target.replyTo, 'whoever asked first is the requester still')
  assert.deepEqual(merged.alsoAsked.map(({ address }) => address).toSorted(), ['eva@mail.example', 'tine@mail.example'])
  const takesPart = ({ participants }: Ticket) => participants.map(({ address }) => address)
  assert.ok(takesPart(merged).includes('eva@mail.example'))
  await unmerge(source.id)
  const apart = await desk.get(target.id)
  assert.deepEqual([apart.alsoAsked, takesPart(apart)], [[], takesPart(target)])
  assert.deepEqual(
    (await desk.get(source.id)).alsoAsked.map(({ name }) => name),
    ['Eva Hribar'],
  )
})

test('who followed what was merged follows where it stands, and may stop', async () => {
  const [target, source] = [await desk.open(), await desk.open()]
  await desk.house.jobs.settle()
  await bor.member.ask('PUT', `/tickets/${source.id}/follow`)
  await merge(source.id, target.id)
  const seen = async () => (await bor.member.ask('GET', `/tickets/${target.id}`)).json() as Ticket
  assert.deepEqual([(await seen()).following, (await seen()).followers.map(({ id }) => id)], [true, [bor.id]])
  const listed = async () => {
    const { items } = (await bor.member.ask('GET', '/tickets?followed=me')).json() as { items: { id: string }[] }
    return items.map(({ id }) => id)
  }
  assert.deepEqual(await listed(), [target.id])
  await desk.hear(target.id)
  assert.equal(await timesTold(target.id), 1)
  await unmerge(source.id)
  assert.equal((await seen()).following, false)
  assert.deepEqual(await listed(), [source.id])
  await desk.hear(target.id)
  assert.equal(await timesTold(target.id), 1)
  await merge(source.id, target.id)
  await bor.member.ask('DELETE', `/tickets/${target.id}/follow`)
  assert.equal((await seen()).following, false)
  await desk.hear(target.id)
  assert.equal(await timesTold(target.id), 1)
})
