import { tickets as contract } from '@lahko/contract/tickets'
import { route, type Route } from '#platform/http.ts'
import { countTickets } from './counting.ts'
import { showMessage } from './message-page.ts'

/** What the agents' screen needs besides the desk's verbs. */
export function screenRoutes(): Route[] {
  return [
    route(contract.counts, ({ read }) => read(countTickets)),
    route(contract.page, async ({ params, query, read, reply, language }) => {
      const { page, policy } = await read((db) => showMessage(db, params.id, query.images === 'yes', language))
      return reply.type('text/html; charset=utf-8').header('content-security-policy', policy).send(page)
    }),
  ]
}
