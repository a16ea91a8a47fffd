import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { uuidv7 } from '#platform/identifiers.ts'
import type { Tx } from '#platform/store.ts'
import { findBeside } from './beside.queries.ts'
import { lockTickets } from './changing.queries.ts'
import { listEffortRows, listSolvedLately } from './effort-facts.queries.ts'
import { listTicketRows, type TicketFilter, type TicketSort } from './listing.queries.ts'
import { claimNext } from './serving.queries.ts'
import { testDesk, type TestDesk } from './testing/desk.ts'
import { analyze, rowsRead, waysOf } from './testing/ways.ts'
import { listTicketLines } from './tickets.queries.ts'
import { lockWhereItGoes } from './writing-in.ts'

let desk: TestDesk
const customer = uuidv7()

before(async () => {
  desk = await testDesk('listing')
  await fill(30_000)
})
after(() => desk.house.close())

/** Four of five are solved; of each agent, topic and customer there are some among the others. */
async function fill(many: number): Promise<void> {
  const { workspaceId } = desk.scope
  await desk.write(async ({ kysely }) => {
    await sql`insert into customers (workspace_id, id, created_at) values (${workspaceId}, ${customer}, now())`.execute(
      kysely,
    )
    await sql`
      insert into tickets (workspace_id, id, number, subject, status, priority, channel, topic, owner_id, customer_id,
        waiting_since, solved_at, created_at, updated_at)
      select ${workspaceId}, gen_random_uuid(), n, 'Number ' || n, case when n % 5 = 0 then 'open' else 'solved' end,
        n % 4, 'email', 'topic ' || n % 12, case when n % 20 = 0 then ${desk.memberId}::uuid when n % 35 > 0 then gen_random_uuid() end,
        case when n % 1000 = 1 then ${customer}::uuid end, case when n % 5 = 0 then at end,
        case when n % 5 > 0 then at end, at, at
      from generate_series(1, ${many}::integer) n,
        lateral (select now() - ((n * 7919) % ${many}::integer) * interval '1 minute' as at) a`.execute(kysely)
  })
  await analyze(desk.house.database, ['tickets', 'ticket_merges', 'ticket_tags'])
}

const waysOfList = (filter: TicketFilter, sort: TicketSort, after?: { key: string; id: string }) =>
  desk.house.store.read(desk.scope, (db) =>
    waysOf(db, ['tickets'], () => listTicketRows(db, filter, { sort, after, limit: 51 })),
  )

test('each list goes by its own index as the application, on its first page and on later ones', async () => {
  const lists: [TicketFilter, TicketSort, string][] = [
    [{}, 'newest', 'tickets_newest'],
    [{ ownerId: desk.memberId }, 'newest', 'tickets_owner'],
    [{ ownerId: null }, 'newest', 'tickets_owner'],
    [{}, 'waiting', 'tickets_waiting'],
    [{}, 'priority', 'tickets_priority'],
    [{ shelf: 'solved' }, 'newest', 'tickets_newest'],
    [{ shelf: 'solved', customer }, 'newest', 'tickets_customer'],
    [{ snoozed: 'yes' }, 'newest', 'tickets_snoozed'],
  ]
  for (const [filter, sort, index] of lists) {
    const what = JSON.stringify([filter, sort])
    assert.deepEqual(await waysOfList(filter, sort), [index], what)
    const rows = await desk.house.store.read(desk.scope, (db) => listTicketRows(db, filter, { sort, limit: 20 }))
    const last = rows.at(-1)
    if (last) assert.deepEqual(await waysOfList(filter, sort, last), [index], `${what}, later`)
  }
})

test('what is done to one ticket reads that one, and its customer’s', async () => {
  const [row] = await desk.house.store.read(desk.scope, (db) =>
    listTicketRows(db, { shelf: 'solved', customer }, { sort: 'newest', limit: 1 }),
  )
  const { id } = row!
  const reads: [string, number, (tx: Tx) => Promise<unknown>][] = [
    ['lockWhereItGoes', 1, (tx) => lockWhereItGoes(tx, id)],
    ['lockTickets', 1, (tx) => lockTickets(tx, [id])],
    ['listTicketLines', 1, (tx) => listTicketLines(tx, [id])],
    ['findBeside', 100, (tx) => findBeside(tx, row!, { memberId: null, person: [customer] })],
    ['listEffortRows', 100, (tx) => listEffortRows(tx, [id])],
    ['tellRepeats', 100, (tx) => listSolvedLately(tx, [customer], 20)],
  ]
  for (const [what, most, work] of reads) {
    let read = 0
    const ways = await desk.write((tx) =>
      waysOf(tx, ['tickets'], async () => (read = await rowsRead(tx, 'tickets', () => work(tx)))),
    )
    assert.ok(!ways.includes('tickets') && read <= most, `${what} reads ${read} by ${ways.join(', ')}`)
  }
})

test('what matters most is found by its index', async () => {
  const claim = { holderId: desk.memberId, memberId: desk.memberId, until: desk.house.clock.now() }
  const ways = await desk.write((tx) => waysOf(tx, ['tickets'], () => claimNext(tx, claim, [])))
  assert.deepEqual(ways, ['tickets_priority'])
})

test('solved ones without an index of their own are looked for among the newest 20,000', async () => {
  const { rows } = await desk.write(({ kysely }) =>
    sql<{ id: string }>`
      select id from tickets
      where shelf = 'solved' and topic = 'topic 3' order by updated_at desc, id desc`.execute(kysely),
  )
  const { rows: all } = await desk.write(({ kysely }) =>
    sql<{ updated_at: Date }>`
      select updated_at from tickets where shelf = 'solved' order by updated_at desc, id desc offset 19999 limit 1`.execute(
      kysely,
    ),
  )
  assert.ok(rows.length > 1_000 && all.length === 1)
  const found = await desk.house.store.read(desk.scope, (db) =>
    listTicketRows(db, { shelf: 'solved', topic: 'topic 3' }, { sort: 'newest', limit: 10_000 }),
  )
  assert.ok(found.length < rows.length, 'the oldest are not looked through')
  assert.ok(found.every((row) => row.updated_at >= all[0]!.updated_at))
  assert.deepEqual(
    found.map(({ id }) => id),
    rows.slice(0, found.length).map(({ id }) => id),
  )
  assert.deepEqual(await waysOfList({ shelf: 'solved', topic: 'topic 3' }, 'newest'), ['tickets_newest'])
})
