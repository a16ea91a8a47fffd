import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Customer, Ticket, TicketLine, TimelineEntry } from '@lahko/contract'
import { testHouse, type TestHouse } from '#platform/testing/house.ts'
import { newMember, newWorkspace, type Visitor } from '../../testing/visitor.ts'

let house: TestHouse
let owner: Visitor

before(async () => {
  house = await testHouse()
  owner = (await newWorkspace(house, 'acme')).owner
})
after(() => house.close())

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
async function ask<T>(method: Method, path: string, body?: object): Promise<T> {
  const reply = await owner.ask(method, path, body)
  assert.ok(reply.statusCode < 300, `${method} ${path} ${reply.body}`)
  return (reply.body === '' ? undefined : reply.json()) as T
}

/** Somebody asks, by mail or otherwise. @returns as whom they are known */
async function asks(address: string): Promise<string> {
  house.clock.advance(1_000)
  const ticket = await ask<Ticket>('POST', '/tickets', { subject: 'A zip', text: 'It broke.', from: { address } })
  return ticket.customer!.id
}

async function calls(customer: object): Promise<void> {
  house.clock.advance(1_000)
  const endedAt = house.clock.now().toISOString()
  await ask('POST', '/touchpoints', { kind: 'call', endedAt, customer })
}

type Timeline = { customer: Customer; merged: Customer[]; items: TimelineEntry[] }
const timeline = (id: string) => ask<Timeline>('GET', `/customers/${id}/timeline`)
const listed = async (search = '') =>
  (await ask<{ items: Customer[] }>('GET', `/customers?limit=200${search}`)).items.map(({ id }) => id)

test('mail from any of a customer’s addresses is theirs, and only theirs', async () => {
  const id = await asks('nives@work.example')
  const changed = await ask<Customer>('POST', `/customers/${id}/addresses`, { address: 'Nives@home.example' })
  assert.deepEqual(changed.addresses, ['nives@home.example'])
  assert.equal(await asks('nives@home.example'), id)
  assert.deepEqual(await listed('&email=nives@home.example'), [id])
  assert.deepEqual(await listed('&search=home.example'), [id])
  const other = await asks('bor@mail.example')
  for (const address of ['nives@home.example', 'nives@work.example']) {
    const taken = await owner.ask('POST', `/customers/${other}/addresses`, { address })
    assert.deepEqual([taken.statusCode, taken.json().code], [409, 'people.address_taken'])
    const named = await owner.ask('PATCH', `/customers/${other}`, { email: address })
    assert.equal(named.json().code, 'people.name_taken')
  }
  await calls({ externalId: 'C-1', email: 'nives@home.example' })
  assert.equal((await timeline(id)).customer.externalId, 'C-1')
  const own = await ask<Customer>('PATCH', `/customers/${id}`, { email: 'nives@home.example' })
  assert.deepEqual([own.email, own.addresses], ['nives@home.example', []])
  await ask('POST', `/customers/${id}/addresses`, { address: 'nives@work.example' })
  await ask('DELETE', `/customers/${id}/addresses/nives@work.example`)
  assert.notEqual(await asks('nives@work.example'), id)
})

test('two customers who are one person: nothing is moved, new things go to one, and it can be taken back', async () => {
  const [work, home, third] = [
    await asks('ana@work.example'),
    await asks('ana@home.example'),
    await asks('a@x.example'),
  ]
  await calls({ email: 'ana@work.example' })
  await calls({ email: 'ana@home.example' })
  await ask('PUT', `/customers/${third}/merge`, { intoId: home })
  await ask('PUT', `/customers/${home}/merge`, { intoId: work })
  await ask('PUT', `/customers/${home}/merge`, { intoId: work })
  const all = await timeline(home)
  assert.deepEqual([all.customer.id, all.merged.map(({ id }) => id).toSorted()], [work, [home, third].toSorted()])
  assert.equal(all.items.filter((one) => one.type === 'touchpoint' && one.kind === 'call').length, 2)
  for (const address of ['ana@work.example', 'ana@home.example', 'a@x.example']) assert.equal(await asks(address), work)
  assert.deepEqual(await listed('&search=ana@home.example'), [work])
  assert.deepEqual(await listed('&email=a@x.example'), [work])
  assert.ok(!(await listed()).includes(home))
  const ofOne = await ask<{ items: TicketLine[] }>('GET', `/tickets?customer=${home}`)
  assert.equal(ofOne.items.length, 6, 'what any of them has asked, by whichever name')
  const again = await owner.ask('PUT', `/customers/${home}/merge`, { intoId: await asks('z@x.example') })
  assert.equal(again.json().code, 'people.merged_already')
  const round = await owner.ask('PUT', `/customers/${work}/merge`, { intoId: third })
  assert.equal(round.json().code, 'people.merged_into_itself')
  await ask('DELETE', `/customers/${home}/merge`)
  await ask('DELETE', `/customers/${home}/merge`)
  const apart = await timeline(home)
  assert.deepEqual([apart.customer.id, apart.merged.map(({ id }) => id)], [home, [third]])
  assert.equal(apart.items.filter((one) => one.type === 'touchpoint' && one.kind === 'call').length, 1)
  assert.equal(await asks('a@x.example'), home)
  assert.equal(await asks('ana@work.example'), work)
})

test('notes are for members who work at the desk, and go with the customer', async () => {
  const id = await asks('note@mail.example')
  const note = await ask<{ id: string; by: { name: string } }>('POST', `/customers/${id}/notes`, {
    text: 'Calls at noon.',
  })
  assert.equal(note.by.name, 'Ana Novak')
  const { member: viewer } = await newMember(house, owner, 'viewer', 'viewer@acme.example')
  assert.equal((await viewer.ask('GET', `/customers/${id}/notes`)).statusCode, 403)
  const { items } = await ask<{ items: { text: string }[] }>('GET', `/customers/${id}/notes`)
  assert.deepEqual(
    items.map(({ text }) => text),
    ['Calls at noon.'],
  )
  const exported = await ask<{ notes: { text: string }[] }>('GET', `/customers/${id}`)
  assert.equal(exported.notes[0]!.text, 'Calls at noon.')
  await ask('DELETE', `/customer-notes/${note.id}`)
  assert.equal((await owner.ask('DELETE', `/customer-notes/${note.id}`)).statusCode, 404)
})

test('who is forgotten is forgotten with whoever was merged into them, and their tickets', async () => {
  const [one, other] = [await asks('gone@one.example'), await asks('gone@other.example')]
  await ask('PUT', `/customers/${other}/merge`, { intoId: one })
  await ask('DELETE', `/customers/${other}`)
  for (const id of [one, other]) assert.equal((await owner.ask('GET', `/customers/${id}`)).statusCode, 404)
  const { items } = await ask<{ items: TicketLine[] }>('GET', '/tickets?limit=200')
  assert.ok(items.every(({ lastAuthor }) => !lastAuthor.includes('gone@')))
})
