import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import type { TicketField } from '@lahko/contract/contact-form'
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
const numbers = async (query: string) => {
  await desk.house.due.drain()
  return (await search(query)).items.map(({ number }) => number)
}

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

test('a ticket is found by its tags, fields, files, and who asks, as they are now', async () => {
  const from = { name: 'Maja Kranjc', address: 'maja.kranjc@example.no' }
  const { id, number, customer } = await desk.open({ subject: 'A sole', text: 'Loose.', from, tags: ['re-sole'] })
  const other = await desk.open({ subject: 'Laces', text: 'Torn.', from: { name: 'Bor', address: 'bor@example.no' } })
  const field = await desk.ask<TicketField>('POST', '/ticket-fields', { name: 'Order', kind: 'text' })
  await desk.ask('PATCH', `/tickets/${id}/fields`, { values: { [field.id]: 'LX-7741' } })
  const upload = await desk.owner.ask('POST', '/files?name=left_boot-2024.txt', Buffer.from('x'))
  await desk.ask('POST', `/tickets/${id}/messages`, { kind: 'note', text: 'Seen.', fileIds: [upload.json().id] })
  const change = { organisation: 'Planinsko društvo', phone: '+38640123456' }
  await desk.ask('PATCH', `/customers/${customer!.id}`, change)
  const ways = [
    ...['re-sole', 'LX-7741', '7741', 'left_boot-2024.txt', 'boot', 'planinsko drustvo', 'Maja Kra', String(number)],
    ...['maja@', 'kranjc', 'maja.kranjc@example.no', 'kranjc@example', 'sole planinsko 7741'],
    ...['+386 40 123 456', '040 123 456', '00386 40/123-456', '40123456', '123456'],
  ]
  for (const way of ways) assert.deepEqual(await numbers(way), [number], way)
  assert.deepEqual((await numbers('@example.no')).toSorted(), [number, other.number])
  assert.deepEqual(await numbers('laces planinsko'), [])

  await desk.ask('PATCH', `/tickets/${id}`, { removeTags: ['re-sole'], addTags: ['glue'] })
  await desk.ask('PATCH', `/tickets/${id}/fields`, { values: { [field.id]: null } })
  await desk.ask('PATCH', `/customers/${customer!.id}`, { organisation: 'Alpine club', name: 'Maja Horvat' })
  assert.deepEqual(await numbers('glue'), [number])
  assert.deepEqual(await numbers('alpine horvat'), [number])
  const found = await desk.ask<{ items: { id: string }[] }>('GET', '/organisations?search=Alpine')
  await desk.ask('PATCH', `/organisations/${found.items[0]!.id}`, { name: 'Gorski klub' })
  assert.deepEqual(await numbers('gorski horvat'), [number])
  for (const gone of ['re-sole', '7741', 'planinsko', 'alpine']) assert.deepEqual(await numbers(gone), [], gone)
  await desk.ask('PATCH', `/tickets/${id}`, { customerId: other.customer!.id })
  assert.deepEqual(await numbers('gorski'), [])
})

test('whoever was found to be somebody else is found under both names', async () => {
  const one = await desk.open({ from: { name: 'Tor Vik', address: 'tor@mail.example' } })
  const two = await desk.open({ from: { name: 'Tor Ahvik', address: 'tor@work.example' } })
  await desk.ask('PATCH', `/customers/${two.customer!.id}`, { organisation: 'Fjellsport' })
  await desk.ask('PUT', `/customers/${one.customer!.id}/merge`, { intoId: two.customer!.id })
  assert.deepEqual((await numbers('fjellsport')).toSorted(), [one.number, two.number])
  await desk.ask('DELETE', `/customers/${one.customer!.id}/merge`)
  assert.deepEqual(await numbers('fjellsport'), [two.number])
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

test('what is known of tickets goes the same ways', async () => {
  const { workspaceId } = desk.scope
  await desk.write(async ({ kysely }) => {
    await sql`
      insert into tickets (workspace_id, id, number, subject, channel, created_at, updated_at)
      select ${workspaceId}, gen_random_uuid(), 100000 + n, case when n % 2 = 0 then 'plenty' else 'Other' end ||
        case when n = 77 then ' theremin' else '' end, 'email', at, at
      from generate_series(1, 5000) n, lateral (select now() - n * interval '1 minute' as at) a`.execute(kysely)
  })
  await analyze(desk.house.database, ['ticket_words', 'tickets'])
  const waysTo = (word: string) =>
    desk.house.store.read(desk.scope, async (db) => {
      let found: string[] = []
      const ways = await waysOf(db, ['ticket_words'], async () => (found = await searchWords(db, word)))
      const selecting = ['ticket_words_searched', 'ticket_words_newest']
      return { gone: selecting.filter((index) => ways.includes(index)), found: found.length }
    })
  assert.deepEqual(await waysTo('theremin'), { gone: ['ticket_words_searched'], found: 1 })
  assert.deepEqual(await waysTo('plenty'), { gone: ['ticket_words_newest'], found: 1_000 })
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
