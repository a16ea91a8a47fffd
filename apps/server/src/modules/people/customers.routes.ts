import { people as contract } from '@lahko/contract/people'
import { id } from '@lahko/contract/values'
import { route, type Route } from '#platform/http.ts'
import type { Module } from '#platform/module.ts'
import { invalidField } from '#platform/problem.ts'
import { changeCustomer } from './changing.ts'
import { getCustomer, listCustomerRows, listCustomersCalled } from './customers.queries.ts'
import { viewCustomer } from './customers.view.ts'
import { eraseCustomer, exportCustomer } from './erasing.ts'
import { viewTimeline } from './timeline.ts'

/** Customers and what happened with them, and what one person may ask: what is kept about me, and that it goes. */
export function customerRoutes(modules: readonly Module[]): Route[] {
  return [
    route(contract.listCustomers, ({ query, read }) => {
      const { search, after, limit, ...names } = query
      if (!id.optional().safeParse(after).success) throw invalidField('/query/after', 'people.bad_page')
      return read(async (db) => {
        const named = Object.values(names).some((name) => name !== undefined)
        const rows = await (named
          ? listCustomersCalled(db, names)
          : listCustomerRows(db, { search, after, limit: limit + 1 }))
        const items = rows.slice(0, limit).map(viewCustomer)
        return { items, next: rows.length > limit ? items.at(-1)!.id : null }
      })
    }),
    route(contract.customer, ({ params, read }) => read((db) => exportCustomer(db, modules, params.id))),
    route(contract.timeline, ({ params, query, read }) => read((db) => viewTimeline(db, modules, params.id, query))),
    route(contract.changeCustomer, ({ params, body, write }) =>
      write(async (tx) => {
        await changeCustomer(tx, params.id, body)
        return viewCustomer(await getCustomer(tx, params.id))
      }),
    ),
    route(contract.eraseCustomer, ({ params, write }) => write((tx) => eraseCustomer(tx, modules, params.id))),
  ]
}
