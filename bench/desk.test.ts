import assert from 'node:assert/strict'
import { test } from 'node:test'
import pg from 'pg'
import type { Tx } from '../apps/server/src/platform/store.ts'
import { testDatabase } from '../apps/server/src/platform/testing/database.ts'
import { changeTickets } from '../apps/server/src/modules/tickets/changing.ts'
import { merge } from '../apps/server/src/modules/tickets/merging.ts'
import { openTicket } from '../apps/server/src/modules/tickets/opening.ts'
import { testDesk, type TestDesk } from '../apps/server/src/modules/tickets/testing/desk.ts'
import { writeIn, type Writing } from '../apps/server/src/modules/tickets/writing-in.ts'
import { ensureCustomers } from '../apps/server/src/modules/people/index.ts'
import { fillDesk, workspaceId } from './desk-data.ts'
import { brokenInvariants } from './desk-invariants.ts'
import { seededRandom } from './seeded.ts'

test('the tickets of the bench are as verbs would have left them', async () => {
  const database = await testDatabase()
  const owner = new pg.Client(database.owner)
  await owner.connect()
  try {
    await fillDesk(owner, 1_000)
    assert.deepEqual(await mixOf(owner), {
      ...{ tickets: 1000, messages: 6000, merges: true, unsolved: true, spam: true, snoozed: true },
    })
    assert.deepEqual(await brokenInvariants(owner, workspaceId), {})
    await assertSearched(owner)
  } finally {
    await owner.end()
    await database.drop()
  }
})

/** The newest that match, however common a word is, and also when all of them are old. */
async function assertSearched(owner: pg.Client): Promise<void> {
  await owner.query(
    `insert into ticket_messages (workspace_id, id, ticket_id, kind, channel, text, at)
     select $1, gen_random_uuid(), t.id, 'message', 'email', 'formerly', '2025-01-01'::timestamptz + t.number * interval '1 minute'
     from tickets t where t.workspace_id = $1`,
    [workspaceId],
  )
  await owner.query('analyze ticket_messages')
  await owner.query("select set_config('app.workspace', $1, false)", [workspaceId])
  const { rows: words } = await owner.query<{ word: string; n: number }>(
    `(select word, count(*)::integer as n from ticket_messages, unnest(tsvector_to_array(searched)) word
      where word ~ '^[a-z]{6}$' group by 1 order by 2 desc, 1 limit 5)
     union all select word, 1000 from unnest(array['formerly', 'former']) word`,
  )
  for (const { word, n } of words) {
    assert.ok(n >= 1_000, 'more than twice as many as are sought')
    const { rows } = await owner.query(
      `with found as (select ticket_id from ticket_messages where searched @@ ($1 || ':*')::tsquery order by at desc limit 50),
        subjects as (select ticket_id as id from ticket_words where searched @@ ($1 || ':*')::tsquery
          order by created_at desc limit 50),
        ids as (select ticket_id as id from found union select id from subjects),
        answered as (select id from search_tickets($1, 50) id)
       select (select count(*)::integer from answered) - (select least(50, count(*))::integer from ids) as missing,
         (select count(*)::integer from answered where id not in (select id from ids)) as strange`,
      [word],
    )
    assert.deepEqual(rows, [{ missing: 0, strange: 0 }], word)
  }
}

async function mixOf(owner: pg.Client) {
  const { rows } = await owner.query(
    `select (select count(*)::integer from ticket_messages) as messages, count(*)::integer as tickets,
       (select count(*) from ticket_merges) > 5 as merges, count(*) filter (where shelf = 'unsolved') > 10 as unsolved,
       count(*) filter (where shelf = 'spam') > 5 as spam, count(*) filter (where snoozed_until is not null) > 1 as snoozed
     from tickets`,
  )
  return rows[0] as object
}

const tickets = Number(process.env['LAHKO_BENCH_TICKETS'] ?? 100)
const atOnce = 25

test('tickets made by verbs keep what the bench relies on', async () => {
  const desk = await testDesk('verbs')
  const owner = new pg.Client(desk.house.database.owner)
  await owner.connect()
  try {
    const random = seededRandom(11)
    for (let from = 0; from < tickets; from += atOnce) {
      if (from === Math.floor(tickets / 2 / atOnce) * atOnce) await fiveWeeksLater(desk)
      await workAt(desk, from, random)
    }
    assert.deepEqual(await brokenInvariants(owner, desk.scope.workspaceId), {})
  } finally {
    await owner.end()
    await desk.house.close()
  }
})

/** What was solved is closed by then. */
async function fiveWeeksLater(desk: TestDesk): Promise<void> {
  desk.house.clock.advance(35 * 86_400_000)
  await desk.house.due.drain()
}

/** So many tickets with six messages each, a round of messages at a time. */
async function workAt(desk: TestDesk, from: number, random: () => number): Promise<void> {
  const ends = ['new', 'open', 'waiting', 'on_hold', 'solved', 'solved', 'solved', 'spam'] as const
  const open: { id: string; end: (typeof ends)[number]; customer: Writing['author'] }[] = []
  const inTurn = async (work: (tx: Tx) => Promise<unknown>) => {
    desk.house.clock.advance(60_000 + Math.floor(random() * 7_200_000))
    await desk.write(work)
  }
  await inTurn(async (tx) => {
    for (let place = 0; place < atOnce; place++) {
      const customer = await customerOf(tx, Math.floor(random() * (from + 50)))
      const first: Writing = {
        kind: 'message',
        channel: 'form',
        author: customer,
        text: `Number  ${from + place}\n\nbroke.`,
      }
      const given = {
        subject: `Zip ${place}`,
        channel: 'form',
        priority: 'normal',
        language: 'sl',
        topic: 'Zips',
      } as const
      const { id } = await openTicket(tx, { ...given, customerId: customer.customerId, first })
      open.push({ id, customer, end: ends[Math.floor(random() * ends.length)]! })
    }
  })
  const author = { memberId: desk.memberId, name: 'Ana', address: 'desk@shop.example' }
  for (const kind of ['reply', 'note', 'message', 'reply', 'last'] as const) {
    await inTurn(async (tx) => {
      for (const { id, end, customer } of open) {
        const unanswered = end === 'new' || end === 'spam'
        const isTheirs = kind !== 'note' && (kind === 'message' || unanswered || (kind === 'last' && end === 'open'))
        const status = kind === 'last' && (end === 'solved' || end === 'on_hold') ? end : undefined
        const said = { channel: 'email', text: `${kind} of ${id}` } as const
        await writeIn(
          tx,
          id,
          isTheirs
            ? { ...said, kind: 'message', author: customer }
            : { ...said, kind: kind === 'note' ? 'note' : 'reply', author, status },
        )
      }
    })
  }
  await inTurn(async (tx) => {
    const owned = open.filter(() => random() < 0.8).map(({ id }) => ({ id, ownerId: desk.memberId }))
    await changeTickets(tx, owned)
    await changeTickets(
      tx,
      open.flatMap(({ id, end }) => (end === 'spam' ? { id, spam: true } : [])),
    )
    const [one, other] = open.filter(({ end }) => end === 'solved')
    if (one && other) await merge(tx, one.id, other.id)
  })
}

async function customerOf(tx: Tx, number: number): Promise<Writing['author'] & { customerId: string }> {
  const address = `c${number}@mail.example`
  const [customerId] = await ensureCustomers(tx, [{ email: address, name: `Customer ${number}` }])
  return { customerId: customerId!, name: `Customer ${number}`, address }
}
