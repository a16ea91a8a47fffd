import { emitBatch, wakeAll, type Fact } from '#platform/events.ts'
import type { Tx } from '#platform/store.ts'
import { tellEffort, tellRepeats } from './telling-effort.ts'

/** What one message has brought, and nobody has been told yet. */
export type Untold = {
  facts: readonly Fact[]
  /** Tickets whose effort is another one now. */
  ticketIds: readonly string[]
  /** Who has come again. */
  customerIds: readonly string[]
}

/** Tells open screens, members, and whoever asks about effort. */
export async function tell(tx: Tx, { facts, ticketIds, customerIds }: Untold): Promise<void> {
  await emitBatch(tx, facts)
  if (ticketIds.length > 0) await tellEffort(tx, ticketIds)
  if (customerIds.length > 0) await tellRepeats(tx, customerIds)
}

/** The same for many messages of one transaction, in as many statements as for one. */
export async function tellTogether(tx: Tx, untold: readonly Untold[]): Promise<void> {
  const facts = untold.flatMap((one) => one.facts)
  await emitBatch(tx, facts)
  await wakeAll(tx, 'ticket.message', [...new Set(facts.map(({ subjectId }) => subjectId))])
  const ticketIds = untold.flatMap((one) => one.ticketIds)
  if (ticketIds.length > 0) await tellEffort(tx, ticketIds)
  const customerIds = untold.flatMap((one) => one.customerIds)
  if (customerIds.length > 0) await tellRepeats(tx, [...new Set(customerIds)])
}
