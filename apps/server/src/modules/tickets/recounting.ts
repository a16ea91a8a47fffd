import type { Tx } from '#platform/store.ts'
import { listUnanswered } from './changing.queries.ts'
import { countMessages } from './merging.queries.ts'
import type { TicketRow } from './tickets.queries.ts'
import { excerptOf } from './writing-in.ts'

/**
 * A ticket that has lost messages, as those that are left say: with nothing left to answer it waits for its customer.
 * @param since since when somebody waits, whatever has been lost; null when that is not known
 */
export async function recount(tx: Tx, row: TicketRow, since: Date | null): Promise<TicketRow> {
  const { letters: _, last_kind: kind, last_text: text, ...counted } = await countMessages(tx, row.id)
  const now = { ...row, ...counted, last_excerpt: excerptOf(kind ?? 'message', text ?? '') }
  if (row.status !== 'open' && row.status !== 'new') return now
  const waitingSince = since ?? (await listUnanswered(tx, [row.id])).get(row.id) ?? null
  const isAnswered = waitingSince === null && now.first_answered_at !== null
  return { ...now, waiting_since: waitingSince, status: isAnswered ? 'waiting' : now.status }
}
