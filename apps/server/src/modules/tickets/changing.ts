import { permissionsOfRole } from '@lahko/contract'
import { listMembers } from '#accounts'
import { ensureCustomers, findContacts, findCustomers } from '#people'
import { emitBatch, type Fact } from '#platform/events.ts'
import { invalidField, Problem } from '#platform/problem.ts'
import type { Db, Tx } from '#platform/store.ts'
import { deleteTags, insertTags, listSolvedBefore, lockTickets, updateTickets } from './changing.queries.ts'
import { waitsOf } from './recounting.ts'
import { momentOfSnooze } from './snoozing.ts'
import { tellEffort } from './telling-effort.ts'
import { changed, factsOf, undoOf, type GivenChange, type NoAnswer, type Tagged } from './ticket-changes.ts'
import { isStill, stillOf, type Still } from './still.ts'
import { demandFields } from './ticket-fields.ts'
import { listMerges, listTicketLines, type TicketRow } from './tickets.queries.ts'
import { insertWordings, type Wording } from './wordings.queries.ts'

const mostTags = 50

/** @property ifStill what the ticket must still be like; else it stays as it is */
export type ChangeOfOne = GivenChange & { id: string; ifStill?: Still }
/** A change that may name its customer by address. */
type ChangeByAddress = GivenChange & { ifStill?: Still; customer?: { name: string; address: string } }
export type ManyChanged = { undo: ChangeOfOne[]; missing: string[]; changedSince: { id: string; number: number }[] }

/**
 * Changes one ticket.
 * @throws Problem not_found; conflict `desk.merged` when it was merged into another; invalid for what is not there
 */
export async function changeTicket(tx: Tx, id: string, change: ChangeByAddress): Promise<void> {
  const { missing } = await apply(tx, [{ ...change, id }], () => '/body')
  if (missing.length === 0) return
  if ((await listMerges(tx, [id])).size > 0) throw new Problem('conflict', 'desk.merged')
  throw new Problem('not_found', 'platform.not_found')
}

/**
 * Changes many tickets, all or none. What is not there, or was merged into another, is passed by and named.
 * @returns also the changes that take it all back
 * @throws Problem invalid
 */
export async function changeTickets(
  tx: Tx,
  changes: readonly (ChangeByAddress & { id: string })[],
): Promise<ManyChanged> {
  const twice = changes.findIndex(({ id }, place) => changes.findIndex((one) => one.id === id) < place)
  if (twice >= 0) throw invalidField(`/body/changes/${twice}/id`, 'desk.twice')
  return apply(tx, changes, (place) => `/body/changes/${place}`)
}

async function apply(
  tx: Tx,
  given: readonly (ChangeByAddress & { id: string })[],
  fieldOf: (place: number) => string,
): Promise<ManyChanged> {
  const changes = (await withCustomers(tx, given)).map((change, place) => awake(tx, change, fieldOf(place)))
  await demandMembers(tx, changes, fieldOf)
  await demandCustomers(tx, changes, fieldOf)
  const ids = changes.map(({ id }) => id)
  const before = await lockLines(tx, ids)
  const unanswered = await waitsOf(tx, toOpen(changes, before))
  const solved = await listSolvedBefore(
    tx,
    changes.flatMap(({ id, noAnswer }) => (noAnswer ? id : [])),
  )
  const steps = changes.flatMap((change, place) => {
    const was = before.get(change.id)
    if (!was || was.mergedInto || isOtherNow(was, change)) return []
    const solvedBefore = solved.get(change.id) ?? null
    const now = changed(was, change, { now: tx.now, unansweredSince: unanswered.get(change.id) ?? null, solvedBefore })
    if (now.tags.length > mostTags)
      throw invalidField(`${fieldOf(place)}/addTags`, 'desk.too_many_tags', { most: mostTags })
    return [{ before: was, after: now, ...(change.noAnswer && { noAnswer: { solvedBefore } }) }]
  })
  const solvedNow = steps.filter(({ before: was, after: now }) => isSolvedByMember(tx, was.row, now.row))
  await demandFields(
    tx,
    solvedNow.map(({ after: now }) => now.row),
  )
  await keepChanges(tx, steps)
  return {
    undo: steps.map(({ before: was, after: now }) => {
      return { id: was.row.id, ...undoOf(was, now), ifStill: stillOf(was, now) }
    }),
    changedSince: changes.flatMap((change) => {
      const was = before.get(change.id)
      return was && !was.mergedInto && isOtherNow(was, change) ? [{ id: was.row.id, number: was.row.number }] : []
    }),
    missing: ids.filter((id) => before.get(id)?.mergedInto !== null),
  }
}

/** Whether somebody has changed since what an undo would put back. */
function isOtherNow(was: Tagged, { ifStill }: ChangeOfOne): boolean {
  return ifStill !== undefined && !isStill(was, ifStill)
}

/** Whoever is named by address is a customer from now on. */
async function withCustomers(tx: Tx, given: readonly (ChangeByAddress & { id: string })[]): Promise<ChangeOfOne[]> {
  const ids = await ensureCustomers(
    tx,
    given.flatMap(({ customer }) =>
      customer ? { email: customer.address, ...(customer.name && { name: customer.name }) } : [],
    ),
  )
  let turn = 0
  return given.map(({ customer, ...change }) => (customer ? { ...change, customerId: ids[turn++] } : change))
}

/** Facts that say something of the effort. */
const effortFacts = new Set([
  ...['ticket.status', 'ticket.assigned', 'ticket.prioritised', 'ticket.topic', 'ticket.customer', 'ticket.spam'],
  ...['ticket.no_spam', 'ticket.language'],
])

