import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { TicketField } from '@lahko/contract/contact-form'
import type { Mailbox } from '@lahko/contract/mailboxes'
import type { Ticket, TicketView } from '@lahko/contract/tickets'
import { uuidv7 } from '#platform/identifiers.ts'
import { openTicket } from './opening.ts'
import { testDesk, type TestDesk } from './testing/desk.ts'

let desk: TestDesk
let field: Record<'size' | 'weight' | 'warranty', TicketField>
let tickets: Ticket[]

before(async () => {
  desk = await testDesk('narrowing')
  const ask = (given: object) => desk.ask<TicketField>('POST', '/ticket-fields', given)
  field = {
    size: await ask({ name: 'Size', kind: 'choice', choices: [{ value: 'S' }, { value: 'M' }] }),
    weight: await ask({ name: 'Weight', kind: 'number' }),
    warranty: await ask({ name: 'Warranty', kind: 'yes_no' }),
  }
  tickets = [
    await desk.open({ topic: 'Repairs', tags: ['zip'], from: { name: 'Nives', address: 'nives@alpine.example' } }),
    await desk.open({ topic: 'Returns', from: { name: 'Bor', address: 'bor@kupec.example' } }),
  ]
  const [first] = tickets
  await desk.ask('PATCH', `/tickets/${first!.id}/fields`, {
    values: { [field.size.id]: 'M', [field.weight.id]: 12.5, [field.warranty.id]: true },
  })
  await desk.ask('PATCH', `/customers/${first!.customer!.id}`, { organisation: 'Alpine club' })
})
after(() => desk.house.close())

/** Which of the two a list holds. */
async function listed(query: string): Promise<number[]> {
  const { items } = await desk.ask<{ items: Ticket[] }>('GET', `/tickets?${query}`)
  return items.map(({ id }) => tickets.findIndex((one) => one.id === id)).toSorted()
}
const fieldIs = (name: keyof typeof field, value: string) => `field=${field[name].id}:${encodeURIComponent(value)}`

test('lists are narrowed by topic, tag, organisation and what custom fields say', async () => {
  assert.deepEqual(await listed('topic=Repairs'), [0])
  assert.deepEqual(await listed('tag=zip'), [0])
  assert.deepEqual(await listed('organisation=Alpine%20club'), [0])
  assert.deepEqual(await listed('organisation=Nobody'), [])
  assert.deepEqual(await listed(fieldIs('size', 'M')), [0])
  assert.deepEqual(await listed(fieldIs('size', 'S')), [])
  assert.deepEqual(await listed(fieldIs('weight', '12,50')), [0], 'a number is one however it is written')
  assert.deepEqual(await listed(`${fieldIs('warranty', 'yes')}&${fieldIs('size', 'M')}`), [0])
  assert.deepEqual(await listed(`${fieldIs('warranty', 'yes')}&${fieldIs('size', 'S')}`), [], 'all of it has to hold')
})

test('lists are narrowed by mailbox and language, which are told', async () => {
  const mailbox = await desk.ask<Mailbox>('POST', '/mailboxes', { name: 'Shop', address: 'shop@shop.example' })
  const id = await desk.write(async (tx) => {
    const author = { name: 'Tor', address: 'tor@mail.example' }
    const first = { kind: 'message', channel: 'email', author, text: 'Hei.' } as const
    const given = {
      subject: 'Hei',
      channel: 'email',
      priority: 'normal',
      language: 'nb',
      mailboxId: mailbox.id,
    } as const
    return (await openTicket(tx, { ...given, first })).id
  })
  tickets.push(await desk.get(id))
  assert.deepEqual(await listed('language=nb'), [2])
  assert.deepEqual(await listed(`mailbox=${mailbox.id}`), [2])
  assert.deepEqual(await desk.ask('GET', '/ticket-narrowings'), {
    mailboxes: [{ id: mailbox.id, name: 'Shop', address: 'shop@shop.example' }],
    languages: ['nb'],
  })
})

test('a saved view keeps what it is narrowed by, and is counted', async () => {
  const filter = { topic: 'Repairs', organisation: 'Alpine club', field: [`${field.weight.id}:12,5`] }
  const view = await desk.ask<TicketView>('POST', '/ticket-views', { name: 'Club', filter })
  assert.deepEqual([view.filter.field, view.count], [[`${field.weight.id}:12.5`], 1])
  assert.ok(view.fits)
})

test('a view that asks for a field or a choice that was removed selects nothing, and says so', async () => {
  const { id: sizeId, ...size } = field.size
  await desk.ask('POST', '/ticket-views', { name: 'Small', filter: { field: [`${sizeId}:M`] } })
  const seen = async () =>
    (await desk.ask<TicketView[]>('GET', '/ticket-views')).map(({ name, count, fits }) => [name, count, fits])
  assert.deepEqual(await seen(), [
    ['Club', 1, true],
    ['Small', 1, true],
  ])
  await desk.ask('DELETE', `/ticket-fields/${field.weight.id}`)
  await desk.ask('PUT', `/ticket-fields/${sizeId}`, { ...size, choices: [{ value: 'S' }, { value: 'Medium' }] })
  assert.deepEqual(await seen(), [
    ['Club', 0, false],
    ['Small', 0, false],
  ])
  await desk.ask('PUT', `/ticket-fields/${sizeId}`, size)
  assert.deepEqual((await seen())[1], ['Small', 1, true])
})

test('what cannot be is refused by the field that names it', async () => {
  const bad = async (query: string) => {
    const { status, field: at, code } = await desk.refuse('GET', `/tickets?${query}`)
    return [status, at, code]
  }
  assert.deepEqual(await bad(`field=${uuidv7()}:M`), [400, '/query/field', 'requests.no_field'])
  assert.deepEqual(await bad(fieldIs('size', 'XL')), [400, '/query/field', 'requests.not_of_kind'])
  assert.deepEqual((await bad('field=size:M')).slice(0, 2), [400, '/query/field'])
  assert.deepEqual((await bad('mailbox=shop')).slice(0, 2), [400, '/query/mailbox'])
  assert.deepEqual((await bad(`language=${'x'.repeat(30)}`)).slice(0, 2), [400, '/query/language'])
  const view = { name: 'Bad', filter: { field: [`${field.size.id}:XL`] } }
  assert.equal((await desk.refuse('POST', '/ticket-views', view)).field, '/body/filter/field')
})
