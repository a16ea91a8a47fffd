import { emit } from '#platform/events.ts'
import { invalidField, Problem } from '#platform/problem.ts'
import type { Db, Tx } from '#platform/store.ts'
import { listNotes } from './notes.queries.ts'
import {
  deleteOrganisation,
  deleteOrganisationAddress,
  findOrganisation,
  insertName,
  insertOrganisation,
  insertOrganisationAddress,
  listAddressesOfOrganisations,
  lockOrganisations,
  organisationGroup,
  updateOrganisation,
  updateSearched,
  type OrganisationRow,
} from './organisations.queries.ts'
import { changedAttributes } from './people-attributes.ts'
import { joinAtAddress, showAnew } from './showing-organisations.ts'
import { sharedDomains } from './shared-domains.ts'

const mostAddresses = 50

/** @throws Problem not_found */
export async function getOrganisation(db: Db, id: string): Promise<OrganisationRow> {
  const row = await findOrganisation(db, id)
  if (!row) throw new Problem('not_found', 'platform.not_found')
  return row
}

/** The one as which an organisation is shown, locked with all that are one with it. @throws Problem not_found */
async function demandShown(tx: Tx, id: string): Promise<{ row: OrganisationRow; ids: string[] }> {
  const [root = id] = await organisationGroup(tx, id)
  await lockOrganisations(tx, [root])
  return { row: await getOrganisation(tx, root), ids: await organisationGroup(tx, root) }
}

type NewOrganisation = {
  name: string
  /** Those that lead to it too. */
  otherNames?: readonly string[]
  attributes?: Record<string, string>
  addresses?: readonly string[]
}

/** @returns its id. @throws Problem conflict `people.organisation_taken` and what `addOrganisationAddress` throws */
export async function createOrganisation(
  tx: Tx,
  { name, otherNames = [], attributes = {}, addresses = [] }: NewOrganisation,
): Promise<string> {
  const id = await insertOrganisation(tx, { name, attributes })
  if (id === undefined) throw takenName('/body/name')
  for (const [place, other] of otherNames.entries())
    if ((await insertName(tx, id, other)) !== id) throw takenName(`/body/otherNames/${place}`)
  await updateSearched(tx, id)
  await emit(tx, { type: 'organisation.created', subjectId: id })
  for (const [place, address] of addresses.entries()) await joinBy(tx, id, address, `/body/addresses/${place}`)
  return id
}

function takenName(field: string): Problem {
  const code = 'people.organisation_taken'
  return new Problem('conflict', code, {}, [{ field, code }])
}

type OrganisationChange = { name?: string; attributes?: Record<string, string | null> }

/** Names of before still lead to it. @throws Problem not_found; conflict `people.organisation_taken` */
export async function changeOrganisation(tx: Tx, id: string, change: OrganisationChange): Promise<void> {
  const { row, ids } = await demandShown(tx, id)
  const name = change.name ?? row.name
  const attributes = changedAttributes(row.attributes, change.attributes)
  if (name !== row.name && !ids.includes(await insertName(tx, row.id, name))) throw takenName('/body/name')
  await updateOrganisation(tx, row.id, { name, attributes })
  if (name !== row.name) await showAnew(tx, row.id)
  await emit(tx, { type: 'organisation.changed', subjectId: row.id, data: { fields: Object.keys(change) } })
}

/**
 * Only one without customers goes, and what nothing could bring back keeps it: notes, and what was merged into it.
 * @throws Problem not_found; conflict `people.organisation_has_customers`, `people.organisation_holds_more`
 */
export async function removeOrganisation(tx: Tx, id: string): Promise<void> {
  const { row, ids } = await demandShown(tx, id)
  const [note] = await listNotes(tx, { organisations: ids }, { limit: 1 })
  if (note || ids.length > 1) throw new Problem('conflict', 'people.organisation_holds_more')
  if (!(await deleteOrganisation(tx, ids))) throw new Problem('conflict', 'people.organisation_has_customers')
  await emit(tx, { type: 'organisation.removed', subjectId: row.id })
}

/**
 * Says that customers at a domain, or with one address, belong to an organisation: those of whom none is known do so
 * now, others when they come.
 * @returns how many belong to it now by that
 * @throws Problem not_found; invalid `people.shared_domain`; conflict `people.organisation_address_taken`,
 *   `people.too_many_organisation_addresses`
 */
export async function addOrganisationAddress(tx: Tx, id: string, address: string): Promise<number> {
  const { row } = await demandShown(tx, id)
  return joinBy(tx, row.id, address, '/body/address')
}

async function joinBy(tx: Tx, rootId: string, address: string, field: string): Promise<number> {
  if (sharedDomains.includes(address)) throw invalidField(field, 'people.shared_domain')
  const ids = await organisationGroup(tx, rootId)
  const known = await listAddressesOfOrganisations(tx, ids)
  if (known.some((one) => one.address === address)) return 0
  if (known.length >= mostAddresses) {
    throw new Problem('conflict', 'people.too_many_organisation_addresses', { most: mostAddresses })
  }
  if ((await insertOrganisationAddress(tx, rootId, address)) !== rootId) {
    const code = 'people.organisation_address_taken'
    throw new Problem('conflict', code, {}, [{ field, code }])
  }
  await updateSearched(tx, rootId)
  const joined = await joinAtAddress(tx, rootId, address)
  await emit(tx, { type: 'organisation.changed', subjectId: rootId, data: { fields: ['addresses'], joined } })
  return joined
}

/** Whoever belongs to it stays. @throws Problem not_found */
export async function removeOrganisationAddress(tx: Tx, id: string, address: string): Promise<void> {
  const { row, ids } = await demandShown(tx, id)
  if (!(await deleteOrganisationAddress(tx, ids, address))) throw new Problem('not_found', 'platform.not_found')
  await updateSearched(tx, row.id)
  await emit(tx, { type: 'organisation.changed', subjectId: row.id, data: { fields: ['addresses'] } })
}
