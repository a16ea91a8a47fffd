import { emit } from '#platform/events.ts'
import type { Module } from '#platform/module.ts'
import { Problem } from '#platform/problem.ts'
import type { Db, Tx } from '#platform/store.ts'
import { demandCustomer } from './customers.queries.ts'

/** Everything that the modules keep about a customer, by what they call it. @throws Problem not_found */
export async function exportCustomer(db: Db, modules: readonly Module[], id: string): Promise<Record<string, unknown>> {
  const parts: Record<string, unknown>[] = []
  for (const { customers } of modules) if (customers) parts.push(await customers.export(db, id))
  const all = Object.assign({}, ...parts) as Record<string, unknown>
  if (!all['customer']) throw new Problem('not_found', 'platform.not_found')
  return all
}

/**
 * Makes what is kept about a customer nobody's, in all modules or in none. Whoever answers in this name just then
 * waits, and is new afterwards.
 * @throws Problem not_found
 */
export async function eraseCustomer(tx: Tx, modules: readonly Module[], id: string): Promise<void> {
  await demandCustomer(tx, id)
  // What stands on a customer stands in modules further down.
  for (const { customers } of modules.toReversed()) await customers?.erase(tx, id)
  await emit(tx, { type: 'customer.erased', subjectId: id })
}
