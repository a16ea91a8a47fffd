import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { uuidv7 } from '#platform/identifiers.ts'
import type { KnownCondition } from './conditions.queries.ts'
import { countEach, countLists, listTicketRows, type TicketFilter, type TicketSort } from './listing.queries.ts'
import { testDesk, type TestDesk } from './testing/desk.ts'
import { analyze, rowsRead, waysOf } from './testing/ways.ts'

const many = 50_000
const unsolved = many / 25
/** Of the solved ones; see `listing.queries.ts`. */
const mostLookedThrough = 20_000
const [customer, mailbox, field, organisation] = [uuidv7(), uuidv7(), uuidv7(), uuidv7()]

let desk: TestDesk

before(async () => {
  desk = await testDesk('narrowed')
  await fill()
})
after(() => desk.house.close())

/** One of 25 is unsolved; whatever lists are narrowed by is now frequent, now rare, now nowhere. */
async function fill(): Promise<void> {
  const { workspaceId } = desk.scope
  await desk.write(async ({ kysely }) => {
    await sql`insert into organisations (workspace_id, id, name, searched, created_at)
      values (${workspaceId}, ${organisation}, 'Planina', 'Planina', now())`.execute(kysely)
    await sql`insert into organisation_names (workspace_id, name, organisation_id)
      values (${workspaceId}, 'planina', ${organisation})`.execute(kysely)
    await sql`insert into customers (workspace_id, id, organisation, created_at)
      values (${workspaceId}, ${customer}, 'Planina', now())`.execute(kysely)
    await sql`insert into mailboxes (workspace_id, id, name, address, created_at)
      values (${workspaceId}, ${mailbox}, 'Shop', 'shop@shop.example', now())`.execute(kysely)
    await sql`insert into ticket_fields (workspace_id, id, name, kind, position, created_at)
      values (${workspaceId}, ${field}, 'Size', 'text', 1, now())`.execute(kysely)
    await sql`
      insert into tickets (workspace_id, id, number, subject, status, priority, channel, topic, language, owner_id,
        customer_id, mailbox_id, waiting_since, solved_at, created_at, updated_at)
      select ${workspaceId}, gen_random_uuid(), n, 'Number ' || n, case when n % 25 = 0 then 'open' else 'solved' end,
        case when n % 700 = 0 then 3 else 1 end, case when n % 10 = 0 then 'form' else 'email' end, 'topic ' || n % 12,
        case when n % 300 = 0 then 'nb' else 'sl' end, case when n % 20 = 0 then ${desk.memberId}::uuid end,
        case when n % 1000 < 2 then ${customer}::uuid end, case when n % 40 = 0 then ${mailbox}::uuid end,
        case when n % 25 = 0 then at end, case when n % 25 > 0 then at end, at, at
      from generate_series(1, ${many}::integer) n,
        lateral (select now() - ((n * 7919) % ${many}::integer) * interval '1 minute' as at) a`.execute(kysely)
    await sql`insert into ticket_tags (workspace_id, ticket_id, tag)
      select ${workspaceId}, t.id, tag from tickets t, lateral (select 'often' as tag where t.number % 3 = 0
        union all select 'rarely' where t.number % 1500 < 2) g`.execute(kysely)
    await sql`insert into ticket_field_values (workspace_id, ticket_id, field_id, value)
      select ${workspaceId}, t.id, ${field}, case when t.number % 1500 < 2 then 'XS' else 'M' end from tickets t`.execute(
      kysely,
    )
    await sql`insert into ticket_followers (workspace_id, ticket_id, member_id)
      select ${workspaceId}, t.id, ${desk.memberId} from tickets t where t.number % 2000 < 2`.execute(kysely)
  })
  const tables = ['tickets', 'ticket_merges', 'ticket_tags', 'ticket_field_values', 'ticket_followers']
  await analyze(desk.house.database, tables)
}

