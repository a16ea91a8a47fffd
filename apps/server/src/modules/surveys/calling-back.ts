import { wakeAll } from '#platform/events.ts'
import { updateCalledBack, updateCalledOff } from '#platform/mail/mails.queries.ts'
import type { Tx } from '#platform/store.ts'
import { getAskingRules } from './deciding.queries.ts'
import {
  callBackWaiting,
  callOffWaiting,
  listQueuedOf,
  lockCalledOffMails,
  updateQueuedBack,
  updateQueuedOff,
  updateRemindedBack,
} from './programmes.queries.ts'

/**
 * What waits of a programme, which is locked, is not sent, in the outbox neither: without a mail server nobody would ever
 * come by there. What is being sent this moment is looked at by whoever sends it.
 * @returns how many
 */
export async function callOff(tx: Tx, programmeId: string): Promise<number> {
  const waiting = await callOffWaiting(tx, programmeId)
  const queued = await listQueuedOf(tx, programmeId)
  if (queued.length === 0) return waiting
  const mails = await updateCalledOff(tx, 'invitation', queued, 'programme_off')
  const ids = mails.map(({ subjectId }) => subjectId)
  await updateQueuedOff(tx, ids)
  const mailIds = mails.map(({ id }) => id)
  await wakeAll(tx, 'mail.settled', mailIds)
  return waiting + ids.length
}

/**
 * What a programme, which is locked, called off last waits again, and so do the mails whose turn came meanwhile: none of
 * them had left.
 * @returns how many invitations and reminders
 */
export async function callBack(tx: Tx, programmeId: string): Promise<number> {
  const rules = await getAskingRules(tx)
  const waiting = await callBackWaiting(tx, programmeId, rules)
  const ids = await lockCalledOffMails(tx, programmeId, rules)
  if (ids.length === 0) return waiting
  const queued = await updateCalledBack(tx, 'invitation', ids, 'programme_off')
  const subjectsOf = (mails: typeof queued) => mails.map(({ subjectId }) => subjectId)
  const first = subjectsOf(queued.filter(({ number }) => number === 0))
  const reminding = new Set(subjectsOf(queued))
  await updateQueuedBack(tx, first)
  const due = ids.filter((id) => !reminding.has(id))
  return waiting + first.length + (await updateRemindedBack(tx, ids, due))
}
