import { people as contract } from '@lahko/contract/people'
import { route, type Route } from '#platform/http.ts'
import type { Module } from '#platform/module.ts'
import { listCustomersCalled } from './customers.queries.ts'
import { eraseCustomer, exportCustomer } from './erasing.ts'

/** What one person may ask of a company: what is kept about me, and that it goes. */
export function customerRoutes(modules: readonly Module[]): Route[] {
  return [
    route(contract.findCustomers, ({ query, read }) =>
      read(async (db) => ({ items: await listCustomersCalled(db, query) })),
    ),
    route(contract.customer, ({ params, read }) => read((db) => exportCustomer(db, modules, params.id))),
    route(contract.eraseCustomer, ({ params, write }) => write((tx) => eraseCustomer(tx, modules, params.id))),
  ]
}
