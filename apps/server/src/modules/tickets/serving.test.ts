import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Ticket, TicketLine, TicketView } from '@lahko/contract/tickets'
import { permissionsOfRole } from '@lahko/contract'
import { uuidv7 } from '#platform/identifiers.ts'
import type { Wake } from '#platform/live.ts'
import { newMember, type Visitor } from '../../testing/visitor.ts'
import { serveNext } from './serving.ts'
import { testDesk, type TestDesk } from './testing/desk.ts'

let desk: TestDesk
let bor: { member: Visitor; id: string }

before(async () => {
  desk = await testDesk('serving')
  bor = await newMember(desk.house, desk.owner, 'agent', 'bor@serving.example')
})
after(() => desk.house.close())

type Served = { ticket: TicketLine | null }
const next = async (skip: string[] = []) => (await desk.ask<Served>('POST', '/tickets/next', { skip })).ticket
/** Without the way of a request, so that all ask in the same moment. */
const nextOf = async (memberId: string) => {
  const actor = { kind: 'member', memberId, accountId: memberId, sessionId: memberId, role: 'agent' } as const
  const permissions = new Set(permissionsOfRole.agent)
  const line = await desk.house.store.write({ ...desk.scope, actor: { ...actor, permissions } }, (tx) =>
    serveNext(tx, []),
  )
  return line?.id
}
const nextOfBor = async () => ((await bor.member.ask('POST', '/tickets/next', { skip: [] })).json() as Served).ticket

test('next is what matters most, and what nobody else owns or has open', async () => {
  const old = await desk.open()
  const young = await desk.open()
  const urgent = await desk.open({ priority: 'urgent' })
  assert.equal((await next())?.id, urgent.id)
  assert.equal((await nextOfBor())?.id, old.id, 'the urgent one is open elsewhere')
  assert.equal((await next([urgent.id]))?.id, young.id)
  desk.house.clock.advance(30_001)
  await desk.ask('PATCH', `/tickets/${urgent.id}`, { ownerId: desk.memberId })
  assert.equal((await nextOfBor())?.id, old.id)
  await desk.ask('PATCH', `/tickets/${urgent.id}`, { status: 'solved' })
  await desk.reply(old.id)
  desk.house.clock.advance(30_001)
  assert.equal((await next())?.id, young.id, 'nobody waits in the others')
  assert.equal(await next([young.id]), null)
})

test('many who ask at once are each served another ticket', async () => {
  const members = Array.from({ length: 8 }, () => uuidv7())
  for (let n = 0; n < 10; n++) await desk.open()
  for (let round = 0; round < 25; round++) {
    // Whoever had one open has left it.
    desk.house.clock.advance(30_001)
    const served = await Promise.all(members.map((memberId) => nextOf(memberId)))
    assert.equal(new Set(served).size, members.length, `round ${round}: ${served.join(', ')}`)
    assert.ok(!served.includes(undefined))
  }
})

test('what somebody was served and has left is served again, and a program is served like anybody', async () => {
  desk.house.clock.advance(30_001)
  const { id } = await desk.open({ priority: 'urgent' })
  assert.equal((await next())?.id, id)
  assert.notEqual((await nextOfBor())?.id, id)
  await desk.ask('DELETE', `/tickets/${id}/reader`)
  assert.equal((await nextOfBor())?.id, id)
  assert.equal((await nextOfBor())?.id, id, 'it is theirs already')
  desk.house.clock.advance(30_001)
  const key = { kind: 'key', keyId: uuidv7(), permissions: new Set(permissionsOfRole.agent) } as const
  const ofKey = await desk.house.store.write({ ...desk.scope, actor: key }, (tx) => serveNext(tx, []))
  assert.equal(ofKey?.id, id)
  assert.notEqual((await next())?.id, id)
  await desk.ask('PATCH', `/tickets/${id}`, { status: 'solved' })
})

