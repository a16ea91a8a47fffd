import type { TicketLine } from '@lahko/contract/tickets'
import type { Tx } from '#platform/store.ts'
import { read } from './reading.ts'
import { lockNext } from './serving.queries.ts'
import { viewLines } from './tickets.view.ts'

/** What matters most. The member who asks has it open from then on, so that nobody else is served the same. */
export async function serveNext(tx: Tx, skip: readonly string[]): Promise<TicketLine | null> {
  const memberId = tx.actor.kind === 'member' ? tx.actor.memberId : null
  const row = await lockNext(tx, memberId, skip)
  if (!row) return null
  if (memberId) await read(tx, row.id, { writes: false })
  const [line] = await viewLines(tx, [row])
  return line!
}
