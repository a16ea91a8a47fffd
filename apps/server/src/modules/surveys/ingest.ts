import { hash } from 'node:crypto'
import type { ResponseInput } from '@lahko/contract'
import type { House } from '#platform/house.ts'
import { uuidv7 } from '#platform/identifiers.ts'
import { Problem } from '#platform/problem.ts'
import type { Actor, Store } from '#platform/store.ts'
import { fitAnswer, type FittingAnswer, type Refusal } from './accepting.ts'
import { createBatches, isPassing, type AnswerRow, type Outcome } from './batches.ts'
import { createPublishedSurveys, type PublishedSurvey } from './published-surveys.ts'
import { createSegmentBook, type SegmentBook } from './segments.ts'
import { valuesOf } from './segment-values.ts'

/** One answer on its way in. API, public form, import and demo make these, and nothing else writes responses. */
export type Answer = {
  workspaceId: string
  actor: Actor
  source: 'link' | 'api' | 'import' | 'demo'
  /** As the contract parsed it. `survey` is a key or an id. */
  input: ResponseInput
  /**
   * What makes a retry the same response when `input.externalId` does not: the form's token (which then is the
   * capability that `changeResponse` takes), or the idempotency key with the place in the batch.
   */
  retryKey?: string
  /** The same as a UUID, from a sender who names answers in their order, so that neighbours are kept side by side. */
  key?: string
  /** Same key, other content: `conflict` instead of `repeated`. */
  refuseOtherContent?: boolean
  /** Kept, but left out of every figure from the start. */
  leaveOut?: 'spam' | 'test' | 'own'
  importId?: string
  /** What was asked, when that may be older than what is asked now. */
  version?: number
}

export type AnswerResult =
  | { status: 'accepted'; id: string; surveyId: string }
  /** Known already; `score` is the one that counts, so that a form can tell a replay from a change. */
  | { status: 'repeated'; id: string; surveyId: string; score: number }
  | Refusal

export type Ingest = {
  /** Resolves after the commit, never before. Rejects when the database is away: then nothing is known. */
  submit(answer: Answer): Promise<AnswerResult>
  submitAll(answers: readonly Answer[]): Promise<AnswerResult[]>
  /**
   * The same for thousands of answers to one survey, as an import has them: cheaper for each, because they form one
   * batch of their own. It does not wait behind others, nor others behind it.
   */
  submitBulk(answers: readonly Answer[]): Promise<AnswerResult[]>
}

const mostAttempts = 4
const ofStore = new WeakMap<Store, Ingest>()

/** The one path of answers: what arrives together commits together. One for each store of a process. */
export function createIngest(house: House): Ingest {
  const existing = ofStore.get(house.store)
  if (existing) return existing
  const surveys = createPublishedSurveys(house)
  const book = createSegmentBook(house.store)
  const batches = createBatches(house.store.pool)

  /**
   * A survey in memory may be some seconds old: what it refuses is looked at again with one that was read since, so
   * that a thousand bad answers in one request read it once.
   */
  const fit = async (answer: Answer, now: Date, since: number, anew: boolean) => {
    const { workspaceId, input, version } = answer
    const known = await surveys.find(workspaceId, input.survey, anew ? since : undefined, version)
    const verdict = known && fitAnswer(known, input, circumstancesOf(answer, now))
    if (verdict?.status === 'fits') return { survey: known!, fitting: verdict }
    const fresh = known && (await surveys.find(workspaceId, input.survey, since, version))
    if (!fresh) return unknownSurvey
    const fitting = fitAnswer(fresh, input, circumstancesOf(answer, now))
    return fitting.status === 'fits' ? { survey: fresh, fitting } : fitting
  }
  const submit = async (answer: Answer): Promise<AnswerResult> => {
    let since = surveys.reads()
    for (let attempt = 1; attempt <= mostAttempts; attempt++) {
      const now = house.clock.now()
      const fitted = await fit(answer, now, since, attempt > 1)
      if ('status' in fitted) return fitted
      const { survey, fitting } = fitted
      const segment = segmentOf(book, survey, answer.input, fitting)
      const row = rowOf(answer, survey, fitting, typeof segment === 'number' ? segment : await segment, now)
      since = surveys.reads()
      const outcome = await batches.add(answer.workspaceId, row)
      const result = resultOf(answer, survey, row, outcome)
      if (outcome !== 'accepted' && 'sqlState' in outcome) {
        house.log.warn({ sqlState: outcome.sqlState, surveyId: survey.id }, 'the database refused an answer')
      }
      if (result) return result
    }
    throw new Problem('unavailable', 'surveys.try_again')
  }
  /** What is not simply taken or known goes the way of single answers, which looks again and tries again. */
  const submitBulk = async (answers: readonly Answer[]): Promise<AnswerResult[]> => {
    const [first] = answers
    const survey = first && (await surveys.find(first.workspaceId, first.input.survey))
    if (!survey) return Promise.all(answers.map(submit))
    const now = house.clock.now()
    const rows = await Promise.all(answers.map((answer) => rowIfFits(book, survey, answer, now)))
    const sent = rows.filter((row) => row !== undefined)
    const outcomes = (await batches.addAll(survey.workspaceId, sent)).values()
    return Promise.all(
      answers.map((answer, index) => {
        const row = rows[index]
        const result = row && resultOf(answer, survey, row, outcomes.next().value!)
        return result ?? submit(answer)
      }),
    )
  }
  const ingest: Ingest = { submit, submitAll: (answers) => Promise.all(answers.map(submit)), submitBulk }
  ofStore.set(house.store, ingest)
  return ingest
}

