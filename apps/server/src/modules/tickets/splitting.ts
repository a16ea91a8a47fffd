import { priorities } from '@lahko/contract/tickets'
import { emit } from '#platform/events.ts'
import { uuidv7 } from '#platform/identifiers.ts'
import { Problem } from '#platform/problem.ts'
import type { Tx } from '#platform/store.ts'
import { lockTickets } from './changing.queries.ts'
import { countMessages, insertSplit, moveMessages } from './merging.queries.ts'
import { sayStatus } from './merging.ts'
import { recount } from './recounting.ts'
import { tellEffort } from './telling-effort.ts'
import { listMessagesByIds, type MessageRow } from './ticket-messages.queries.ts'
import {
  addParticipants,
  insertTicket,
  listParticipants,
  newTicketRow,
  updateTicket,
  type TicketRow,
} from './tickets.queries.ts'
import { follow, writersOf } from './writing-in.ts'

/**
 * Makes a ticket of its own of one message that came in.
 * @returns the ticket's id
 * @throws Problem not_found; conflict `desk.no_message` for what we wrote ourselves, `desk.only_message`
 */
export async function split(tx: Tx, messageId: string): Promise<string> {
  const { origin, message } = await lockMessage(tx, messageId)
  if (message.kind !== 'message' || message.outside) throw new Problem('conflict', 'desk.no_message')
  if ((await countMessages(tx, origin.id)).letters < 2) throw new Problem('conflict', 'desk.only_message')
  const id = uuidv7(tx.now.getTime())
  const number = await insertTicket(tx, newTicketRow(ticketFor(id, origin, message), message.at))
  await moveMessages(tx, [messageId], id)
  await insertSplit(tx, origin.id, id)
  const known = new Set((await listParticipants(tx, origin.id)).map(({ address }) => address))
  const writers = writersOf(message).filter(({ address }) => known.has(address.toLowerCase()))
  await addParticipants(tx, id, writers)
  await emit(tx, { type: 'ticket.opened', subjectId: id, data: { channel: message.channel, fromId: origin.id } })
  const [fresh] = await lockTickets(tx, [id])
  await updateTicket(tx, follow(fresh!, message))
  const isWhatWaited = origin.waiting_since?.getTime() === message.at.getTime()
  const rest = await recount(tx, origin, isWhatWaited ? null : origin.waiting_since)
  await updateTicket(tx, rest)
  await emit(tx, { type: 'ticket.split', subjectId: origin.id, data: { messageId, intoId: id, number } })
  await sayStatus(tx, origin, rest)
  await tellEffort(tx, [id, origin.id])
  return id
}

async function lockMessage(tx: Tx, id: string): Promise<{ origin: TicketRow; message: MessageRow }> {
  const [found] = await listMessagesByIds(tx, [id])
  const [origin] = await lockTickets(tx, found ? [found.ticket_id] : [])
  // Somebody else may have split it meanwhile.
  const [message] = await listMessagesByIds(tx, [id])
  if (!origin || !message) throw new Problem('not_found', 'platform.not_found')
  return message.ticket_id === origin.id ? { origin, message } : lockMessage(tx, id)
}

function ticketFor(id: string, origin: TicketRow, message: MessageRow) {
  return {
    id,
    subject: message.subject || origin.subject,
    channel: message.channel,
    priority: priorities[origin.priority]!,
    topic: origin.topic ?? undefined,
    language: origin.language ?? undefined,
    customerId: message.customer_id ?? origin.customer_id ?? undefined,
    mailboxId: origin.mailbox_id ?? undefined,
  }
}
