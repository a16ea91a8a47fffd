import { updateCalledBack } from '#platform/mail/mails.queries.ts'
import type { Tx } from '#platform/store.ts'
import { callBackWaiting, lockCalledOffMails, updateQueuedBack, updateRemindedBack } from './programmes.queries.ts'

/**
 * What a programme, which is locked, called off last waits again, and so do the mails whose turn came meanwhile: none of
 * them had left.
 * @returns how many invitations and reminders
 */
export async function callBack(tx: Tx, programmeId: string): Promise<number> {
  const waiting = await callBackWaiting(tx, programmeId)
  const ids = await lockCalledOffMails(tx, programmeId)
  if (ids.length === 0) return waiting
  const queued = await updateCalledBack(tx, 'invitation', ids, 'programme_off')
  const subjectsOf = (mails: typeof queued) => mails.map(({ subjectId }) => subjectId)
  const first = subjectsOf(queued.filter(({ number }) => number === 0))
  const reminding = new Set(subjectsOf(queued))
  await updateQueuedBack(tx, first)
  const due = ids.filter((id) => !reminding.has(id))
  return waiting + first.length + (await updateRemindedBack(tx, ids, due))
}
