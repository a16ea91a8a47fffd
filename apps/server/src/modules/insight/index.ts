import type { Module } from '#platform/module.ts'
import { insightRoutes, liveStreamsOf } from './insight.routes.ts'

export const insight: Module = {
  name: 'insight',
  tables: [],
  routes: insightRoutes,
  pages(app, house) {
    // Open streams would keep the server from stopping, so they end before it waits for what is in flight.
    app.addHook('preClose', async () => liveStreamsOf(house).close())
  },
}
