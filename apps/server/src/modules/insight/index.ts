import type { Module } from '#platform/module.ts'
import { listKnownSurveys } from '#surveys'
import { planTask, watchesDue, watchTasks } from './alarms.ts'
import { effortDigest } from './digest.ts'
import { insightRoutes, liveStreamsOf } from './insight.routes.ts'

export const insight: Module = {
  name: 'insight',
  tables: ['effort_watches', 'effort_looks', 'accepted_changes'],
  routes: insightRoutes,
  tasks: watchTasks,
  due: watchesDue,
  reactions: { 'workspace.created': planTask },
  noticeTopics: { effort_alarm: listKnownSurveys },
  digest: effortDigest,
  pages(app, house) {
    // Open streams would keep the server from stopping, so they end before it waits for what is in flight.
    app.addHook('preClose', async () => liveStreamsOf(house).close())
  },
}
