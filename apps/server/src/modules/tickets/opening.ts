import { uuidv7 } from '#platform/identifiers.ts'
import type { Tx } from '#platform/store.ts'
import type { MessageRow } from './ticket-messages.queries.ts'
import { addTags, insertTicket, newTicketRow, type NewTicket, type TicketRow } from './tickets.queries.ts'
import { tell, type Untold } from './telling.ts'
import { closedAfterMs } from './time-passing.ts'
import { followWriting, keepMessage, messageOf, untoldOf, type Writing } from './writing-in.ts'

export type Opening = Omit<NewTicket, 'id'> & { tags?: readonly string[]; first: Writing }

/**
 * Opens a ticket with its first message.
 * @param ourAddresses see `writeIn`
 */
export async function openTicket(
  tx: Tx,
  opening: Opening,
  ourAddresses?: ReadonlySet<string>,
): Promise<{ id: string; number: number; message: MessageRow }> {
  const { untold, ...opened } = await openUntold(tx, opening, ourAddresses)
  await tell(tx, untold)
  return opened
}

/** The same, when it is told later what it has brought. */
export async function openUntold(
  tx: Tx,
  { tags = [], first, ...given }: Opening,
  ourAddresses: ReadonlySet<string> = new Set(),
): Promise<{ id: string; number: number; message: MessageRow; untold: Untold }> {
  const id = uuidv7(tx.now.getTime())
  const before = newTicketRow({ ...given, id }, first.at ?? tx.now)
  const message = messageOf(tx, id, first)
  const followed = followWriting(before, message, first)
  const now = first.past ? overSince(followed, message.at, tx.now) : followed
  const number = await insertTicket(tx, now, first.past ? 0 : 1)
  await addTags(tx, id, tags)
  await keepMessage(tx, message, first, { ourAddresses, before, now })
  const opened = { type: 'ticket.opened', subjectId: id, data: { channel: given.channel } }
  const written = untoldOf(before, now, message, first)
  const customerIds = given.customerId === undefined || first.past ? [] : [given.customerId]
  return { id, number, message, untold: { ...written, facts: [opened, ...written.facts], customerIds } }
}

/** Solved by itself when it came; long ago, closed. */
function overSince(row: TicketRow, at: Date, now: Date): TicketRow {
  const status = now.getTime() - at.getTime() > closedAfterMs ? 'closed' : 'solved'
  return { ...row, status, solved_at: at }
}
