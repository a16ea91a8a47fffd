import { invalidField } from '#platform/problem.ts'
import type { Db } from '#platform/store.ts'
import { listAttachments, listMessagesByIds } from './ticket-messages.queries.ts'

/**
 * The files of messages that are forwarded.
 * @param ticketIds the ticket and what was merged into it
 * @throws Problem invalid at what is no message of theirs, is for members only, or has not left yet
 */
export async function listForwardedFiles(
  db: Db,
  messageIds: readonly string[],
  ticketIds: readonly string[],
): Promise<string[]> {
  const found = new Map((await listMessagesByIds(db, messageIds)).map((message) => [message.id, message]))
  for (const [place, id] of messageIds.entries()) {
    const message = found.get(id)
    const isTheirs = message && ticketIds.includes(message.ticket_id)
    if (!isTheirs || message.kind === 'note' || message.send_at) {
      throw invalidField(`/body/messageIds/${place}`, 'replying.not_forwardable')
    }
  }
  return (await listAttachments(db, messageIds)).map(({ id }) => id)
}
