import type { Organisation, OrganisationLine } from '@lahko/contract/organisations'
import { Problem } from '#platform/problem.ts'
import type { Db } from '#platform/store.ts'
import { getOrganisation } from './organisations.ts'
import {
  countCustomersIn,
  listAddressesOfOrganisations,
  listNamesOf,
  listOrganisationRows,
  listOrganisationsByIds,
  organisationGroup,
} from './organisations.queries.ts'

/** Customers are counted no further. */
const mostCounted = 1_000

/** A page of organisations by name. */
export async function viewOrganisations(
  db: Db,
  { search, after, limit }: { search?: string; after?: string; limit: number },
): Promise<{ items: OrganisationLine[]; next: string | null }> {
  const rows = await listOrganisationRows(db, { search, after, limit: limit + 1 }, mostCounted)
  const shown = rows.slice(0, limit)
  const ids = shown.map(({ id }) => id)
  const addresses = Map.groupBy(await listAddressesOfOrganisations(db, ids), ({ organisationId }) => organisationId)
  const items = shown.map(({ id, name, customers }) => ({
    ...{ id, name, customers },
    addresses: (addresses.get(id) ?? []).map(({ address }) => address),
  }))
  return { items, next: rows.length > limit ? ids.at(-1)! : null }
}

/** One organisation, as which it is shown: with the names, addresses and customers of all that are one with it. */
export async function viewOrganisation(db: Db, id: string): Promise<Organisation> {
  const [root, ...others] = await organisationGroup(db, id)
  if (root === undefined) throw new Problem('not_found', 'platform.not_found')
  const row = await getOrganisation(db, root)
  const ids = [root, ...others]
  const names = await listNamesOf(db, ids)
  const addresses = await listAddressesOfOrganisations(db, ids)
  return {
    id: root,
    name: row.name,
    otherNames: names.filter((name) => name !== row.name.toLowerCase()),
    addresses: addresses.map(({ address }) => address),
    attributes: row.attributes,
    customers: await countCustomersIn(db, ids, mostCounted),
    merged: (await listOrganisationsByIds(db, others)).map(({ id: otherId, name }) => ({ id: otherId, name })),
    createdAt: row.created_at.toISOString(),
  }
}
