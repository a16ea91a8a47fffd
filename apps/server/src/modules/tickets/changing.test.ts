import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Ticket, TicketEntry } from '@lahko/contract/tickets'
import { uuidv7 } from '#platform/identifiers.ts'
import { newMember } from '../../testing/visitor.ts'
import { testDesk, type TestDesk } from './testing/desk.ts'

const dayMs = 86_400_000
let desk: TestDesk

before(async () => {
  desk = await testDesk('changing')
})
after(() => desk.house.close())

type Many = { undo: { id: string }[]; missing: string[]; changedSince: { id: string; number: number }[] }

test('each change is one fact with who and from what to what; doing it twice is doing it once', async () => {
  const { id } = await desk.open()
  const change = { status: 'on_hold', priority: 'high', ownerId: desk.memberId, topic: 'Returns', addTags: ['Zip'] }
  const changed = await desk.ask<Ticket>('PATCH', `/tickets/${id}`, { ...change, subject: 'Zip broken' })
  assert.deepEqual(
    [changed.status, changed.priority, changed.owner?.name, changed.topic, changed.tags, changed.subject],
    ['on_hold', 'high', 'Ana Novak', 'Returns', ['zip'], 'Zip broken'],
  )
  assert.equal(changed.waitingSince, null)
  await desk.ask('PATCH', `/tickets/${id}`, { ...change, subject: 'Zip broken' })
  assert.deepEqual((await desk.facts(id)).toSorted(), [
    ...['ticket.assigned', 'ticket.opened', 'ticket.prioritised', 'ticket.renamed', 'ticket.status', 'ticket.tagged'],
    'ticket.topic',
  ])
  const { items } = await desk.ask<{ items: TicketEntry[] }>('GET', `/tickets/${id}/entries`)
  const status = items.find((entry) => entry.type === 'fact' && entry.fact.type === 'ticket.status')
  assert.ok(status?.type === 'fact')
  assert.deepEqual(status.fact.data, { from: 'new', to: 'on_hold' })
  assert.deepEqual(status.fact.by, { kind: 'member', name: 'Ana Novak' })
})

test('solving says when, opening again takes that back and says since when the customer waits', async () => {
  const { id, waitingSince } = await desk.open()
  desk.house.clock.advance(3_600_000)
  const solved = await desk.ask<Ticket>('PATCH', `/tickets/${id}`, { status: 'solved' })
  assert.equal(solved.solvedAt, desk.house.clock.now().toISOString())
  assert.equal(solved.waitingSince, null)
  const again = await desk.ask<Ticket>('PATCH', `/tickets/${id}`, { status: 'open' })
  assert.deepEqual([again.solvedAt, again.waitingSince], [null, waitingSince])
})

test('many are changed alike in one go, and the reply takes it back exactly', async () => {
  const one = await desk.open({ tags: ['boots'] })
  const two = await desk.open()
  await desk.reply(two.id)
  const ids = [one.id, two.id]
  const was = await Promise.all(ids.map((id) => desk.get(id)))
  const until = new Date(desk.house.clock.now().getTime() + dayMs).toISOString()
  const change = { priority: 'urgent', ownerId: desk.memberId, addTags: ['sole'], removeTags: ['boots'], topic: 'Sole' }
  const missing = uuidv7()
  const steps = [
    { ...change, snoozedUntil: until },
    { status: 'solved', spam: true },
  ]
  const undos: Many['undo'][] = []
  for (const step of steps) {
    const changes = [...ids, missing].map((id) => ({ id, ...step }))
    const reply = await desk.ask<Many>('POST', '/ticket-changes', { changes })
    assert.deepEqual(reply.missing, [missing])
    undos.unshift(reply.undo)
  }
  for (const undo of undos) await desk.ask('POST', '/ticket-changes', { changes: undo })
  const is = await Promise.all(ids.map((id) => desk.get(id)))
  const plain = (ticket: Ticket) => ({ ...ticket, updatedAt: null, touchpointId: null, probablySame: [] })
  assert.deepEqual(is.map(plain), was.map(plain))
})

