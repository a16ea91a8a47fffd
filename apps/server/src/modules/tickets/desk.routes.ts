import { deskRuleEntries } from '@lahko/contract/desk-rules'
import { tickets as contract } from '@lahko/contract/tickets'
import { route, type Route } from '#platform/http.ts'
import { changeTicket, changeTickets } from './changing.ts'
import { changeDeskRules } from './desk-rules.ts'
import { findDeskRules } from './desk-rules.queries.ts'
import { link, linkAll, unlink } from './linking.ts'
import { merge, mergeAll, unmerge } from './merging.ts'
import { leave, read, setFollowing } from './reading.ts'
import { searchTickets } from './searching.ts'
import { serveNext } from './serving.ts'
import { split } from './splitting.ts'
import { viewTicket } from './viewing.ts'
import { changeView, createView, listNarrowings, listTagsThatBegin, listViews, removeView } from './views.ts'

/** What is done at the desk besides writing. */
export function deskRoutes(): Route[] {
  return [
    route(contract.change, ({ params, body, write }) =>
      write(async (tx) => {
        await changeTicket(tx, params.id, body)
        return viewTicket(tx, params.id)
      }),
    ),
    route(contract.next, ({ body, write }) => write(async (tx) => ({ ticket: await serveNext(tx, body.skip) }))),
    route(contract.search, ({ query, read: readIn }) => readIn((db) => searchTickets(db, query))),
    route(contract.merge, ({ params, body, write }) =>
      write(async (tx) => {
        await merge(tx, params.id, body.intoId)
        return viewTicket(tx, params.id)
      }),
    ),
    route(contract.mergeMany, ({ body, write }) => write((tx) => mergeAll(tx, body.merges))),
    route(contract.unmerge, ({ params, write }) =>
      write(async (tx) => {
        await unmerge(tx, params.id)
        return viewTicket(tx, params.id)
      }),
    ),
    route(contract.split, ({ params, write }) => write(async (tx) => viewTicket(tx, await split(tx, params.id)))),
    route(contract.link, ({ params, body, write }) =>
      write(async (tx) => {
        await link(tx, params.id, params.linkedId, body.kind)
        return viewTicket(tx, params.id)
      }),
    ),
    route(contract.linkMany, ({ body, write }) => write((tx) => linkAll(tx, body.links))),
    route(contract.unlink, ({ params, write }) =>
      write(async (tx) => {
        await unlink(tx, params.id, params.linkedId)
        return viewTicket(tx, params.id)
      }),
    ),
    route(contract.follow, ({ params, write }) => write((tx) => setFollowing(tx, params.id, true))),
    route(contract.unfollow, ({ params, write }) => write((tx) => setFollowing(tx, params.id, false))),
    route(contract.read, ({ params, body, write }) =>
      write(async (tx) => ({ readers: await read(tx, params.id, body) })),
    ),
    route(contract.leave, ({ params, write }) => write((tx) => leave(tx, params.id))),
    route(contract.listViews, ({ read: readIn }) => readIn(listViews)),
    route(contract.createView, ({ body, write }) => write((tx) => createView(tx, body))),
    route(contract.changeView, ({ params, body, write }) => write((tx) => changeView(tx, params.id, body))),
    route(contract.removeView, ({ params, write }) => write((tx) => removeView(tx, params.id))),
    route(contract.narrowings, ({ read: readIn }) => readIn(listNarrowings)),
    route(contract.tags, ({ query, read: readIn }) => readIn((db) => listTagsThatBegin(db, query.begins))),
    route(deskRuleEntries.rules, ({ read: readIn }) => readIn(findDeskRules)),
    route(deskRuleEntries.changeRules, ({ body, write }) => write((tx) => changeDeskRules(tx, body))),
    route(contract.changeMany, ({ body, write }) => write((tx) => changeTickets(tx, body.changes))),
  ]
}
