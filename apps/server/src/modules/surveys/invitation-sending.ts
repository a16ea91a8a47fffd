import { suppress } from '#people'
import type { MailKind } from '#platform/mail/kinds.ts'
import type { Tx } from '#platform/store.ts'
import { addresseeOf, outsideHours, whyNotWritten } from './invitation-hindrances.ts'
import { takeBackInvitation } from './invitation-returns.ts'
import {
  findAnswerAbout,
  lockInvitation,
  updateAnswered,
  updateBounced,
  updateDelivery,
  updateExpired,
  updateNoReminder,
  updateNotAsked,
  updateQueuedAgain,
  updateSent,
  type InvitationRow,
} from './invitation-rows.queries.ts'

const dayMs = 86_400_000

/** What becomes of an invitation when something becomes of its mail. Number 0 is the invitation, others remind. */
export const invitationMails: MailKind = {
  async claimed(tx, { subjectId, number, recipient }) {
    const row = await lockInvitation(tx, subjectId)
    if (!row) return 'gone'
    const hindrance = await hindranceOf(tx, row, recipient)
    if (hindrance === undefined && number === 0) await updateDelivery(tx, subjectId, { claimed: true })
    if (typeof hindrance === 'string' && number === 0) await callOff(tx, row, hindrance)
    return hindrance
  },
  sent: (tx, { subjectId, number }) => updateSent(tx, subjectId, number),
  async postponed(tx, { subjectId, number }) {
    if (number === 0) await updateDelivery(tx, subjectId, { claimed: false })
  },
  async failed(tx, { subjectId, number, recipient }, badAddress) {
    // The first mail was accepted, whatever a server says of a reminder.
    if (number === 0 || badAddress) await updateBounced(tx, subjectId)
    else await updateNoReminder(tx, [subjectId])
    if (badAddress) await suppress(tx, recipient.toLowerCase(), 'bounced')
  },
  uncertain: (tx, subjectId) => updateDelivery(tx, subjectId, { claimed: true, uncertain: true }),
  returned: takeBackInvitation,
  queuedAgain: updateQueuedAgain,
}

/** The first mail is not sent any more. */
async function callOff(tx: Tx, row: InvitationRow, hindrance: string): Promise<void> {
  if (hindrance === 'expired') return updateExpired(tx, row.id)
  const about = hindrance === 'answered_already' && row.touchpointId && (await findAnswerAbout(tx, row.touchpointId))
  if (about) return updateAnswered(tx, row.id, about.at, about.id)
  if (row.state === 'queued') await updateNotAsked(tx, row.id, hindrance)
}

/** Why a mail that was queued is not wanted any more, or until when it has to wait. */
async function hindranceOf(tx: Tx, row: InvitationRow, recipient: string): Promise<string | Date | undefined> {
  if (row.answeredAt || (row.touchpointId && (await findAnswerAbout(tx, row.touchpointId)))) return 'answered_already'
  const queuedFor = tx.now.getTime() - (row.queuedAt ?? tx.now).getTime()
  if (row.expiresAt ? row.expiresAt <= tx.now : queuedFor > row.expiresDays * dayMs) return 'expired'
  const to = await addresseeOf(tx, row)
  if (typeof to === 'string') return to
  const written = to.email.toLowerCase() === recipient.toLowerCase() ? undefined : await whyNotWritten(tx, recipient)
  return written ?? outsideHours(row, to.zone, tx.now)
}
