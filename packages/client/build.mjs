// Plain JavaScript until Node 24 runs, as everything that npm starts.
import { fileURLToPath } from 'node:url'
import { ensureInstalled, run24 } from '../../scripts/install.mjs'

await ensureInstalled({ quiet: true })
process.exitCode = await run24([fileURLToPath(new URL('src/build.ts', import.meta.url))], { detached: false })
