import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import type { TicketLine } from '@lahko/contract/tickets'
import { testDesk, type TestDesk } from './testing/desk.ts'

let desk: TestDesk

before(async () => {
  desk = await testDesk('searching')
})
after(() => desk.house.close())

type Found = { items: TicketLine[]; more: boolean }
const search = (query: string, more = '') =>
  desk.ask<Found>('GET', `/ticket-search?query=${encodeURIComponent(query)}${more}`)
const numbers = async (query: string) => (await search(query)).items.map(({ number }) => number)

test('a ticket is found by its number, an address, or words in any of its messages, notes included', async () => {
  const one = await desk.open({ subject: 'Škornji', text: 'Podplat je odstopil.' })
  const two = await desk.open({ from: { name: 'Bjørn Ås', address: 'bjorn@mail.example' }, text: 'The zip broke.' })
  await desk.ask('POST', `/tickets/${one.id}/messages`, { kind: 'note', text: 'Ask the cobbler at Vič.' })
  assert.deepEqual(await numbers(String(one.number)), [one.number])
  assert.deepEqual(await numbers(`#${two.number}`), [two.number])
  assert.deepEqual(await numbers('Bjorn@mail.example'), [two.number])
  for (const words of ['skornji', 'ŠKORNJI', 'podplat odst', 'cobbler', 'vic'])
    assert.deepEqual(await numbers(words), [one.number], words)
  for (const words of ['bjorn as', 'zip broke', 'bjorn@']) assert.deepEqual(await numbers(words), [two.number], words)
  for (const words of ['zip skornji', 'nothing', '"', '&!|:*', "'", '\\', '99999999999'])
    assert.deepEqual(await numbers(words), [], words)
})

test('a new subject is found, and so is what was merged, in its target', async () => {
  const [source, target] = [await desk.open({ text: 'A turquoise lace.' }), await desk.open()]
  await desk.ask('PATCH', `/tickets/${target.id}`, { subject: 'Eyelets missing' })
  assert.deepEqual(await numbers('eyelets'), [target.number])
  await desk.ask('PUT', `/tickets/${source.id}/merge`, { intoId: target.id })
  assert.deepEqual(await numbers('turquoise'), [target.number])
  assert.deepEqual(await numbers(String(source.number)), [target.number])
})

test('what fits best comes first, and whether there is more is said', async () => {
  const once = await desk.open({ text: 'A buckle is loose, and the strap is torn, and a heel came off the shoe.' })
  const often = await desk.open({ text: 'Buckle buckle buckle.' })
  await desk.open({ text: 'My buckle is lost.' })
  const { items, more } = await search('buckle', '&limit=2')
  assert.deepEqual([items[0]!.number, items.length, more], [often.number, 2, true])
  assert.ok((await numbers('buckle')).includes(once.number))
  assert.equal((await search('buckle', '&limit=3')).more, false)
})

test('rare words reach their index as the application, and common ones that of moments', async () => {
  const plan = (query: ReturnType<typeof sql>) =>
    desk.house.store.write(desk.scope, async (tx) => {
      await sql`set local enable_seqscan = off`.execute(tx.kysely)
      const { rows } = await sql<Record<string, string>>`explain ${query}`.execute(tx.kysely)
      return rows.map((row) => row['QUERY PLAN']).join('\n')
    })
  const w = desk.scope.workspaceId
  assert.match(
    await plan(sql`select ticket_id from ticket_participants where workspace_id = ${w} and address = 'a@b.example'`),
    /ticket_participants_address/,
  )
  const { rows } = await sql<{ name: string }>`
    select indexrelid::regclass::text as name from pg_index where indrelid = 'ticket_messages'::regclass`.execute(
    desk.house.store.outside,
  )
  assert.ok(rows.some(({ name }) => name === 'ticket_messages_searched'))
})
