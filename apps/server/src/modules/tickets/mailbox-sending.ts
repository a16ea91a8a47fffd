import { retractAbout } from '#notices'
import { emit } from '#platform/events.ts'
import type { MailKind } from '#platform/mail/kinds.ts'
import { noteSending, noteSendingFailure, updateRefreshToken } from './mailboxes.queries.ts'
import { findOutfit } from './outfits.ts'

/** What every mail of a mailbox has, by its own server or the installation's. Its managers are told once an outage. */
export const mailboxMails = {
  outfit: findOutfit,
  renewed: updateRefreshToken,
  async sent(tx, { letter }) {
    const id = letter?.mailbox
    if (id !== undefined && (await noteSending(tx, id))) await retractAbout(tx, 'mailbox_failing', id)
  },
  async postponed(tx, { letter }, hindered) {
    const id = letter?.mailbox
    if (id === undefined || hindered === undefined || !(await noteSendingFailure(tx, id, hindered))) return
    await emit(tx, { type: 'mailbox.failing', subjectId: id, data: { reason: 'sending' } })
  },
} satisfies MailKind
