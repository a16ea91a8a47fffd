import { emit } from '#platform/events.ts'
import { Problem } from '#platform/problem.ts'
import type { Tx } from '#platform/store.ts'
import {
  deleteSuppression,
  findSuppression,
  insertSuppressions,
  type Suppression,
  type SuppressionReason,
} from './suppressions.queries.ts'

/** Writes to an address no more. One that is on the list keeps its first reason. @param address in lower case */
export async function suppress(tx: Tx, address: string, reason: SuppressionReason): Promise<Suppression> {
  await suppressAll(tx, [address], reason)
  return (await findSuppression(tx, address))!
}

/** The same for many. @returns how many were not on the list before */
export async function suppressAll(
  tx: Tx,
  addresses: readonly string[],
  reason: SuppressionReason,
): Promise<{ added: number }> {
  const added = await insertSuppressions(tx, [...new Set(addresses)], reason)
  if (added.length > 0) {
    await emit(tx, { type: 'suppressions.added', subjectId: added[0]!, data: { reason, count: added.length } })
  }
  return { added: added.length }
}

/** Lets an address be written to again. @returns whether it was on the list */
export async function liftSuppression(tx: Tx, address: string): Promise<boolean> {
  return removed(tx, await deleteSuppression(tx, { address }))
}

/** The same by its id. @throws Problem not_found */
export async function removeSuppression(tx: Tx, id: string): Promise<void> {
  if (!(await removed(tx, await deleteSuppression(tx, { id })))) throw new Problem('not_found', 'platform.not_found')
}

async function removed(tx: Tx, id: string | undefined): Promise<boolean> {
  if (id !== undefined) await emit(tx, { type: 'suppression.removed', subjectId: id })
  return id !== undefined
}
