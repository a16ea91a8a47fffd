import { emit } from '#platform/events.ts'
import type { Tx } from '#platform/store.ts'
import { setTouchpointEnd, type KeptTouchpoint } from '#touchpoints'
import { deleteUnsentFates } from './deciding.queries.ts'

/**
 * A touchpoint that had ended goes on: an invitation that waits is withdrawn, and it is decided anew once it ends. Who
 * has been written to already is not asked about it a second time.
 * @returns the touchpoint, locked, as it is now
 */
export async function continueTouchpoint(tx: Tx, id: string): Promise<KeptTouchpoint | undefined> {
  const standing = await deleteUnsentFates(tx, [id])
  const now = await setTouchpointEnd(tx, id, null, { undecided: standing.length === 0 })
  await emit(tx, { type: 'invitations.withdrawn', subjectId: tx.workspaceId, data: { touchpointId: id } })
  return now
}
