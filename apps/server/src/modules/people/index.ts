import type { Module } from '#platform/module.ts'
import { exportCustomerRow, removeCustomers } from './customers.queries.ts'
import { customerRoutes } from './customers.routes.ts'

/** Customers: who was helped. */
export const people: Module = {
  name: 'people',
  tables: ['customers'],
  routes: (_, modules) => customerRoutes(modules),
  customers: { export: exportCustomerRow, erase: (tx, id) => removeCustomers(tx, [id]) },
}

export { findContacts, type Contact } from './customers.queries.ts'
export { findCustomers, lockCustomers, removeCustomers, type Customer } from './customers.queries.ts'
