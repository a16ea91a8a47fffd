import { emitBatch } from '#platform/events.ts'
import type { Tx } from '#platform/store.ts'
import { deleteFollower } from './beside.queries.ts'
import { insertFollowers, insertMentions } from './followers.queries.ts'

/** Members are told of what happens in a ticket from now on. Doing it twice is doing it once. */
export async function addFollowers(tx: Tx, ticketId: string, memberIds: readonly string[]): Promise<void> {
  const added = await insertFollowers(tx, ticketId, memberIds)
  await emitBatch(
    tx,
    added.map((memberId) => ({ type: 'ticket.followed', subjectId: ticketId, data: { memberId } })),
  )
}

/** Members whom a note names: it is known, and they follow the ticket. */
export async function addMentioned(tx: Tx, ticketId: string, memberIds: readonly string[]): Promise<void> {
  await insertMentions(tx, ticketId, memberIds)
  await addFollowers(tx, ticketId, memberIds)
}

/** The member is told no more. */
export async function removeFollower(tx: Tx, ticketId: string, memberId: string): Promise<void> {
  if (!(await deleteFollower(tx, ticketId, memberId))) return
  await emitBatch(tx, [{ type: 'ticket.unfollowed', subjectId: ticketId, data: { memberId } }])
}
