import assert from 'node:assert/strict'
import { agentRules, type AgentRule } from '@lahko/contract/desk-rules'
import fc from 'fast-check'
import { ensureCustomers } from '#people'
import { Problem } from '#platform/problem.ts'
import type { Tx } from '#platform/store.ts'
import { changeTickets } from '../changing.ts'
import { changeDeskRules } from '../desk-rules.ts'
import { merge, unmerge } from '../merging.ts'
import { openTicket } from '../opening.ts'
import { writeMessage, type GivenMessage } from '../replying.ts'
import { split } from '../splitting.ts'
import { takeBack } from '../taking-back.ts'
import type { GivenChange } from '../ticket-changes.ts'
import { findMergeTarget } from '../tickets.queries.ts'
import { writeIn, type Writing } from '../writing-in.ts'
import type { TestDesk } from './desk.ts'
import { assertSound, listMessageIdsIn, standOf, type Sound } from './soundness.ts'

/** What a history may take hold of, by its place. */
export type Model = { tickets: number; written: number; into: Map<number, number> }

/** Some tickets of one customer, and whatever is split from them. */
export type World = {
  desk: TestDesk
  customers: { id: string; address: string }[]
  /** Who answers: the agent, and a colleague. */
  members: readonly { id: string; name: string }[]
  ids: string[]
  /** Replies and forwards. */
  written: string[]
  /** Message-IDs. */
  mails: string[]
  /** Those whose status somebody has set by hand: who waits does not follow from their messages alone. */
  moved: Set<string>
  /** How the tickets were found last. */
  sound: ReadonlyMap<string, Sound>
}

type Command = fc.AsyncCommand<Model, World>
type Work<Given> = (world: World, given: Given, model: Model) => Promise<unknown>

/** One thing that may happen: refusing it is an answer too, and afterwards all tickets are sound. */
function command<Given extends { minutes: number }>(
  name: string,
  given: fc.Arbitrary<Given>,
  work: Work<Given>,
  check: (model: Model, given: Given) => boolean = () => true,
): fc.Arbitrary<Command> {
  return given.map((one) => ({
    check: (model) => check(model, one),
    async run(model, world) {
      world.desk.house.clock.advance(one.minutes * 60_000)
      await work(world, one, model).catch((error: unknown) => {
        if (!(error instanceof Problem)) throw error
      })
      await assertSound(world, name)
    },
    toString: () => `${name} ${fc.stringify(one)}`,
  }))
}

type Status = 'open' | 'waiting' | 'on_hold' | 'solved'
const status = fc.constantFrom<Status[]>('open', 'waiting', 'on_hold', 'solved')
const maybe = fc.option(status, { nil: undefined })
const place = { ticket: fc.nat(3), minutes: fc.integer({ min: 1, max: 90 }), by: fc.nat(1) }
const atTicket = fc.record(place)
const twoTickets = fc.record({ ...place, other: fc.nat(3) })
const saying = fc.record({ ...place, answers: fc.nat(9) })
const answering = fc.record({ ...place, status: maybe, scheduled: fc.boolean() })
const ruling = fc.record({ ...place, rule: fc.constantFrom(...agentRules) })
const changing = fc.record({
  ...place,
  change: fc.record(
    {
      status,
      subject: fc.constantFrom('A zip', 'A sole'),
      customer: fc.nat(1),
      owner: fc.constantFrom(0, 1, null),
      priority: fc.constantFrom('low' as const, 'normal' as const, 'urgent' as const),
      topic: fc.constantFrom('Zips', 'Soles', null),
      addTags: fc.subarray(['boots', 'returned']),
      removeTags: fc.subarray(['boots', 'winter']),
      spam: fc.boolean(),
      snoozedUntil: fc.constantFrom('reply', '2050-01-01T00:00:00.000Z', null),
    },
    { requiredKeys: [] },
  ),
})

const idAt = ({ ids }: World, which: number) => ids[which % ids.length]!
const placeOf = ({ tickets }: Model, which: number) => which % tickets
const isMerged = (model: Model, { ticket }: { ticket: number }) => model.into.has(placeOf(model, ticket))
const isFree = (model: Model, given: { ticket: number }) => !isMerged(model, given)

