import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import type { TicketLine } from '@lahko/contract/tickets'
import type { Db } from '#platform/store.ts'
import { listOfAddress, searchWords } from './searching.queries.ts'
import { testDesk, type TestDesk } from './testing/desk.ts'
import { analyze, waysOf } from './testing/ways.ts'

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

test('rare words go by the index of words as the application, common ones by that of moments, addresses by theirs', async () => {
  await writeMany(20_000)
  const ways = (work: (db: Db) => Promise<unknown>) =>
    desk.house.store.read(desk.scope, (db) => waysOf(db, ['ticket_messages', 'ticket_participants'], () => work(db)))
  for (const word of ['xylophone', 'xyloph', 'seldom'])
    assert.deepEqual(await ways((db) => searchWords(db, word)), ['ticket_messages_searched'], word)
  assert.deepEqual(await ways((db) => searchWords(db, 'often')), ['ticket_messages_newest'])
  assert.deepEqual(await ways((db) => listOfAddress(db, 'c77@mail.example')), ['ticket_participants_address'])
  const found = await desk.house.store.read(desk.scope, (db) => searchWords(db, 'xylophone'))
  assert.equal(found.length, 1)
})

/** Messages of one ticket: one word in three of them, one in each hundredth, one in every second, and others. */
async function writeMany(many: number): Promise<void> {
  const { id } = await desk.open()
  const { workspaceId } = desk.scope
  await desk.write(async ({ kysely }) => {
    await sql`
      insert into ticket_messages (workspace_id, id, ticket_id, kind, channel, text, at)
      select ${workspaceId}, gen_random_uuid(), ${id}, 'message', 'email', 'Word' || n % 300 ||
        case when n % 2 = 0 then ' often' else ' else' end || case when n % 100 = 0 then ' seldom' else '' end ||
        case when n % 7000 = 1 then ' xylophone' else '' end, now() - n * interval '1 minute'
      from generate_series(1, ${many}::integer) n`.execute(kysely)
    await sql`
      insert into ticket_participants (workspace_id, ticket_id, address)
      select ${workspaceId}, ${id}, 'c' || n || '@mail.example' from generate_series(1, ${many}::integer) n`.execute(
      kysely,
    )
  })
  await analyze(desk.house.database, ['ticket_messages', 'ticket_participants'])
}