test('who has a ticket open is seen at once, and gone half a minute after they said so last', async () => {
  const { id } = await desk.open()
  const wakes: Wake[] = []
  const stop = desk.house.live.onWake((wake) => wakes.push(wake))
  assert.deepEqual((await bor.member.ask('PUT', `/tickets/${id}/reader`, { writes: false })).json(), { readers: [] })
  await bor.member.ask('PUT', `/tickets/${id}/reader`, { writes: false })
  await bor.member.ask('PUT', `/tickets/${id}/reader`, { writes: true })
  const seen = await desk.ask<Pick<Ticket, 'readers'>>('PUT', `/tickets/${id}/reader`, { writes: false })
  assert.deepEqual(seen.readers, [{ member: { id: bor.id, name: 'Bor Kos' }, writes: true }])
  assert.equal((await desk.get(id)).readers.length, 1)
  desk.house.clock.advance(30_001)
  assert.deepEqual((await desk.get(id)).readers, [])
  await desk.house.due.drain()
  await desk.ask('PUT', `/tickets/${id}/reader`, { writes: false })
  await desk.ask('DELETE', `/tickets/${id}/reader`)
  // Woken by a connection of its own: what was sent before this has arrived after it.
  await new Promise<void>((resolve) => {
    const until = desk.house.live.onWake(({ type }) => {
      if (type !== 'ticket.followed') return
      until()
      resolve()
    })
    void desk.ask('PUT', `/tickets/${id}/follow`)
  })
  stop()
  assert.equal(wakes.filter(({ type, subjectId }) => type === 'ticket.readers' && subjectId === id).length, 6)
})

test('following is one’s own, and a list of its own', async () => {
  const { id } = await desk.open()
  await desk.ask('PUT', `/tickets/${id}/follow`)
  await desk.ask('PUT', `/tickets/${id}/follow`)
  const followed = await desk.get(id)
  assert.deepEqual([followed.following, followed.followers], [true, [{ id: desk.memberId, name: 'Ana Novak' }]])
  const { items } = await desk.ask<{ items: TicketLine[] }>('GET', '/tickets?followed=me')
  assert.ok(items.some((line) => line.id === id))
  await desk.ask('DELETE', `/tickets/${id}/follow`)
  assert.equal((await desk.get(id)).following, false)
})

test('views are one’s own or everybody’s, and counted as far as they are unsolved', async () => {
  await desk.open({ tags: ['sole', 'boots'] })
  const own = { name: 'Soles', filter: { tag: 'sole' } }
  const view = await desk.ask<TicketView>('POST', '/ticket-views', own)
  assert.deepEqual([view.shared, view.count, view.sort], [false, 1, 'newest'])
  const shared = await desk.ask<TicketView>('POST', '/ticket-views', {
    ...{ name: 'Done', shared: true, filter: { shelf: 'solved' }, sort: 'newest' },
  })
  assert.equal(shared.count, null)
  const seen = (await bor.member.ask('GET', '/ticket-views')).json() as TicketView[]
  assert.deepEqual(
    seen.map(({ name }) => name),
    ['Done'],
  )
  const asBor = async (method: 'POST' | 'PUT' | 'DELETE', url: string, body?: object) =>
    (await bor.member.ask(method, url, body)).statusCode
  assert.equal(await asBor('PUT', `/ticket-views/${view.id}`, own), 404)
  assert.equal(await asBor('DELETE', `/ticket-views/${shared.id}`), 403)
  assert.equal(await asBor('POST', '/ticket-views', { ...own, shared: true }), 403)
  const changed = await desk.ask<TicketView>('PUT', `/ticket-views/${view.id}`, { ...own, name: 'All soles' })
  assert.equal(changed.name, 'All soles')
  await desk.ask('DELETE', `/ticket-views/${view.id}`)
  assert.equal((await desk.ask<TicketView[]>('GET', '/ticket-views')).length, 1)
})

test('tags are found by how they begin', async () => {
  await desk.open({ tags: ['škornji', 'šal', 'zip'] })
  await desk.open({ tags: ['škornji', 'zip'] })
  assert.deepEqual(await desk.ask('GET', `/ticket-tags?begins=${encodeURIComponent('Š')}`), ['šal', 'škornji'])
  assert.deepEqual(await desk.ask('GET', '/ticket-tags'), ['boots', 'sole', 'zip', 'šal', 'škornji'])
})
