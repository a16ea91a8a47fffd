import { priorities } from '@lahko/contract/tickets'
import type { TouchpointReport } from '@lahko/contract/touchpoints'
import { continueTouchpoint } from '#surveys'
import {
  lockTouchpointsCalled,
  removeTouchpoints,
  reportTouchpoints,
  setTouchpointEnd,
  type KeptTouchpoint,
} from '#touchpoints'
import type { Tx } from '#platform/store.ts'
import { touchpointName } from './earlier-touchpoints.ts'
import {
  listEffortRows,
  listSolvedLately,
  updateRound,
  updateTouchpointIds,
  type EffortFacts,
  type EffortRow,
  type Round,
} from './effort-facts.queries.ts'
import type { TicketRow } from './tickets.queries.ts'
import { memberNames } from './tickets.view.ts'
import { agentOf } from './whose-effort.ts'

const weekMs = 7 * 86_400_000
const mostLately = 20

type Telling = { began?: Date; goesOn?: boolean }
/** A ticket that is locked, with the touchpoint that it is, as far as it has been told. */
type Case = { row: EffortRow; round: Round; kept: KeptTouchpoint | undefined }

/**
 * Tells what tickets are like as touchpoints, in the transaction of what has changed them. A ticket is one from its
 * creation; solved, it has ended, once the answer that solves it has left. Opened again within seven days it goes on, later it begins another. What was merged
 * has ended and is not asked about; spam is no touchpoint.
 * @param how began: when a problem began that comes from elsewhere; goesOn: what is open again has never been over
 */
export async function tellEffort(tx: Tx, ids: readonly string[], how: Telling = {}): Promise<void> {
  const cases = await casesOf(tx, [...new Set(ids)])
  for (const one of cases.filter(({ row }) => row.spam_at)) await forget(tx, one)
  const asked = cases.filter(({ row }) => !row.spam_at)
  if (asked.length === 0) return
  for (const one of asked) await goOn(tx, one, how)
  const turned = asked.filter(({ row, round }) => row.round !== round.round).map(({ row }) => row.id)
  const facts = new Map((await listEffortRows(tx, turned)).map((one) => [one.id, one]))
  const names = await memberNames(tx)
  const reports = asked.map((one) => reportOf(one, facts.get(one.row.id) ?? one.row, names))
  const outcomes = await reportTouchpoints(tx, reports, { locked: asked.flatMap(({ kept }) => kept ?? []) })
  const told = asked.flatMap((one, place) => {
    const outcome = outcomes[place]!
    return outcome.status === 'refused' ? [] : [{ ...one, touchpointId: outcome.id }]
  })
  await updateTouchpointIds(
    tx,
    told
      .filter(({ row, touchpointId }) => row.touchpoint_id !== touchpointId)
      .map(({ row, touchpointId }) => ({ id: row.id, touchpointId })),
  )
  for (const { touchpointId, ...one } of told) {
    // What was decided about is ended by its owner only.
    const end = endOf(one)
    const isNews = end && end.getTime() !== one.kept?.endedAt?.getTime()
    if (one.kept?.decided && isNews) await setTouchpointEnd(tx, touchpointId, end)
  }
}

/** Customers who come again within a week were not helped by what was solved: that counts for the earlier tickets. */
export async function tellRepeats(tx: Tx, customerIds: readonly string[]): Promise<void> {
  const ids = await listSolvedLately(tx, customerIds, mostLately)
  if (ids.length > 0) await tellEffort(tx, ids)
}

async function casesOf(tx: Tx, ids: readonly string[]): Promise<Case[]> {
  const rows = await listEffortRows(tx, ids)
  const rounds = new Map<string, Round>()
  for (const row of rows) rounds.set(row.id, await roundOf(tx, row))
  const touchpoints = await lockTouchpointsCalled(
    tx,
    rows.map((row) => nameOf(row, rounds.get(row.id)!)),
  )
  const byName = new Map(touchpoints.map((one) => [one.externalId, one]))
  const cases = rows.map((row) => {
    const round = rounds.get(row.id)!
    return { row, round, kept: byName.get(nameOf(row, round)) }
  })
  return cases.filter(isAsked)
}

function isAsked(one: Case): boolean {
  const { row, round, kept } = one
  // What was over before it came here is a touchpoint from when it is opened again.
  if (round.round === 0) return endOf(one) === undefined
  // A ticket out of a past is about a touchpoint that somebody else has reported: it stays theirs.
  return kept !== undefined || row.touchpoint_id === null || round.round > 1
}

/**
 * Which round a ticket is in. One that counts as solved since before its round began has begun none: an undo, or what
 * came needed no answer. Its customer is not asked a second time.
 */
async function roundOf(tx: Tx, row: EffortRow): Promise<Round> {
  const { round: number, round_from, earlier_from, merged_at } = row
  const round = { round: number, round_from, earlier_from, merged_at }
  const begunForNothing = row.solved_at && round.round_from && round.round > 0 && row.solved_at < round.round_from
  if (!begunForNothing) return round
  const before = { ...round, round: round.round - 1, round_from: round.earlier_from, earlier_from: null }
  const kept = await lockTouchpointsCalled(tx, [nameOf(row, before), nameOf(row, round)])
  const begun = kept.find(({ externalId }) => externalId === nameOf(row, round))
  const isThere = before.round === 0 || kept.some(({ externalId }) => externalId === nameOf(row, before))
  // What was decided stays, and so does a round whose earlier one somebody else has reported.
  if (begun?.decided || !isThere) return round
  if (begun) await removeTouchpoints(tx, [begun.id])
  if (before.round === 0) await updateTouchpointIds(tx, [{ id: row.id, touchpointId: null }])
  await updateRound(tx, row.id, before)
  return before
}

