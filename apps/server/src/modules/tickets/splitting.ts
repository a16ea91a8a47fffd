import { priorities } from '@lahko/contract/tickets'
import { emit } from '#platform/events.ts'
import { firstIdAt, momentOfId, uuidv7 } from '#platform/identifiers.ts'
import { Problem } from '#platform/problem.ts'
import type { Tx } from '#platform/store.ts'
import { listSolvedBefore, lockTickets } from './changing.queries.ts'
import { findRoundFrom } from './effort-facts.queries.ts'
import { findStatusBefore } from './facts.queries.ts'
import { countMessages, insertSplit, listMergesBelow, moveMessages, updateBefore } from './merging.queries.ts'
import { lockWithAbove, retellAbove, sayStatus, type Locked } from './merging.ts'
import { recount } from './recounting.ts'
import { listWrittenSince, updateLaterUndo, type Standing } from './replies.queries.ts'
import { ownerOf, retell } from './retelling.ts'
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
 * Makes a ticket of its own of one message that came in. What was solved with it stays solved; else it waits for an
 * answer. The ticket that it leaves is as if it had never come there.
 * @returns the ticket's id
 * @throws Problem not_found; conflict `desk.no_message` for what we wrote ourselves, `desk.only_message`
 */
export async function split(tx: Tx, messageId: string): Promise<string> {
  const { message, ticket: origin, above, rows } = await lockMessage(tx, messageId)
  if (message.kind !== 'message' || message.outside) throw new Problem('conflict', 'desk.no_message')
  if ((await countMessages(tx, origin.id)).letters < 2) throw new Problem('conflict', 'desk.only_message')
  const solvedAt = await solvedWith(tx, origin, message)
  const id = uuidv7(tx.now.getTime())
  const number = await insertTicket(tx, newTicketRow(ticketFor(id, origin, message), message.at), solvedAt ? 0 : 1)
  await moveMessages(tx, [messageId], id)
  await insertSplit(tx, origin.id, id)
  const known = new Set((await listParticipants(tx, origin.id)).map(({ address }) => address))
  const writers = writersOf(message).filter(({ address }) => known.has(address.toLowerCase()))
  await addParticipants(tx, id, writers)
  await emit(tx, { type: 'ticket.opened', subjectId: id, data: { channel: message.channel, fromId: origin.id } })
  await beginAs(tx, id, message, origin, solvedAt)
  await forgetWait(tx, origin.id, message)
  const rest = await restOf(tx, origin, message)
  await updateTicket(tx, rest)
  await emit(tx, { type: 'ticket.split', subjectId: origin.id, data: { messageId, intoId: id, number } })
  await sayStatus(tx, origin, rest, { messageId })
  await retellAbove(tx, above, rows)
  await tellEffort(tx, [id, ...rows.map((row) => row.id)])
  return id
}

/** When a message was solved with all that is in its ticket; undefined when it was not. */
async function solvedWith(tx: Tx, origin: TicketRow, { at }: MessageRow): Promise<Date | undefined> {
  const began = await findRoundFrom(tx, origin.id)
  if (!origin.solved_at && (!began || at >= began)) return undefined
  const solvedAt = origin.solved_at ?? (await listSolvedBefore(tx, [origin.id])).get(origin.id)
  return solvedAt && solvedAt > at ? solvedAt : at
}

/** The new ticket as it is with its message. */
async function beginAs(tx: Tx, id: string, message: MessageRow, origin: TicketRow, solvedAt: Date | undefined) {
  const [fresh] = await lockTickets(tx, [id])
  const followed = follow(fresh!, message)
  if (!solvedAt) return updateTicket(tx, followed)
  const status = origin.status === 'closed' ? 'closed' : 'solved'
  await updateTicket(tx, { ...followed, status, waiting_since: null, solved_at: solvedAt })
  const data = { from: fresh!.status, to: status, messageId: message.id, solvedAt: solvedAt.toISOString() }
  await emit(tx, { type: 'ticket.status', subjectId: id, data })
}

/** What is left of a ticket: what a message has opened again is as it was, if nothing else has come since. */
async function restOf(tx: Tx, origin: TicketRow, { id, at }: MessageRow): Promise<TicketRow> {
  const status = await findStatusBefore(tx, origin.id, id)
  const isOver = status === 'solved' || status === 'closed'
  const solvedAt = isOver ? (await listSolvedBefore(tx, [origin.id])).get(origin.id)?.toISOString() : null
  const isWhatWaited = !origin.waiting_since || origin.waiting_since.getTime() === at.getTime()
  const turned = status !== undefined && status !== 'new' && status !== 'open'
  if (!turned || !isWhatWaited || solvedAt === undefined) return recount(tx, origin, at)
  return retell(tx, origin, {
    at: momentOfId(id),
    before: { status, solvedAt, waitingSince: null, snoozedUntil: null },
  })
}

/** What replies and merges remember, should they be taken back: that somebody waited since a message that is gone. */
async function forgetWait(tx: Tx, ticketId: string, { id, at }: MessageRow): Promise<void> {
  const { first_answered_at: answeredAt } = await countMessages(tx, ticketId)
  const rest = await listWrittenSince(tx, ticketId, new Date(momentOfId(id).getTime() - 1))
  const without = (standing: Standing, before: string): Standing => {
    const next = rest.find((one) => one.id < before && one.kind === 'message' && !one.automatic)
    const status = !next && answeredAt && answeredAt < at ? 'waiting' : standing.status
    return { ...standing, status, waitingSince: next?.at.toISOString() ?? null }
  }
  const isTheirs = ({ waitingSince }: Standing) => waitingSince === at.toISOString()
  for (const { id: otherId, undo } of rest) {
    if (undo && isTheirs(undo.before))
      await updateLaterUndo(tx, otherId, { ...undo, before: without(undo.before, otherId) })
  }
  const merges = await listMergesBelow(tx, [ticketId])
  for (const one of merges.filter((merge) => ownerOf(merge, merges) === ticketId && isTheirs(merge.before)))
    await updateBefore(tx, one.source_id, without(one.before, firstIdAt(one.at.getTime())))
}

async function lockMessage(tx: Tx, id: string): Promise<Locked & { message: MessageRow }> {
  const [found] = await listMessagesByIds(tx, [id])
  if (!found) throw new Problem('not_found', 'platform.not_found')
  const locked = await lockWithAbove(tx, found.ticket_id)
  // Somebody else may have split it meanwhile.
  const [message] = await listMessagesByIds(tx, [id])
  if (!message) throw new Problem('not_found', 'platform.not_found')
  return message.ticket_id === found.ticket_id ? { ...locked, message } : lockMessage(tx, id)
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
