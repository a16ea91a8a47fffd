import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { sql, type RawBuilder } from 'kysely'
import { Problem } from '#platform/problem.ts'
import { changeTickets } from './changing.ts'
import { merge, unmerge } from './merging.ts'
import { writeMessage } from './replying.ts'
import { split } from './splitting.ts'
import { takeBack } from './taking-back.ts'
import { testDesk, type TestDesk } from './testing/desk.ts'
import type { GivenChange } from './ticket-changes.ts'
import { findTicketLine, findTicketRow, listMerges, type TicketRow } from './tickets.queries.ts'
import { writeIn } from './writing-in.ts'

let desk: TestDesk
before(async () => {
  desk = await testDesk('histories')
})
after(() => desk.house.close())

type Status = 'open' | 'waiting' | 'on_hold' | 'solved'
type Step = { ticket: number; other: number; minutes: number } & (
  | {
      kind: 'hear' | 'automatic' | 'note' | 'merge' | 'unmerge' | 'split' | 'merge and unmerge' | 'take back' | 'later'
    }
  | { kind: 'reply' | 'reply and take back'; status: Status | undefined; scheduled: boolean }
  | { kind: 'change' | 'change and undo'; change: GivenChange }
)

const statuses = fc.constantFrom<Status[]>('open', 'waiting', 'on_hold', 'solved')
const where = { ticket: fc.nat(2), other: fc.nat(2), minutes: fc.integer({ min: 1, max: 90 }) }
const change = fc.record(
  {
    status: statuses,
    priority: fc.constantFrom('low' as const, 'normal' as const, 'urgent' as const),
    topic: fc.constantFrom('Zips', 'Soles', null),
    addTags: fc.subarray(['boots', 'returned']),
    removeTags: fc.subarray(['boots', 'winter']),
    spam: fc.boolean(),
    snoozedUntil: fc.constantFrom('2030-01-01T00:00:00.000Z', null),
  },
  { requiredKeys: [] },
)
const plain = (weight: number, ...kinds: Step['kind'][]) => ({
  weight,
  arbitrary: fc.record({ ...where, kind: fc.constantFrom(...kinds) }),
})
const step = fc.oneof(
  plain(6, 'hear'),
  plain(2, 'automatic', 'note', 'later'),
  plain(5, 'merge', 'unmerge', 'split', 'merge and unmerge', 'take back'),
  {
    weight: 5,
    arbitrary: fc.record({
      ...where,
      kind: fc.constantFrom('reply' as const, 'reply' as const, 'reply and take back' as const),
      status: fc.option(statuses, { nil: undefined }),
      scheduled: fc.boolean(),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ ...where, kind: fc.constantFrom('change' as const, 'change and undo' as const), change }),
  },
) as fc.Arbitrary<Step>

/** Three tickets of one customer, and whatever is split from them. */
type World = {
  ids: string[]
  replies: string[]
  /** Those whose waits do not follow from their own messages alone: somebody opened them, or others are in them. */
  moved: Set<string>
}

test('whatever happens to tickets, they say what their messages say, are one touchpoint each, and all is taken back exactly', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 24 }), async (steps) => {
      const world: World = { ids: [], replies: [], moved: new Set() }
      for (let place = 0; place < 3; place++) world.ids.push((await desk.open({ tags: ['winter'] })).id)
      for (const one of steps) {
        desk.house.clock.advance(one.minutes * 60_000)
        await happen(world, one).catch(passRefusals)
        for (const id of world.ids) await assertSound(world, id, `after ${one.kind}`)
      }
    }),
    // Looking for a shorter history would take longer than a test may; seed and path say which it was.
    { numRuns: 20, endOnFailure: true },
  )
})

function passRefusals(error: unknown): void {
  if (!(error instanceof Problem)) throw error
}