const hearing = command('hear', saying, (world, one) => hear(world, one, {}))
const replying = command('reply', answering, (world, one, model) => write(world, one, model, 'reply'))
const takingBack = command('take back', twoTickets, takeBackAny, ({ written }) => written > 0)
const merging = command('merge', twoTickets, mergeTwo, isFree)
const unmerging = command('unmerge', atTicket, unmergeOne, isMerged)
const splitting = command('split', twoTickets, splitOne)
const waiting = command('later', atTicket, (world) => passDays(world, 8))

/** Everything that verbs can do to a ticket, what happens often more often. */
export const anything: fc.Arbitrary<Command> = fc.oneof(
  { weight: 6, arbitrary: hearing },
  { weight: 1, arbitrary: command('thanks', saying, (world, one) => hear(world, one, { text: 'Thank you!' })) },
  { weight: 1, arbitrary: command('automatic', saying, (world, one) => hear(world, one, { automatic: true })) },
  { weight: 1, arbitrary: command('outside', saying, (world, one) => hear(world, one, { outside: true })) },
  { weight: 1, arbitrary: command('note', answering, writeNote) },
  { weight: 1, arbitrary: command('forward', answering, (world, one, model) => write(world, one, model, 'forward')) },
  { weight: 4, arbitrary: replying },
  { weight: 3, arbitrary: takingBack },
  { weight: 2, arbitrary: command('reply in vain', answering, (world, one) => writeInVain(world, one, 'reply')) },
  { weight: 1, arbitrary: command('forward in vain', answering, (world, one) => writeInVain(world, one, 'forward')) },
  { weight: 3, arbitrary: command('change', changing, change, isFree) },
  { weight: 2, arbitrary: command('no answer', atTicket, needNoAnswer, isFree) },
  { weight: 2, arbitrary: command('change in vain', changing, changeInVain, isFree) },
  { weight: 3, arbitrary: merging },
  { weight: 3, arbitrary: unmerging },
  { weight: 2, arbitrary: command('merge in vain', twoTickets, mergeInVain, isFree) },
  { weight: 2, arbitrary: splitting },
  { weight: 2, arbitrary: waiting },
  { weight: 1, arbitrary: command('rule', ruling, changeRule) },
  { weight: 1, arbitrary: command('soon', atTicket, (world) => passDays(world, 2)) },
)

/** Messages and merges only: who waits follows from them to the last, and more is merged at once. */
export const mergers: fc.Arbitrary<Command> = fc.oneof(
  { weight: 4, arbitrary: hearing },
  { weight: 3, arbitrary: replying },
  { weight: 1, arbitrary: takingBack },
  { weight: 6, arbitrary: merging },
  { weight: 4, arbitrary: unmerging },
  { weight: 1, arbitrary: splitting },
  { weight: 1, arbitrary: waiting },
)

const owning = fc.record({ ...place, change: fc.record({ owner: fc.constantFrom(0, 1, null) }) })
const solving = fc.record({ ...place, change: fc.record({ status: fc.constant('solved' as const) }) })

/** Two members at work: who replied, owned and solved, and by which rule one of them is chosen. */
export const teamwork: fc.Arbitrary<Command> = fc.oneof(
  { weight: 8, arbitrary: replying },
  { weight: 4, arbitrary: command('own', owning, change, isFree) },
  { weight: 5, arbitrary: command('solve', solving, change, isFree) },
  { weight: 2, arbitrary: hearing },
  { weight: 2, arbitrary: command('change in vain', solving, changeInVain, isFree) },
  { weight: 1, arbitrary: takingBack },
  { weight: 1, arbitrary: merging },
  { weight: 1, arbitrary: unmerging },
  { weight: 1, arbitrary: waiting },
  { weight: 2, arbitrary: command('rule', ruling, changeRule) },
)

let people = 0