const unknownSurvey: Refusal = { status: 'refused', kind: 'invalid', code: 'surveys.unknown_survey', field: '/survey' }

function circumstancesOf({ actor, source }: Answer, now: Date) {
  const afterwards = source === 'import' || source === 'demo'
  return {
    now,
    afterwards,
    mayImport: afterwards || actor.kind === 'system' || actor.permissions.has('responses.import'),
  }
}

function rowIfFits(book: SegmentBook, survey: PublishedSurvey, answer: Answer, now: Date) {
  const fitting = fitAnswer(survey, answer.input, circumstancesOf(answer, now))
  if (fitting.status !== 'fits') return undefined
  const segment = segmentOf(book, survey, answer.input, fitting)
  if (typeof segment === 'number') return rowOf(answer, survey, fitting, segment, now)
  return segment.then((known) => rowOf(answer, survey, fitting, known, now))
}

/** Anonymous answers show no breakdown, so that they count in the total only. */
function segmentOf(book: SegmentBook, survey: PublishedSurvey, input: ResponseInput, { attributes }: FittingAnswer) {
  if (survey.identity === 'anonymous') return 0
  const values = valuesOf(survey.declared, attributes, input.language)
  return book.find(survey, values) ?? book.get(survey, values)
}

function rowOf(answer: Answer, survey: PublishedSurvey, fitting: FittingAnswer, segment: number, now: Date): AnswerRow {
  const { input, actor, source } = answer
  const id = uuidv7(now.getTime())
  const named = survey.identity === 'identified'
  return {
    id,
    survey_id: survey.id,
    generation: survey.generation,
    version: survey.version,
    wording: survey.wording,
    score: input.score,
    local_date: fitting.localDate,
    segment,
    answered_at: fitting.answeredAt,
    received_at: now,
    language: input.language,
    source,
    reasons: fitting.reasons,
    comment: input.comment || undefined,
    answers: fitting.answers,
    attributes: named ? fitting.attributes : {},
    customer: named && input.customer ? { ...input.customer, id: uuidv7(now.getTime()) } : undefined,
    touchpoint: named && input.touchpoint ? { ...input.touchpoint, id: uuidv7(now.getTime()) } : undefined,
    import_id: answer.importId,
    dedupe: dedupeOf(answer, survey.id) ?? id,
    fingerprint: answer.refuseOtherContent ? fingerprintOf(input) : 0,
    external_id: named ? input.externalId : undefined,
    excluded_reason: answer.leaveOut,
    actor_kind: actor.kind === 'nobody' ? 'customer' : actor.kind,
    actor_id: actor.kind === 'key' ? actor.keyId : actor.kind === 'member' ? actor.memberId : undefined,
  }
}

/** Undefined: to be tried again with a fresh view of the survey. */
function resultOf(answer: Answer, survey: PublishedSurvey, row: AnswerRow, outcome: Outcome): AnswerResult | undefined {
  if (outcome === 'accepted') return { status: 'accepted', id: row.id, surveyId: survey.id }
  if ('sqlState' in outcome) {
    return isPassing(outcome.sqlState) ? undefined : { ...unknownSurvey, code: 'surveys.not_kept', field: '' }
  }
  const { id, score, fingerprint } = outcome
  if (id === null || score === null) return undefined
  if (answer.refuseOtherContent && fingerprint !== row.fingerprint) {
    return { status: 'refused', kind: 'conflict', code: 'surveys.same_key_other_content', field: '' }
  }
  return { status: 'repeated', id, surveyId: survey.id, score }
}

/**
 * The name by which a retry is known, shaped as a UUID: 128 bits of SHA-256. Tokens of forms open a response, so that
 * they have a space of their own.
 */
export function dedupeOfToken(token: string): string {
  return asUuid(hash('sha256', `form\n${token}`, 'hex'))
}

/** The key of an answer that has a name: an external id, or what its sender calls it. */
export function dedupeOf(
  { input, key, retryKey, source }: Pick<Answer, 'input' | 'key' | 'retryKey' | 'source'>,
  surveyId: string,
): string | undefined {
  if (input.externalId !== undefined) return asUuid(hash('sha256', `external\n${surveyId}\n${input.externalId}`, 'hex'))
  if (retryKey === undefined) return key
  return source === 'link' ? dedupeOfToken(retryKey) : asUuid(hash('sha256', `key\n${retryKey}`, 'hex'))
}

function asUuid(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`
}

/** 48 bits of SHA-256 over what was sent: they fit into a double. */
function fingerprintOf(input: ResponseInput): number {
  return hash('sha256', JSON.stringify(input), 'buffer').readUIntBE(0, 6)
}
