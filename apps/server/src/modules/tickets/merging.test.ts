import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Ticket, TicketEntry, TicketLine } from '@lahko/contract/tickets'
import type { Touchpoint } from '@lahko/contract/touchpoints'
import { uuidv7 } from '#platform/identifiers.ts'
import { testDesk, type TestDesk } from './testing/desk.ts'

let desk: TestDesk

before(async () => {
  desk = await testDesk('merging')
})
after(() => desk.house.close())

const entriesOf = async (id: string) =>
  (await desk.ask<{ items: TicketEntry[] }>('GET', `/tickets/${id}/entries`)).items
const textsOf = async (id: string) =>
  (await entriesOf(id)).flatMap((entry) => (entry.type === 'message' ? entry.message.text : [])).toReversed()
const listed = async () => (await desk.ask<{ items: TicketLine[] }>('GET', '/tickets')).items.map(({ id }) => id)
/** What may differ though nothing is left of it. */
const plain = (ticket: Ticket) => ({ ...ticket, updatedAt: null, probablySame: [] })

test('merging moves nothing: the target shows the source’s messages, takes in new ones, and gives all back', async () => {
  const source = await desk.open({ text: 'One' })
  const target = await desk.open({ text: 'Two' })
  await desk.hear(source.id, 'Three', { id: '<3@mail.example>' })
  await desk.reply(target.id, 'Four', { id: '<4@shop.example>' })
  const was = await Promise.all([desk.get(source.id), desk.get(target.id)])
  const merged = await desk.ask<Ticket>('PUT', `/tickets/${source.id}/merge`, { intoId: target.id })
  await desk.ask('PUT', `/tickets/${source.id}/merge`, { intoId: target.id })
  assert.deepEqual(merged.mergedInto, { id: target.id, number: target.number })
  assert.deepEqual(await textsOf(target.id), ['One', 'Two', 'Three', 'Four'])
  const now = await desk.get(target.id)
  assert.deepEqual([now.status, now.waitingSince], ['open', was[0]!.waitingSince])
  assert.deepEqual(
    now.sources.map(({ number }) => number),
    [source.number],
  )
  assert.deepEqual(now.mergedNumbers, [source.number])
  const sought = await desk.ask<{ items: TicketLine[] }>('GET', `/ticket-search?query=${source.number}`)
  assert.deepEqual(
    sought.items.map(({ id, mergedNumbers }) => [id, mergedNumbers]),
    [[target.id, [source.number]]],
  )
  assert.ok(!(await listed()).includes(source.id))
  assert.ok((await listed()).includes(target.id))

  await desk.reply(target.id, 'Five', { id: '<5@shop.example>', answers: '<3@mail.example>' })
  await desk.hear(source.id, 'Six', { id: '<6@mail.example>', answers: '<5@shop.example>' })
  await desk.hear(source.id, 'Seven', { id: '<7@mail.example>', answers: '<4@shop.example>' })
  assert.equal((await desk.get(source.id)).messages, 2)

  await desk.ask('DELETE', `/tickets/${source.id}/merge`)
  await desk.ask('DELETE', `/tickets/${source.id}/merge`)
  assert.deepEqual(await textsOf(source.id), ['One', 'Three', 'Five', 'Six'])
  assert.deepEqual(await textsOf(target.id), ['Two', 'Four', 'Seven'])
  const [own, other] = await Promise.all([desk.get(source.id), desk.get(target.id)])
  assert.deepEqual([own.messages, own.status, own.lastExcerpt, own.mergedInto], [4, 'open', 'Six', null])
  assert.deepEqual([other.messages, other.status, other.lastExcerpt], [3, 'open', 'Seven'])
})

test('what is merged and unmerged at once is as before', async () => {
  const source = await desk.open()
  const target = await desk.open()
  await desk.ask('PATCH', `/tickets/${target.id}`, { status: 'solved' })
  const was = await Promise.all([source, target].map(({ id }) => desk.get(id)))
  await desk.ask('PUT', `/tickets/${source.id}/merge`, { intoId: target.id })
  assert.equal((await desk.get(target.id)).status, 'open')
  await desk.ask('DELETE', `/tickets/${source.id}/merge`)
  const is = await Promise.all([source, target].map(({ id }) => desk.get(id)))
  assert.deepEqual(is.map(plain), was.map(plain))
})

