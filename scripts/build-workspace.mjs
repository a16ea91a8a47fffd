import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { house, isAlive, run24 } from './install.mjs'

const workspace = join(house, 'apps', 'workspace')
const dist = join(workspace, 'dist')
const sourcesFile = '.sources'

const sources = [
  'apps/workspace/index.html',
  'apps/workspace/package.json',
  'apps/workspace/public',
  'apps/workspace/src',
  'apps/workspace/vite.config.ts',
  'packages/contract/src',
  'packages/effort/src',
  'packages/style',
  'package-lock.json',
]

/** Path of Vite's own program, to be run under Node 24 in `apps/workspace`. */
export const vite = join(house, 'node_modules', 'vite', 'bin', 'vite.js')

/**
 * Builds the agents' application into `apps/workspace/dist` when its sources changed since the last build. The build
 * goes into a folder of its own and is then renamed, so that starts at the same time do not meet half a build.
 * Exits with code 1 when the build fails.
 */
export async function buildWorkspace() {
  if (!existsSync(join(workspace, 'index.html'))) return
  const wanted = hashOfSources()
  if (builtFrom(dist) === wanted) return
  console.log('Building the workspace application')
  dropAbandonedBuilds()
  const fresh = `${dist}.${process.pid}`
  const args = [vite, 'build', '--outDir', fresh, '--emptyOutDir', '--logLevel', 'warn', '--configLoader', 'native']
  const code = await run24(args, { cwd: workspace, stdio: ['ignore', 'inherit', 'inherit'], detached: false })
  if (code !== 0) {
    rmSync(fresh, { recursive: true, force: true })
    console.error('The workspace application could not be built; Vite says why above.')
    process.exit(1)
  }
  writeFileSync(join(fresh, sourcesFile), wanted)
  publish(fresh)
}

// Who comes second finds the place taken and throws its own build away.
function publish(fresh) {
  const old = `${fresh}.old`
  tryRename(dist, old)
  tryRename(fresh, dist)
  rmSync(old, { recursive: true, force: true })
  rmSync(fresh, { recursive: true, force: true })
}

function tryRename(from, to) {
  try {
    renameSync(from, to)
  } catch (error) {
    if (!['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(error.code)) throw error
  }
}

function dropAbandonedBuilds() {
  for (const name of readdirSync(workspace)) {
    const pid = /^dist\.(\d+)/.exec(name)?.[1]
    if (pid && !isAlive(Number(pid))) rmSync(join(workspace, name), { recursive: true, force: true })
  }
}

function builtFrom(folder) {
  try {
    return readFileSync(join(folder, sourcesFile), 'utf8')
  } catch {
    return undefined
  }
}

function hashOfSources() {
  const hash = createHash('sha256')
  for (const file of sources.flatMap((path) => filesUnder(join(house, path)))) {
    hash.update(relative(house, file)).update('\0').update(readFileSync(file)).update('\0')
  }
  return hash.digest('hex')
}

function filesUnder(path) {
  if (!existsSync(path)) return []
  try {
    const entries = readdirSync(path, { withFileTypes: true })
    return entries
      .filter(isSource)
      .flatMap(({ name }) => filesUnder(join(path, name)))
      .toSorted()
  } catch (error) {
    if (error.code === 'ENOTDIR') return [path]
    throw error
  }
}

function isSource({ name }) {
  return name !== 'node_modules' && !name.includes('.test.')
}