test('what somebody has changed since a change is not put back, and named', async () => {
  const [one, two, three, four] = [await desk.open(), await desk.open(), await desk.open(), await desk.open()]
  const all = [one, two, three, four].map(({ id }) => ({ id, status: 'solved', priority: 'high', addTags: ['sole'] }))
  const { undo } = await desk.ask<Many>('POST', '/ticket-changes', { changes: all })
  await desk.ask('PATCH', `/tickets/${two.id}`, { priority: 'urgent' })
  await desk.hear(three.id)
  await desk.ask('PATCH', `/tickets/${four.id}`, { topic: 'Soles', addTags: ['boots'] })
  const reply = await desk.ask<Many>('POST', '/ticket-changes', { changes: undo })
  assert.deepEqual(
    reply.changedSince,
    [two, three].map(({ id, number }) => ({ id, number })),
  )
  const is = await Promise.all([one, two, three, four].map(({ id }) => desk.get(id)))
  assert.deepEqual(
    is.map(({ status, priority, tags }) => [status, priority, tags]),
    [
      ['new', 'normal', []],
      ['solved', 'urgent', ['sole']],
      ['open', 'high', ['sole']],
      ['new', 'normal', ['boots']],
    ],
    'what another change has not touched is no reason to stay',
  )
  assert.equal(is[3]!.topic, 'Soles')
  const twice = await desk.ask<Many>('POST', '/ticket-changes', { changes: undo })
  assert.equal(twice.changedSince.length, 4, 'what is back stays so')
})

test('the language of a ticket is changed and put back', async () => {
  const { id } = await desk.open()
  const macro = await desk.ask<{ id: string }>('POST', '/macros', {
    ...{ name: 'Sorry', shared: true, texts: { en: 'Sorry.', nb: 'Beklager.' } },
  })
  const text = async () => (await desk.ask<{ text: string }>('GET', `/macros/${macro.id}/text/${id}`)).text
  assert.equal(await text(), 'Sorry.')
  const { undo } = await desk.ask<Many>('POST', '/ticket-changes', { changes: [{ id, language: 'NB' }] })
  assert.equal((await desk.get(id)).language, 'nb')
  assert.equal(await text(), 'Beklager.')
  await desk.ask('POST', '/ticket-changes', { changes: undo })
  assert.equal((await desk.get(id)).language, null)
  assert.equal((await desk.facts(id)).filter((type) => type === 'ticket.language').length, 2)
  assert.equal((await desk.refuse('PATCH', `/tickets/${id}`, { language: 'Norwegian!' })).field, '/body/language')
})

test('of many, those are named that cannot be solved yet', async () => {
  const field = await desk.ask<{ id: string }>('POST', '/ticket-fields', {
    ...{ name: 'Size', kind: 'text', requiredOnSolving: true },
  })
  const [one, two] = [await desk.open(), await desk.open()]
  await desk.ask('PATCH', `/tickets/${one.id}/fields`, { values: { [field.id]: 'M' } })
  const changes = [one, two].map(({ id }) => ({ id, status: 'solved' }))
  const refused = await desk.owner.ask('POST', '/ticket-changes', { changes })
  const { code, title } = refused.json() as { code: string; title: string }
  assert.deepEqual([refused.statusCode, code], [409, 'requests.missing_fields_in'])
  assert.match(title, new RegExp(`${two.number}.*Size`))
  assert.ok(!title.includes(String(one.number)))
  assert.equal((await desk.get(one.id)).status, one.status)
  await desk.ask('DELETE', `/ticket-fields/${field.id}`)
})

test('subject and customer are changed and put back, also by an address that nobody had', async () => {
  const { id, customer } = await desk.open()
  const from = { name: 'Bor Zupan', address: 'Bor@mail.example' }
  const { undo } = await desk.ask<Many>('POST', '/ticket-changes', {
    changes: [{ id, subject: 'A seam', customer: from }],
  })
  const changed = await desk.get(id)
  assert.deepEqual(
    [changed.subject, changed.customer?.name, changed.replyTo],
    ['A seam', 'Bor Zupan', [{ name: 'Bor Zupan', address: 'bor@mail.example' }]],
  )
  assert.deepEqual((await desk.facts(id)).toSorted(), ['ticket.customer', 'ticket.opened', 'ticket.renamed'])
  await desk.ask('POST', '/ticket-changes', { changes: undo })
  const back = await desk.get(id)
  assert.deepEqual([back.subject, back.customer], ['A zip', customer])
  const again = { customerId: changed.customer!.id }
  assert.equal((await desk.ask<Ticket>('PATCH', `/tickets/${id}`, again)).customer?.name, 'Bor Zupan')
  const nobody = await desk.ask<Ticket>('PATCH', `/tickets/${id}`, { customerId: null })
  assert.deepEqual([nobody.customer, nobody.replyTo], [null, [{ name: 'Nives', address: 'nives@mail.example' }]])
  const both = await desk.refuse('PATCH', `/tickets/${id}`, { ...again, customer: from })
  assert.deepEqual([both.status, both.field], [400, '/body/customer'])
})

