import type { Channel, TicketStatus } from '@lahko/contract/tickets'
import { uuidv7 } from '#platform/identifiers.ts'
import type { Tx } from '#platform/store.ts'
import { closedAfterMs } from './time-passing.ts'
import type { MessageKind } from './ticket-messages.queries.ts'
import { insertPastTickets, listTouchpointsWithTickets, takeNumbers } from './past-tickets.queries.ts'

export type PastMessage = {
  kind: MessageKind
  /** Whose customer wrote it; null when it was one of us. */
  customerId: string | null
  name: string
  address: string
  text: string
  at: Date
}
/** A ticket that is over. Messages stand oldest first, at least one. */
export type PastTicket = {
  touchpointId: string
  customerId: string | null
  subject: string
  topic: string
  channel: Channel
  language: string
  solvedAt: Date
  /** Whether it came from a page that knew what had been tried before. */
  carried: boolean
  messages: readonly PastMessage[]
}

/**
 * Writes the tickets of a workspace that begins with a past, such as the demo: in a handful of statements, as their
 * verbs would have left them. A touchpoint that has a ticket keeps it.
 */
export async function keepPastTickets(tx: Tx, given: readonly PastTicket[]): Promise<void> {
  const there = await listTouchpointsWithTickets(
    tx,
    given.map(({ touchpointId }) => touchpointId),
  )
  const fresh = given.filter(({ touchpointId }) => !there.has(touchpointId))
  if (fresh.length === 0) return
  const last = await takeNumbers(tx, fresh.length)
  const rows = fresh.map((ticket, place) => pastRow(tx, ticket, last - fresh.length + 1 + place))
  await insertPastTickets(tx, rows)
}

export type PastRow = ReturnType<typeof pastRow>

function pastRow(tx: Tx, { messages, ...ticket }: PastTicket, number: number) {
  const told = messages.filter(({ kind }) => kind !== 'note')
  const first = messages[0]!
  const newest = told.at(-1) ?? first
  const status: TicketStatus = tx.now.getTime() - ticket.solvedAt.getTime() > closedAfterMs ? 'closed' : 'solved'
  return {
    ...ticket,
    id: uuidv7(first.at.getTime()),
    number,
    status,
    createdAt: first.at,
    firstAnsweredAt: messages.find(({ kind }) => kind === 'reply')?.at ?? null,
    lastAuthor: newest.name,
    lastExcerpt: newest.text.replaceAll(/\s+/g, ' ').slice(0, 140),
    participants: told.filter(({ customerId }) => customerId !== null).map(({ name, address }) => ({ name, address })),
    messages: messages.map((message) => ({ ...message, id: uuidv7(message.at.getTime()) })),
    openedFactId: uuidv7(first.at.getTime()),
    solvedFactId: uuidv7(ticket.solvedAt.getTime()),
  }
}
