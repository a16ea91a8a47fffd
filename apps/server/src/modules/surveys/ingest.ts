import { createHmac, hash, randomUUID } from 'node:crypto'
import type { ResponseInput } from '@lahko/contract'
import type { House } from '#platform/house.ts'
import { uuidv7 } from '#platform/identifiers.ts'
import { Problem } from '#platform/problem.ts'
import { system, type Actor, type Store } from '#platform/store.ts'
import { fitAnswer, type FittingAnswer, type Refusal } from './accepting.ts'
import { createBatches, isPassing, type AnswerRow, type Outcome } from './batches.ts'
import { createPublishedSurveys, type PublishedSurvey } from './published-surveys.ts'
import { findKnownResponses } from './responses.queries.ts'
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
  /** The touchpoint that was asked about, by Lahko's own id; `input.touchpoint` is another program's. */
  touchpointId?: string
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
  /** The same for some of one workspace that came together, each judged by itself, in their order. */
  submitAll(answers: readonly Answer[]): Promise<AnswerResult[]>
  /** The same for thousands, as an import has them: in a transaction of their own, so that nobody waits behind them. */
  submitBulk(answers: readonly Answer[]): Promise<AnswerResult[]>
}

type Send = (workspaceId: string, rows: readonly AnswerRow[]) => Promise<Outcome[]>

/** An answer on its way: the survey it names, the row it makes when it fits, what became of it. */
type Turn = { answer: Answer; survey?: PublishedSurvey; row?: AnswerRow; result?: AnswerResult }

const mostAttempts = 4
const ofStore = new WeakMap<Store, Ingest>()

/** The one path of answers: what arrives together commits together. One for each store of a process. */
export function createIngest(house: House): Ingest {
  const existing = ofStore.get(house.store)
  if (existing) return existing
  const surveys = createPublishedSurveys(house)
  const book = createSegmentBook(house.store)
  const batches = createBatches(house.store.ingestPool, (error) =>
    house.log.error({ err: error }, 'what follows an answer failed; it is tried again'),
  )

  const fitAll = async (turns: readonly Turn[], now: Date, since?: number): Promise<void> => {
    const known = new Map<string, PublishedSurvey | undefined>()
    for (const { answer } of turns) {
      const asked = askedOf(answer)
      if (known.has(asked)) continue
      known.set(asked, await surveys.find(answer.workspaceId, answer.input.survey, since, answer.version))
    }
    await Promise.all(turns.flatMap((turn) => fit(turn, known.get(askedOf(turn.answer)), book, now) ?? []))
  }
  const take = async (answers: readonly Answer[], send: Send): Promise<AnswerResult[]> => {
    const turns: Turn[] = answers.map((answer) => ({ answer }))
    let open: readonly Turn[] = turns
    let since = surveys.reads()
    for (let attempt = 1; open.length > 0; attempt++) {
      if (attempt > mostAttempts) throw new Problem('unavailable', 'surveys.try_again')
      const now = house.clock.now()
      await fitAll(open, now, attempt > 1 ? since : undefined)
      // A survey in memory may be some seconds old: what it refuses is looked at again with one that was read since.
      if (attempt === 1) await fitAll(open.filter(isRefused), now, since)
      await recognise(house.store, open.filter(isRefused))
      since = surveys.reads()
      await sendFitting(house, open, send)
      open = open.filter(({ result }) => result === undefined)
    }
    return turns.map(({ result }) => result!)
  }
  const ingest: Ingest = {
    submit: async (answer) => (await take([answer], batches.add))[0]!,
    submitAll: (answers) => take(answers, batches.add),
    submitBulk: (answers) => take(answers, batches.addAlone),
  }
  ofStore.set(house.store, ingest)
  return ingest
}

/** A form tells which version it showed; other programs answer what is asked now. */
function askedOf({ input, version }: Answer): string {
  return version === undefined ? input.survey : `${input.survey} ${version}`
}

function isRefused({ result }: Turn): boolean {
  return result !== undefined
}

/** Gives the turn its row, or says why the answer does not fit; a promise where its segment has to be made first. */
function fit(turn: Turn, survey: PublishedSurvey | undefined, book: SegmentBook, now: Date): Promise<void> | undefined {
  turn.survey = survey
  turn.row = turn.result = undefined
  const { answer } = turn
  const fitting = survey && fitAnswer(survey, answer.input, circumstancesOf(answer, now))
  if (fitting?.status !== 'fits') {
    turn.result = fitting ?? unknownSurvey
    return undefined
  }
  const keep = (segment: number) => void (turn.row = rowOf(answer, survey!, fitting, segment, now))
  const segment = segmentOf(book, survey!, answer.input, fitting)
  return typeof segment === 'number' ? keep(segment) : segment.then(keep)
}

/** What was kept before stays kept: its retry is told so, although by now the survey would not take it. */
async function recognise(store: Store, refused: readonly Turn[]): Promise<void> {
  const named = refused.flatMap((turn) => {
    const dedupe = turn.survey && dedupeOf(turn.answer, turn.survey)
    return dedupe === undefined ? [] : [{ turn, dedupe }]
  })
  if (named.length === 0) return
  const { workspaceId } = named[0]!.turn.answer
  const known = await store.read({ workspaceId, actor: system }, (db) =>
    findKnownResponses(
      db,
      named.map(({ dedupe }) => dedupe),
    ),
  )
  for (const { turn, dedupe } of named) {
    const response = known.get(dedupe)
    if (response) turn.result = repeated(turn.answer, turn.survey!, response)
  }
}

