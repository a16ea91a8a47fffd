import type { Module } from '#platform/module.ts'
import type { Db, Tx } from '#platform/store.ts'
import { listOtherAddresses } from './addresses.queries.ts'
import { exportCustomerRow, removeCustomers } from './customers.queries.ts'
import { customerImportTask } from './customer-imports.jobs.ts'
import { customerImportRoutes } from './customer-imports.routes.ts'
import { customerRoutes } from './customers.routes.ts'
import { listAddressesOf } from './merging.queries.ts'
import { listNotes } from './notes.queries.ts'
import { deleteSingleAddresses, updateSearched } from './organisations.queries.ts'
import { organisationRoutes } from './organisations.routes.ts'
import { findSuppression } from './suppressions.queries.ts'
import { tidyCustomerImportsTask, beginCustomerImports } from './tidying-customer-imports.ts'
import { showOrganisationTask } from './showing-organisations.ts'
import { suppressionRoutes } from './suppressions.routes.ts'

/** Who it is, and whether their address is written to. */
async function exportOwn(db: Db, id: string): Promise<Record<string, unknown>> {
  const { customer } = await exportCustomerRow(db, id)
  const address = customer?.email
  const suppression = address ? await findSuppression(db, address) : undefined
  const addresses = (await listOtherAddresses(db, [id])).get(id)
  const notes = await listNotes(db, { customers: [id] }, { limit: 10_000 })
  return {
    ...(customer && { customer }),
    ...(suppression && { suppression }),
    ...(addresses && { addresses }),
    ...(notes.length > 0 && { notes }),
  }
}

/** Also the addresses by which they belonged to an organisation, which would still name them. */
async function eraseOwn(tx: Tx, id: string): Promise<void> {
  const shown = await deleteSingleAddresses(tx, await listAddressesOf(tx, [id]))
  for (const one of shown) await updateSearched(tx, one)
  await removeCustomers(tx, [id])
}

/** Customers: who was helped, and which addresses are not written to. */
export const people: Module = {
  name: 'people',
  tables: [
    'customer_addresses',
    'customer_differences',
    'customer_imports',
    'customer_merges',
    'customer_notes',
    'customers',
    'organisation_addresses',
    'organisation_merges',
    'organisation_names',
    'organisations',
    'suppressions',
  ],
  routes: (house, modules) => [
    ...customerRoutes(modules),
    ...organisationRoutes(modules),
    ...suppressionRoutes(),
    ...customerImportRoutes(house),
  ],
  tasks: (house) => [customerImportTask(house), tidyCustomerImportsTask(house), showOrganisationTask(house)],
  begin: beginCustomerImports,
  customers: { export: exportOwn, erase: eraseOwn },
}

export {
  ensureCustomers,
  findContacts,
  findCustomers,
  listCustomersSought,
  lockCustomers,
  patternOf,
  removeCustomers,
  type Contact,
  type Customer,
} from './customers.queries.ts'
export { findCustomerByAddress } from './addresses.queries.ts'
export {
  belongsTo,
  customerGroup,
  customerGroups,
  listAddressesOf,
  listColleagues,
  listCustomersIn,
  organisationGroups,
  organisationOf,
} from './merging.queries.ts'
export { createOrganisation, getOrganisation } from './organisations.ts'
export { listOrganisationNamesOf, organisationGroupsNamed } from './organisations.queries.ts'
export { listHappenings } from './timeline.ts'
export { liftSuppression, suppress, suppressAll } from './suppressing.ts'
export {
  findSuppression,
  findSuppressionsOf,
  listSaidAt,
  type Suppression,
  type SuppressionReason,
} from './suppressions.queries.ts'
