import { tickets as contract } from '@lahko/contract/tickets'
import { route, type Route } from '#platform/http.ts'
import { showMessage } from './message-page.ts'

/** Mails as their writers made them. */
export function messagePageRoutes(): Route[] {
  return [
    route(contract.page, async ({ params, query, read, reply }) => {
      const { page, policy } = await read((db) => showMessage(db, params.id, query.images === 'yes'))
      return reply.type('text/html; charset=utf-8').header('content-security-policy', policy).send(page)
    }),
  ]
}
