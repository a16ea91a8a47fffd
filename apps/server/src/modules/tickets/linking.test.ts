import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Ticket } from '@lahko/contract/tickets'
import { uuidv7 } from '#platform/identifiers.ts'
import { split } from './splitting.ts'
import { testDesk, type TestDesk } from './testing/desk.ts'

let desk: TestDesk

before(async () => {
  desk = await testDesk('linking')
})
after(() => desk.house.close())

const linksOf = async (id: string) => (await desk.get(id)).links.map((one) => [one.number, one.kind, one.status])
const link = (id: string, otherId: string, kind: string) =>
  desk.ask<Ticket>('PUT', `/tickets/${id}/links/${otherId}`, { kind })

test('two tickets are linked once, both show it, and another kind takes its place', async () => {
  const [one, other] = [await desk.open(), await desk.open()]
  const linked = await link(one.id, other.id, 'causes')
  assert.deepEqual(
    linked.links.map(({ id, kind }) => [id, kind]),
    [[other.id, 'causes']],
  )
  await link(one.id, other.id, 'causes')
  await link(other.id, one.id, 'caused_by')
  assert.deepEqual(await linksOf(other.id), [[one.number, 'caused_by', 'new']])
  await link(other.id, one.id, 'related')
  assert.deepEqual(await linksOf(one.id), [[other.number, 'related', 'new']])
  await desk.ask('DELETE', `/tickets/${one.id}/links/${other.id}`)
  await desk.ask('DELETE', `/tickets/${one.id}/links/${other.id}`)
  assert.deepEqual([await linksOf(one.id), await linksOf(other.id)], [[], []])
  const facts = (await desk.facts(other.id)).filter((type) => type !== 'ticket.opened')
  assert.deepEqual(facts, ['ticket.linked', 'ticket.linked', 'ticket.unlinked'])
})

test('what came about by itself is no member’s to take away', async () => {
  const origin = await desk.open()
  const messageId = await desk.hear(origin.id, 'Something else.')
  const id = await desk.write((tx) => split(tx, messageId))
  await link(origin.id, id, 'related')
  assert.deepEqual((await linksOf(id)).map(([, kind]) => kind).toSorted(), ['related', 'split'])
  await desk.ask('DELETE', `/tickets/${id}/links/${origin.id}`)
  assert.deepEqual(
    (await linksOf(id)).map(([, kind]) => kind),
    ['split'],
  )
})

test('what was merged brings its links, which are taken away where they belong', async () => {
  const [target, source, other, both] = [await desk.open(), await desk.open(), await desk.open(), await desk.open()]
  await link(source.id, other.id, 'causes')
  await link(source.id, target.id, 'related')
  for (const id of [source.id, target.id]) await link(id, both.id, 'related')
  await desk.ask('PUT', `/tickets/${source.id}/merge`, { intoId: target.id })
  const shown = async () => (await desk.get(target.id)).links.map(({ id, kind, ofId }) => [id, kind, ofId])
  const own = [both.id, 'related', target.id]
  assert.deepEqual(await shown(), [[other.id, 'causes', source.id], own])
  await desk.ask('DELETE', `/tickets/${source.id}/links/${other.id}`)
  assert.deepEqual(await shown(), [own])
})

test('what is not there is not linked, nor a ticket with itself, nor with more than are shown', async () => {
  const one = await desk.open()
  const refused = (otherId: string, kind = 'related') =>
    desk.refuse('PUT', `/tickets/${one.id}/links/${otherId}`, { kind })
  assert.equal((await refused(uuidv7())).status, 404)
  assert.equal((await refused(one.id)).code, 'desk.same_ticket')
  assert.equal((await refused(uuidv7(), 'split')).field, '/body/kind')
  assert.equal((await desk.refuse('DELETE', `/tickets/${one.id}/links/${uuidv7()}`)).status, 404)
  for (let n = 0; n < 50; n++) await link((await desk.open()).id, one.id, n % 2 ? 'causes' : 'related')
  assert.equal((await refused((await desk.open()).id)).code, 'desk.too_many_links')
  assert.equal((await linksOf(one.id)).length, 50)
})

test('many are linked or none, and what was said before comes back', async () => {
  const [one, two, three, full] = await Promise.all(Array.from({ length: 4 }, () => desk.open()))
  await link(one!.id, three!.id, 'causes')
  const pairs = (ids: string[], linkedId: string) => ids.map((id) => ({ id, linkedId, kind: 'related' }))
  const links = pairs([one!.id, two!.id], three!.id)
  const refused = await desk.refuse('POST', '/ticket-links', { links: [...links, ...pairs([uuidv7()], three!.id)] })
  assert.equal(refused.status, 404)
  assert.deepEqual([await linksOf(one!.id), await linksOf(two!.id)], [[[three!.number, 'causes', 'new']], []])
  for (let n = 0; n < 49; n++) await link((await desk.open()).id, full!.id, 'related')
  const tooMany = { links: pairs([one!.id, two!.id], full!.id) }
  assert.equal((await desk.refuse('POST', '/ticket-links', tooMany)).code, 'desk.too_many_links')
  assert.deepEqual(await linksOf(two!.id), [])

  const undo = await desk.ask<object>('POST', '/ticket-links', { links })
  assert.deepEqual(await linksOf(three!.id).then((all) => all.map(([, kind]) => kind)), ['related', 'related'])
  await desk.ask('POST', '/ticket-links', { links: (undo as { undo: object[] }).undo })
  assert.deepEqual([await linksOf(one!.id), await linksOf(two!.id)], [[[three!.number, 'causes', 'new']], []])
})
