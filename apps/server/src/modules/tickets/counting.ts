import type { Db } from '#platform/store.ts'
import { countLists, type TicketFilter } from './listing.queries.ts'

const mostCounted = 1_000

/** How many tickets stand in the lists that everybody has. */
export async function countTickets(
  db: Db,
): Promise<{ mine: number | null; nobody: number; all: number; snoozed: number }> {
  const own: TicketFilter[] = db.actor.kind === 'member' ? [{ ownerId: db.actor.memberId }] : []
  const counts = await countLists(db, [{ ownerId: null }, {}, { snoozed: 'yes' }, ...own], mostCounted)
  const [nobody, all, snoozed, mine = null] = counts as [number, number, number, number?]
  return { mine, nobody, all, snoozed }
}
