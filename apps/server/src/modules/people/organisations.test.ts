import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type {
  Customer,
  CustomerNote,
  Organisation,
  OrganisationEffort,
  OrganisationLine,
  Ticket,
  TimelineEntry,
} from '@lahko/contract'
import { summarize } from '@lahko/effort'
import { sql } from 'kysely'
import pg from 'pg'
import { system, type Scope } from '#platform/store.ts'
import { testHouse, type TestHouse } from '#platform/testing/house.ts'
import { newMember, newWorkspace, type Visitor } from '../../testing/visitor.ts'
import { ensureCustomers } from './customers.queries.ts'

let house: TestHouse
let owner: Visitor
let scope: Scope

before(async () => {
  house = await testHouse()
  const made = await newWorkspace(house, 'acme')
  owner = made.owner
  scope = { workspaceId: made.id, actor: system }
})
after(() => house.close())

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
async function ask<T>(method: Method, path: string, body?: object): Promise<T> {
  const reply = await owner.ask(method, path, body)
  assert.ok(reply.statusCode < 300, `${method} ${path} ${reply.body}`)
  return (reply.body === '' ? undefined : reply.json()) as T
}
async function refused(method: Method, path: string, body?: object) {
  const reply = await owner.ask(method, path, body)
  const { code, errors } = reply.json() as { code: string; errors?: { field: string; code: string }[] }
  return [reply.statusCode, errors?.[0]?.code ?? code, errors?.[0]?.field]
}

/** A call with somebody. @returns as whom they are known */
async function calls(customer: { email: string; organisation?: string }): Promise<Customer> {
  house.clock.advance(1_000)
  await ask('POST', '/touchpoints', { kind: 'call', endedAt: house.clock.now().toISOString(), customer })
  return (await ask<{ items: Customer[] }>('GET', `/customers?email=${customer.email}`)).items[0]!
}
const known = async (email: string) =>
  (await ask<{ items: Customer[] }>('GET', `/customers?email=${email}`)).items[0]!.organisation
const get = (id: string) => ask<Organisation>('GET', `/organisations/${id}`)
const listed = async (search = '') =>
  (await ask<{ items: OrganisationLine[] }>('GET', `/organisations?search=${search}`)).items.map(({ name }) => name)
const make = (name: string, more: object = {}) => ask<Organisation>('POST', '/organisations', { name, ...more })

test('what a customer is reported with is an organisation by itself, however it is written', async () => {
  const ana = await calls({ email: 'ana@planina.example', organisation: 'Planina d.o.o.' })
  const bor = await calls({ email: 'bor@planina.example', organisation: ' planina D.O.O. ' })
  assert.ok(ana.organisationId)
  assert.deepEqual([bor.organisationId, bor.organisation], [ana.organisationId, 'Planina d.o.o.'])
  const one = await get(ana.organisationId)
  assert.deepEqual([one.name, one.customers, one.otherNames, one.addresses], ['Planina d.o.o.', 2, [], []])
  assert.deepEqual(await listed('PLANINA'), ['Planina d.o.o.'])
  const left = await ask<Customer>('PATCH', `/customers/${bor.id}`, { organisation: null })
  assert.deepEqual([left.organisation, left.organisationId], [null, null])
  assert.equal((await get(ana.organisationId)).customers, 1)
})

test('customers join by domain and by single addresses, those who are here and who come, but nobody who belongs elsewhere', async () => {
  await calls({ email: 'kim@fjell.example' })
  await calls({ email: 'lea@fjell.example', organisation: 'Another' })
  const { id } = await make('Fjell AS')
  const added = await ask<{ organisation: Organisation; joined: number }>('POST', `/organisations/${id}/addresses`, {
    address: '@Fjell.example',
  })
  assert.deepEqual(
    [added.joined, added.organisation.addresses, added.organisation.customers],
    [1, ['fjell.example'], 1],
  )
  await ask('POST', `/organisations/${id}/addresses`, { address: 'Per@mail.example' })
  for (const email of ['new@fjell.example', 'per@mail.example', 'other@mail.example']) await calls({ email })
  const all = ['kim@fjell.example', 'lea@fjell.example', 'new@fjell.example', 'per@mail.example', 'other@mail.example']
  assert.deepEqual(await Promise.all(all.map(known)), ['Fjell AS', 'Another', 'Fjell AS', 'Fjell AS', null])
  assert.deepEqual(await listed('fjell.example'), ['Fjell AS'])
  await ask('DELETE', `/organisations/${id}/addresses/per@mail.example`)
  assert.equal(await known('per@mail.example'), 'Fjell AS', 'who belongs there stays')
  const path = `/organisations/${id}/addresses`
  assert.deepEqual(await refused('POST', path, { address: 'gmail.com' }), [
    400,
    'people.shared_domain',
    '/body/address',
  ])
  assert.equal((await refused('POST', path, { address: 'no domain' }))[2], '/body/address')
  const other = await make('Other')
  assert.deepEqual(await refused('POST', `/organisations/${other.id}/addresses`, { address: 'fjell.example' }), [
    ...[409, 'people.organisation_address_taken', '/body/address'],
  ])
})

