import { buildWorkspace } from './build-workspace.mjs'
import { compileCache, ensureInstalled, run24 } from './install.mjs'
import { serverFlags } from './server-flags.mjs'

await ensureInstalled()
await buildWorkspace()
process.exitCode = await run24([...serverFlags, 'apps/server/src/main.ts', ...process.argv.slice(2)], {
  env: { ...process.env, NODE_COMPILE_CACHE: compileCache },
})
