import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { TakenBack, Ticket, TicketEntry, TicketMessage } from '@lahko/contract/tickets'
import type { Touchpoint } from '@lahko/contract/touchpoints'
import { getRequest, listRequests } from './own-requests.ts'
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
  assert.deepEqual(await outcomeOf(one.id), ['solved', true, '', true], 'not before it has left')
  await desk.ask('DELETE', `/ticket-messages/${first.id}`)
  assert.deepEqual(await outcomeOf(one.id), ['new', false, '', true])
  const second = await desk.ask<TicketMessage>('POST', `/tickets/${other.id}/messages`, { kind: 'reply', text: 'So.' })
  await desk.ask('PATCH', `/tickets/${other.id}`, { status: 'solved' })
  await desk.ask('DELETE', `/ticket-messages/${second.id}`)
  assert.deepEqual(await outcomeOf(other.id), ['solved', true, 'solved', false])
})

test('what an answer solves is solved for effort, and for its customer, when that answer has left', async () => {
  const { house } = desk
  const now = () => house.clock.now().toISOString()
  const endOf = async (id: string) => {
    const { touchpointId } = await desk.get(id)
    const { attributes, endedAt } = await desk.ask<Touchpoint>('GET', `/touchpoints/${touchpointId}`)
    return [attributes['outcome'] ?? '', endedAt]
  }
  const seenBy = async ({ number, customer }: Ticket) => {
    const viewer = { id: customer!.id, name: '', address: 'nives@mail.example', own: [customer!.id], colleagues: [] }
    const { ticket } = await house.store.read(desk.scope, (db) => getRequest(db, viewer, number))
    const { items } = await house.store.read(desk.scope, (db) => listRequests(db, viewer, 'own', { limit: 100 }))
    return [ticket.status, items.find((one) => one.number === number)!.status]
  }
  const [soon, later] = [await desk.open(), await desk.open()]
  const solving = { kind: 'reply', text: 'Done.', status: 'solved' }
  const writtenAt = now()
  await desk.ask('POST', `/tickets/${soon.id}/messages`, solving)
  const sendAt = new Date(house.clock.now().getTime() + 3 * 86_400_000).toISOString()
  await desk.ask('POST', `/tickets/${later.id}/messages`, { ...solving, sendAt })
  assert.deepEqual([(await desk.get(soon.id)).status, (await desk.get(later.id)).status], ['solved', 'solved'])
  house.clock.advance(9_000)
  await house.due.drain()
  for (const ticket of [soon, later]) {
    assert.deepEqual(await endOf(ticket.id), ['', null])
    assert.deepEqual(await seenBy(ticket), ['new', 'new'])
  }
  house.clock.advance(1_000)
  await house.due.drain()
  assert.deepEqual(await endOf(soon.id), ['solved', writtenAt])
  assert.deepEqual(await seenBy(soon), ['solved', 'solved'])
  assert.deepEqual(await endOf(later.id), ['', null])
  house.clock.advance(3 * 86_400_000)
  await house.due.drain()
  assert.deepEqual(await endOf(later.id), ['solved', now()])
  assert.deepEqual(await seenBy(later), ['solved', 'solved'])
})

test('a ticket that was begun with a mail is there no more when that is taken back, unless it holds more', async () => {
  const from = { name: 'Tor', address: 'tor@mail.example' }
  const begin = () => desk.open({ by: 'member', subject: 'Your boots', text: 'They are here.', from })
  const firstOf = async ({ id }: Ticket) => {
    const { items } = await desk.ask<{ items: TicketEntry[] }>('GET', `/tickets/${id}/entries`)
    return items.flatMap((entry) =>
      entry.type === 'message' && entry.message.kind === 'reply' ? entry.message.id : [],
    )[0]!
  }
  const takeBack = async (ticket: Ticket) => desk.ask<TakenBack>('DELETE', `/ticket-messages/${await firstOf(ticket)}`)
  const begun = await begin()
  const { newTicket, text, recipients } = await takeBack(begun)
  assert.deepEqual([newTicket, text, recipients], [{ subject: 'Your boots' }, 'They are here.', [from]])
  assert.equal((await desk.refuse('GET', `/tickets/${begun.id}`)).status, 404)
  const { items } = await desk.ask<{ items: { externalId: string }[] }>('GET', '/touchpoints?limit=200')
  assert.ok(items.every(({ externalId }) => externalId !== `ticket:${begun.number}`))
  desk.house.clock.advance(60_000)
  await desk.house.due.drain()
  await desk.house.jobs.settle()

  const noted = await begin()
  await desk.ask('POST', `/tickets/${noted.id}/messages`, { kind: 'note', text: 'Size 42.' })
  assert.equal((await takeBack(noted)).newTicket, null)
  assert.equal((await desk.get(noted.id)).messages, 1)
})

test('a ticket is begun from the own address that was chosen, in that mailbox, and from no other; taken back it is known', async () => {
  const mailbox = (address: string, aliases: string[] = []) =>
    desk.ask<{ id: string }>('POST', '/mailboxes', { name: address, address, aliases })
  await mailbox('first@shop.example')
  await mailbox('second@shop.example', ['Repairs@shop.example'])
  const given = { subject: 'Your boots', text: 'They are here.', from: { address: 'tor@mail.example' }, by: 'member' }
  const sentFrom = 'repairs@shop.example'
  const ticket = await desk.ask<Ticket>('POST', '/tickets', { ...given, sentFrom })
  assert.equal(ticket.mailbox?.address, 'second@shop.example')
  const { items } = await desk.ask<{ items: TicketEntry[] }>('GET', `/tickets/${ticket.id}/entries`)
  const [message] = items.flatMap((entry) => (entry.type === 'message' ? entry.message : []))
  assert.equal(message!.author.address, sentFrom)
  assert.equal((await desk.ask<TakenBack>('DELETE', `/ticket-messages/${message!.id}`)).from, sentFrom)
  const usual = await desk.ask<Ticket>('POST', '/tickets', given)
  assert.equal(usual.mailbox?.address, 'first@shop.example')
  const refused = await desk.refuse('POST', '/tickets', { ...given, sentFrom: 'ceo@shop.example' })
  assert.deepEqual([refused.code, refused.field], ['replying.no_such_address', '/body/sentFrom'])
})

test('what was left out of a macro is known when its reply is taken back', async () => {
  const { id } = await desk.open()
  const macro = await desk.ask<{ id: string }>('POST', '/macros', {
    name: 'Wait',
    texts: { en: 'We wait.' },
    actions: {},
  })
  const said = { kind: 'reply', text: 'We wait.', macroId: macro.id, leftOut: ['addTags'] }
  const { id: messageId } = await desk.ask<{ id: string }>('POST', `/tickets/${id}/messages`, said)
  const { macroId, leftOut } = await desk.ask<TakenBack>('DELETE', `/ticket-messages/${messageId}`)
  assert.deepEqual([macroId, leftOut], [macro.id, ['addTags']])
  assert.deepEqual((await desk.get(id)).draft?.leftOut, ['addTags'])
})