test('whoever is erased leaves no single address at an organisation', async () => {
  const { id } = await make('Forgetful', { addresses: ['gone@mail.example', 'stays@mail.example'] })
  const gone = await calls({ email: 'gone@mail.example' })
  assert.equal(gone.organisationId, id)
  await ask('DELETE', `/customers/${gone.id}`)
  assert.deepEqual((await get(id)).addresses, ['stays@mail.example'])
  assert.deepEqual([await listed('gone@mail'), await listed('stays@mail')], [[], ['Forgetful']])
})

test('a new name stands with all customers, and the one before still leads there', async () => {
  const { organisationId: id } = await calls({ email: 'ida@old.example', organisation: 'Old name' })
  const path = `/organisations/${id}`
  const changed = await ask<Organisation>('PATCH', path, { name: 'New name', attributes: { tier: 'gold' } })
  assert.deepEqual([changed.name, changed.otherNames, changed.attributes], ['New name', ['old name'], { tier: 'gold' }])
  assert.equal(await known('ida@old.example'), 'New name')
  const late = await calls({ email: 'jon@old.example', organisation: 'Old name' })
  assert.deepEqual([late.organisation, late.organisationId], ['New name', id])
  assert.deepEqual((await ask<Organisation>('PATCH', path, { attributes: { tier: null } })).attributes, {})
  await make('Taken')
  assert.deepEqual(await refused('PATCH', path, { name: 'TAKEN' }), [409, 'people.organisation_taken', '/body/name'])
  assert.deepEqual(await refused('POST', '/organisations', { name: 'old NAME' }), [
    ...[409, 'people.organisation_taken', '/body/name'],
  ])
  assert.equal((await refused('PATCH', path, { attributes: { 'Not a name': 'x' } }))[0], 400)
})

test('a new name waits for nobody who writes customers, and nobody waits for it in a circle', async () => {
  const kai = await calls({ email: 'kai@circle.example', organisation: 'Circle' })
  const lev = await calls({ email: 'lev@circle.example', organisation: 'Circle' })
  const other = new pg.Client(house.database.owner)
  await other.connect()
  await other.query('begin')
  await other.query("update customers set name = 'Kai' where id = $1", [kai.id])
  const renamed = ask<Organisation>('PATCH', `/organisations/${kai.organisationId}`, { name: 'Round' })
  await Promise.race([renamed, sleep(1_000)])
  await other.query("update customers set organisation = 'Round' where id = $1", [kai.id])
  await other.query("update customers set organisation = 'Circle' where id = $1", [kai.id])
  await other.query('commit')
  await other.end()
  await renamed
  await house.jobs.settle()
  assert.deepEqual([await known('kai@circle.example'), await known('lev@circle.example')], ['Round', 'Round'])
  assert.equal((await get(lev.organisationId!)).customers, 2)
})

test('whom a new name leaves out because they are held gets it when they are not', async () => {
  const held = await calls({ email: 'mia@later.example', organisation: 'Sooner' })
  const other = new pg.Client(house.database.owner)
  await other.connect()
  await other.query('begin')
  await other.query('select from customers where id = $1 for no key update', [held.id])
  await ask('PATCH', `/organisations/${held.organisationId}`, { name: 'Later' })
  const named = house.jobs.settle()
  await sleep(300)
  assert.equal(await known('mia@later.example'), 'Sooner')
  await other.query('rollback')
  await other.end()
  await named
  assert.equal(await known('mia@later.example'), 'Later')
})