/** A customer may say that it is solved, whatever members have not said yet. */
function isSolvedByMember({ actor }: Tx, was: TicketRow, now: TicketRow): boolean {
  return (actor.kind === 'member' || actor.kind === 'key') && now.status === 'solved' && was.status !== 'solved'
}

type Step = { before: Tagged; after: Tagged; noAnswer?: NoAnswer }

/** Writes what members or time have changed in locked tickets, and says what happened. */
export async function keepChanges(tx: Tx, steps: readonly Step[]): Promise<void> {
  const facts = steps.flatMap(({ before, after, noAnswer }) => factsOf(before, after, noAnswer))
  if (facts.length === 0) return
  await updateTickets(
    tx,
    steps.map(({ after }) => after.row),
  )
  const tagsOf = (one: Tagged, other: Tagged) =>
    one.tags.filter((tag) => !other.tags.includes(tag)).map((tag) => ({ ticketId: one.row.id, tag }))
  await deleteTags(
    tx,
    steps.flatMap(({ before, after }) => tagsOf(before, after)),
  )
  await insertTags(
    tx,
    steps.flatMap(({ before, after }) => tagsOf(after, before)),
  )
  const ids = await emitBatch(tx, facts)
  await insertWordings(tx, await wordingsOf(tx, steps, facts, ids))
  const told = facts.filter(({ type }) => effortFacts.has(type)).map(({ subjectId }) => subjectId)
  if (told.length > 0) await tellEffort(tx, told)
}

/** What subjects were and are, and whose customers asked, beside the events that tell of it. */
async function wordingsOf(tx: Tx, steps: readonly Step[], facts: readonly Fact[], ids: readonly string[]) {
  const told = facts.flatMap(({ type, subjectId }, place): Told[] => {
    const step = steps.find(({ after }) => after.row.id === subjectId)!
    return [{ type, eventId: ids[place]!, ticketId: subjectId, was: step.before.row, now: step.after.row }]
  })
  return [...told.flatMap(renaming), ...(await organisationsThen(tx, told))]
}

type Told = { type: string; eventId: string; ticketId: string; was: TicketRow; now: TicketRow }

function renaming({ type, eventId, ticketId, was, now }: Told): Wording[] {
  return type === 'ticket.renamed' ? [{ eventId, ticketId, words: { subject: [was.subject, now.subject] } }] : []
}

/** For whom somebody works may change; what the history says of then does not. */
async function organisationsThen(tx: Tx, told: readonly Told[]): Promise<Wording[]> {
  const moved = told.filter(({ type }) => type === 'ticket.customer')
  const ids = moved.flatMap(({ was, now }) => [was.customer_id ?? [], now.customer_id ?? []].flat())
  const contacts = await findContacts(tx, ids)
  const worksFor = ({ customer_id: id }: TicketRow) => contacts.get(id ?? '')?.organisation ?? null
  return moved.flatMap(({ eventId, ticketId, was, now }): Wording[] => {
    const [from, to] = [worksFor(was), worksFor(now)]
    return from === to ? [] : [{ eventId, ticketId, words: { organisation: [from, to] } }]
  })
}

/** Tickets with their tags and merges, by their ids; nobody else changes them meanwhile. */
async function lockLines(tx: Tx, ids: readonly string[]) {
  // What somebody else was just changing is known only after they have let go of it.
  await lockTickets(tx, ids)
  const lines = await listTicketLines(tx, ids)
  return new Map(lines.map(({ tags, merged_into: mergedInto, ...row }) => [row.id, { row, tags, mergedInto }]))
}

/** Those that become ours to answer again. */
function toOpen(changes: readonly ChangeOfOne[], before: ReadonlyMap<string, Tagged>): string[] {
  return changes
    .filter(({ id, status, since }) => {
      const was = before.get(id)?.row
      return was && !was.waiting_since && !since && (status === 'open' || status === 'new')
    })
    .map(({ id }) => id)
}

/** A moment that has passed wakes nobody later; an undo may bring one. */
function awake(db: Db, change: ChangeOfOne, field: string): ChangeOfOne {
  const { snoozedUntil, since } = change
  if (typeof snoozedUntil !== 'string' || momentOfSnooze(snoozedUntil)! > db.now) return change
  if (since) return { ...change, snoozedUntil: null }
  throw invalidField(`${field}/snoozedUntil`, 'desk.past')
}

type FieldOf = (place: number) => string

async function demandMembers(db: Db, changes: readonly ChangeOfOne[], fieldOf: FieldOf): Promise<void> {
  const ids = [...new Set(changes.flatMap(({ ownerId }) => ownerId ?? []))]
  if (ids.length === 0) return
  const members = await listMembers(db, { ids, limit: ids.length })
  const agents = new Set(
    members.filter(({ role }) => permissionsOfRole[role].includes('tickets.write')).map(({ id }) => id),
  )
  const place = changes.findIndex(({ ownerId }) => ownerId && !agents.has(ownerId))
  if (place >= 0) throw invalidField(`${fieldOf(place)}/ownerId`, 'desk.no_agent')
}

async function demandCustomers(db: Db, changes: readonly ChangeOfOne[], fieldOf: FieldOf): Promise<void> {
  const known = await findCustomers(
    db,
    changes.flatMap(({ customerId }) => customerId ?? []),
  )
  const place = changes.findIndex(({ customerId }) => customerId && !known.has(customerId))
  if (place >= 0) throw invalidField(`${fieldOf(place)}/customerId`, 'desk.no_customer')
}
