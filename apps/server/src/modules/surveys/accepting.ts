import type { ResponseInput, SurveyContent, SurveyQuestion } from '@lahko/contract'
import { kindOfScore } from './content.ts'
import { localDateOf, monthsBefore } from '#platform/local-date.ts'
import { refuseMoments } from '#touchpoints'
import type { PublishedSurvey } from './published-surveys.ts'

/** Why one answer is not taken. `field`: JSON Pointer into it; `code` and `args` name a sentence. */
export type Refusal = {
  status: 'refused'
  kind: 'invalid' | 'forbidden' | 'conflict' | 'gone'
  code: string
  field: string
  args?: Record<string, unknown>
}

/** What of an answer fits the survey, ready to be kept. */
export type FittingAnswer = {
  status: 'fits'
  answeredAt: Date
  localDate: string
  reasons: string[]
  answers: Record<string, string | string[]>
  /** Those of the touchpoint, its kind, and the answer's own, which win. */
  attributes: Record<string, string>
}

export type Circumstances = {
  now: Date
  /** Whether moments in the past are believed. */
  mayImport: boolean
  /** Whether a survey that is paused or archived still takes it. */
  afterwards: boolean
}

const lateMs = 5 * 60_000
const aheadMs = 60_000
const earliest = Date.UTC(1990, 0, 1)

/** Checks one answer against the version that is asked now. Pure: the same answer gets the same verdict. */
export function fitAnswer(survey: PublishedSurvey, input: ResponseInput, at: Circumstances): FittingAnswer | Refusal {
  const given = input.answeredAt === undefined ? undefined : new Date(input.answeredAt)
  const answeredAt = given === undefined || given > at.now ? at.now : given
  const localDate = localDateOf(answeredAt, survey.timeZone)
  const refusal =
    refuseState(survey, localDate, at) ??
    refuseScore(survey.content, input.score) ??
    refuseMoment(given, at) ??
    refuseForgotten(survey, localDate, at) ??
    refuseReasons(survey.content, input.reasons ?? []) ??
    refuseAnswers(survey.content, input.answers ?? {}) ??
    refuseTouchpoint(input.touchpoint, at.now) ??
    refuseCustomer(input.customer)
  if (refusal) return refusal
  return {
    status: 'fits',
    answeredAt,
    localDate,
    reasons: fittingReasons(survey, input.score, input.reasons ?? []),
    answers: fittingAnswers(survey.content, input.answers ?? {}),
    attributes: attributesOf(input),
  }
}

/** The reasons that are offered for this score, each once; others are dropped. */
export function fittingReasons(
  survey: Pick<PublishedSurvey, 'rule' | 'content'>,
  score: number,
  given: readonly string[],
): string[] {
  if (given.length === 0) return []
  const kind = kindOfScore(score, survey.rule)
  const offered = survey.content.reasons.filter(({ when }) => when.includes(kind)).flatMap(({ options }) => options)
  return [...new Set(given)].filter((reason) => offered.some(({ id }) => id === reason))
}

/** The answers that the version's questions take; empty and unknown ones are dropped. */
export function fittingAnswers(
  { questions }: SurveyContent,
  given: Readonly<Record<string, string | readonly string[]>>,
): Record<string, string | string[]> {
  const fitting = Object.entries(given).filter(([id, value]) => {
    const question = questions.find((one) => one.id === id)
    return question !== undefined && value.length > 0 && fitsQuestion(question, value)
  })
  return Object.fromEntries(fitting.map(([id, value]) => [id, typeof value === 'string' ? value : [...value]]))
}

/** Refuses a score outside the scale. */
export function refuseScore({ score: { scale } }: SurveyContent, score: number): Refusal | undefined {
  if (score >= scale.min && score <= scale.max) return undefined
  return invalid('score_outside_scale', '/score', { min: scale.min, max: scale.max })
}

