import type { ViewFilter } from '@lahko/contract/tickets'
import type { Db } from '#platform/store.ts'
import { countTicketRows } from './listing.queries.ts'
import { filterOf } from './listing.ts'

const mostCounted = 1_000

/** How many tickets stand in the lists that everybody has. */
export async function countTickets(
  db: Db,
): Promise<{ mine: number | null; nobody: number; all: number; snoozed: number }> {
  const count = async (filter: ViewFilter) => countTicketRows(db, await filterOf(db, filter), mostCounted)
  return {
    mine: db.actor.kind === 'member' ? await count({ owner: 'me' }) : null,
    nobody: await count({ owner: 'nobody' }),
    all: await count({}),
    snoozed: await count({ snoozed: 'yes' }),
  }
}