function nameOf(row: Pick<TicketRow, 'number'>, { round }: Pick<Round, 'round'>): string {
  return touchpointName(row, round)
}

/** A ticket that never was is no touchpoint. @returns false when somebody was asked about it, or has decided about that */
export async function forgetEffort(tx: Tx, id: string): Promise<boolean> {
  const cases = await casesOf(tx, [id])
  if (cases.some(({ kept }) => kept?.decided)) return false
  for (const one of cases) await forget(tx, one)
  return true
}

/** Nobody is asked about spam; what somebody was asked about already stays. */
async function forget(tx: Tx, { row, kept }: Case): Promise<void> {
  if (!kept || kept.decided) return
  await removeTouchpoints(tx, [kept.id])
  await updateTouchpointIds(tx, [{ id: row.id, touchpointId: null }])
}

/** Has a touchpoint that had ended go on, or begins another. */
async function goOn(tx: Tx, one: Case, { began, goesOn }: Telling): Promise<void> {
  const { round, kept } = one
  if (round.round === 0) return beginRound(tx, one, began)
  if (!kept?.endedAt || endOf(one)) return
  if (goesOn || tx.now.getTime() - kept.endedAt.getTime() <= weekMs) {
    one.kept = await continueTouchpoint(tx, kept.id)
    return
  }
  await beginRound(tx, one, began)
}

async function beginRound(tx: Tx, one: Case, began: Date | undefined): Promise<void> {
  const { row, round, kept } = one
  const since = began ?? row.waiting_since ?? tx.now
  // What was before belongs to the touchpoint that has ended.
  const soonest = kept?.endedAt ? new Date(kept.endedAt.getTime() + 1) : since
  const from = since < soonest ? soonest : since
  const next = { ...round, round: round.round + 1, round_from: from, earlier_from: round.round_from }
  await updateRound(tx, row.id, next)
  one.round = next
  one.kept = (await lockTouchpointsCalled(tx, [nameOf(row, next)]))[0]
}

/** When it was over; undefined while it runs. */
function endOf({ row, round }: Case): Date | undefined {
  const at = round.merged_at ?? row.over_at
  const from = startOf({ row, round })
  return at ? (at < from ? from : at) : undefined
}

function startOf({ row, round }: Pick<Case, 'row' | 'round'>): Date {
  return round.round_from ?? row.created_at
}

function reportOf(one: Case, facts: EffortFacts, names: ReadonlyMap<string, string>): TouchpointReport {
  const { row, round, kept } = one
  const end = endOf(one)
  const known = attributesOf(one, facts, names)
  // What is known no longer is said to be nothing, as attributes are only ever added to.
  const said = Object.entries(known).flatMap(([name, value]) =>
    value !== '' || kept?.attributes[name] ? [[name, value] as const] : [],
  )
  const isAnother = row.customer_id !== kept?.customerId
  return {
    externalId: nameOf(row, round),
    kind: 'ticket',
    startedAt: startOf(one).toISOString(),
    ...(end && { endedAt: end.toISOString() }),
    ...(row.customer_id && isAnother && { customer: { id: row.customer_id } }),
    attributes: Object.fromEntries(said),
  }
}

/** What is known of it; the attribute `agent_by` says why an answer counts for whom it does. */
function attributesOf({ row, round, kept }: Case, facts: EffortFacts, names: ReadonlyMap<string, string>) {
  const over = round.merged_at ? 'merged' : row.over_at ? 'solved' : ''
  const agent = agentOf(facts, { isSolved: over === 'solved', ownerId: row.owner_id })
  // Who has left has no name any more: what was over by then keeps it.
  const hasLeft = agent && kept?.endedAt && !names.has(agent.memberId)
  const minutes = (at: Date | null) =>
    at ? String(Math.max(0, Math.round((at.getTime() - startOf({ row, round }).getTime()) / 60_000))) : ''
  return {
    channel: row.channel,
    topic: row.topic ?? '',
    agent: (hasLeft ? kept?.attributes['agent'] : names.get(agent?.memberId ?? '')) ?? '',
    agent_by: (hasLeft ? kept?.attributes['agent_by'] : agent?.by) ?? '',
    outcome: over,
    priority: priorities[row.priority]!,
    language: row.language ?? '',
    contacts: String(facts.contacts),
    replies: String(facts.replies),
    channels: facts.channels.join(' '),
    owner_changes: String(facts.owner_changes),
    reopenings: String(facts.reopenings),
    waited_for_us_minutes: String(facts.for_us_minutes),
    waited_for_customer_minutes: String(facts.for_customer_minutes),
    first_answer_minutes: minutes(facts.round_answered_at),
    solution_minutes: over === 'solved' ? minutes(row.over_at) : '',
    repeats_7_days: String(facts.repeats),
    way: facts.way ?? '',
  }
}