/** Three tickets of somebody who has not been here before; answers count by each rule in turn. */
export async function newWorld(desk: TestDesk, members: World['members']): Promise<{ model: Model; real: World }> {
  people++
  await changeRule({ desk }, { rule: agentRules[people % agentRules.length]! })
  const addresses = [`n${people}@mail.example`, `o${people}@mail.example`]
  const ids = await desk.write((tx) =>
    ensureCustomers(
      tx,
      addresses.map((email) => ({ email, name: 'Nives' })),
    ),
  )
  const customers = addresses.map((address, one) => ({ address, id: ids[one]! }))
  const world: World = { desk, customers, members, ids: [], written: [], mails: [], moved: new Set(), sound: new Map() }
  for (let one = 0; one < 3; one++) {
    desk.house.clock.advance(60_000)
    const first = saidBy(world, { text: 'It broke.' })
    const given = { subject: 'A zip', channel: 'email', priority: 'normal', tags: ['winter'] } as const
    const { id } = await desk.write((tx) => openTicket(tx, { ...given, customerId: customers[0]!.id, first }))
    world.ids.push(id)
  }
  await assertSound(world, 'opening')
  return { model: { tickets: 3, written: 0, into: new Map() }, real: world }
}

let mails = 0

function saidBy(world: World, { text, answers, ...more }: Partial<Writing> & { answers?: string }): Writing {
  const { id: customerId, address } = world.customers[0]!
  const id = `<h${++mails}@mail.example>`
  world.mails.push(id)
  const by = more.outside ? { name: 'YKK', address: 'desk@ykk.example' } : { customerId, name: 'Nives', address }
  const mail = { message_id: id, ...(answers && { in_reply_to: answers }) }
  return { kind: 'message', channel: 'email', author: by, text: text ?? `Still broken ${mails}`, mail, ...more }
}

type At = { ticket: number; minutes: number; by: number }
type Saying = At & { answers: number }

async function hear(world: World, { ticket, answers }: Saying, more: Partial<Writing>): Promise<void> {
  const named = world.mails[answers % world.mails.length]
  await world.desk.write((tx) => writeIn(tx, idAt(world, ticket), saidBy(world, { ...more, answers: named })))
}

type Answering = At & { status: Status | undefined; scheduled: boolean }

async function given(world: World, { ticket, status: to, scheduled }: Answering, kind: GivenMessage['kind']) {
  const { clock } = world.desk.house
  const sendAt = new Date(clock.now().getTime() + 30 * 86_400_000).toISOString()
  const forwarded = kind === 'forward' ? (await listMessageIdsIn(world, idAt(world, ticket))).slice(0, 1) : []
  return {
    ...{ kind, text: `Sent at ${clock.now().toISOString()}`, copies: [], blindCopies: [], fileIds: [] },
    ...{ messageIds: forwarded, status: to, ...(scheduled && kind === 'reply' && { sendAt }) },
    ...(kind === 'forward' && { recipients: [{ name: 'YKK', address: 'desk@ykk.example' }] }),
  } as GivenMessage
}

async function writeOne(world: World, one: Answering, kind: GivenMessage['kind']): Promise<string> {
  const { desk } = world
  const message = await given(world, one, kind)
  const write = (tx: Tx) => writeMessage(desk.house.config.mail, tx, idAt(world, one.ticket), message)
  return desk.write(write, world.members[one.by]!.id)
}

async function write(world: World, one: Answering, model: Model, kind: 'reply' | 'forward'): Promise<void> {
  const id = await rootOf(world, idAt(world, one.ticket))
  world.written.push(await writeOne(world, one, kind))
  model.written++
  if (one.status && (kind === 'forward' || one.status === 'open')) world.moved.add(id)
}

async function writeNote(world: World, one: Answering): Promise<void> {
  if (one.status) world.moved.add(await rootOf(world, idAt(world, one.ticket)))
  await writeOne(world, one, 'note')
}

function writeInVain(world: World, one: Answering, kind: 'reply' | 'forward'): Promise<void> {
  return exactly(world, world.ids, true, async () => {
    const id = await writeOne(world, one, kind)
    world.desk.house.clock.advance(1_000)
    await world.desk.write((tx) => takeBack(tx, id))
  })
}

