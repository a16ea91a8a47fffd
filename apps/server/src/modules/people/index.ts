import type { Module } from '#platform/module.ts'
import { exportCustomer } from './customers.queries.ts'

/** Customers: who was helped. */
export const people: Module = { name: 'people', tables: ['customers'], exportCustomer }

export { findCustomers, lockCustomers, removeCustomers, type Customer } from './customers.queries.ts'
