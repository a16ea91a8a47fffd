import type { AskingRules, Condition, NotAskedRule, ProgrammeSettings } from '@lahko/contract/programmes'
import type { SuppressionReason } from '#people'
import type { AskingPreference } from './asking-preferences.queries.ts'
import { beginningOf, dueAt, knownZone } from './asking-hours.ts'
import { factsOf, fits, valueOf, type Facts } from './conditions.ts'
import { isDrawn } from './fair-draw.ts'
import type { Frequency } from './fair-share.ts'

const dayMs = 86_400_000

/** A touchpoint that ended, with what is known of whoever it was with. */
export type EndedTouchpoint = {
  id: string
  kind: string
  endedAt: Date
  attributes: Facts
  customer: {
    id: string
    /** Who it is: two customers may be one person. */
    person: string
    email: string | null
    language: string | null
    organisation: string | null
    organisationId: string | null
    /** Which it is: two organisations may be one. */
    organisationRoot: string | null
    timeZone: string | null
  } | null
}

/** What is decided by. */
export type DecidingProgramme = Pick<
  ProgrammeSettings,
  'delayMinutes' | 'hours' | 'share' | 'expiresDays' | 'quota'
> & {
  id: string
  surveyId: string
  conditions: readonly Condition[]
  seed: string
  survey: 'open' | 'closed' | 'anonymous'
  /** Whether it has decided about a touchpoint in the last 90 days; a place is kept for no other. */
  lively: boolean
}

/** The invitation to a person or an organisation that is due last. */
export type LastAsked = { dueAt: Date; programmeId: string | null }

/** What the rules of fatigue look back at. It grows with every fate, so that touchpoints of one batch see each other. */
export type Memory = {
  /** Touchpoints that somebody has answered about. */
  answered: ReadonlySet<string>
  /** Why customers are not written to. */
  notWritten: ReadonlyMap<string, SuppressionReason>
  /** What people want less of, by persons. */
  preferences: ReadonlyMap<string, readonly AskingPreference[]>
  /** Customers who have a touchpoint that has not ended. */
  inOpenProblem: ReadonlySet<string>
  /** By persons and organisations, as whichever customers and by whatever names they came. */
  persons: Map<string, LastAsked>
  organisations: Map<string, LastAsked>
  frequency: Frequency
  /** Invitations by `quotaKey`. */
  quotas: Map<string, number>
}

export type Deciding = {
  /** Those that are on, in their order. */
  programmes: readonly DecidingProgramme[]
  rules: AskingRules
  timeZone: string
}

export type Fate = {
  programme: DecidingProgramme | null
  /** Null: an invitation waits until it is due. */
  notAsked: NotAskedRule | null
  dueAt: Date | null
  quotaValue: string | null
}

/** Everything that a rule may look at. */
type Case = {
  touchpoint: EndedTouchpoint
  programme: DecidingProgramme
  rules: AskingRules
  memory: Memory
  now: Date
  due: Date
  quotaKey: string | null
}

/** In the order in which they are looked at: the first that holds is why nobody is asked. */
const refusals: readonly (readonly [NotAskedRule, (one: Case) => boolean])[] = [
  ['survey_closed', ({ programme }) => programme.survey === 'closed'],
  ['survey_anonymous', ({ programme }) => programme.survey === 'anonymous'],
  ['too_late', isTooLate],
  ['no_address', ({ touchpoint }) => !touchpoint.customer?.email],
  ['unsubscribed', (one) => suppressionOf(one) === 'unsubscribed' || isUnwanted(one)],
  ['suppressed', (one) => suppressionOf(one) !== undefined],
  ['share', ({ touchpoint, programme }) => !isDrawn(programme.seed, touchpoint.id, programme.share)],
  [
    'open_problem',
    ({ touchpoint, rules, memory }) => rules.spareOpenProblems && memory.inOpenProblem.has(touchpoint.customer!.id),
  ],
  ['person', (one) => isWithin(lastOfPerson(one), one.due, one.rules.personDays)],
  ['organisation', (one) => isWithin(lastOfOrganisation(one), one.due, one.rules.organisationDays)],
  ['fair_share', leavesPlace],
  [
    'quota',
    ({ programme, memory, quotaKey }) =>
      quotaKey !== null && (memory.quotas.get(quotaKey) ?? 0) >= programme.quota!.most,
  ],
]

