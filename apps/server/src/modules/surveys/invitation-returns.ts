import { suppress } from '#people'
import { emit } from '#platform/events.ts'
import type { AboutMail, Returned } from '#platform/mail/kinds.ts'
import type { Tx } from '#platform/store.ts'
import { updateComplained, updateReplied, updateReturned } from './invitation-rows.queries.ts'

/**
 * What came back to an invitation or a reminder. The first time counts, and none of it needs the server's word that
 * the mail was sent: that may come later, or never.
 */
export async function takeBackInvitation(tx: Tx, mail: AboutMail, returned: Returned): Promise<void> {
  const { subjectId, recipient } = mail
  const address = recipient.toLowerCase()
  if (returned.kind === 'bounced') {
    if (await updateReturned(tx, subjectId)) await emit(tx, { type: 'invitation.bounced', subjectId })
    if (returned.badAddress) await suppress(tx, address, 'bounced')
  } else if (returned.kind === 'complained') {
    if (await updateComplained(tx, subjectId)) await emit(tx, { type: 'invitation.unsubscribed', subjectId })
    await suppress(tx, address, 'complained')
  } else if (await updateReplied(tx, subjectId)) await emit(tx, { type: 'invitation.replied', subjectId })
}
