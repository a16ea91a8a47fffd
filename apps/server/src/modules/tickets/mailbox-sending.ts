import { retractAbout } from '#notices'
import { emit } from '#platform/events.ts'
import type { MailKind } from '#platform/mail/kinds.ts'
import { noteSending, noteSendingFailure, updateRefreshToken } from './mailboxes.queries.ts'
import { findOutfit } from './outfits.ts'

/** What every mail has that leaves by the server of a mailbox. Its managers are told once an outage. */
export const mailboxMails = {
  outfit: findOutfit,
  renewed: updateRefreshToken,
  async sent(tx, { letter }) {
    const id = letter?.server
    if (id !== undefined && (await noteSending(tx, id))) await retractAbout(tx, 'mailbox_failing', id)
  },
  async postponed(tx, { letter }, hindered) {
    const id = letter?.server
    if (id === undefined || hindered === undefined || !(await noteSendingFailure(tx, id, hindered))) return
    await emit(tx, { type: 'mailbox.failing', subjectId: id, data: { reason: 'sending' } })
  },
} satisfies MailKind
