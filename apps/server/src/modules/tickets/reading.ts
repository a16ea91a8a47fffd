import type { Ticket } from '@lahko/contract/tickets'
import type { DueKind } from '#platform/due.ts'
import { wake } from '#platform/events.ts'
import type { House } from '#platform/house.ts'
import { Problem } from '#platform/problem.ts'
import type { Db, Tx } from '#platform/store.ts'
import { deleteOldReaders, deleteReader, listReaders, upsertReader, type ReaderRow } from './beside.queries.ts'
import { addFollowers, removeFollower } from './following.ts'
import { deleteClaim, deleteOldClaims } from './serving.queries.ts'
import { findTicketRow } from './tickets.queries.ts'
import { memberNames } from './tickets.view.ts'

/** So long somebody has a ticket open who says nothing more. */
export const openMs = 30_000
const changed = 'ticket.readers'

/** Says that the member who asks has a ticket open. Others see it at once. @throws Problem not_found, forbidden */
export async function read(tx: Tx, ticketId: string, { writes }: { writes: boolean }): Promise<Ticket['readers']> {
  await demandTicket(tx, ticketId)
  const memberId = memberOf(tx)
  const until = new Date(tx.now.getTime() + openMs)
  if (await upsertReader(tx, { ticketId, memberId, writes, until })) await wake(tx, changed, ticketId)
  return viewReaders(tx, await listReaders(tx, ticketId), await memberNames(tx))
}

/** Says that the member who asks has left it. @throws Problem not_found, forbidden */
export async function leave(tx: Tx, ticketId: string): Promise<void> {
  await demandTicket(tx, ticketId)
  const memberId = memberOf(tx)
  await deleteClaim(tx, ticketId, memberId)
  if (await deleteReader(tx, ticketId, memberId)) await wake(tx, changed, ticketId)
}

/** Those who have a ticket open, without the member who asks. */
export function viewReaders({ actor }: Db, readers: readonly ReaderRow[], names: ReadonlyMap<string, string>) {
  const me = actor.kind === 'member' ? actor.memberId : null
  const others = readers.filter(({ memberId }) => memberId !== me)
  return others.map(({ memberId: id, writes }) => ({ member: { id, name: names.get(id) ?? '' }, writes }))
}

/** Has the member who asks told of what happens in a ticket, or no more. @throws Problem not_found, forbidden */
export async function setFollowing(tx: Tx, ticketId: string, follows: boolean): Promise<void> {
  await demandTicket(tx, ticketId)
  const memberId = memberOf(tx)
  if (follows) await addFollowers(tx, ticketId, [memberId])
  else await removeFollower(tx, ticketId, memberId)
}

/** Whose time is over has left; whoever looks at the ticket sees it. */
export function readersDue({ store }: House): DueKind[] {
  const forget = async (tx: Tx) => {
    await deleteOldClaims(tx)
    const ids = [...new Set(await deleteOldReaders(tx))]
    for (const id of ids) await wake(tx, changed, id)
    return ids.length > 0
  }
  return [{ name: 'readers', work: (scope) => store.write(scope, forget) }]
}

function memberOf(db: Db): string {
  if (db.actor.kind !== 'member') throw new Problem('forbidden', 'desk.members_only')
  return db.actor.memberId
}

async function demandTicket(db: Db, id: string): Promise<void> {
  if (!(await findTicketRow(db, id))) throw new Problem('not_found', 'platform.not_found')
}
