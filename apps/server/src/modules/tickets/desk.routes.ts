import { tickets as contract } from '@lahko/contract/tickets'
import { route, type Route } from '#platform/http.ts'
import { changeTicket, changeTickets } from './changing.ts'
import { viewTicket } from './viewing.ts'

/** What is done at the desk besides writing. */
export function deskRoutes(): Route[] {
  return [
    route(contract.change, ({ params, body, write }) =>
      write(async (tx) => {
        await changeTicket(tx, params.id, body)
        return viewTicket(tx, params.id)
      }),
    ),
    route(contract.changeMany, ({ body, write }) => write((tx) => changeTickets(tx, body.changes))),
  ]
}
