import type { ReturnedMail } from '@lahko/contract/returned-mails'
import type { ReturnedMailRow } from './returned-mails.queries.ts'

/** A message that came back, with the mail that it is about. */
export function viewReturnedMail(row: ReturnedMailRow): ReturnedMail {
  const { id, kind, reason, sender, subject, kept, status, says, text, mailId } = row
  return {
    ...{ id, kind, sender, subject, kept, status, says, text },
    reason: reason as ReturnedMail['reason'],
    receivedAt: row.receivedAt.toISOString(),
    bytes: row.size,
    about:
      mailId === null
        ? null
        : {
            mailId,
            kind: row.mailKind!,
            subjectId: row.subjectId!,
            subject: row.mailSubject!,
            recipient: row.recipient!,
          },
  }
}
