import { emit } from '#platform/events.ts'
import { Problem } from '#platform/problem.ts'
import type { Tx } from '#platform/store.ts'
import { deleteOrganisationMerge, insertOrganisationMerge, updateShownAs } from './merging-organisations.queries.ts'
import { findOrganisation, lockOrganisations, organisationGroup } from './organisations.queries.ts'
import { getOrganisation } from './organisations.ts'
import { showAnew } from './showing-organisations.ts'

const mostInOne = 50

/**
 * Says that two organisations are one. Nothing is moved: customers stay with the one that they had, and are shown with
 * the name of the target.
 * @throws Problem not_found; conflict `people.merged_into_nothing`, `people.organisation_merged_already`,
 *   `people.merged_too_many_organisations`, `people.organisation_merged_into_itself`
 */
export async function mergeOrganisations(tx: Tx, sourceId: string, targetId: string): Promise<void> {
  await lockOrganisations(tx, [sourceId, targetId])
  const source = await getOrganisation(tx, sourceId)
  const [root] = await organisationGroup(tx, targetId)
  if (root === undefined) throw refused('people.merged_into_nothing')
  if (source.merged_into === root) return
  if (source.merged_into) throw refused('people.organisation_merged_already')
  if (root === sourceId) throw refused('people.organisation_merged_into_itself')
  const size = (await organisationGroup(tx, sourceId)).length + (await organisationGroup(tx, root)).length
  if (size > mostInOne) throw new Problem('conflict', 'people.merged_too_many_organisations', { most: mostInOne })
  await insertOrganisationMerge(tx, sourceId, root)
  await updateShownAs(tx, sourceId, root)
  await showAnew(tx, root)
  await emit(tx, { type: 'organisation.merged', subjectId: sourceId, data: { intoId: root } })
}

function refused(code: string): Problem {
  return new Problem('conflict', code, {}, [{ field: '/body/intoId', code }])
}

/** Takes that back: its customers are shown with its own name again. Doing it twice is doing it once. @throws Problem not_found */
export async function unmergeOrganisation(tx: Tx, sourceId: string): Promise<void> {
  const { merged_into: root } = await getOrganisation(tx, sourceId)
  await lockOrganisations(tx, [sourceId, ...(root ? [root] : [])])
  const target = await deleteOrganisationMerge(tx, sourceId)
  if (!target) return
  await updateShownAs(tx, sourceId, sourceId)
  await showAnew(tx, sourceId)
  if (root && (await findOrganisation(tx, root))) await showAnew(tx, root)
  await emit(tx, { type: 'organisation.unmerged', subjectId: sourceId, data: { fromId: target } })
}
