import { emit } from '#platform/events.ts'
import { Problem } from '#platform/problem.ts'
import type { Tx } from '#platform/store.ts'
import { updateAlso } from './addresses.queries.ts'
import { getCustomer } from './customers.queries.ts'
import { customerGroup, deleteMerge, insertMerge, lockPersons, updateMergedInto } from './merging.queries.ts'

const mostInOne = 50

/**
 * Says that two customers are one person. Nothing is moved: what happened stands under both, what comes goes to the
 * target.
 * @throws Problem not_found; conflict `people.merged_into_nobody`, `people.merged_already`, `people.merged_too_many`,
 *   `people.merged_into_itself`
 */
export async function mergeCustomers(tx: Tx, sourceId: string, targetId: string): Promise<void> {
  await lockPersons(tx, [sourceId, targetId])
  const source = await getCustomer(tx, sourceId)
  const [root] = await customerGroup(tx, targetId)
  if (root === undefined) throw nobodyThere()
  if (source.merged_into === root) return
  if (source.merged_into) throw new Problem('conflict', 'people.merged_already')
  if (root === sourceId) throw new Problem('conflict', 'people.merged_into_itself')
  const size = (await customerGroup(tx, sourceId)).length + (await customerGroup(tx, root)).length
  if (size > mostInOne) throw new Problem('conflict', 'people.merged_too_many', { most: mostInOne })
  await insertMerge(tx, sourceId, root)
  await updateMergedInto(tx, sourceId, root)
  await updateAlso(tx, root)
  await emit(tx, { type: 'customer.merged', subjectId: sourceId, data: { intoId: root } })
}

function nobodyThere(): Problem {
  const code = 'people.merged_into_nobody'
  return new Problem('conflict', code, {}, [{ field: '/body/intoId', code }])
}

/** Takes that back: what came meanwhile stays with the target. Doing it twice is doing it once. @throws Problem not_found */
export async function unmergeCustomer(tx: Tx, sourceId: string): Promise<void> {
  const { merged_into: root } = await getCustomer(tx, sourceId)
  await lockPersons(tx, [sourceId, ...(root ? [root] : [])])
  const target = await deleteMerge(tx, sourceId)
  if (!target) return
  await updateMergedInto(tx, sourceId, sourceId)
  await updateAlso(tx, sourceId)
  if (root) await updateAlso(tx, root)
  await emit(tx, { type: 'customer.unmerged', subjectId: sourceId, data: { fromId: target } })
}