test('what a customer wrote after the merge and stays waits in the target, whatever that was before', async () => {
  const source = await desk.open()
  const target = await desk.open()
  await desk.ask('PATCH', `/tickets/${target.id}`, { status: 'solved' })
  await desk.ask('PUT', `/tickets/${source.id}/merge`, { intoId: target.id })
  await desk.hear(target.id, 'It broke again.')
  const at = desk.house.clock.now().toISOString()
  await desk.ask('DELETE', `/tickets/${source.id}/merge`)
  const { status, solvedAt, waitingSince, messages } = await desk.get(target.id)
  assert.deepEqual([status, solvedAt, messages], ['open', null, 2])
  assert.ok(waitingSince !== null && waitingSince <= at)
})

test('one of several sources leaves, and what waits in the others waits still, whichever comes first', async () => {
  const standing = async (id: string) => {
    const { status, waitingSince, solvedAt } = await desk.get(id)
    return { status, waitingSince, solvedAt }
  }
  for (const first of [0, 1]) {
    const sources = [await desk.open(), await desk.open()]
    const target = await desk.open()
    await desk.reply(target.id)
    await desk.ask('PATCH', `/tickets/${target.id}`, { status: 'solved' })
    const was = await standing(target.id)
    for (const { id } of sources) await desk.ask('PUT', `/tickets/${id}/merge`, { intoId: target.id })
    const [leaves, stays] = [sources[first]!, sources[1 - first]!]
    await desk.ask('DELETE', `/tickets/${leaves.id}/merge`)
    const between = { status: 'open', waitingSince: stays.waitingSince, solvedAt: null }
    assert.deepEqual(await standing(target.id), between)
    await desk.ask('DELETE', `/tickets/${stays.id}/merge`)
    assert.deepEqual(await standing(target.id), was, 'nothing of either is left')
  }
})

test('a reply answers the target and its sources; what it answered in the target waits again when it is given back', async () => {
  const source = await desk.open()
  await desk.hear(source.id, 'One', { id: '<one@mail.example>' })
  const target = await desk.open()
  await desk.ask('PUT', `/tickets/${source.id}/merge`, { intoId: target.id })
  await desk.reply(target.id, 'Two', { id: '<two@shop.example>', answers: '<one@mail.example>' })
  assert.equal((await desk.get(target.id)).status, 'waiting')
  await desk.ask('DELETE', `/tickets/${source.id}/merge`)
  const [own, other] = [await desk.get(source.id), await desk.get(target.id)]
  assert.deepEqual([own.status, own.waitingSince], ['waiting', null])
  assert.deepEqual([other.status, other.waitingSince], ['new', target.waitingSince])
})

test('what was merged into a merged ticket leaves it, and goes with it', async () => {
  const [a, b, c] = [await desk.open(), await desk.open(), await desk.open()]
  await desk.reply(c.id)
  await desk.ask('PUT', `/tickets/${b.id}/merge`, { intoId: c.id })
  await desk.ask('PUT', `/tickets/${a.id}/merge`, { intoId: b.id })
  await desk.ask('DELETE', `/tickets/${b.id}/merge`)
  const [apart, rest] = [await desk.get(b.id), await desk.get(c.id)]
  assert.deepEqual([apart.status, apart.waitingSince], ['new', a.waitingSince])
  assert.deepEqual([rest.status, rest.waitingSince], ['waiting', null])
})

test('a reply that is taken back in a merged ticket lets its customer wait where that stands', async () => {
  const source = await desk.open()
  const sendAt = new Date(desk.house.clock.now().getTime() + 86_400_000).toISOString()
  const body = { kind: 'reply', text: 'Tomorrow.', sendAt }
  const { id } = await desk.ask<{ id: string }>('POST', `/tickets/${source.id}/messages`, body)
  const target = await desk.open()
  await desk.ask('PATCH', `/tickets/${target.id}`, { status: 'solved' })
  await desk.ask('PUT', `/tickets/${source.id}/merge`, { intoId: target.id })
  assert.equal((await desk.get(target.id)).status, 'solved')
  await desk.ask('DELETE', `/ticket-messages/${id}`)
  const { status, waitingSince } = await desk.get(target.id)
  assert.deepEqual([status, waitingSince], ['open', source.waitingSince])
})

