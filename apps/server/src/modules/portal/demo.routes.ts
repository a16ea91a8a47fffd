import { enterWorkspace } from '#accounts'
import { accounts as contract } from '@lahko/contract'
import type { House } from '#platform/house.ts'
import { route, type Route } from '#platform/http.ts'
import { openDemo, readDemoProgress, removeDemo } from './demo.ts'

/** Looking at the demo, and removing it. */
export function demoRoutes(house: House): Route[] {
  return [
    route(contract.openDemo, async (call) => {
      const { workspaceId, accountId } = await openDemo(house, call.scope, call.language)
      const { workspaceUrl } = await enterWorkspace(house, call, accountId, workspaceId)
      return { workspaceUrl, ready: (await readDemoProgress(house)).state === 'ready' }
    }),

    route(contract.demoProgress, async () => readDemoProgress(house)),

    route(contract.removeDemo, async ({ scope }) => {
      await removeDemo(house, scope)
    }),
  ]
}
