import type { Tx } from '#platform/store.ts'
import { listUnanswered } from './changing.queries.ts'
import { countMessages } from './merging.queries.ts'
import type { TicketRow } from './tickets.queries.ts'
import { longestExcerpt } from './writing-in.ts'

/** A ticket that has lost messages, as those that are left say. */
export async function recount(tx: Tx, row: TicketRow): Promise<TicketRow> {
  const { letters: _, ...counted } = await countMessages(tx, row.id, longestExcerpt)
  const isOurs = row.status === 'open' || row.status === 'new'
  const since = isOurs ? ((await listUnanswered(tx, [row.id])).get(row.id) ?? null) : null
  return { ...row, ...counted, waiting_since: isOurs ? since : row.waiting_since }
}