test('split off what nobody had answered, and the rest waits for its customer', async () => {
  const { id } = await desk.open({ text: 'The zip.' })
  await desk.reply(id)
  const messageId = await desk.hear(id, 'And the boots.')
  const own = await desk.ask<Ticket>('POST', `/ticket-messages/${messageId}/split`)
  const { status, waitingSince } = await desk.get(id)
  assert.deepEqual([status, waitingSince, own.status], ['waiting', null, 'new'])
})

test('merges make no circle, and a merged ticket is changed in its target only', async () => {
  const [a, b, c] = [await desk.open(), await desk.open(), await desk.open()]
  await desk.ask('PUT', `/tickets/${a.id}/merge`, { intoId: b.id })
  await desk.ask('PUT', `/tickets/${b.id}/merge`, { intoId: c.id })
  const refusals = [
    ['PUT', `/tickets/${c.id}/merge`, { intoId: a.id }, 409, 'desk.circle'],
    ['PUT', `/tickets/${c.id}/merge`, { intoId: c.id }, 409, 'desk.circle'],
    ['PUT', `/tickets/${a.id}/merge`, { intoId: c.id }, 409, 'desk.merged'],
    ['PATCH', `/tickets/${a.id}`, { status: 'solved' }, 409, 'desk.merged'],
    ['PUT', `/tickets/${c.id}/merge`, { intoId: uuidv7() }, 404, 'platform.not_found'],
  ] as const
  for (const [method, url, body, status, code] of refusals) {
    const refusal = await desk.refuse(method, url, body)
    assert.deepEqual([refusal.status, refusal.code], [status, code], url)
  }
  await desk.hear(a.id, 'For whom?')
  assert.ok((await textsOf(c.id)).includes('For whom?'))
  assert.equal((await desk.get(c.id)).sources.length, 2)
})

test('what is answered in a ticket that was merged stands in the other, and is no draft any more', async () => {
  const [source, target] = [await desk.open(), await desk.open()]
  await desk.ask('PUT', `/tickets/${source.id}/merge`, { intoId: target.id })
  await desk.ask('PUT', `/tickets/${source.id}/draft`, { kind: 'note', text: 'Twice?', recipients: [] })
  await desk.ask('POST', `/tickets/${source.id}/messages`, { kind: 'note', text: 'Twice?' })
  assert.ok((await textsOf(target.id)).includes('Twice?'))
  assert.equal((await desk.get(source.id)).draft, null)
})

test('a message becomes a ticket of its own, and merging takes that back', async () => {
  const { id } = await desk.open({ text: 'The zip.' })
  const messageId = await desk.hear(id, 'And the boots.')
  const own = await desk.ask<Ticket>('POST', `/ticket-messages/${messageId}/split`)
  assert.deepEqual(
    [own.status, own.messages, own.lastExcerpt, own.customer?.name],
    ['new', 1, 'And the boots.', 'Nives'],
  )
  assert.deepEqual(
    own.links.map((link) => [link.id, link.kind]),
    [[id, 'split']],
  )
  const origin = await desk.get(id)
  assert.deepEqual([origin.messages, origin.lastExcerpt], [1, 'The zip.'])
  assert.equal((await desk.refuse('POST', `/ticket-messages/${messageId}/split`)).code, 'desk.only_message')
  await desk.ask('PUT', `/tickets/${own.id}/merge`, { intoId: id })
  assert.deepEqual(await textsOf(id), ['The zip.', 'And the boots.'])
  const answer = await desk.reply(id)
  assert.equal((await desk.refuse('POST', `/ticket-messages/${answer}/split`)).code, 'desk.no_message')
})

