import { join } from 'node:path'
import { buildWorkspace } from './build-workspace.mjs'
import { ensureInstalled, house, run24 } from './install.mjs'

await ensureInstalled()
await buildWorkspace()
// A smaller nursery halves what a long import holds, and costs it no time.
process.exitCode = await run24(
  ['--max-semi-space-size=8', '--heap-growing-percent=100', 'apps/server/src/main.ts', ...process.argv.slice(2)],
  {
    env: { ...process.env, NODE_COMPILE_CACHE: join(house, 'node_modules', '.cache', 'node') },
  },
)
