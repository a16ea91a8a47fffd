import { isDeepStrictEqual } from 'node:util'
import { getWorkspace } from '#accounts'
import { emit } from '#platform/events.ts'
import { Problem } from '#platform/problem.ts'
import type { Tx } from '#platform/store.ts'
import { fittingAnswers, fittingReasons, refuseScore } from './accepting.ts'
import { ruleOn } from './content.ts'
import { lookAgainAt } from './hard-answers.ts'
import { dedupeOfToken } from './ingest.ts'
import { localDateOf } from '#platform/local-date.ts'
import {
  addToCells,
  lockResponseOfToken,
  updateResponse,
  type AskedThen,
  type LockedResponse,
  type ResponseValues,
} from './responses.queries.ts'

/** What the person who answered may still change. A field that is left out stays as it is. */
export type ResponseChange = {
  score?: number
  reasons?: readonly string[]
  comment?: string
  answers?: Readonly<Record<string, string | readonly string[]>>
}

const changeableMs = 30 * 86_400_000

/**
 * Changes the response that `token` opens, until the survey closes, at most 30 days. The same change twice is one.
 * Reasons and answers that the version or the score does not offer are dropped.
 * @param token the `retryKey` that it was submitted with
 * @throws Problem not_found; gone `surveys.change_too_late`; invalid `surveys.score_outside_scale`
 */
export async function changeResponse(
  tx: Tx,
  surveyId: string,
  token: string,
  change: ResponseChange,
): Promise<{ id: string; score: number }> {
  const response = await lockResponseOfToken(tx, surveyId, dedupeOfToken(token))
  if (!response) throw new Problem('not_found', 'platform.not_found')
  await demandChangeable(tx, response)
  const values = valuesOf(response, change)
  const fields = (['score', 'reasons', 'comment', 'answers'] as const).filter(
    (field) => !isDeepStrictEqual(values[field], response[field]),
  )
  if (fields.length === 0) return { id: response.id, score: response.score }
  await updateResponse(tx, response.id, values)
  await moveScore(tx, response, values.score)
  await lookAgainAt(tx, response.id)
  await emit(tx, { type: 'response.changed', subjectId: response.id, data: { surveyId, fields } })
  return { id: response.id, score: values.score }
}

async function demandChangeable(tx: Tx, { received_at, state, closes_on }: LockedResponse & AskedThen): Promise<void> {
  const today = localDateOf(tx.now, (await getWorkspace(tx)).time_zone)
  const late = tx.now.getTime() - received_at.getTime() > changeableMs
  if (late || state === 'archived' || (closes_on !== null && today > closes_on)) {
    throw new Problem('gone', 'surveys.change_too_late')
  }
}

function valuesOf(response: LockedResponse & AskedThen, change: ResponseChange) {
  const { content } = response
  const score = change.score ?? response.score
  const refusal = refuseScore(content, score)
  if (refusal) throw new Problem(refusal.kind, refusal.code, refusal.args, [{ ...refusal }])
  return {
    score,
    reasons: fittingReasons(
      { content, rule: ruleOn(content.score.scale, response.rule) },
      score,
      change.reasons ?? response.reasons,
    ),
    comment: change.comment === undefined ? response.comment : change.comment || null,
    answers: change.answers ? fittingAnswers(content, change.answers) : response.answers,
  } satisfies ResponseValues
}

async function moveScore(tx: Tx, response: LockedResponse, score: number): Promise<void> {
  if (response.excluded_at || score === response.score) return
  await addToCells(tx, [
    { ...cellOf(response), n: -1 },
    { ...cellOf(response), score, n: 1 },
  ])
}

function cellOf({ survey_id, wording, segment, local_date, score }: LockedResponse) {
  return { survey_id, wording, segment, local_date, score }
}
