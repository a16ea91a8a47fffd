import { tickets as contract } from '@lahko/contract/tickets'
import { ensureCustomers } from '#people'
import { route, type Route } from '#platform/http.ts'
import { listEntries } from './entries.ts'
import { listTickets } from './listing.ts'
import { openTicket } from './opening.ts'
import { viewTicket } from './viewing.ts'

/** Tickets, as members and other programs read and begin them. */
export function ticketRoutes(): Route[] {
  return [
    route(contract.list, ({ query, read }) => read((db) => listTickets(db, query))),
    route(contract.get, ({ params, read }) => read((db) => viewTicket(db, params.id))),
    route(contract.entries, ({ params, query, read }) => read((db) => listEntries(db, params.id, query))),
    route(contract.create, ({ body, write }) =>
      write(async (tx) => {
        const { from, text, by: _, ...given } = body
        const [customerId] = await ensureCustomers(tx, [{ email: from.address, ...(from.name && { name: from.name }) }])
        const author = { customerId, name: from.name, address: from.address }
        const first = { kind: 'message', channel: 'api', author, text, subject: given.subject } as const
        const { id } = await openTicket(tx, { ...given, channel: 'api', customerId, first })
        return viewTicket(tx, id)
      }),
    ),
  ]
}
