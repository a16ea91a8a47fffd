import type { Module } from '#platform/module.ts'
import { episodeNotes, episodesDue } from './episodes.ts'
import { inboundRoutes } from './inbound.routes.ts'
import { touchpointTimeline } from './listing.ts'
import { listTouchpointsOfCustomer, removeTouchpointsOfCustomer } from './touchpoints.queries.ts'
import { touchpointRoutes } from './touchpoints.routes.ts'

/** Every interaction whose effort can be asked for. */
export const touchpoints: Module = {
  name: 'touchpoints',
  tables: [
    'episode_article_days',
    'episode_articles',
    'episode_days',
    'episode_searches',
    'episodes',
    'inbound_hooks',
    'inbound_untaken',
    'touchpoints',
    'undecided_touchpoints',
  ],
  routes: (house, modules) => [...touchpointRoutes(modules), ...inboundRoutes(house, modules)],
  due: (house) => [episodesDue(house)],
  pages(app, house) {
    app.addHook('onClose', () => episodeNotes(house).written())
  },
  timeline: touchpointTimeline,
  customers: {
    export: async (db, id) => ({ touchpoints: await listTouchpointsOfCustomer(db, id, 10_000) }),
    erase: removeTouchpointsOfCustomer,
  },
}

export { withEpisode } from './carrying.ts'
export { setTouchpointEnd } from './continuing.ts'
export { hasUndecided, markDecided } from './deciding.queries.ts'
export {
  listEnded,
  listOpenTouchpoints,
  listTouchpointsOfKind,
  takeUndecided,
  type TouchpointWithContact,
  type UndecidedTouchpoint,
} from './deciding.ts'
export { carryEpisode, episodeCarriedBy, episodeNotes, episodeOf, mayBeEpisode, newEpisode } from './episodes.ts'
export {
  countEpisodes,
  countOpenEpisodes,
  forgetContacts,
  insertPastEpisodes,
  listArticleCounts,
  type ArticleOrder,
  type Attempt,
  type PastEpisodes,
} from './episodes.queries.ts'
export { refuseMoments } from './fitting.ts'
export { nameOfReading } from './reading.ts'
export { lockTouchpoint, lockTouchpointsCalled, type KeptTouchpoint } from './reporting.queries.ts'
export { reportTouchpoints } from './reporting.ts'
export {
  findTouchpoint,
  findTouchpoints,
  findTouchpointsCalled,
  listCustomersWithTouchpoints,
  listOldTouchpoints,
  listTouchpointIdsOf,
  listTouchpointsOfCustomer,
  lockTouchpoints,
  lockTouchpointsOfCustomer,
  removeTouchpoints,
  type OldTouchpoint,
  type Touchpoint,
} from './touchpoints.queries.ts'
