import { emit } from '#platform/events.ts'
import { Problem } from '#platform/problem.ts'
import type { Tx } from '#platform/store.ts'
import { updateCountedAgain, updateLeftOut } from './invitation-rows.queries.ts'
import { addToCells, lockResponse, updateResponse, type LockedResponse } from './responses.queries.ts'

/** Leaves a response out of every figure; it stays readable. @throws Problem not_found */
export async function leaveOut(tx: Tx, id: string, reason: 'spam' | 'test' | 'own'): Promise<void> {
  const response = await getLocked(tx, id)
  if (response.excluded_reason === reason) return
  await updateResponse(tx, id, { excluded_at: response.excluded_at ?? tx.now, excluded_reason: reason })
  if (!response.excluded_at) await addToCells(tx, [{ ...response, n: -1 }])
  await updateLeftOut(tx, id)
  await emit(tx, { type: 'response.excluded', subjectId: id, data: { surveyId: response.survey_id, reason } })
}

/** Counts a response again. @throws Problem not_found */
export async function countAgain(tx: Tx, id: string): Promise<void> {
  const response = await getLocked(tx, id)
  if (!response.excluded_at) return
  await updateResponse(tx, id, { excluded_at: null, excluded_reason: null })
  await addToCells(tx, [{ ...response, n: 1 }])
  await updateCountedAgain(tx, id)
  await emit(tx, { type: 'response.included', subjectId: id, data: { surveyId: response.survey_id } })
}

async function getLocked(tx: Tx, id: string): Promise<LockedResponse> {
  const response = await lockResponse(tx, id)
  if (!response) throw new Problem('not_found', 'platform.not_found')
  return response
}
