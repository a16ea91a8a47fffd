import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Ticket, TicketEntry, TicketLine } from '@lahko/contract/tickets'
import { testHouse, type TestHouse } from '#platform/testing/house.ts'
import { keyOf, testWorkspace, type TestWorkspace } from '../../testing/workspace.ts'

let house: TestHouse
let own: TestWorkspace
let key: string

before(async () => {
  house = await testHouse()
  own = await testWorkspace(house, 'desk')
  key = await keyOf(house, own)
})
after(() => house.close())

async function ask<T>(method: 'GET' | 'POST', url: string, payload?: object): Promise<T> {
  const headers = { host: own.host, authorization: `Bearer ${key}` }
  const reply = await house.app.inject({ method, url: `/api/v1${url}`, headers, payload })
  assert.ok(reply.statusCode < 300, reply.body)
  return reply.json() as T
}

test('a ticket has the next number, its customer, and its first message', async () => {
  const from = { name: 'Nives Oblak', address: 'Nives@mail.example' }
  const one = await ask<Ticket>('POST', '/tickets', { subject: 'Zip', text: 'It came off.\n\nToday.', from })
  const two = await ask<Ticket>('POST', '/tickets', { subject: 'Boots', text: 'The sole.', from, tags: ['Sole'] })
  assert.equal(two.number, one.number + 1)
  assert.equal(one.customer?.email, 'nives@mail.example')
  assert.equal(two.customer?.id, one.customer?.id)
  assert.deepEqual([one.status, one.lastExcerpt, one.messages], ['new', 'It came off. Today.', 1])
  assert.deepEqual(two.tags, ['sole'])
  assert.equal(one.waitingSince, house.clock.now().toISOString())
  const { items } = await ask<{ items: TicketEntry[] }>('GET', `/tickets/${one.id}/entries`)
  assert.deepEqual(items.map((entry) => (entry.type === 'message' ? entry.message.text : entry.fact.type)).toSorted(), [
    'It came off.\n\nToday.',
    'ticket.opened',
  ])
})

test('each order of the list is paged by key, without a ticket left out or shown twice', async () => {
  for (let count = 0; count < 5; count++) {
    house.clock.advance(1_000)
    const priority = (['low', 'normal', 'urgent'] as const)[count % 3]!
    await ask('POST', '/tickets', { subject: `T${count}`, text: 'x', from: { address: 'a@mail.example' }, priority })
  }
  type Page = { items: TicketLine[]; next: string | null }
  for (const sort of ['newest', 'waiting', 'priority']) {
    const whole = await ask<Page>('GET', `/tickets?sort=${sort}`)
    const seen: string[] = []
    for (let after: string | null = ''; after !== null;) {
      const page: Page = await ask('GET', `/tickets?sort=${sort}&limit=2${after && `&after=${after}`}`)
      seen.push(...page.items.map(({ id }) => id))
      after = page.next
    }
    assert.deepEqual(
      seen,
      whole.items.map(({ id }) => id),
      sort,
    )
  }
  const { items } = await ask<Page>('GET', '/tickets?sort=priority')
  assert.equal(items[0]!.priority, 'urgent')
})
