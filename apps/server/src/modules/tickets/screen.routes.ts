import { articleGapEntries } from '@lahko/contract/article-gaps'
import { tickets as contract } from '@lahko/contract/tickets'
import { reportGap } from '#articles'
import type { House } from '#platform/house.ts'
import { route, type Route } from '#platform/http.ts'
import { networkLimits } from '#platform/network-limits.ts'
import { Problem } from '#platform/problem.ts'
import { fetchPicture } from '#platform/remote-pictures.ts'
import { turns } from '#platform/turns.ts'
import { countTickets } from './counting.ts'
import { getRemotePicture, showMessage } from './message-page.ts'
import { viewTicket } from './viewing.ts'

const mostPicturesAtOnce = 20
/** A newsletter has some dozens. */
const pace = { burst: 300, aSecond: 5 }

/** What the agents' screen needs besides the desk's verbs. */
export function screenRoutes(house: House): Route[] {
  return [
    route(contract.counts, ({ read }) => read(countTickets)),
    route(contract.page, async ({ params, query, read, reply, language }) => {
      const { page, policy } = await read((db) => showMessage(db, params.id, query.images === 'yes', language))
      return reply.type('text/html; charset=utf-8').header('content-security-policy', policy).send(page)
    }),
    route(articleGapEntries.reportGap, ({ params, body, write }) =>
      write(async (tx) => reportGap(tx, await viewTicket(tx, params.id), body)),
    ),
    pictureRoute(house),
  ]
}

/** Fetches what stands in a mail, and nothing else: an address of one's own choice cannot be given. */
function pictureRoute({ clock, internet }: House): Route {
  const limits = networkLimits(clock, pace)
  const inTurn = turns(mostPicturesAtOnce)
  return route(contract.picture, async ({ params, scope, read, request, reply }) => {
    const address = await read((db) => getRemotePicture(db, params.id, params.place))
    if (!limits.mayPass(scope.workspaceId, request.ip)) throw new Problem('rate_limited', 'screen.too_many_pictures')
    const picture = await inTurn(() => fetchPicture(internet, address))
    if (!picture) throw new Problem('conflict', 'screen.no_picture')
    return reply
      .type(picture.mediaType)
      .header('x-content-type-options', 'nosniff')
      .header('content-security-policy', "sandbox; default-src 'none'")
      .header('cache-control', 'private, max-age=86400, immutable')
      .send(picture.content)
  })
}