const narrowings = (): TicketFilter[] => [
  ...([{ status: 'open' }, { status: 'on_hold' }, { ownerId: desk.memberId }, { ownerId: null }] as const),
  ...[{ customer }, { topic: 'topic 3' }, { topic: 'none' }],
  ...([{ priority: 'urgent' }, { priority: 'high' }, { channel: 'form' }, { channel: 'portal' }] as const),
  ...[{ mailbox }, { mailbox: uuidv7() }, { language: 'sl' }, { language: 'nb' }, { language: 'fi' }],
  ...[{ tag: 'often' }, { tag: 'rarely' }, { tag: 'nothing' }, { followerId: desk.memberId }, { followerId: uuidv7() }],
  ...['M', 'XS', 'XXL'].map((value) => ({ fields: [{ fieldId: field, value }] })),
  ...conditions().map((condition) => ({ conditions: [condition] })),
  { language: 'nb', channel: 'form', fields: [{ fieldId: field, value: 'XS' }] },
]
const conditions = (): KnownCondition[] => [
  { about: 'column', name: 'status', test: 'any', values: ['open', 'solved'] },
  { about: 'column', name: 'owner', test: 'none', values: [desk.memberId] },
  { about: 'column', name: 'topic', test: 'empty' },
  ...(['any', 'none'] as const).map((test) => ({ about: 'organisations' as const, test, ids: [organisation] })),
  { about: 'organisations', test: 'any', ids: [] },
  { about: 'organisation', test: 'empty' },
  ...(['any', 'all', 'none', 'empty'] as const).map((test) => ({
    about: 'tags' as const,
    test,
    tags: ['often', 'rarely'],
  })),
  { about: 'subject', test: 'contains', text: 'ber 12' },
  { about: 'moment', name: 'created', test: 'before', at: new Date() },
  { about: 'moment', name: 'message', test: 'from', at: { day: '2020-01-01', zone: 'Europe/Ljubljana' } },
  { about: 'moment', name: 'waiting', test: 'given' },
  { about: 'members', name: 'followed', test: 'any', ids: [desk.memberId] },
  { about: 'members', name: 'mentioned', test: 'none', ids: [desk.memberId] },
  ...(['any', 'none', 'contains', 'empty', 'before'] as const).map((test) => ({
    about: 'field' as const,
    fieldId: field,
    test,
    values: ['XS'],
  })),
]
const sorts: TicketSort[] = ['newest', 'oldest', 'waiting', 'waiting_least', 'created_oldest', 'message_newest']

/** What a list had to read: whether the table from end to end, and how many tickets. */
function costOf(work: Parameters<typeof desk.house.store.read>[1]) {
  return desk.house.store.read(desk.scope, async (db) => {
    let read = 0
    const ways = await waysOf(db, ['tickets'], async () => {
      read = await rowsRead(db, 'tickets', () => work(db))
    })
    return { whole: ways.includes('tickets'), read }
  })
}

test('whatever narrows a list, no more than a shelf or the newest 20,000 are read, by an index', async () => {
  for (const shelf of ['unsolved', 'solved'] as const) {
    const most = (shelf === 'unsolved' ? unsolved : mostLookedThrough) * 1.2
    for (const narrowing of narrowings()) {
      for (const sort of sorts) {
        const filter = { ...narrowing, shelf }
        const { whole, read } = await costOf((db) => listTicketRows(db, filter, { sort, limit: 51 }))
        const what = JSON.stringify([filter, sort])
        assert.equal(whole, false, what)
        assert.ok(read <= most, `${read} tickets for ${what}`)
      }
    }
  }
})

test('views are counted in one pass through what is unsolved', async () => {
  const filters = narrowings()
  let counts: number[] = []
  const { whole, read } = await costOf(async (db) => (counts = await countEach(db, 'unsolved', filters, 1_000)))
  assert.equal(whole, false)
  assert.ok(read <= unsolved * 1.2, `${read} tickets`)
  const each = await desk.house.store.read(desk.scope, (db) => countLists(db, filters, 1_000))
  assert.deepEqual(counts, each, 'as many as each has by itself')
  assert.ok(counts.some((count) => count === 1_000) && counts.includes(0))
})

test('what everybody has is counted by its own index, and not beyond a thousand', async () => {
  const lists = [{ ownerId: null }, {}, { snoozed: 'yes' as const }, { ownerId: desk.memberId }]
  const { whole, read } = await costOf((db) => countLists(db, lists, 1_000))
  assert.equal(whole, false)
  assert.ok(read <= 3_200, `${read} tickets`)
})