test('one that is made again with the names of before is found by them', async () => {
  const { id } = await make('Before')
  const path = `/organisations/${id}`
  const { name, otherNames } = await ask<Organisation>('PATCH', path, { name: 'After' })
  await ask('DELETE', path)
  const again = await ask<Organisation>('POST', '/organisations', { name, otherNames })
  assert.deepEqual(again.otherNames, ['before'])
  assert.equal((await calls({ email: 'kai@after.example', organisation: 'Before' })).organisation, 'After')
  assert.deepEqual(await refused('POST', '/organisations', { name: 'Third', otherNames: ['x', 'BEFORE'] }), [
    ...[409, 'people.organisation_taken', '/body/otherNames/1'],
  ])
})

test('two that are one: nothing is moved, new things go to one, and it can be taken back', async () => {
  const first = await calls({ email: 'a@one.example', organisation: 'One' })
  const second = await calls({ email: 'b@two.example', organisation: 'Two' })
  const [one, two] = [first.organisationId!, second.organisationId!]
  await ask('POST', `/organisations/${two}/addresses`, { address: 'two.example' })
  await ask('PUT', `/organisations/${two}/merge`, { intoId: one })
  await ask('PUT', `/organisations/${two}/merge`, { intoId: one })
  const merged = await get(two)
  assert.deepEqual(
    [merged.id, merged.customers, merged.merged.map(({ name }) => name), merged.addresses, merged.otherNames],
    [one, 2, ['Two'], ['two.example'], ['two']],
  )
  assert.deepEqual(await listed('two.example'), ['One'])
  assert.equal(await known('b@two.example'), 'One')
  assert.equal((await calls({ email: 'c@two.example' })).organisation, 'One')
  assert.equal((await calls({ email: 'd@x.example', organisation: 'Two' })).organisation, 'One')
  assert.deepEqual(await refused('PUT', `/organisations/${one}/merge`, { intoId: two }), [
    ...[409, 'people.organisation_merged_into_itself', '/body/intoId'],
  ])
  const { items } = await ask<{ items: Customer[] }>('GET', `/organisations/${one}/customers`)
  assert.deepEqual(
    items.map(({ email }) => email),
    ['d@x.example', 'c@two.example', 'b@two.example', 'a@one.example'],
  )
  const apart = await ask<Organisation>('DELETE', `/organisations/${two}/merge`)
  assert.deepEqual([apart.id, apart.name, apart.customers, apart.addresses], [two, 'Two', 3, ['two.example']])
  const names = await Promise.all(['a@one.example', 'b@two.example', 'c@two.example', 'd@x.example'].map(known))
  assert.deepEqual(names, ['One', 'Two', 'Two', 'Two'])
})

test('one page holds what happened with all customers, what they wait for, and how easy it was', async () => {
  await calls({ email: 'ana@page.example', organisation: 'Page' })
  const id = (await calls({ email: 'bor@page.example', organisation: 'Page' })).organisationId!
  const from = { address: 'bor@page.example' }
  const ticket = await ask<Ticket>('POST', '/tickets', { subject: 'A zip', text: 'It broke.', from })
  const { items: surveys } = await ask<{ items: { key: string }[] }>('GET', '/surveys')
  for (const [score, customer] of [
    [9, { email: 'ana@page.example' }],
    [7, { email: 'bor@page.example' }],
  ] as const) {
    await ask('POST', '/responses', { survey: surveys[0]!.key, score, customer })
  }
  const { items } = await ask<{ items: TimelineEntry[] }>('GET', `/organisations/${id}/timeline`)
  const kinds = items.map((one) => (one.type === 'touchpoint' ? one.kind : one.type)).toSorted()
  assert.deepEqual(kinds, ['answer', 'answer', 'call', 'call', 'ticket', 'ticket'])
  const pages = await ask<{ items: TimelineEntry[]; next: string }>('GET', `/organisations/${id}/timeline?limit=2`)
  const rest = await ask<{ items: TimelineEntry[] }>(
    'GET',
    `/organisations/${id}/timeline?limit=50&after=${pages.next}`,
  )
  assert.equal(pages.items.length + rest.items.length, 6)
  const { items: tickets } = await ask<{ items: Ticket[] }>('GET', '/tickets?organisation=PAGE')
  assert.deepEqual(
    tickets.map((one) => one.id),
    [ticket.id],
  )
  const [effort] = await ask<OrganisationEffort[]>('GET', `/organisations/${id}/effort`)
  assert.deepEqual([effort!.summary.n, effort!.summary.mean!.value, effort!.designEffect], [2, 8, 1])
  const [{ workspaceId: acme }, now] = [scope, house.clock.now()]
  await house.store.write(scope, (tx) =>
    sql`insert into design_effects values (${acme}, ${effort!.survey.id}, 1, 1.5, ${now}::date)`.execute(tx.kysely),
  )
  const [repeated] = await ask<OrganisationEffort[]>('GET', `/organisations/${id}/effort`)
  const { mean } = summarize([0, 0, 0, 0, 0, 0, 1, 0, 1, 0], 'ces-10', { designEffect: 1.5 })
  assert.deepEqual([repeated!.designEffect, repeated!.summary.mean], [1.5, mean])
})

