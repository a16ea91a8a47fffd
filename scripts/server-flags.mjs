import { compileCache } from './install.mjs'

/** What Node is started with for a server: between what a batch of answers costs and what a long import holds. */
export const serverFlags = ['--heap-growing-percent=50', '--max-semi-space-size=12']

/** What else a server finds around it. The C library keeps less of what Node has given back: 15 MB of 180. */
export const serverEnvironment = {
  NODE_COMPILE_CACHE: compileCache,
  MALLOC_ARENA_MAX: '2',
  MALLOC_MMAP_THRESHOLD_: '131072',
  MALLOC_TRIM_THRESHOLD_: '131072',
}
