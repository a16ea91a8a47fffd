import type { Module } from '#platform/module.ts'
import { exportCustomer } from './customers.queries.ts'

/** Customers: who was helped. */
export const people: Module = { name: 'people', tables: ['customers'], exportCustomer }

export { ensureCustomer, findCustomers, type Customer, type KnownOfCustomer } from './customers.queries.ts'
