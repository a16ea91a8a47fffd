import type { Module } from '#platform/module.ts'
import { beginDemo } from './demo.ts'
import { demoRoutes } from './demo.routes.ts'
import { portalPages } from './portal.pages.ts'
import { startingRoutes } from './starting.routes.ts'

export const portal: Module = {
  name: 'portal',
  tables: ['demo_builds'],
  routes: (house) => [...startingRoutes(house), ...demoRoutes(house)],
  begin: beginDemo,
  pages: portalPages,
}

export {
  buildDemoTask,
  enqueueDemo,
  greetInDemoTask,
  makeDemo,
  noteDemoProgress,
  readDemoProgress,
  removeDemo,
} from './demo.ts'
export { findDemoProgress, findDemoSurvey, updateDemoSurvey, type DemoProgress } from './demo.queries.ts'
