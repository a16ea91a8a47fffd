import { tickets as contract } from '@lahko/contract/tickets'
import type { House } from '#platform/house.ts'
import { route, type Route } from '#platform/http.ts'
import { findWriting } from './bounces.queries.ts'
import { createTicket } from './creating.ts'
import { listEntries } from './entries.ts'
import { listHistory } from './history.ts'
import { listTickets } from './listing.ts'
import { viewTicket } from './viewing.ts'
import { writeOnce } from './writing-once.ts'

/** Tickets, as members and other programs read and begin them. */
export function ticketRoutes({ config }: House): Route[] {
  return [
    route(contract.list, ({ query, read }) => read((db) => listTickets(db, query))),
    route(contract.get, ({ params, read }) => read((db) => viewTicket(db, params.id))),
    route(contract.entries, ({ params, query, read, language }) =>
      read((db) => listEntries(db, params.id, query, language)),
    ),
    route(contract.history, ({ params, query, read, language }) =>
      read((db) => listHistory(db, params.id, query, language)),
    ),
    route(contract.create, ({ body, request, write }) =>
      write(async (tx) => {
        const key = request.headers['idempotency-key']
        const messageId = await writeOnce(tx, key, body, () => createTicket(config.mail, tx, body))
        return viewTicket(tx, (await findWriting(tx, messageId))!.ticketId)
      }),
    ),
  ]
}