test('notes are for members who work at the desk; only an organisation without customers goes', async () => {
  const { id } = await make('Quiet', { addresses: ['quiet.example'], attributes: { tier: 'gold' } })
  const note = await ask<CustomerNote>('POST', `/organisations/${id}/notes`, { text: 'Pays late.' })
  const { items } = await ask<{ items: CustomerNote[] }>('GET', `/organisations/${id}/notes`)
  assert.deepEqual(
    items.map(({ text, by }) => [text, by?.name]),
    [['Pays late.', 'Ana Novak']],
  )
  const { member: viewer } = await newMember(house, owner, 'viewer', 'viewer@acme.example')
  assert.equal((await viewer.ask('GET', `/organisations/${id}/notes`)).statusCode, 403)
  assert.equal((await refused('DELETE', `/organisations/${id}`))[1], 'people.organisation_holds_more')
  await ask('DELETE', `/customer-notes/${note.id}`)
  const customer = await calls({ email: 'last@quiet.example' })
  assert.equal(customer.organisation, 'Quiet')
  assert.equal((await refused('DELETE', `/organisations/${id}`))[1], 'people.organisation_has_customers')
  await ask('DELETE', `/customers/${customer.id}`)
  await ask('DELETE', `/organisations/${id}`)
  assert.equal((await owner.ask('GET', `/organisations/${id}`)).statusCode, 404)
})

test('organisations are listed by name, page by page', async () => {
  const all = await ask<{ items: OrganisationLine[] }>('GET', '/organisations?limit=200')
  const names: string[] = []
  for (let after = ''; ;) {
    const { items, next } = await ask<{ items: OrganisationLine[]; next: string | null }>(
      'GET',
      `/organisations?limit=2${after}`,
    )
    names.push(...items.map(({ name }) => name))
    if (next === null) break
    after = `&after=${next}`
  }
  assert.deepEqual(
    names,
    all.items.map(({ name }) => name),
  )
  assert.equal((await owner.ask('GET', '/organisations?after=nowhere')).statusCode, 400)
})

test('many reports of one new name at once make one organisation', async () => {
  const all = await Promise.all(
    Array.from({ length: 12 }, (_, n) =>
      owner.ask('POST', '/touchpoints', {
        kind: 'call',
        customer: { email: `n${n}@once.example`, organisation: 'Once' },
      }),
    ),
  )
  assert.ok(all.every(({ statusCode }) => statusCode < 300))
  assert.deepEqual(await listed('Once'), ['Once'])
})

test('two batches that make the same organisations in different orders both come through', async () => {
  const names = Array.from({ length: 300 }, (_, n) => `Order ${n}`)
  const bring = (mark: string, organisations: string[]) =>
    house.store.write(scope, (tx) =>
      ensureCustomers(
        tx,
        organisations.map((organisation, n) => ({ email: `${mark}${1_000 + n}@order.example`, organisation })),
      ),
    )
  await Promise.all([bring('a', names), bring('b', names.toReversed()), bring('c', names)])
  assert.equal(await known('a1299@order.example'), 'Order 299')
  assert.equal(await known('b1299@order.example'), 'Order 0')
})