async function happen(world: World, one: Step): Promise<void> {
  const id = world.ids[one.ticket % world.ids.length]!
  const other = world.ids[one.other % world.ids.length]!
  switch (one.kind) {
    case 'hear':
      return hear(id, false)
    case 'automatic':
      return hear(id, true)
    case 'note':
      return void (await write(id, { kind: 'note', text: 'Look at the sole.' }))
    case 'later':
      return desk.house.clock.advance(8 * 86_400_000)
    case 'reply':
      if (one.status === 'open') world.moved.add(id)
      return void world.replies.push(await reply(id, one))
    case 'change':
      if (one.change.status) world.moved.add(id)
      return void (await desk.write((tx) => changeTickets(tx, [{ ...one.change, id }])))
    case 'merge':
      await desk.write((tx) => merge(tx, id, other))
      return world.ids.forEach((each) => world.moved.add(each))
    case 'unmerge':
      return desk.write((tx) => unmerge(tx, id))
    case 'split':
      return splitSome(world, id, one.other)
    case 'take back':
      return void (await desk.write((tx) => takeBack(tx, world.replies[one.other % world.replies.length] ?? id)))
    case 'change and undo':
      return exactly([id], async () => {
        const { undo } = await desk.write((tx) => changeTickets(tx, [{ ...one.change, id }]))
        await desk.write((tx) => changeTickets(tx, undo))
      })
    case 'merge and unmerge':
      return mergeAndUnmerge(id, other)
    case 'reply and take back':
      return exactly(world.ids, async () => {
        const messageId = await reply(id, one)
        await desk.write((tx) => takeBack(tx, messageId))
      })
  }
}

/** What was merged already is not unmerged. */
async function mergeAndUnmerge(id: string, other: string): Promise<void> {
  if ((await desk.write((tx) => listMerges(tx, [id]))).size > 0) return
  await exactly([id, other], async () => {
    await desk.write((tx) => merge(tx, id, other))
    await desk.write((tx) => unmerge(tx, id))
  })
}

async function hear(id: string, automatic: boolean): Promise<void> {
  const { customer_id: customerId } = await rowOf(id)
  const author = { customerId: customerId!, name: 'Nives', address: 'nives@mail.example' }
  const text = automatic ? 'I am away.' : `Still broken at ${desk.house.clock.now().toISOString()}`
  await desk.write((tx) => writeIn(tx, id, { kind: 'message', channel: 'email', author, text, automatic }))
}

type Given = { kind: 'reply' | 'note'; text: string; status?: Status; sendAt?: string }

function write(id: string, given: Given): Promise<string> {
  const nothing = { copies: [], blindCopies: [], fileIds: [], messageIds: [] }
  return desk.write((tx) => writeMessage(desk.house.config.mail, tx, id, { ...nothing, ...given }))
}

function reply(id: string, { status, scheduled }: { status: Status | undefined; scheduled: boolean }): Promise<string> {
  const text = `Sent again at ${desk.house.clock.now().toISOString()}`
  return write(id, { kind: 'reply', text, status, ...(scheduled && { sendAt: '2027-05-01T08:00:00.000Z' }) })
}

async function splitSome(world: World, id: string, which: number): Promise<void> {
  const rows = await look(
    sql<{ id: string }>`select id from ticket_messages where ticket_id = ${id} and kind = 'message' order by at, id`,
  )
  const message = rows[which % Math.max(1, rows.length)]
  if (!message) return
  world.ids.push(await desk.write((tx) => split(tx, message.id)))
  world.moved.add(id)
}

/** Nothing of these tickets differs after some work, but when something last happened. */
async function exactly(ids: readonly string[], work: () => Promise<void>): Promise<void> {
  const stands = () => Promise.all(ids.map(standOf))
  const was = await stands()
  await work()
  assert.deepEqual(await stands(), was)
}

async function standOf(id: string) {
  const { updated_at: _, touchpoint_id: __, spam_at: spamAt, ...row } = await rowOf(id)
  const tags = (await desk.write((tx) => findTicketLine(tx, id)))!.tags
  const messages = await look(sql`select id, kind, at from ticket_messages where ticket_id = ${id} order by id`)
  const participants = await look(sql`select address, name from ticket_participants where ticket_id = ${id} order by 1`)
  return { ...row, spam: spamAt !== null, tags, messages, participants }
}

async function rowOf(id: string): Promise<TicketRow> {
  return (await desk.write((tx) => findTicketRow(tx, id)))!
}

async function look<Row>(query: RawBuilder<Row>): Promise<Row[]> {
  return (await desk.write((tx) => query.execute(tx.kysely))).rows
}

type Sound = {
  status: string
  waiting_since: Date | null
  unanswered_since: Date | null
  first_answered_at: Date | null
  solved_at: Date | null
  first_reply_at: Date | null
  snoozed_until: Date | null
  last_author: string
  last_excerpt: string
  newest_author: string
  newest_excerpt: string
  message_count: number
  messages: number
  humans: number
  spam: boolean
  round: number
  touchpoints: number
  own_touchpoint: boolean
  ended_at: Date | null
  contacts: string | null
  replies: string | null
  real_contacts: number
  real_replies: number
  merged: boolean
  has_taken: boolean
  steps: number
}

