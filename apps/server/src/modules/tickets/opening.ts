import { emit } from '#platform/events.ts'
import { uuidv7 } from '#platform/identifiers.ts'
import type { Tx } from '#platform/store.ts'
import type { MessageRow } from './ticket-messages.queries.ts'
import { addTags, insertTicket, type NewTicket } from './tickets.queries.ts'
import { tellRepeats } from './telling-effort.ts'
import { writeIn, type Writing } from './writing-in.ts'

export type Opening = Omit<NewTicket, 'id'> & { tags?: readonly string[]; first: Writing }

/**
 * Opens a ticket with its first message.
 * @param ourAddresses see `writeIn`
 */
export async function openTicket(
  tx: Tx,
  { tags = [], first, ...given }: Opening,
  ourAddresses?: ReadonlySet<string>,
): Promise<{ id: string; number: number; message: MessageRow }> {
  const id = uuidv7(tx.now.getTime())
  const number = await insertTicket(tx, { ...given, id }, first.at ?? tx.now)
  await addTags(tx, id, tags)
  await emit(tx, { type: 'ticket.opened', subjectId: id, data: { channel: given.channel } })
  const message = await writeIn(tx, id, first, ourAddresses)
  if (given.customerId !== undefined) await tellRepeats(tx, given.customerId)
  return { id, number, message }
}