async function takeBackAny(world: World, { other }: At & { other: number }): Promise<void> {
  await world.desk.write((tx) => takeBack(tx, world.written[other % world.written.length]!))
}

type Change = Omit<GivenChange, 'customerId' | 'ownerId'> & { customer?: number; owner?: number | null }

function changeOf(world: World, { customer, owner, ...more }: Change): GivenChange {
  return {
    ...more,
    ...(customer !== undefined && { customerId: world.customers[customer]!.id }),
    ...(owner !== undefined && { ownerId: owner === null ? null : world.members[owner]!.id }),
  }
}

async function change(world: World, { ticket, by, change: wanted }: At & { change: Change }): Promise<void> {
  const id = idAt(world, ticket)
  if (wanted.status) world.moved.add(id)
  await world.desk.write((tx) => changeTickets(tx, [{ ...changeOf(world, wanted), id }]), world.members[by]!.id)
}

/** Whom answers count for is another rule from now on. */
async function changeRule({ desk }: Pick<World, 'desk'>, { rule }: { rule: AgentRule }): Promise<void> {
  await desk.write((tx) => changeDeskRules(tx, { thanksStaySolved: true, answersCountFor: rule }))
}

async function needNoAnswer(world: World, { ticket }: At): Promise<void> {
  const id = idAt(world, ticket)
  world.moved.add(id)
  await world.desk.write((tx) => changeTickets(tx, [{ noAnswer: true, id }]))
}

async function changeInVain(world: World, { ticket, change: wanted }: At & { change: Change }): Promise<void> {
  const id = idAt(world, ticket)
  await exactly(world, [id], false, async () => {
    const { undo } = await world.desk.write((tx) => changeTickets(tx, [{ ...changeOf(world, wanted), id }]))
    world.desk.house.clock.advance(1_000)
    await world.desk.write((tx) => changeTickets(tx, undo))
  })
}

async function mergeTwo(world: World, { ticket, other }: At & { other: number }, model: Model): Promise<void> {
  await world.desk.write((tx) => merge(tx, idAt(world, ticket), idAt(world, other)))
  model.into.set(placeOf(model, ticket), placeOf(model, other))
}

async function unmergeOne(world: World, { ticket }: At, model: Model): Promise<void> {
  await world.desk.write((tx) => unmerge(tx, idAt(world, ticket)))
  model.into.delete(placeOf(model, ticket))
}

async function mergeInVain(world: World, { ticket, other }: At & { other: number }): Promise<void> {
  const [id, intoId] = [idAt(world, ticket), idAt(world, other)]
  await exactly(world, world.ids, true, async () => {
    await world.desk.write((tx) => merge(tx, id, intoId))
    world.desk.house.clock.advance(1_000)
    await world.desk.write((tx) => unmerge(tx, id))
  })
}

async function splitOne(world: World, { ticket, other }: At & { other: number }, model: Model): Promise<void> {
  const messages = await listMessageIdsIn(world, idAt(world, ticket))
  const message = messages[other % Math.max(1, messages.length)]
  if (!message) return
  world.ids.push(await world.desk.write((tx) => split(tx, message)))
  model.tickets++
}

/** What is due in that time happens. */
async function passDays({ desk }: World, days: number): Promise<void> {
  desk.house.clock.advance(days * 86_400_000)
  await desk.house.due.drain()
}

function rootOf({ desk }: World, id: string): Promise<string> {
  return desk.write(async (tx: Tx) => (await findMergeTarget(tx, id)) ?? id)
}

/**
 * Nothing of these tickets differs after some work, but when something last happened.
 * @param effort whether it never has been for their touchpoints either
 */
async function exactly(world: World, ids: readonly string[], effort: boolean, work: () => Promise<void>) {
  const stands = () => Promise.all(ids.map((id) => standOf(world, id, effort)))
  const was = await stands()
  await work()
  assert.deepEqual(await stands(), was)
}
