import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { HistoryEntry } from '@lahko/contract/tickets'
import { testDesk, type TestDesk } from './testing/desk.ts'

let desk: TestDesk

before(async () => {
  desk = await testDesk('history')
})
after(() => desk.house.close())

type Page = { items: HistoryEntry[]; next: string | null }
const historyOf = (id: string, query = '') => desk.ask<Page>('GET', `/tickets/${id}/history${query}`)
/** What changed, oldest first, in the language of the one who asks. */
async function changesOf(id: string): Promise<unknown[]> {
  const { items } = await historyOf(id)
  return items
    .toReversed()
    .flatMap(({ changes }) => changes.map(({ of, name, from, to }) => [of, ...(name ? [name] : []), from, to]))
}

test('each change says from what to what, by whom and when', async () => {
  const { id, customer } = await desk.open({ topic: 'Zips', tags: ['boots'] })
  await desk.ask('PATCH', `/customers/${customer!.id}`, { organisation: 'Planinska zveza' })
  const field = await desk.ask<{ id: string }>('POST', '/ticket-fields', { name: 'Worn', kind: 'yes_no' })
  const until = new Date(desk.house.clock.now().getTime() + 86_400_000).toISOString()
  const steps = [
    { status: 'on_hold' },
    { ownerId: desk.memberId },
    { ownerId: null },
    { priority: 'high' },
    { topic: null },
    { addTags: ['sole'], removeTags: ['boots'] },
    { subject: 'A sole' },
    { language: 'sl' },
    { snoozedUntil: until },
    { snoozedUntil: 'reply' },
    { snoozedUntil: null },
    { customer: { name: 'Tine Zupan', address: 'tine@mail.example' } },
  ]
  for (const step of steps) {
    desk.house.clock.advance(1_000)
    await desk.ask('PATCH', `/tickets/${id}`, step)
  }
  for (const value of [true, true, false, null]) {
    desk.house.clock.advance(1_000)
    await desk.ask('PATCH', `/tickets/${id}/fields`, { values: { [field.id]: value } })
  }
  for (const method of ['PUT', 'PUT', 'DELETE', 'DELETE'] as const) {
    desk.house.clock.advance(1_000)
    await desk.ask(method, `/tickets/${id}/follow`)
  }
  // Whoever works elsewhere now asked for whom they worked then.
  await desk.ask('PATCH', `/customers/${customer!.id}`, { organisation: 'Elsewhere' })
  assert.deepEqual(await changesOf(id), [
    ['status', 'new', 'on_hold'],
    ['owner', null, 'Ana Novak'],
    ['owner', 'Ana Novak', null],
    ['priority', 'normal', 'high'],
    ['topic', 'Zips', null],
    ['tag', 'boots', null],
    ['tag', null, 'sole'],
    ['subject', 'A zip', 'A sole'],
    ['language', null, 'sl'],
    ['snoozed', null, until],
    ['snoozed', until, 'reply'],
    ['snoozed', 'reply', null],
    ['customer', 'Nives', 'Tine Zupan'],
    ['organisation', 'Planinska zveza', null],
    ['field', 'Worn', null, 'Da'],
    ['field', 'Worn', 'Da', 'Ne'],
    ['field', 'Worn', 'Ne', null],
    ['follower', null, 'Ana Novak'],
    ['follower', 'Ana Novak', null],
  ])
  const { items } = await historyOf(id)
  assert.deepEqual(items[0]!.by, { kind: 'member', name: 'Ana Novak' })
  assert.equal(items[0]!.at, new Date(desk.house.clock.now().getTime() - 1_000).toISOString())
})

test('what happens between tickets names the other, and a merged one’s history is shown with it', async () => {
  const [target, source] = [await desk.open(), await desk.open()]
  await desk.ask('PUT', `/tickets/${target.id}/links/${source.id}`, { kind: 'causes' })
  desk.house.clock.advance(1_000)
  await desk.ask('DELETE', `/tickets/${target.id}/links/${source.id}`)
  desk.house.clock.advance(1_000)
  const messageId = await desk.hear(target.id, 'Another thing.')
  const { number } = await desk.ask<{ number: number }>('POST', `/ticket-messages/${messageId}/split`)
  desk.house.clock.advance(1_000)
  await desk.ask('PUT', `/tickets/${source.id}/merge`, { intoId: target.id })
  const { items } = await historyOf(target.id)
  const merged = items.find(({ type }) => type === 'ticket.merged')
  assert.deepEqual([merged?.ticketNumber, merged?.changes[0]?.to], [source.number, String(target.number)])
  desk.house.clock.advance(1_000)
  await desk.ask('DELETE', `/tickets/${source.id}/merge`)
  assert.deepEqual(
    (await changesOf(target.id)).filter((one) => (one as string[])[0] !== 'status'),
    [
      ['link', 'causes', null, String(source.number)],
      ['link', 'causes', String(source.number), null],
      ['split', null, String(number)],
      ['source', String(source.number), null],
    ],
  )
})

test('it comes page by page, whoever is known no more has no name, and what was written goes with its ticket', async () => {
  const { id, customer } = await desk.open({ from: { name: 'Eva Hribar', address: 'eva@mail.example' } })
  for (const subject of ['One', 'Two', 'Three']) {
    desk.house.clock.advance(1_000)
    await desk.ask('PATCH', `/tickets/${id}`, { subject })
  }
  const seen: HistoryEntry[] = []
  let next: string | null = null
  do {
    const page: Page = await historyOf(id, `?limit=1${next ? `&after=${next}` : ''}`)
    seen.push(...page.items)
    next = page.next
  } while (next)
  assert.deepEqual(
    seen.map(({ changes: [change] }) => change?.to ?? null),
    ['Three', 'Two', 'One', null],
  )
  assert.equal((await desk.refuse('GET', `/tickets/${id}/history?after=bad`)).code, 'tickets.bad_page')
  await desk.ask('DELETE', `/customers/${customer!.id}`)
  assert.deepEqual(await changesOf(id), [])
})
