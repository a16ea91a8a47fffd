import { getWorkspace } from '#accounts'
import { retract } from '#notices'
import { lockCustomers, removeCustomers } from '#people'
import { emit } from '#platform/events.ts'
import type { House } from '#platform/house.ts'
import { enqueue, type Task } from '#platform/jobs.ts'
import { listMailsAbout, removeMails } from '#platform/mail/mails.queries.ts'
import type { Module } from '#platform/module.ts'
import type { Scope, Tx } from '#platform/store.ts'
import {
  listCustomersWithTouchpoints,
  listOldTouchpoints,
  listTouchpointsOfCustomer,
  lockTouchpoints,
  lockTouchpointsOfCustomer,
  removeTouchpoints,
  type OldTouchpoint,
} from '#touchpoints'
import { listKeptPreferences } from './asking-preferences.queries.ts'
import {
  forgetResponses,
  listGivenBy,
  listUnansweredCustomers,
  listUnansweredTouchpoints,
  lockForgetting,
  lockGivenBefore,
  lockGivenBy,
  lockLeftOutBefore,
  momentBefore,
  type Forgotten,
} from './forgetting.queries.ts'
import { callOffCustomer, listInvitationIdsOf, listInvitationsOf } from './ledger.queries.ts'
import { listSurveyIds } from './rebuilding.queries.ts'
import { listRepliesAbout } from './reply-timeline.queries.ts'

const taskName = 'forget_answers'
const usuallyAtOnce = 2_000
const undoableMs = 30 * 86_400_000

/** Every day: answers and touchpoints that are older than the workspace keeps them, and spam and tests that nobody counted again. */
export function forgetTask(house: House): Task {
  return {
    name: taskName,
    daily: true,
    run: async (scope, _, stopping) => {
      if (await forgetAll(house, scope, stopping)) return
      await house.store.write(scope, (tx) => enqueue(tx, taskName, {}, taskName))
    },
  }
}

/** In small steps, each of which may be the last. @returns false when something is left to do */
export async function forgetAll(
  { store }: Pick<House, 'store'>,
  scope: Scope,
  stopping: AbortSignal,
  atOnce = usuallyAtOnce,
): Promise<boolean> {
  for (const { id } of await store.read(scope, (db) => listSurveyIds(db))) {
    for (const step of [forgetOld, removeLeftOut]) {
      for (;;) {
        if (stopping.aborted) return false
        if ((await store.write(scope, (tx) => step(tx, id, atOnce))) < atOnce) break
      }
    }
  }
  return forgetTouchpoints(store, scope, stopping, atOnce)
}

/** Touchpoints that are as old and that no answer is about, and the customers of whom nothing else is known. */
async function forgetTouchpoints(
  store: House['store'],
  scope: Scope,
  stopping: AbortSignal,
  atOnce: number,
): Promise<boolean> {
  let after: OldTouchpoint | undefined
  for (;;) {
    if (stopping.aborted) return false
    const old = await store.write(scope, (tx) => removeOldTouchpoints(tx, { after, limit: atOnce }))
    if (old.length < atOnce) return true
    after = old.at(-1)
  }
}

/** @returns those that were looked at, whether they went or not */
async function removeOldTouchpoints(tx: Tx, page: { after?: OldTouchpoint; limit: number }): Promise<OldTouchpoint[]> {
  const { keep_months: months, time_zone: timeZone } = await getWorkspace(tx)
  if (months === null) return []
  const happened = await momentBefore(tx, months, timeZone)
  const old = await listOldTouchpoints(tx, { happened, reported: new Date(tx.now.getTime() - undoableMs) }, page)
  await removeUnanswered(tx, { touchpoints: old.map(({ id }) => id), customers: [] })
  return old
}

/**
 * Forgets some answers that are older than the workspace keeps them, and came 30 days ago.
 * @returns how many; none when it keeps them without limit
 */
export async function forgetOld(tx: Tx, surveyId: string, most: number): Promise<number> {
  const { keep_months: months, time_zone: timeZone } = await getWorkspace(tx)
  if (months === null) return 0
  const given = await momentBefore(tx, months, timeZone)
  // Whoever answered by a form may change it for as long.
  const received = new Date(tx.now.getTime() - undoableMs)
  return forget(tx, surveyId, await lockGivenBefore(tx, surveyId, { given, received }, most))
}

/** Deletes some spam and test answers that were left out 30 days ago. @returns how many */
async function removeLeftOut(tx: Tx, surveyId: string, most: number): Promise<number> {
  return forget(tx, surveyId, await lockLeftOutBefore(tx, surveyId, new Date(tx.now.getTime() - undoableMs), most))
}

async function forget(tx: Tx, surveyId: string, ids: readonly string[]): Promise<number> {
  if (ids.length === 0) return 0
  await retract(tx, 'hard_answer', ids)
  const { forgotten, deleted, ...named } = await forgetResponses(tx, ids)
  await removeUnanswered(tx, named)
  await emit(tx, { type: 'survey.answers_forgotten', subjectId: surveyId, data: { forgotten, deleted } })
  return ids.length
}

/**
 * What an answer brought goes with the last answer that names it. Nobody waits here: who is just answering anew is
 * locked by that answer, and stays.
 */
export async function removeUnanswered(tx: Tx, named: Pick<Forgotten, 'customers' | 'touchpoints'>): Promise<void> {
  if (named.customers.length + named.touchpoints.length === 0) return
  await lockForgetting(tx)
  const touchpoints = await lockTouchpoints(tx, named.touchpoints)
  const theirs = await removeTouchpoints(tx, await listUnansweredTouchpoints(tx, touchpoints))
  const customers = await lockCustomers(tx, [...named.customers, ...theirs])
  const busy = await listCustomersWithTouchpoints(tx, customers)
  const unknown = (await listUnansweredCustomers(tx, customers)).filter((id) => !busy.has(id))
  await removeMails(tx, 'invitation', await listInvitationIdsOf(tx, unknown))
  await removeCustomers(tx, unknown)
}

/** The answers of one customer, what they were asked and want to be asked, and that they are nobody's any more. */
export const answersOfCustomer: NonNullable<Module['customers']> = {
  async export(db, customerId) {
    const touchpoints = await listTouchpointsOfCustomer(db, customerId)
    const ids = touchpoints.map(({ id }) => id)
    return {
      answers: await listGivenBy(db, customerId, ids, 10_000),
      askingPreferences: await listKeptPreferences(db, customerId),
      invitations: await listInvitationsOf(db, customerId, 10_000),
      mails: await listMailsAbout(db, 'invitation', await listInvitationIdsOf(db, [customerId]), 10_000),
      replies: await listRepliesAbout(db, { customerIds: [customerId] }, { limit: 10_000 }),
    }
  },
  async erase(tx, customerId) {
    await callOffCustomer(tx, customerId)
    // Before answers are chosen, so that one which is just coming in about a touchpoint is among them.
    const touchpoints = await lockTouchpointsOfCustomer(tx, customerId)
    const given = await lockGivenBy(tx, customerId, touchpoints)
    await retract(tx, 'hard_answer', given)
    const named = await forgetResponses(tx, given)
    await removeUnanswered(tx, named)
    await removeMails(tx, 'invitation', await listInvitationIdsOf(tx, [customerId]))
  },
}
