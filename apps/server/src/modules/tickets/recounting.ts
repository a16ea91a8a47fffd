import type { Db, Tx } from '#platform/store.ts'
import { listUnanswered } from './changing.queries.ts'
import { countMessages, listWaitsBelow } from './merging.queries.ts'
import type { TicketRow } from './tickets.queries.ts'
import { excerptOf } from './writing-in.ts'

/** What a ticket's messages say of it, as it is kept. */
export async function countShown(db: Db, id: string) {
  const { letters: _, last_kind: kind, last_text: text, ...counted } = await countMessages(db, id)
  return { ...counted, last_excerpt: excerptOf(kind ?? 'message', text ?? '') }
}

/**
 * Since when somebody waits in tickets, or in what was merged into them, as their messages say.
 * @param from what came earlier is over
 */
export async function waitsOf(db: Db, ids: readonly string[], from?: Date): Promise<Map<string, Date>> {
  const own = await listUnanswered(db, ids, from)
  const brought = await listWaitsBelow(db, ids)
  const soonest = [...own, ...brought].toSorted(([, one], [, other]) => other.getTime() - one.getTime())
  return new Map(soonest)
}

/**
 * A ticket that has lost a message, as those that are left say: with nothing left to answer it waits for its customer.
 * @param lostAt when the message came
 */
export async function recount(tx: Tx, row: TicketRow, lostAt: Date): Promise<TicketRow> {
  const now = { ...row, ...(await countShown(tx, row.id)) }
  const isWhatWaited = row.waiting_since?.getTime() === lostAt.getTime()
  if ((row.status !== 'open' && row.status !== 'new') || !isWhatWaited) return now
  const waitingSince = (await waitsOf(tx, [row.id], lostAt)).get(row.id) ?? null
  const isAnswered = waitingSince === null && now.first_answered_at !== null
  return { ...now, waiting_since: waitingSince, status: isAnswered ? 'waiting' : now.status }
}
