import { randomBytes } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { AskingRules, ProgrammeSettings } from '@lahko/contract/programmes'
import { emit } from '#platform/events.ts'
import { uuidv7 } from '#platform/identifiers.ts'
import { invalidField, Problem } from '#platform/problem.ts'
import type { Tx } from '#platform/store.ts'
import { findSurvey } from './building.queries.ts'
import { getAskingRules, lockDeciding } from './deciding.queries.ts'
import { callBack, callOff } from './calling-back.ts'
import {
  insertProgramme,
  lockPerhapsRemoved,
  lockProgramme,
  lockProgrammes,
  placeProgrammes,
  saveAskingRules,
  setProgrammeRemoved,
  setProgrammeState,
  updateProgramme,
} from './programmes.queries.ts'

/** As many as are shown at once. */
const mostProgrammes = 50

/**
 * Makes a programme, which is off and the last.
 * @returns its id
 * @throws Problem invalid `programmes.unknown_survey`, `programmes.survey_without_names`; conflict `programmes.too_many`
 */
export async function createProgramme(tx: Tx, settings: ProgrammeSettings): Promise<string> {
  await demandSurvey(tx, settings.surveyId)
  const others = await lockProgrammes(tx)
  if (others.length >= mostProgrammes) throw new Problem('conflict', 'programmes.too_many', { most: mostProgrammes })
  const id = uuidv7(tx.now.getTime())
  await insertProgramme(tx, { id, place: others.length + 1, seed: randomBytes(16).toString('hex'), settings })
  await emit(tx, { type: 'programme.created', subjectId: id })
  return id
}

/**
 * Changes a programme from the next decision on.
 * @throws Problem not_found; invalid `programmes.unknown_survey`, `programmes.survey_without_names`
 */
export async function changeProgramme(tx: Tx, id: string, settings: ProgrammeSettings): Promise<void> {
  await lockProgramme(tx, id)
  await demandSurvey(tx, settings.surveyId)
  await updateProgramme(tx, id, settings)
  await emit(tx, { type: 'programme.changed', subjectId: id })
}

/**
 * Turns a programme on, or off, which calls off what waits of it.
 * @param isUndone what turning it off called off waits again
 * @throws Problem not_found
 */
export async function turnProgramme(tx: Tx, id: string, state: 'on' | 'off', isUndone = false): Promise<void> {
  await lockDeciding(tx)
  if ((await lockProgramme(tx, id)).state === state) return
  await setProgrammeState(tx, id, state)
  const calledOff = state === 'off' ? await callOff(tx, id) : 0
  const calledBack = state === 'on' && isUndone ? await callBack(tx, id) : 0
  await emit(tx, { type: `programme.turned_${state}`, subjectId: id, data: { calledOff, calledBack } })
}

/**
 * Removes a programme, which calls off what waits of it; its lines in the ledger stay. Of one that is off nothing waits:
 * what going off called off can still wait again, once it is back and that is undone as well.
 * @throws Problem not_found
 */
export async function removeProgramme(tx: Tx, id: string): Promise<void> {
  await lockDeciding(tx)
  const ids = await lockProgrammes(tx)
  const { state } = await lockProgramme(tx, id)
  const calledOff = state === 'on' ? await callOff(tx, id) : 0
  await setProgrammeRemoved(tx, id, true)
  await placeProgrammes(
    tx,
    ids.filter((other) => other !== id),
  )
  await emit(tx, { type: 'programme.removed', subjectId: id, data: { calledOff } })
}

/**
 * Brings a removed programme back to its place, on or off as it was. Of one that is on, what its removal called off
 * waits again.
 * @throws Problem not_found; conflict `programmes.too_many`
 */
export async function restoreProgramme(tx: Tx, id: string): Promise<void> {
  await lockDeciding(tx)
  const ids = await lockProgrammes(tx)
  const { place, removed, state } = await lockPerhapsRemoved(tx, id)
  if (!removed) return
  if (ids.length >= mostProgrammes) throw new Problem('conflict', 'programmes.too_many', { most: mostProgrammes })
  await setProgrammeRemoved(tx, id, false)
  await placeProgrammes(tx, ids.toSpliced(place - 1, 0, id))
  const calledBack = state === 'on' ? await callBack(tx, id) : 0
  await emit(tx, { type: 'programme.restored', subjectId: id, data: { calledBack } })
}

/** Puts all programmes into another order. @throws Problem invalid `programmes.order_incomplete` */
export async function orderProgrammes(tx: Tx, ids: readonly string[]): Promise<void> {
  const before = await lockProgrammes(tx)
  if (!isDeepStrictEqual(before.toSorted(), ids.toSorted()))
    throw invalidField('/body/ids', 'programmes.order_incomplete')
  if (isDeepStrictEqual(before, ids)) return
  await placeProgrammes(tx, ids)
  await emit(tx, { type: 'programme.reordered', subjectId: tx.workspaceId })
}

/** Changes the rules over all programmes from the next decision on. */
export async function changeAskingRules(tx: Tx, rules: AskingRules): Promise<void> {
  if (isDeepStrictEqual(await getAskingRules(tx), rules)) return
  await saveAskingRules(tx, rules)
  await emit(tx, { type: 'asking_rules.changed', subjectId: tx.workspaceId })
}

/** An invitation knows whom it went to; answers without names would be told by the time at which they came. */
export async function demandSurvey(tx: Parameters<typeof findSurvey>[0], surveyId: string): Promise<void> {
  const survey = await findSurvey(tx, surveyId)
  if (!survey) throw invalidField('/body/surveyId', 'programmes.unknown_survey')
  if (survey.identity === 'anonymous') throw invalidField('/body/surveyId', 'programmes.survey_without_names')
}
