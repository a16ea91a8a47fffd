import { isDeepStrictEqual } from 'node:util'
import { emitBatch } from '#platform/events.ts'
import type { Tx } from '#platform/store.ts'
import { lockTouchpoint, updateTouchpoints, type KeptTouchpoint } from './reporting.queries.ts'
import { factOf } from './reporting.ts'

/**
 * A touchpoint of the house's own goes on, or is over again, also after it was decided whether to ask about it. What is
 * not there is passed by.
 * @param undecided whether it is to be decided anew once it ends; its line in the ledger is gone then
 * @returns it, locked, as it is now
 */
export async function setTouchpointEnd(
  tx: Tx,
  id: string,
  endedAt: Date | null,
  { undecided = false }: { undecided?: boolean } = {},
): Promise<KeptTouchpoint | undefined> {
  const before = await lockTouchpoint(tx, id)
  if (!before) return undefined
  const now = { ...before, endedAt, decided: before.decided && !undecided }
  if (isDeepStrictEqual(before, now)) return now
  await updateTouchpoints(tx, [now])
  await emitBatch(tx, [factOf({ before, now })])
  return now
}
