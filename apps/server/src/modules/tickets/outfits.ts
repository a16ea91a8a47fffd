import type { FindOutfit, Outfit } from '#platform/mail/letters.ts'
import type { Db } from '#platform/store.ts'
import { listWholeFiles } from '#platform/files.queries.ts'
import { findOutgoingMailbox } from './outgoing-mailboxes.queries.ts'

/** The mailbox's own server, and what is attached, as they are when a mail is sent. */
export async function findOutfit(db: Db, { letter }: Parameters<FindOutfit>[1]): Promise<Outfit> {
  const { server: mailboxId, files = [] } = letter ?? {}
  const mailbox = mailboxId === undefined ? undefined : await findOutgoingMailbox(db, mailboxId)
  const found = await listWholeFiles(
    db,
    files.map(({ id }) => id),
  )
  const whole = new Map(found.map((file) => [file.id, file]))
  return {
    ...(mailbox?.smtp && { server: mailbox.smtp }),
    files: files.flatMap(({ id, contentId }) => {
      const file = whole.get(id)
      return file ? [{ ...file, contentId }] : []
    }),
  }
}
