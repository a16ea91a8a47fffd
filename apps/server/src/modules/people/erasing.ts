import { emit } from '#platform/events.ts'
import type { Module } from '#platform/module.ts'
import { Problem } from '#platform/problem.ts'
import type { Db, Tx } from '#platform/store.ts'
import { demandCustomer } from './customers.queries.ts'
import { customerGroup } from './merging.queries.ts'

/** Everything that the modules keep about a customer and who was merged into them. @throws Problem not_found */
export async function exportCustomer(db: Db, modules: readonly Module[], id: string): Promise<Record<string, unknown>> {
  const [root, ...others] = await customerGroup(db, id)
  if (root === undefined) throw new Problem('not_found', 'platform.not_found')
  const merged: Record<string, unknown>[] = []
  for (const other of others) merged.push(await exportOne(db, modules, other))
  return { ...(await exportOne(db, modules, root)), ...(merged.length > 0 && { merged }) }
}

async function exportOne(db: Db, modules: readonly Module[], id: string): Promise<Record<string, unknown>> {
  const parts: Record<string, unknown>[] = []
  for (const { customers } of modules) if (customers) parts.push(await customers.export(db, id))
  return Object.assign({}, ...parts) as Record<string, unknown>
}

/**
 * Makes what is kept about a customer nobody's, in all modules or in none. Whoever answers in this name just then
 * waits, and is new afterwards.
 * @throws Problem not_found
 */
export async function eraseCustomer(tx: Tx, modules: readonly Module[], id: string): Promise<void> {
  await demandCustomer(tx, id)
  // Whoever was merged first: they stand on the one into whom they were.
  for (const one of (await customerGroup(tx, id)).toReversed()) {
    await demandCustomer(tx, one)
    // What stands on a customer stands in modules further down.
    for (const { customers } of modules.toReversed()) await customers?.erase(tx, one)
    await emit(tx, { type: 'customer.erased', subjectId: one })
  }
}
