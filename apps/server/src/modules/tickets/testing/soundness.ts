import assert from 'node:assert/strict'
import { sql, type RawBuilder } from 'kysely'
import { listTicketsOfCustomers } from '../customer-timeline.queries.ts'
import { listEffortRows } from '../effort-facts.queries.ts'
import { listTicketRows } from '../listing.queries.ts'
import { listRequestsOf } from '../own-requests.queries.ts'
import { findTicketLine } from '../tickets.queries.ts'
import type { AgentFacts } from '../whose-effort.ts'
import type { World } from './histories.ts'
import { agentFrom, foundIn, membersStory, type MembersStory } from './members-story.ts'

const weekMs = 7 * 86_400_000

/** A ticket beside what its own messages, those of what was merged into it, and its facts say of it. */
export type Sound = MembersStory & {
  id: string
  status: string
  waiting_since: Date | null
  first_answered_at: Date | null
  snoozed_until: Date | null
  last_author: string
  last_excerpt: string
  message_count: number
  spam: boolean
  merged: boolean
  round: number
  family: string[]
  messages: number
  humans: number
  unanswered_since: Date | null
  first_reply_at: Date | null
  newest_author: string
  newest_text: string
  contacts: number
  replies: number
  turns: { from: string; to: string }[]
  touchpoints: { name: string; started: string; ended: string | null; attributes: Record<string, string> }[]
  name: string
  /** The answer that has solved it waits to leave. */
  leaving: boolean
}

/** A message of a customer that nobody answers where it is, nor in what its ticket was merged into since it was. What came before a touchpoint began is over. */
const unanswered = sql`f.root = t.id and (f.id = t.id or s.spam_at is null) and m.kind = 'message' and not m.automatic
  and not m.banners @> '{thanks}' and s.round > 0 and m.at >= coalesce(s.round_from, '-infinity')
  and not exists (select from ticket_messages r where r.ticket_id = m.ticket_id and r.kind = 'reply' and r.id > m.id)
  and not exists (select from ways w join ticket_messages r on r.ticket_id = w.place and r.kind = 'reply'
    where w.id = f.id and ('x' || left(replace(r.id::text, '-', ''), 12))::bit(48)::bigint >= extract(epoch from w.since) * 1000)`

async function look<Row>({ desk }: World, query: RawBuilder<Row>): Promise<Row[]> {
  return (await desk.write((tx) => query.execute(tx.kysely))).rows
}

function soundOf(world: World): Promise<Sound[]> {
  return look(
    world,
    sql<Sound>`
    with recursive ways as (
      select source_id as id, target_id as place, at as since from ticket_merges
      where source_id = any(${world.ids}::uuid[])
      union all
      select w.id, g.target_id, greatest(w.since, g.at) from ways w join ticket_merges g on g.source_id = w.place
    ), family as (
      select id as root, id from tickets where id = any(${world.ids}::uuid[]) union all select place, id from ways
    )
    select t.id, t.status, t.waiting_since, t.first_answered_at, t.solved_at, t.snoozed_until, t.last_author,
      t.last_excerpt, t.message_count, t.round, t.spam_at is not null as spam,
      exists (select from ticket_merges g where g.source_id = t.id) as merged,
      (select array_agg(f.id) from family f where f.root = t.id) as family,
      own.*, shown.*, coalesce(l.author, '') as newest_author, coalesce(l.text, '') as newest_text,
      (select min(m.at) from family f join tickets s on s.id = f.id join ticket_messages m on m.ticket_id = f.id
        where ${unanswered}) as unanswered_since,
      (select coalesce(json_agg(json_build_object('from', e.data ->> 'from', 'to', e.data ->> 'to') order by e.id), '[]')
        from events e where e.subject_id = t.id and e.type = 'ticket.status') as turns,
      ${membersStory},
      (select coalesce(json_agg(json_build_object('name', p.external_id, 'started', p.started_at, 'ended', p.ended_at,
          'attributes', p.attributes) order by length(p.external_id), p.external_id), '[]') from touchpoints p
        where p.external_id = any(select 'ticket:' || t.number || case when n = 1 then '' else ':' || n end
          from generate_series(0, 30) n)) as touchpoints,
      'ticket:' || t.number || case when t.round > 1 then ':' || t.round else '' end as name,
      exists (select from ticket_messages m where m.ticket_id = t.id and m.send_at is not null
        and (m.undo -> 'after' ->> 'solvedAt')::timestamptz = t.solved_at
        and m.undo -> 'before' -> 'solvedAt' <> m.undo -> 'after' -> 'solvedAt') as leaving
    from tickets t
    cross join lateral (select count(*) as messages,
        min(m.at) filter (where m.kind = 'reply') as first_reply_at,
        count(*) filter (where m.kind = 'message' and not m.automatic and not m.banners @> '{thanks}') as humans
      from ticket_messages m where m.ticket_id = t.id) own
    cross join lateral (select count(*) filter (where m.kind = 'message') as contacts,
        count(*) filter (where m.kind = 'reply') as replies
      from ticket_messages m join family f on f.root = t.id and f.id = m.ticket_id
      where not m.automatic and not m.outside and not m.banners @> '{thanks}'
        and m.at >= coalesce(t.round_from, '-infinity')) shown
    left join lateral (select coalesce(nullif(m.from_name, ''), m.from_address) as author, left(m.text, 140) as text
      from ticket_messages m join family f on f.root = t.id and f.id = m.ticket_id
      where m.kind in ('message', 'reply') order by m.at desc, m.id desc limit 1) l on true
    where t.id = any(${world.ids}::uuid[])`,
  )
}

