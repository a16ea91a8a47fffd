import { getWorkspace } from '#accounts'
import { emit } from '#platform/events.ts'
import { workGivingWay } from '#platform/giving-way.ts'
import type { House } from '#platform/house.ts'
import { enqueue, type Task } from '#platform/jobs.ts'
import { customerGroups, findSuppressionsOf, organisationGroups } from '#people'
import type { Db, Tx } from '#platform/store.ts'
import { hasUndecided, listOpenTouchpoints, markDecided, takeUndecided } from '#touchpoints'
import { beginningOf } from './asking-hours.ts'
import { listPreferencesOf } from './asking-preferences.queries.ts'
import { factsOf, fits, valueOf } from './conditions.ts'
import {
  countQuotas,
  getAskingRules,
  insertFates,
  listAnswersAbout,
  listDeciding,
  listLastAsking,
  listLastOf,
  lockDeciding,
  type AnswerAbout,
  type QuotaWanted,
} from './deciding.queries.ts'
import { createFrequency } from './fair-share.ts'
import { decide, quotaKey, type Deciding, type EndedTouchpoint, type Memory } from './fates.ts'
import { localDateOf, momentOf } from '#platform/local-date.ts'

const wantedTask = 'want_decisions'
const taskName = 'decide_touchpoints'
const usuallyAtOnce = 2_500

/** What happens when touchpoints end: however many there are, one job a workspace waits to decide about all of them. */
export const decidingReactions = { 'touchpoint.ended': wantedTask }

export function decidingTasks({ store }: House): Task[] {
  return [
    { name: wantedTask, run: (scope) => store.write(scope, askForDecisions) },
    {
      name: taskName,
      // Also what was reported before it ended.
      daily: true,
      run: async (scope, _, stopping) => {
        await workGivingWay(store, stopping, async () => (await store.write(scope, (tx) => decideSome(tx))) > 0)
        await store.write(scope, askForTheRest)
      },
    },
  ]
}

async function askForDecisions(tx: Tx): Promise<void> {
  await enqueue(tx, taskName, {}, taskName)
}

/** What somebody was just changing was passed by. */
async function askForTheRest(tx: Tx): Promise<void> {
  const at = new Date(tx.now.getTime() + 1_000)
  if (await hasUndecided(tx)) await enqueue(tx, taskName, {}, taskName, at)
}

/**
 * Decides about touchpoints that ended, oldest first: each gets its line in the ledger. What programmes and rules say
 * later changes nothing about it.
 * @returns how many; 0 when none is left
 */
export async function decideSome(tx: Tx, most: number = usuallyAtOnce): Promise<number> {
  await lockDeciding(tx)
  const touchpoints = await takeUndecided(tx, most)
  if (touchpoints.length === 0) return 0
  const deciding = await currentDeciding(tx)
  const answers = await answersAbout(tx, touchpoints)
  const memory = await rememberFor(tx, deciding, touchpoints, answers)
  await insertFates(
    tx,
    touchpoints.map((touchpoint) => ({
      touchpoint,
      fate: decide(touchpoint, deciding, memory, tx.now),
      answer: answers.get(touchpoint.id),
    })),
  )
  await markDecided(
    tx,
    touchpoints.map(({ id }) => id),
  )
  await emit(tx, { type: 'invitations.decided', subjectId: tx.workspaceId, data: { count: touchpoints.length } })
  return touchpoints.length
}

/** The programmes that are on, and the rules, as they are now. */
export async function currentDeciding(db: Db): Promise<Deciding> {
  const { time_zone: timeZone } = await getWorkspace(db)
  const all = await listDeciding(db, localDateOf(db.now, timeZone))
  return { programmes: all.filter(({ state }) => state === 'on'), rules: await getAskingRules(db), timeZone }
}

async function answersAbout(db: Db, touchpoints: readonly EndedTouchpoint[]): Promise<Map<string, AnswerAbout>> {
  const answers = await listAnswersAbout(
    db,
    touchpoints.map(({ id }) => id),
  )
  return new Map(answers.map((one) => [one.touchpointId, one]))
}

/** What the rules must know about these touchpoints, in one statement each. */
async function rememberFor(
  db: Db,
  deciding: Deciding,
  touchpoints: readonly EndedTouchpoint[],
  answers: ReadonlyMap<string, AnswerAbout>,
): Promise<Memory> {
  const { programmes, rules } = deciding
  const customers = [...new Set(touchpoints.flatMap(({ customer }) => customer?.id ?? []))]
  const groups = await customerGroups(db, customers)
  const persons = personsOf(touchpoints, groups)
  const programmeIds = programmes.filter(({ lively }) => lively).map(({ id }) => id)
  return {
    answered: new Set(answers.keys()),
    notWritten: await findSuppressionsOf(db, customers),
    preferences: await listPreferencesOf(db, persons),
    inOpenProblem: rules.spareOpenProblems ? await listOpenTouchpoints(db, groups) : new Set(),
    persons: rules.personDays > 0 ? await listLastOf(db, 'customer_id', persons) : new Map(),
    organisations:
      rules.organisationDays > 0
        ? await listLastOf(db, 'organisation_id', await organisationsOf(db, touchpoints))
        : new Map(),
    frequency: createFrequency(programmeIds, rules.fairShare ? await listLastAsking(db) : []),
    quotas: await countQuotas(db, quotasFor(deciding, touchpoints, db.now)),
  }
}

/** All customers that are one with those of these touchpoints, by their persons. */
function personsOf(
  touchpoints: readonly EndedTouchpoint[],
  groups: ReadonlyMap<string, string[]>,
): Map<string, string[]> {
  const customers = touchpoints.flatMap(({ customer }) => customer ?? [])
  return new Map(customers.map(({ id, person }) => [person, groups.get(id)!]))
}

/** All organisations that are one with those of these touchpoints, by those under which they stand. */
async function organisationsOf(db: Db, touchpoints: readonly EndedTouchpoint[]): Promise<Map<string, string[]>> {
  const belonging = touchpoints.flatMap(({ customer }) =>
    customer?.organisationId && customer.organisationRoot
      ? { id: customer.organisationId, root: customer.organisationRoot }
      : [],
  )
  const groups = await organisationGroups(
    db,
    belonging.map(({ id }) => id),
  )
  return new Map(belonging.map(({ id, root }) => [root, groups.get(id)!]))
}

function quotasFor(
  { programmes, timeZone }: Deciding,
  touchpoints: readonly EndedTouchpoint[],
  now: Date,
): QuotaWanted[] {
  if (programmes.every(({ quota }) => quota === null)) return []
  const wanted = new Map<string, QuotaWanted>()
  for (const touchpoint of touchpoints) {
    const facts = factsOf(touchpoint)
    const programme = programmes.find(({ conditions }) => fits(conditions, facts))
    if (!programme?.quota) continue
    const value = valueOf(facts, programme.quota.attribute)
    const key = quotaKey(programme, value, now, timeZone)
    if (wanted.has(key)) continue
    const since = momentOf(beginningOf(programme.quota.per, now, timeZone), '00:00', timeZone)
    wanted.set(key, { key, programmeId: programme.id, value, since, most: programme.quota.most })
  }
  return [...wanted.values()]
}
