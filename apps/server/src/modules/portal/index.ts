import type { Module } from '#platform/module.ts'
import { demoRoutes } from './demo.routes.ts'
import { portalPages } from './portal.pages.ts'
import { startingRoutes } from './starting.routes.ts'

export const portal: Module = {
  name: 'portal',
  tables: ['demo_builds'],
  routes: (house) => [...startingRoutes(house), ...demoRoutes(house)],
  pages: portalPages,
}

export { buildDemoTask, makeDemo, noteDemoProgress, readDemoProgress, removeDemo } from './demo.ts'