async function sendFitting(house: House, turns: readonly Turn[], send: Send): Promise<void> {
  const fitting = turns.filter(({ row }) => row !== undefined)
  if (fitting.length === 0) return
  const outcomes = await send(
    fitting[0]!.answer.workspaceId,
    fitting.map(({ row }) => row!),
  )
  fitting.forEach((turn, index) => {
    const outcome = outcomes[index]!
    turn.result = resultOf(turn, outcome)
    if (outcome === 'accepted' || !('sqlState' in outcome)) return
    house.log.warn({ sqlState: outcome.sqlState, surveyId: turn.survey!.id }, 'the database refused an answer')
  })
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

/** Anonymous answers show no breakdown, so that they count in the total only. */
function segmentOf(book: SegmentBook, survey: PublishedSurvey, input: ResponseInput, { attributes }: FittingAnswer) {
  if (survey.identity === 'anonymous') return 0
  const values = valuesOf(survey.declared, attributes, input.language)
  return book.find(survey, values) ?? book.get(survey, values)
}

function rowOf(answer: Answer, survey: PublishedSurvey, fitting: FittingAnswer, segment: number, now: Date): AnswerRow {
  const { input, actor, source } = answer
  const named = survey.identity === 'identified'
  const id = named ? uuidv7(now.getTime()) : timelessId()
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
    touchpoint: named ? touchpointOf(answer, now) : undefined,
    import_id: answer.importId,
    dedupe: dedupeOf(answer, survey) ?? id,
    fingerprint: answer.refuseOtherContent ? fingerprintOf(input, survey) : 0,
    external_id: named ? input.externalId : undefined,
    excluded_reason: answer.leaveOut,
    actor_kind: actor.kind === 'nobody' ? 'customer' : actor.kind,
    actor_id: actor.kind === 'key' ? actor.keyId : actor.kind === 'member' ? actor.memberId : undefined,
  }
}

/** Tells no moment. It stands after all that do, because an import looks for its answers from its own id on. */
function timelessId(): string {
  return `f${randomUUID().slice(1)}`
}

/** Its moments in UTC: PostgreSQL knows fewer offsets than ISO 8601 does. A link makes one and never changes one. */
function touchpointOf({ input: { touchpoint }, touchpointId, source }: Answer, now: Date): AnswerRow['touchpoint'] {
  if (touchpointId !== undefined) return { id: touchpointId, known: true }
  if (!touchpoint) return undefined
  const { startedAt, endedAt } = touchpoint
  return {
    ...touchpoint,
    id: uuidv7(now.getTime()),
    // Anybody can write a link.
    onlyIfNew: source === 'link',
    ...(startedAt !== undefined && { startedAt: new Date(startedAt).toISOString() }),
    // Clocks differ a little; what has ended has ended by now.
    ...(endedAt !== undefined && { endedAt: new Date(Math.min(Date.parse(endedAt), now.getTime())).toISOString() }),
  }
}

/** Undefined: to be tried again with a fresh view of the survey. */
function resultOf({ answer, survey, row }: Turn, outcome: Outcome): AnswerResult | undefined {
  if (outcome === 'accepted') return { status: 'accepted', id: row!.id, surveyId: survey!.id }
  if ('sqlState' in outcome) {
    return isPassing(outcome.sqlState) ? undefined : { ...unknownSurvey, code: 'surveys.not_kept', field: '' }
  }
  const { id, score, fingerprint } = outcome
  if (id === null || score === null) return undefined
  return repeated(answer, survey!, { id, score, fingerprint })
}

type KnownResponse = { id: string; score: number; fingerprint: number | null }

/** An external id names the answer, whatever else is said of it; an idempotency key names one request. */
function repeated(answer: Answer, survey: Naming, { id, score, fingerprint }: KnownResponse): AnswerResult {
  const byKey = answer.refuseOtherContent && answer.input.externalId === undefined
  if (byKey && fingerprint !== fingerprintOf(answer.input, survey)) {
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
  { input, key, retryKey, source, actor }: Pick<Answer, 'input' | 'key' | 'retryKey' | 'source' | 'actor'>,
  survey: Naming,
): string | undefined {
  if (input.externalId !== undefined) return asUuid(digestOf(`external\n${survey.id}\n${input.externalId}`, survey))
  if (retryKey === undefined) return key
  if (source === 'link') return dedupeOfToken(retryKey)
  // Two programs that both number their requests do not meet.
  const sender = actor.kind === 'key' ? actor.keyId : actor.kind
  return asUuid(digestOf(`key\n${sender}\n${retryKey}`, survey))
}

type Naming = Pick<PublishedSurvey, 'id' | 'identity' | 'formKey'>

/**
 * SHA-256 in hexadecimal. Of an anonymous answer it takes a secret that is not kept with the answers, else whoever
 * reads them could try the numbers of all tickets.
 */
function digestOf(text: string, { identity, formKey }: Naming): string {
  return identity === 'anonymous'
    ? createHmac('sha256', formKey).update(text).digest('hex')
    : hash('sha256', text, 'hex')
}

function asUuid(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`
}

/** 48 bits of SHA-256 over what was sent: they fit into a double. */
function fingerprintOf(input: ResponseInput, survey: Naming): number {
  return Number.parseInt(digestOf(JSON.stringify(input), survey).slice(0, 12), 16)
}
