import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { TicketField } from '@lahko/contract/contact-form'
import type { Mailbox } from '@lahko/contract/mailboxes'
import type { Ticket, TicketView } from '@lahko/contract/tickets'
import { sql } from 'kysely'
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
    mailboxes: [{ id: mailbox.id, name: 'Shop', address: 'shop@shop.example', addresses: ['shop@shop.example'] }],
    writesFrom: 'shop@shop.example',
    languages: ['nb'],
  })
})

test('a saved view keeps what it is narrowed by, and is counted', async () => {
  const filter = { topic: 'Repairs', organisation: 'Alpine club', field: [`${field.weight.id}:12,5`] }
  const view = await desk.ask<TicketView>('POST', '/ticket-views', { name: 'Club', filter })
  assert.deepEqual([view.filter.field, view.count], [[`${field.weight.id}:12.5`], 1])
  assert.deepEqual(view.lost, [])
})

const where = (...conditions: string[]) => listed(conditions.map((one) => `where=${encodeURIComponent(one)}`).join('&'))

test('any condition narrows a list: is, is not, any of several, none, contains', async () => {
  await desk.ask('PATCH', `/tickets/${tickets[0]!.id}`, { ownerId: desk.memberId, priority: 'high', addTags: ['red'] })
  await desk.ask('PATCH', `/tickets/${tickets[1]!.id}`, { subject: 'Čevlji 100%', addTags: ['red'] })
  const club = 'organisation:any:Alpine club,Nobody'
  const { id: shopId } = (await desk.ask<{ mailboxes: { id: string }[] }>('GET', '/ticket-narrowings')).mailboxes[0]!
  const cases: [string[], number[]][] = [
    [['topic:any:Repairs,Returns'], [0, 1]],
    [['topic:none:Repairs'], [1, 2]],
    [['topic:empty'], [2]],
    [['topic:given', 'tag:none:zip'], [1]],
    [['tag:all:red,zip'], [0]],
    [['tag:any:red,zip'], [0, 1]],
    [['tag:empty'], [2]],
    [['status:none:open,waiting', 'owner:any:me'], [0]],
    [['owner:empty'], [1, 2]],
    [['owner:none:me'], [1, 2]],
    [['priority:any:high,urgent'], [0]],
    [['subject:contains:ČEVLJI 100%'], [1]],
    [['subject:lacks:%'], [0, 2]],
    [[club], [0]],
    [['organisation:none:Alpine club'], [1, 2]],
    [['organisation:empty'], [1, 2]],
    [['organisation:given'], [0]],
    [['language:any:nb'], [2]],
    [[`mailbox:any:${shopId}`], [2]],
    [['mailbox:empty'], [0, 1]],
    [['customer:given', `customer:none:${tickets[0]!.customer!.id}`], [1]],
    [['channel:any:email', 'channel:none:form'], [2]],
  ]
  for (const [conditions, found] of cases) assert.deepEqual(await where(...conditions), found, conditions.join(' '))
})

test('an organisation is asked about by each of its customers, however many came after', async () => {
  await desk.write(({ kysely }) =>
    sql`insert into customers (workspace_id, id, organisation, created_at)
      select ${desk.scope.workspaceId}, ('ffffffff-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'Alpine club', now()
      from generate_series(1, 2100) n`.execute(kysely),
  )
  assert.deepEqual(await where('organisation:any:Alpine club'), [0])
  assert.deepEqual(await where('organisation:none:Alpine club'), [1, 2])
  assert.deepEqual(await listed('organisation=Alpine%20club'), [0])
})

test('custom fields are asked about as their kind is', async () => {
  const bought = await desk.ask<TicketField>('POST', '/ticket-fields', { name: 'Bought', kind: 'date' })
  const model = await desk.ask<TicketField>('POST', '/ticket-fields', { name: 'Model', kind: 'text' })
  const set = (place: number, values: object) => desk.ask('PATCH', `/tickets/${tickets[place]!.id}/fields`, { values })
  await set(0, { [bought.id]: '2026-03-01', [model.id]: 'Vršič, 45' })
  await set(1, { [field.weight.id]: 9, [model.id]: 'Krn' })
  const of = ({ id }: TicketField, rest: string) => `field/${id}:${rest}`
  const cases: [string, number[]][] = [
    [of(field.weight, String.raw`more:9\,4`), [0]],
    [of(field.weight, 'less:10'), [1]],
    [of(field.weight, 'any:9,12.5'), [0, 1]],
    [of(field.weight, 'empty'), [2]],
    [of(bought, 'before:2026-03-02'), [0]],
    [of(bought, 'from:2026-03-02'), []],
    [of(model, 'contains:vrši'), [0]],
    [of(model, 'lacks:vrši'), [1, 2]],
    [of(model, String.raw`any:Vršič\, 45`), [0]],
    [of(field.size, 'none:M'), [1, 2]],
    [of(field.warranty, 'any:yes'), [0]],
  ]
  for (const [condition, found] of cases) assert.deepEqual(await where(condition), found, condition)
})