test('a message of what was solved is solved with it, and what it had opened is as it was', async () => {
  const { id } = await desk.open({ text: 'The zip.' })
  await desk.reply(id)
  const early = await desk.hear(id, 'And the boots.')
  await desk.reply(id)
  const { solvedAt } = await desk.ask<Ticket>('PATCH', `/tickets/${id}`, { status: 'solved' })
  const day = 86_400_000
  desk.house.clock.advance(20 * day)
  const late = await desk.hear(id, 'The laces.')
  const old = await desk.ask<Ticket>('POST', `/ticket-messages/${early}/split`)
  assert.deepEqual([old.status, old.solvedAt, old.waitingSince, old.touchpointId], ['solved', solvedAt, null, null])
  assert.equal((await desk.get(id)).status, 'open')
  const own = await desk.ask<Ticket>('POST', `/ticket-messages/${late}/split`)
  assert.deepEqual([own.status, own.waitingSince], ['new', own.createdAt])
  const origin = await desk.get(id)
  assert.deepEqual([origin.status, origin.solvedAt, origin.lastExcerpt], ['solved', solvedAt, 'We look.'])
  const opened = await desk.ask<Ticket>('PATCH', `/tickets/${old.id}`, { status: 'open' })
  assert.equal(opened.waitingSince, desk.house.clock.now().toISOString())
  const touchpoint = await desk.ask<Touchpoint>('GET', `/touchpoints/${opened.touchpointId}`)
  assert.equal(touchpoint.startedAt, opened.waitingSince, 'from then on it is one')
})

test('who writes again while a ticket is open, or within an hour after it was solved, is probably the same', async () => {
  const from = { name: 'Bor', address: 'bor@mail.example' }
  const one = await desk.open({ from })
  const two = await desk.open({ from })
  await desk.ask('PATCH', `/tickets/${one.id}`, { status: 'solved' })
  const numbers = async (id: string) => (await desk.get(id)).probablySame.map(({ number }) => number)
  assert.deepEqual(await numbers(two.id), [one.number])
  assert.deepEqual(await numbers(one.id), [two.number])
  await desk.ask('PATCH', `/tickets/${two.id}`, { status: 'solved' })
  desk.house.clock.advance(3_500_000)
  const three = await desk.open({ from })
  assert.deepEqual((await numbers(three.id)).toSorted(), [one.number, two.number])
  desk.house.clock.advance(3_600_000)
  await desk.ask('PATCH', `/tickets/${three.id}`, { spam: true })
  assert.deepEqual(await numbers((await desk.open({ from })).id), [])
})

test('many are merged or none, and all of it is taken back at once', async () => {
  const [one, two, three, into] = await Promise.all(Array.from({ length: 4 }, () => desk.open()))
  const all = [one!, two!, three!]
  const merges = all.map(({ id }) => ({ id, intoId: into!.id }))
  const where = () => Promise.all(all.map(async ({ id }) => (await desk.get(id)).mergedInto?.id ?? null))
  const plainNow = async () => plain(await desk.get(into!.id))
  const was = await plainNow()
  const missing = await desk.refuse('POST', '/ticket-merges', {
    merges: [...merges, { id: uuidv7(), intoId: into!.id }],
  })
  assert.equal(missing.status, 404)
  const circle = await desk.refuse('POST', '/ticket-merges', { merges: [...merges, { id: into!.id, intoId: one!.id }] })
  assert.equal(circle.code, 'desk.circle')
  assert.deepEqual([await where(), await plainNow()], [[null, null, null], was])

  await desk.ask('PUT', `/tickets/${two!.id}/merge`, { intoId: into!.id })
  const { undo } = await desk.ask<{ undo: object[] }>('POST', '/ticket-merges', { merges })
  assert.deepEqual(await where(), [into!.id, into!.id, into!.id])
  const again = await desk.ask<{ undo: object[] }>('POST', '/ticket-merges', { merges: undo })
  assert.deepEqual(await where(), [null, into!.id, null])
  await desk.ask('POST', '/ticket-merges', { merges: again.undo })
  assert.deepEqual(await where(), [into!.id, into!.id, into!.id])
  await desk.ask('POST', '/ticket-merges', { merges: all.map(({ id }) => ({ id, intoId: null })) })
  assert.deepEqual([await where(), await plainNow()], [[null, null, null], was])
})
