import { searches as contract } from '@lahko/contract/searches'
import { route, type Route } from '#platform/http.ts'
import { listSettled, listUnfound, settle, unsettle } from './unfound.ts'

/** What readers searched for and did not find, and what was done about it. */
export function searchRoutes(): Route[] {
  return [
    route(contract.listUnfound, ({ query, read }) => read((db) => listUnfound(db, query))),
    route(contract.settle, ({ body, write }) => write((tx) => settle(tx, body))),
    route(contract.listSettled, ({ query, read }) => read((db) => listSettled(db, query))),
    route(contract.unsettle, ({ params, write }) => write((tx) => unsettle(tx, params.id))),
  ]
}