async function assertSound({ moved }: World, id: string, when: string): Promise<void> {
  const t = await soundOf(id)
  const isOurs = t.status === 'new' || t.status === 'open'
  const isOver = t.status === 'solved' || t.status === 'closed'
  assert.equal(t.message_count, t.messages, `message_count ${when}`)
  if (t.humans > 0) assert.equal(t.waiting_since !== null, isOurs, `waiting_since ${when}: ${t.status}`)
  if (!moved.has(id) && isOurs) assert.deepEqual(t.waiting_since, t.unanswered_since, `who waits, ${when}`)
  if (!moved.has(id) && t.status === 'waiting') assert.equal(t.unanswered_since, null, `who does not wait, ${when}`)
  assert.deepEqual(t.first_answered_at, t.first_reply_at, `first_answered_at ${when}`)
  assert.ok(t.status !== 'new' || t.first_answered_at === null, `new ${when}`)
  assert.equal(t.solved_at !== null, isOver, `solved_at ${when}: ${t.status}`)
  assert.ok(t.snoozed_until === null || !isOver, `what is over does not sleep, ${when}`)
  if (!t.has_taken && !moved.has(id))
    assert.deepEqual(
      [t.last_author, t.last_excerpt],
      [t.newest_author, t.newest_excerpt],
      `the line of the list ${when}`,
    )
  assert.ok(t.steps < 20, `merges lead to an end, ${when}`)
  assertOneTouchpoint(t, when)
}

function assertOneTouchpoint(t: Sound, when: string): void {
  assert.equal(t.touchpoints, t.spam ? t.round - 1 : t.round, `touchpoints ${when}`)
  if (t.spam) return
  assert.ok(t.own_touchpoint, `its touchpoint ${when}`)
  assert.equal(t.ended_at !== null, t.merged || t.solved_at !== null, `the end of its touchpoint ${when}`)
  assert.deepEqual(
    [t.contacts, t.replies],
    [String(t.real_contacts), String(t.real_replies)],
    `contacts, replies ${when}`,
  )
}

async function soundOf(id: string): Promise<Sound> {
  const [found] = await look(sql<Sound>`
    select t.status, t.waiting_since, t.first_answered_at, t.solved_at, t.snoozed_until, t.last_author, t.last_excerpt,
      t.message_count, t.spam_at is not null as spam, t.round,
      (select min(m.at) from ticket_messages m where m.ticket_id = t.id and m.kind = 'message' and not m.automatic
        and not exists (select from ticket_messages r where r.ticket_id = t.id and r.kind = 'reply' and r.id > m.id))
        as unanswered_since,
      (select count(*) from ticket_messages m where m.ticket_id = t.id) as messages,
      (select count(*) from ticket_messages m where m.ticket_id = t.id and m.kind = 'message' and not m.automatic) as humans,
      (select min(m.at) from ticket_messages m where m.ticket_id = t.id and m.kind = 'reply') as first_reply_at,
      l.author as newest_author, l.excerpt as newest_excerpt,
      (select count(*) from touchpoints p where p.workspace_id = t.workspace_id
        and (p.external_id = 'ticket:' || t.number or p.external_id like 'ticket:' || t.number || ':%')) as touchpoints,
      p.external_id is not distinct from
        'ticket:' || t.number || case when t.round > 1 then ':' || t.round else '' end as own_touchpoint,
      p.ended_at, p.attributes ->> 'contacts' as contacts, p.attributes ->> 'replies' as replies,
      (select count(*) from ticket_messages m where m.ticket_id = t.id and m.kind = 'message' and not m.automatic
        and m.at >= coalesce(t.round_from, '-infinity')) as real_contacts,
      (select count(*) from ticket_messages m where m.ticket_id = t.id and m.kind = 'reply'
        and m.at >= coalesce(t.round_from, '-infinity')) as real_replies,
      exists (select from ticket_merges g where g.source_id = t.id) as merged,
      exists (select from ticket_merges g where g.target_id = t.id) as has_taken,
      (with recursive way as (
        select t.id, 0 as step union all
        select g.target_id, way.step + 1 from way join ticket_merges g on g.source_id = way.id where way.step < 20
      ) select max(step) from way) as steps
    from tickets t left join touchpoints p on p.workspace_id = t.workspace_id and p.id = t.touchpoint_id
    left join lateral (
      select coalesce(nullif(m.from_name, ''), m.from_address) as author, left(m.text, 140) as excerpt
      from ticket_messages m where m.ticket_id = t.id and m.kind <> 'note' order by m.at desc, m.id desc limit 1) l on true
    where t.id = ${id}`)
  return found!
}