const isOver = ({ status }: Sound) => status === 'solved' || status === 'closed'
/** For its customer, and for the touchpoint. */
const hasEnded = (one: Sound) => isOver(one) && !one.leaving
const endOf = ({ touchpoints }: Sound) => touchpoints.at(-1)?.ended ?? null

/** @param name of what has happened */
export async function assertSound(world: World, name: string): Promise<void> {
  const before = world.sound
  world.sound = new Map((await soundOf(world)).map((one) => [one.id, one]))
  const facts = new Map((await world.desk.write((tx) => listEffortRows(tx, world.ids))).map((row) => [row.id, row]))
  for (const one of world.sound.values()) {
    assertCounted(one, `after ${name}`)
    assertWaits(world, one, `after ${name}`)
    assertHistory(one, `after ${name}`)
    assertOneTouchpoint(one, `after ${name}`)
    assertAgent(world, one, facts.get(one.id)!, `after ${name}`)
    const was = before.get(one.id)
    if (was) assertWeek(world, was, one, name)
  }
}

function assertCounted(t: Sound, when: string): void {
  assert.equal(t.message_count, t.messages, `message_count ${when}`)
  assert.deepEqual(t.first_answered_at, t.first_reply_at, `first_answered_at ${when}`)
  // What was merged is shown where it was merged into.
  if (!t.merged)
    assert.deepEqual([t.last_author, t.last_excerpt], [t.newest_author, t.newest_text], `the line of the list ${when}`)
}

function assertWaits({ moved }: World, t: Sound, when: string): void {
  const isOurs = t.status === 'new' || t.status === 'open'
  const says = `${when}: ${t.status}`
  if (t.humans > 0) assert.equal(t.waiting_since !== null, isOurs, `waiting_since ${says}`)
  assert.equal(t.solved_at !== null, isOver(t), `solved_at ${says}`)
  assert.ok(t.snoozed_until === null || !isOver(t), `what is over does not sleep, ${says}`)
  assert.ok(t.status !== 'new' || t.first_answered_at === null, `new ${says}`)
  if (t.merged || t.family.some((id) => moved.has(id))) return
  if (isOurs) assert.deepEqual(t.waiting_since, t.unanswered_since, `who waits, ${says}`)
  if (t.status === 'waiting') assert.equal(t.unanswered_since, null, `who does not wait, ${says}`)
}

/** Its facts of status lead from one to the next, to the one that it has. */
function assertHistory({ turns, status }: Sound, when: string): void {
  assert.deepEqual(
    ['new', ...turns.map(({ to }) => to)],
    [...turns.map(({ from }) => from), status],
    `status and history ${when}`,
  )
}

/** One that is open as long as the ticket is, and one that has ended for each time that it was over for a week. */
function assertOneTouchpoint(t: Sound, when: string): void {
  const { touchpoints, spam, round } = t
  assert.equal(touchpoints.length, Math.max(0, spam ? round - 1 : round), `touchpoints ${when}`)
  const open = touchpoints.filter(({ ended }) => ended === null).length
  if (spam || round === 0) return assert.equal(open, 0, `open touchpoints ${when}`)
  const { name, attributes } = touchpoints.at(-1)!
  assert.equal(name, t.name, `its touchpoint ${when}`)
  assert.equal(open, t.merged || hasEnded(t) ? 0 : 1, `open touchpoints ${when}: ${t.status}`)
  assert.equal(attributes['outcome'] ?? '', t.merged ? 'merged' : hasEnded(t) ? 'solved' : '', `outcome ${when}`)
  if (t.merged) return
  const told = [attributes['contacts'], attributes['replies']]
  assert.deepEqual(told, [String(t.contacts), String(t.replies)], `contacts, replies ${when}`)
}