/**
 * The one fate of a touchpoint: the first programme that fits decides, and the first rule that holds says why nobody
 * is asked. An invitation is remembered for those that are decided after it.
 */
export function decide(
  touchpoint: EndedTouchpoint,
  { programmes, rules, timeZone }: Deciding,
  memory: Memory,
  now: Date,
): Fate {
  const facts = factsOf(touchpoint)
  const programme = programmes.find(({ conditions }) => fits(conditions, facts)) ?? null
  const nothing = { programme, dueAt: null, quotaValue: null }
  if (memory.answered.has(touchpoint.id)) return { ...nothing, notAsked: 'answered_already' }
  if (touchpoint.attributes['outcome'] === 'merged') return { ...nothing, notAsked: 'merged' }
  if (!programme) return { ...nothing, notAsked: 'no_programme' }
  const due = dueAt(touchpoint.endedAt, programme, knownZone(touchpoint.customer?.timeZone ?? null, timeZone), now)
  const quotaValue = programme.quota && valueOf(facts, programme.quota.attribute)
  const key = quotaValue === null ? null : quotaKey(programme, quotaValue, now, timeZone)
  const one: Case = { touchpoint, programme, rules, memory, now, due, quotaKey: key }
  const notAsked = refusals.find(([, holds]) => holds(one))?.[0] ?? null
  if (notAsked) return { ...nothing, notAsked, quotaValue }
  remember(one)
  return { programme, notAsked, dueAt: due, quotaValue }
}

/** Counts of one programme, value and period of the workspace's calendar. */
export function quotaKey({ id, quota }: DecidingProgramme, value: string, now: Date, timeZone: string): string {
  return `${id} ${beginningOf(quota!.per, now, timeZone)} ${value}`
}

/** An invitation would have expired before anybody could be asked. */
function isTooLate({ touchpoint, programme, now }: Case): boolean {
  const expires = touchpoint.endedAt.getTime() + programme.delayMinutes * 60_000 + programme.expiresDays * dayMs
  return expires <= now.getTime()
}

/** Looked at here already, so that whoever cannot be written to takes no colleague's place. */
function suppressionOf({ touchpoint, memory }: Case): SuppressionReason | undefined {
  return memory.notWritten.get(touchpoint.customer!.id)
}

/** They do not want to be asked this when it is due. */
function isUnwanted({ touchpoint, programme, memory, due }: Case): boolean {
  const said = memory.preferences.get(touchpoint.customer!.person) ?? []
  return said.some(
    ({ surveyId, until }) =>
      (surveyId === null || surveyId === programme.surveyId) && (until === null || until.getTime() > due.getTime()),
  )
}

function lastOfPerson({ touchpoint, memory }: Case): LastAsked | undefined {
  return memory.persons.get(touchpoint.customer!.person)
}

function lastOfOrganisation({ touchpoint, memory }: Case): LastAsked | undefined {
  return memory.organisations.get(touchpoint.customer!.organisationRoot ?? '')
}

/** Whether the last invitation was due, or will be, less than so many days before; 0 is no rule. */
function isWithin(last: LastAsked | undefined, due: Date, days: number): boolean {
  return days > 0 && last !== undefined && due.getTime() - last.dueAt.getTime() < days * dayMs
}

/**
 * A frequent programme leaves every second place to rarer ones: where a frequent one asked last, it waits twice as long.
 */
function leavesPlace(one: Case): boolean {
  const { rules, memory, programme, due } = one
  if (!rules.fairShare || !memory.frequency.isFrequent(programme.id)) return false
  return [
    [lastOfPerson(one), rules.personDays] as const,
    [lastOfOrganisation(one), rules.organisationDays] as const,
  ].some(([last, days]) => last && memory.frequency.isFrequent(last.programmeId) && isWithin(last, due, 2 * days))
}

function remember({ touchpoint, programme, memory, due, quotaKey: key }: Case): void {
  const { person, organisationRoot } = touchpoint.customer!
  const asked = { dueAt: due, programmeId: programme.id }
  keepLater(memory.persons, person, asked)
  if (organisationRoot) keepLater(memory.organisations, organisationRoot, asked)
  memory.frequency.add(programme.id)
  if (key !== null) memory.quotas.set(key, (memory.quotas.get(key) ?? 0) + 1)
}

function keepLater(all: Map<string, LastAsked>, key: string, asked: LastAsked): void {
  const before = all.get(key)
  if (!before || before.dueAt <= asked.dueAt) all.set(key, asked)
}
