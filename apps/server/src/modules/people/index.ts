import type { Module } from '#platform/module.ts'
import { exportCustomerRow, removeCustomers } from './customers.queries.ts'
import { customerRoutes } from './customers.routes.ts'
import { suppressionRoutes } from './suppressions.routes.ts'

/** Customers: who was helped, and which addresses are not written to. */
export const people: Module = {
  name: 'people',
  tables: ['customers', 'suppressions'],
  routes: (_, modules) => [...customerRoutes(modules), ...suppressionRoutes()],
  customers: { export: exportCustomerRow, erase: (tx, id) => removeCustomers(tx, [id]) },
}

export {
  ensureCustomers,
  findContacts,
  findCustomers,
  lockCustomers,
  removeCustomers,
  type Contact,
  type Customer,
} from './customers.queries.ts'
export { listHappenings } from './timeline.ts'
export { liftSuppression, suppress } from './suppressing.ts'
export { findSuppression } from './suppressions.queries.ts'
