import { suppress } from '#people'
import type { AboutMail, MailKind, Refusal } from '#platform/mail/kinds.ts'
import type { Tx } from '#platform/store.ts'
import { listAnswersAbout, type AnswerAbout } from './deciding.queries.ts'
import { addresseesOf, outsideHours, whyNotWritten, type Addressee, type Hindrance } from './invitation-hindrances.ts'
import { takeBackInvitation } from './invitation-returns.ts'
import {
  lockInvitations,
  updateAnswered,
  updateBounced,
  updateDelivery,
  updateExpired,
  updateNoReminder,
  updateNotAsked,
  updateQueuedAgain,
  updateReminderCalledOff,
  updateSent,
  type InvitationRow,
} from './invitation-rows.queries.ts'

const dayMs = 86_400_000

/** What becomes of an invitation when something becomes of its mail. Number 0 is the invitation, others remind. */
export const invitationMails: MailKind = {
  together: { claimed: claimInvitations, sent: updateSent },
  async postponed(tx, { subjectId, number }) {
    if (number === 0) await updateDelivery(tx, [subjectId], { claimed: false })
  },
  async failed(tx, { subjectId, number, recipient }, why) {
    // The first mail was accepted, whatever a server says of a reminder.
    if (number > 0 && why !== 'bad_address') return updateNoReminder(tx, [subjectId])
    if (why === 'too_late') return expireUnsent(tx, subjectId)
    await updateBounced(tx, subjectId)
    if (why === 'bad_address') await suppress(tx, recipient.toLowerCase(), 'bounced')
  },
  uncertain: (tx, subjectId) => updateDelivery(tx, [subjectId], { claimed: true, uncertain: true }),
  returned: takeBackInvitation,
  queuedAgain: updateQueuedAgain,
}

/** A mail that has not left for days is nobody's bounce. */
async function expireUnsent(tx: Tx, id: string): Promise<void> {
  await updateDelivery(tx, [id], { claimed: false })
  await updateExpired(tx, id)
}

async function claimInvitations(tx: Tx, mails: readonly AboutMail[]): Promise<Refusal[]> {
  const rows = await lockInvitations(
    tx,
    mails.map(({ subjectId }) => subjectId),
  )
  const about = await knownAbout(tx, [...rows.values()])
  const refusals: Refusal[] = []
  const claimed: string[] = []
  for (const { subjectId, number, recipient } of mails) {
    const row = rows.get(subjectId)
    const hindrance = row ? await hindranceOf(tx, row, recipient, about) : 'gone'
    refusals.push(hindrance)
    if (number > 0 && hindrance === 'programme_off') await updateReminderCalledOff(tx, [subjectId])
    if (number > 0) continue
    if (hindrance === undefined) claimed.push(subjectId)
    else if (row && typeof hindrance === 'string') await callOff(tx, row, hindrance, about)
  }
  if (claimed.length > 0) await updateDelivery(tx, claimed, { claimed: true })
  return refusals
}

/** `answers` by touchpoint, `addressees` by invitation. */
type About = {
  answers: ReadonlyMap<string, AnswerAbout>
  addressees: ReadonlyMap<string, Addressee | Hindrance>
}

async function knownAbout(tx: Tx, rows: readonly InvitationRow[]): Promise<About> {
  const touchpointIds = rows.flatMap(({ touchpointId }) => touchpointId ?? [])
  const [answers, addressees] = await Promise.all([listAnswersAbout(tx, touchpointIds), addresseesOf(tx, rows)])
  return { answers: new Map(answers.map((one) => [one.touchpointId, one])), addressees }
}

/** The first mail is not sent any more. */
async function callOff(tx: Tx, row: InvitationRow, hindrance: string, { answers }: About): Promise<void> {
  if (hindrance === 'expired') return updateExpired(tx, row.id)
  const answer = hindrance === 'answered_already' ? answers.get(row.touchpointId ?? '') : undefined
  if (answer) return updateAnswered(tx, row.id, answer.answeredAt, answer.responseId)
  if (row.state === 'queued') await updateNotAsked(tx, row.id, hindrance)
}

/** Why a mail that was queued is not wanted any more, or until when it has to wait. */
async function hindranceOf(
  tx: Tx,
  row: InvitationRow,
  recipient: string,
  { answers, addressees }: About,
): Promise<Refusal> {
  if (row.answeredAt || answers.has(row.touchpointId ?? '')) return 'answered_already'
  const queuedFor = tx.now.getTime() - (row.queuedAt ?? tx.now).getTime()
  if (row.expiresAt ? row.expiresAt <= tx.now : queuedFor > row.expiresDays * dayMs) return 'expired'
  const to = addressees.get(row.id)!
  if (typeof to === 'string') return to
  const written = to.email.toLowerCase() === recipient.toLowerCase() ? undefined : await whyNotWritten(tx, recipient)
  return written ?? outsideHours(row, to.zone, tx.now)
}
