import { buildWorkspace } from './build-workspace.mjs'
import { become24, ensureInstalled } from './install.mjs'
import { serverEnvironment, serverFlags } from './server-flags.mjs'

await ensureInstalled()
await buildWorkspace()
process.exitCode = await become24([...serverFlags, 'apps/server/src/main.ts', ...process.argv.slice(2)], {
  ...serverEnvironment,
  ...process.env,
})
