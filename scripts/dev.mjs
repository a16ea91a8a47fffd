import { spawn } from 'node:child_process'
import { existsSync, rmSync, watch } from 'node:fs'
import { join } from 'node:path'
import { buildWorkspace, vite } from './build-workspace.mjs'
import { compileCache, ensureInstalled, house, node24 } from './install.mjs'

// A change of a file in these folders starts the server again.
const watched = ['apps/server/src', 'apps/server/migrations', 'packages']
const quietMs = 150

await ensureInstalled()
await buildWorkspace()
const workspace = watchWorkspace()
let server = startServer()
let ending = false
let timer

for (const folder of watched) {
  watch(join(house, folder), { recursive: true }, (_, file) => {
    if (!file || /\.test\.ts$|~$|\.sw.$/.test(file)) return
    clearTimeout(timer)
    timer = setTimeout(restart, quietMs)
  })
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, end)

// The workspace application is built anew as its sources change; `npm start` builds its own when it comes next.
function watchWorkspace() {
  const folder = join(house, 'apps', 'workspace')
  if (!existsSync(join(folder, 'index.html'))) return undefined
  rmSync(join(folder, 'dist', '.sources'), { force: true })
  const args = [
    vite,
    'build',
    '--watch',
    '--outDir',
    'dist',
    '--emptyOutDir',
    '--minify',
    'false',
    '--logLevel',
    'warn',
    '--configLoader',
    'native',
  ]
  return spawn(node24(), args, { cwd: folder, stdio: 'inherit' })
}

// In a group of its own, so that Ctrl-C reaches it once and it can end what it is doing.
function startServer() {
  const child = spawn(node24(), ['apps/server/src/main.ts'], {
    cwd: house,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    detached: true,
    env: { LAHKO_SEED: 'demo', ...process.env, NODE_COMPILE_CACHE: compileCache },
  })
  child.once('exit', () => {
    if (ending) return finish()
    if (child.wanted) server = startServer()
    else console.log('The server has ended; it starts again when a file changes')
  })
  return child
}

function restart() {
  if (ending) return
  if (server.exitCode !== null || server.signalCode !== null) server = startServer()
  else if (!server.wanted) {
    console.log('Something changed; starting the server again')
    server.wanted = true
    server.kill('SIGTERM')
  }
}

function end() {
  if (ending) return
  ending = true
  if (server.exitCode !== null || server.signalCode !== null) return finish()
  server.kill('SIGTERM')
}

function finish() {
  workspace?.kill('SIGTERM')
  process.exit(0)
}