/** Refuses answers to questions, or options, that the version does not have. */
function refuseAnswers(
  { questions }: SurveyContent,
  given: Record<string, string | readonly string[]>,
): Refusal | undefined {
  for (const [id, value] of Object.entries(given)) {
    const question = questions.find((one) => one.id === id)
    if (!question) return invalid('unknown_question', `/answers/${id}`, { id })
    if (!fitsQuestion(question, value)) return invalid('unknown_option', `/answers/${id}`, { id })
  }
  return undefined
}

function fitsQuestion(question: SurveyQuestion, value: string | readonly string[]): boolean {
  if (question.kind === 'text') return typeof value === 'string'
  const chosen = typeof value === 'string' ? [value].filter(Boolean) : value
  if (!question.several && chosen.length > 1) return false
  return chosen.every((id) => question.options.some((option) => option.id === id))
}

function refuseState(
  { state, closesOn }: PublishedSurvey,
  localDate: string,
  { afterwards }: Circumstances,
): Refusal | undefined {
  if (closesOn !== null && localDate > closesOn) return gone('closed')
  if (state === 'published' || afterwards) return undefined
  return gone(state)
}

function refuseMoment(answeredAt: Date | undefined, { now, mayImport }: Circumstances): Refusal | undefined {
  if (!answeredAt) return undefined
  const ago = now.getTime() - answeredAt.getTime()
  if (ago < -aheadMs) return invalid('answered_in_future', '/answeredAt')
  if (answeredAt.getTime() < earliest) return invalid('answered_too_long_ago', '/answeredAt')
  if (ago <= lateMs || mayImport) return undefined
  return { status: 'refused', kind: 'forbidden', code: 'surveys.import_not_allowed', field: '/answeredAt' }
}

/** What the workspace has forgotten is not told by its retry, so that it would be counted a second time. */
function refuseForgotten(
  { keepMonths, timeZone }: PublishedSurvey,
  localDate: string,
  { now, afterwards }: Circumstances,
): Refusal | undefined {
  if (keepMonths === null || afterwards) return undefined
  if (localDate >= monthsBefore(localDateOf(now, timeZone), keepMonths)) return undefined
  return invalid('answered_before_kept', '/answeredAt', { months: keepMonths })
}

function refuseReasons({ reasons }: SurveyContent, given: readonly string[]): Refusal | undefined {
  if (given.length === 0) return undefined
  const known = new Set(reasons.flatMap(({ options }) => options.map(({ id }) => id)))
  const index = given.findIndex((reason) => !known.has(reason))
  return index < 0 ? undefined : invalid('unknown_reason', `/reasons/${index}`, { id: given[index] })
}

/** What an answer says of its touchpoint is held to what a report of it is. */
function refuseTouchpoint(given: ResponseInput['touchpoint'], now: Date): Refusal | undefined {
  if (!given) return undefined
  const [startedAt, endedAt] = [given.startedAt, given.endedAt].map((text) => (text ? new Date(text) : undefined))
  const refusal = refuseMoments({ startedAt, endedAt }, now)
  return refusal && { ...refusal, field: `/touchpoint${refusal.field}` }
}

function refuseCustomer(given: ResponseInput['customer']): Refusal | undefined {
  if (!given || (given.externalId ?? given.email ?? given.phone) !== undefined) return undefined
  return invalid('customer_unknown', '/customer')
}

function attributesOf({ touchpoint, attributes }: ResponseInput): Record<string, string> {
  if (!touchpoint) return attributes ?? {}
  return { kind: touchpoint.kind, ...touchpoint.attributes, ...attributes }
}

function invalid(name: string, field: string, args?: Record<string, unknown>): Refusal {
  return { status: 'refused', kind: 'invalid', code: `surveys.${name}`, field, args }
}

function gone(name: string): Refusal {
  return { status: 'refused', kind: 'gone', code: `surveys.${name}`, field: '/survey' }
}