/** Each rule finds whom its story says, and it counts for whom the one says that held when it was over. */
function assertAgent({ members }: World, t: Sound, facts: AgentFacts, when: string): void {
  if (t.merged || t.spam || t.round === 0 || !hasEnded(t)) return
  const { agent_rule, solver_id, writer_id, keeper_id } = facts
  assert.deepEqual({ agent_rule, solver_id, writer_id, keeper_id }, foundIn(t, members), `whom rules find ${when}`)
  const { attributes } = t.touchpoints.at(-1)!
  const told = { agent: attributes['agent'] ?? '', by: attributes['agent_by'] ?? '' }
  assert.deepEqual(told, agentFrom(t, members), `whom it counts for ${when}`)
}

/** What is open again within a week goes on, and what is later begins anew, unless it has never been over. */
function assertWeek({ desk }: World, was: Sound, now: Sound, name: string): void {
  const goesOn = now.merged || was.spam || now.spam || isOver(now) || was.round === 0
  if (goesOn || was.merged || !isOver(was)) return
  if (was.leaving) return assert.equal(now.round, was.round, `its touchpoint had not ended, after ${name}`)
  const pastMs = desk.house.clock.now().getTime() - Date.parse(endOf(was)!)
  const begins = pastMs > weekMs && !['take back', 'unmerge', 'split'].includes(name)
  assert.equal(now.round, was.round + (begins ? 1 : 0), `its touchpoint after ${pastMs} ms, after ${name}`)
}

/** What of a ticket has to be the same again when something is taken back. */
export async function standOf(world: World, id: string, withTouchpoint: boolean) {
  const { desk } = world
  const found = (await desk.write((tx) => findTicketLine(tx, id)))!
  const { updated_at: _, touchpoint_id: __, spam_at: spamAt, ...row } = found
  const messages = await look(world, sql`select id, kind, at from ticket_messages where ticket_id = ${id} order by id`)
  const participants = await look(
    world,
    sql`select address, name, outside from ticket_participants where ticket_id = ${id} order by 1`,
  )
  const touchpoints = withTouchpoint ? await touchpointsOf(world, id) : []
  return { ...row, spam: spamAt !== null, messages, participants, touchpoints }
}

/** Others' tickets count as repeats, whatever happens to this one. */
async function touchpointsOf(world: World, id: string) {
  const { touchpoints, round } = (await soundOf({ ...world, ids: [id] }))[0]!
  const known = touchpoints.map(({ attributes, ...one }) => {
    const said = Object.entries(attributes).filter(([name, value]) => value !== '' && name !== 'repeats_7_days')
    return { ...one, attributes: Object.fromEntries(said) }
  })
  return [round, ...known]
}

export async function listMessageIdsIn(world: World, ticketId: string): Promise<string[]> {
  const rows = await look(
    world,
    sql<{ id: string }>`
      select id from ticket_messages where ticket_id = ${ticketId} and kind = 'message' order by at, id`,
  )
  return rows.map(({ id }) => id)
}

/** What was merged stands in no list: of members, of the customer's page, or of the customer. */
export async function assertMergedAreNowhere({ desk, ids, customers }: World, merged: ReadonlySet<string>) {
  const customerIds = customers.map(({ id }) => id)
  const listed = await desk.write(async (tx) => {
    const rows: { id: string }[] = await listRequestsOf(tx, customerIds, { limit: 200 })
    for (const customer of customerIds) {
      rows.push(...(await listTicketsOfCustomers(tx, [customer], { limit: 200 })))
      for (const shelf of ['unsolved', 'solved', 'spam'] as const)
        for (const snoozed of [undefined, 'yes'] as const)
          rows.push(...(await listTicketRows(tx, { shelf, snoozed, customer }, { sort: 'newest', limit: 200 })))
    }
    return new Set(rows.map(({ id }) => id))
  })
  assert.deepEqual(
    ids.filter((id) => listed.has(id)),
    ids.filter((id) => !merged.has(id)),
    'what was merged stands in no list',
  )
}