test('ages and days are asked about, and the orders go by them in both directions', async () => {
  const old = await desk.open({ topic: 'Old' })
  tickets.push(old)
  desk.house.clock.advance(30 * 3_600_000)
  const young = await desk.open({ topic: 'Young' })
  tickets.push(young)
  const day = young.createdAt.slice(0, 10)
  await desk.reply(old.id)
  const ofThese = 'topic:any:Old,Young'
  const cases: [string, number[]][] = [
    ['created:older:1d', [3]],
    ['created:younger:29h', [4]],
    ['created:from:2020-01-01', [3, 4]],
    ['created:before:2020-01-01', []],
    [`created:before:${day}`, [3]],
    ['message:younger:1h', [3, 4]],
    ['waiting:given', [4]],
    ['waiting:empty', [3]],
    ['waiting:older:1h', []],
  ]
  for (const [condition, found] of cases) assert.deepEqual(await where(ofThese, condition), found, condition)
  const inOrder = async (sort: string) => {
    const seen: number[] = []
    let after = ''
    do {
      const page = await desk.ask<{ items: Ticket[]; next: string | null }>(
        'GET',
        `/tickets?where=${encodeURIComponent(ofThese)}&sort=${sort}&limit=1${after}`,
      )
      seen.push(...page.items.map(({ id }) => tickets.findIndex((one) => one.id === id)))
      after = page.next === null ? '' : `&after=${page.next}`
    } while (after)
    return seen
  }
  await desk.ask('PATCH', `/tickets/${old.id}`, { priority: 'urgent' })
  const orders = {
    ...{ created_newest: [4, 3], created_oldest: [3, 4], message_newest: [3, 4], message_oldest: [4, 3] },
    ...{ newest: [3, 4], oldest: [4, 3], waiting: [4, 3], waiting_least: [4, 3] },
    ...{ priority: [3, 4], priority_lowest: [4, 3] },
  }
  for (const [sort, found] of Object.entries(orders)) assert.deepEqual(await inOrder(sort), found, sort)
})

test('who follows and who is mentioned are asked about', async () => {
  const [first, second] = tickets
  await desk.ask('PUT', `/tickets/${second!.id}/follow`)
  const { name } = (await desk.ask<{ items: { name: string }[] }>('GET', '/members')).items[0]!
  await desk.ask('POST', `/tickets/${first!.id}/messages`, { kind: 'note', text: `@${name} please look.` })
  assert.deepEqual(await where('mentioned:any:me'), [0])
  assert.deepEqual(await where('mentioned:none:me', 'followed:any:me'), [1])
})

test('a view leaves out what it asks of a field or a choice that was removed, and says so', async () => {
  const { id: sizeId, ...size } = field.size
  await desk.ask('POST', '/ticket-views', {
    name: 'Small',
    filter: { where: [`field/${sizeId}:any:M`, 'topic:given'] },
  })
  const seen = async () =>
    (await desk.ask<TicketView[]>('GET', '/ticket-views')).map(({ name, count, lost }) => [name, count, lost])
  assert.deepEqual(await seen(), [
    ['Club', 1, []],
    ['Small', 1, []],
  ])
  await desk.ask('DELETE', `/ticket-fields/${field.weight.id}`)
  await desk.ask('PUT', `/ticket-fields/${sizeId}`, { ...size, choices: [{ value: 'S' }, { value: 'Medium' }] })
  assert.deepEqual(await seen(), [
    ['Club', 1, [`${field.weight.id}:12.5`]],
    ['Small', 4, [`field/${sizeId}:any:M`]],
  ])
  await desk.ask('PUT', `/ticket-fields/${sizeId}`, size)
  assert.deepEqual((await seen())[1], ['Small', 1, []])
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
  const places = [
    `field/${uuidv7()}:any:M`,
    `field/${field.size.id}:more:3`,
    `field/${field.size.id}:any:XL`,
    'topic:larger:3',
  ]
  for (const one of [
    ...places,
    'status:any',
    'status:any:lost',
    'created:older:3w',
    'created:before:2026-02-30',
    'tag',
    '',
  ])
    assert.deepEqual((await bad(`where=${encodeURIComponent(one)}`)).slice(0, 2), [400, '/query/where'], one)
  const view = { name: 'Bad', filter: { field: [`${field.size.id}:XL`] } }
  assert.equal((await desk.refuse('POST', '/ticket-views', view)).field, '/body/filter/field')
})
