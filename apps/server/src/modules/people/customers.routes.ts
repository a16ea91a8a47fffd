import { people as contract } from '@lahko/contract/people'
import { id } from '@lahko/contract/values'
import { route, type Route } from '#platform/http.ts'
import type { Module } from '#platform/module.ts'
import { invalidField } from '#platform/problem.ts'
import type { Tx } from '#platform/store.ts'
import { setDifferent, viewAlike } from './alike.ts'
import { addAddress, removeAddress } from './addresses.ts'
import { changeCustomer } from './changing.ts'
import { getCustomer, listCustomerRows, listCustomersCalled } from './customers.queries.ts'
import { viewCustomer, viewCustomers } from './customers.view.ts'
import { eraseCustomer, exportCustomer } from './erasing.ts'
import { customerGroup } from './merging.queries.ts'
import { mergeCustomers, unmergeCustomer } from './merging.ts'
import { addNote, removeNote, viewNotes } from './notes.ts'
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
        const items = await viewCustomers(db, rows.slice(0, limit))
        return { items, next: rows.length > limit ? items.at(-1)!.id : null }
      })
    }),
    route(contract.customer, ({ params, read }) => read((db) => exportCustomer(db, modules, params.id))),
    route(contract.timeline, ({ params, query, read }) => read((db) => viewTimeline(db, modules, params.id, query))),
    route(contract.changeCustomer, ({ params, body, write }) =>
      write(async (tx) => {
        await changeCustomer(tx, params.id, body)
        return viewCustomer(tx, await getCustomer(tx, params.id))
      }),
    ),
    route(contract.eraseCustomer, ({ params, write }) => write((tx) => eraseCustomer(tx, modules, params.id))),
    ...personRoutes(),
  ]
}

/** The addresses of one customer, what members know of them, and that two are one person. */
function personRoutes(): Route[] {
  const view = async (tx: Tx, customerId: string) => viewCustomer(tx, await getCustomer(tx, customerId))
  return [
    route(contract.addAddress, ({ params, body, write }) =>
      write(async (tx) => {
        await addAddress(tx, params.id, body.address)
        return view(tx, params.id)
      }),
    ),
    route(contract.removeAddress, ({ params, write }) =>
      write(async (tx) => {
        await removeAddress(tx, params.id, params.address)
        return view(tx, params.id)
      }),
    ),
    route(contract.mergeCustomer, ({ params, body, write }) =>
      write(async (tx) => {
        await mergeCustomers(tx, params.id, body.intoId)
        return view(tx, (await customerGroup(tx, params.id))[0]!)
      }),
    ),
    route(contract.unmergeCustomer, ({ params, write }) =>
      write(async (tx) => {
        await unmergeCustomer(tx, params.id)
        return view(tx, params.id)
      }),
    ),
    route(contract.alike, ({ params, read }) => read((db) => viewAlike(db, params.id))),
    route(contract.tellApart, ({ params, write }) => write((tx) => setDifferent(tx, params.id, params.otherId, true))),
    route(contract.askAgain, ({ params, write }) => write((tx) => setDifferent(tx, params.id, params.otherId, false))),
    route(contract.listNotes, ({ params, query, read }) => {
      if (!id.optional().safeParse(query.after).success) throw invalidField('/query/after', 'people.bad_page')
      return read((db) => viewNotes(db, params.id, query))
    }),
    route(contract.addNote, ({ params, body, write }) => write((tx) => addNote(tx, params.id, body.text))),
    route(contract.removeNote, ({ params, write }) => write((tx) => removeNote(tx, params.id))),
  ]
}
