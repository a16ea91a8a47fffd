import type { Module } from '#platform/module.ts'
import { inboundRoutes } from './inbound.routes.ts'
import { touchpointTimeline } from './listing.ts'
import { listTouchpointsOfCustomer, removeTouchpointsOfCustomer } from './touchpoints.queries.ts'
import { touchpointRoutes } from './touchpoints.routes.ts'

/** Every interaction whose effort can be asked for. */
export const touchpoints: Module = {
  name: 'touchpoints',
  tables: ['touchpoints', 'inbound_hooks'],
  routes: (house, modules) => [...touchpointRoutes(modules), ...inboundRoutes(house)],
  timeline: touchpointTimeline,
  customers: {
    export: async (db, id) => ({ touchpoints: await listTouchpointsOfCustomer(db, id, 10_000) }),
    erase: removeTouchpointsOfCustomer,
  },
}

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
export { refuseMoments } from './fitting.ts'
export { lockTouchpoint, lockTouchpointsCalled, type KeptTouchpoint } from './reporting.queries.ts'
export { reportTouchpoints } from './reporting.ts'
export { countServedBy, listServedAlike, type ServedCount } from './served.queries.ts'
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