test('what is not there is refused by the field that names it', async () => {
  const { id } = await desk.open()
  const stranger = uuidv7()
  const refusals = [
    [{ ownerId: stranger }, 'desk.no_agent', '/body/ownerId'],
    [{ customerId: stranger }, 'desk.no_customer', '/body/customerId'],
    [{ snoozedUntil: '2020-01-01T00:00:00Z' }, 'desk.past', '/body/snoozedUntil'],
  ] as const
  for (const [change, code, field] of refusals) {
    const refusal = await desk.refuse('PATCH', `/tickets/${id}`, change)
    assert.deepEqual([refusal.code, refusal.field], [code, field])
  }
  const twice = { changes: [{ id }, { id }] }
  assert.equal((await desk.refuse('POST', '/ticket-changes', twice)).code, 'desk.twice')
  assert.equal((await desk.refuse('PATCH', `/tickets/${stranger}`, {})).status, 404)
  assert.equal((await desk.refuse('PATCH', `/tickets/${id}`, { status: 'closed' })).status, 400)
})

test('a ticket sleeps until its moment, or until its customer writes', async () => {
  const one = await desk.open()
  const two = await desk.open()
  const until = new Date(desk.house.clock.now().getTime() + dayMs).toISOString()
  for (const { id } of [one, two]) await desk.ask('PATCH', `/tickets/${id}`, { snoozedUntil: until })
  const listed = async () => (await desk.ask<{ items: Ticket[] }>('GET', '/tickets')).items.map(({ id }) => id)
  assert.ok(!(await listed()).includes(one.id))
  await desk.hear(two.id)
  assert.equal((await desk.get(two.id)).snoozedUntil, null)
  desk.house.clock.advance(dayMs)
  await desk.house.due.drain()
  assert.equal((await listed())[0], one.id)
  assert.deepEqual((await desk.facts(one.id)).slice(-2), ['ticket.snoozed', 'ticket.woken'])
})

test('a ticket may rest until its customer writes, and no clock wakes it', async () => {
  const { id } = await desk.open()
  await desk.reply(id)
  const undo = (await desk.ask<Many>('POST', '/ticket-changes', { changes: [{ id, snoozedUntil: 'reply' }] })).undo
  assert.equal((await desk.get(id)).snoozedUntil, 'reply')
  const resting = async () => {
    const { items } = await desk.ask<{ items: Ticket[] }>('GET', '/tickets?snoozed=yes')
    return items.filter((one) => one.id === id).map(({ snoozedUntil }) => snoozedUntil)
  }
  assert.deepEqual(await resting(), ['reply'])
  desk.house.clock.advance(20 * dayMs)
  await desk.house.due.drain()
  assert.equal((await desk.get(id)).snoozedUntil, 'reply')
  await desk.ask('POST', '/ticket-changes', { changes: undo })
  assert.equal((await desk.get(id)).snoozedUntil, null)
  await desk.ask('PATCH', `/tickets/${id}`, { snoozedUntil: 'reply' })
  await desk.hear(id)
  const { snoozedUntil, status } = await desk.get(id)
  assert.deepEqual([snoozedUntil, status], [null, 'open'])
  const { items } = await desk.ask<{ items: TicketEntry[] }>('GET', `/tickets/${id}/entries`)
  const slept = items.find((entry) => entry.type === 'fact' && entry.fact.type === 'ticket.snoozed')
  assert.deepEqual(slept?.type === 'fact' && slept.fact.data, { until: 'reply' })
  assert.equal((await desk.refuse('PATCH', `/tickets/${id}`, { snoozedUntil: 'soon' })).field, '/body/snoozedUntil')
})

test('what is solved by a reply rests no more, and rests again when the reply is taken back', async () => {
  const { id } = await desk.open()
  await desk.ask('PATCH', `/tickets/${id}`, { snoozedUntil: 'reply' })
  const said = { kind: 'reply', text: 'Done.', status: 'solved' }
  const { id: messageId } = await desk.ask<{ id: string }>('POST', `/tickets/${id}/messages`, said)
  const solved = await desk.get(id)
  assert.deepEqual([solved.status, solved.snoozedUntil], ['solved', null])
  await desk.ask('DELETE', `/ticket-messages/${messageId}`)
  assert.equal((await desk.get(id)).snoozedUntil, 'reply')
})

test('a solved ticket is closed after four weeks', async () => {
  const { id } = await desk.open()
  await desk.ask('PATCH', `/tickets/${id}`, { status: 'solved' })
  desk.house.clock.advance(28 * dayMs - 1)
  await desk.house.due.drain()
  assert.equal((await desk.get(id)).status, 'solved')
  desk.house.clock.advance(1)
  await desk.house.due.drain()
  assert.equal((await desk.get(id)).status, 'closed')
})

test('who leaves owns no unsolved ticket any more', async () => {
  const bo = await newMember(desk.house, desk.owner, 'agent', 'bo@mail.example')
  const { id } = await desk.open()
  await desk.ask('PATCH', `/tickets/${id}`, { ownerId: bo.id })
  await desk.ask('DELETE', `/members/${bo.id}`)
  await desk.house.jobs.settle()
  assert.equal((await desk.get(id)).owner, null)
})
