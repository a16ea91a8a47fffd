import { emitBatch } from '#platform/events.ts'
import type { Tx } from '#platform/store.ts'
import { lockTouchpoint, setTouchpointEnd, type KeptTouchpoint } from '#touchpoints'
import { deleteUnsentFates } from './deciding.queries.ts'

/**
 * A touchpoint that had ended goes on: an invitation that waits is withdrawn, and it is decided anew once it ends. Who
 * has been written to already is not asked about it a second time.
 * @returns the touchpoint, locked, as it is now
 */
export async function continueTouchpoint(tx: Tx, id: string): Promise<KeptTouchpoint | undefined> {
  // Whoever decides about it has written its line before, or does not write it.
  await lockTouchpoint(tx, id)
  const standing = await withdrawAsking(tx, [id])
  return setTouchpointEnd(tx, id, null, { undecided: standing.length === 0 })
}

/**
 * Withdraws what was to be asked about touchpoints, which whoever calls has locked.
 * @returns those about which somebody was written to, or has answered, already
 */
export async function withdrawAsking(tx: Tx, touchpointIds: readonly string[]): Promise<string[]> {
  const standing = await deleteUnsentFates(tx, touchpointIds)
  const withdrawn = touchpointIds.filter((id) => !standing.includes(id))
  await emitBatch(
    tx,
    withdrawn.map((touchpointId) => ({
      type: 'invitations.withdrawn',
      subjectId: tx.workspaceId,
      data: { touchpointId },
    })),
  )
  return standing
}
