import { emit, wake } from '#platform/events.ts'
import type { Tx } from '#platform/store.ts'
import { findWriting } from './bounces.queries.ts'
import { tellEffort } from './telling-effort.ts'
import { findMergeTarget, lockTicket, updateTicket } from './tickets.queries.ts'

/** Somebody has to look at it: the ticket is open, and its writer is told. */
export async function notDelivered(
  tx: Tx,
  messageId: string,
  state: 'failed' | 'uncertain' | 'bounced',
): Promise<void> {
  const writing = await findWriting(tx, messageId)
  if (!writing) return
  const id = (await findMergeTarget(tx, writing.ticketId)) ?? writing.ticketId
  const ticket = await lockTicket(tx, id)
  if (!ticket) return
  const { memberId } = writing
  await emit(tx, { type: 'ticket.not_delivered', subjectId: id, data: { messageId, memberId, state } })
  if (['waiting', 'solved', 'closed'].includes(ticket.status)) {
    const open = { status: 'open', waiting_since: ticket.waiting_since ?? tx.now, solved_at: null } as const
    await updateTicket(tx, { ...ticket, ...open, snoozed_until: null, updated_at: tx.now })
    await emit(tx, { type: 'ticket.status', subjectId: id, data: { from: ticket.status, to: 'open' } })
    await tellEffort(tx, [id])
  }
  await wake(tx, 'ticket.delivery', id)
}
