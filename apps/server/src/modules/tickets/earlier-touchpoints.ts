import { findTouchpointsCalled } from '#touchpoints'
import type { Db } from '#platform/store.ts'
import type { TicketRow } from './tickets.queries.ts'

/** So many of them are shown. */
const most = 20

/** What a ticket's touchpoint is called: of its first round, or of a later one. */
export function touchpointName({ number }: Pick<TicketRow, 'number'>, round: number): string {
  return round === 1 ? `ticket:${number}` : `ticket:${number}:${round}`
}

/** The touchpoints of the rounds before this one, newest first. */
export async function listEarlierTouchpoints(db: Db, row: TicketRow, round: number): Promise<string[]> {
  if (round < 2) return []
  const before = Array.from({ length: round - 1 }, (_, place) => touchpointName(row, round - 1 - place)).slice(0, most)
  const ids = await findTouchpointsCalled(db, before)
  return before.flatMap((name) => ids.get(name) ?? [])
}
