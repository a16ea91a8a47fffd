import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import {
  chmod,
  chown,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Binaries } from './binaries.ts'
import { clusterFolder, type DataFolder } from './data-folder.ts'
import { settingsFile } from './server-settings.ts'
import { refusal, refusalFromOutput, StartRefused } from './start-refused.ts'

const run = promisify(execFile)

/** PostgreSQL's files in a data folder, and the programs that serve them. */
export type Cluster = Readonly<{ data: DataFolder; binaries: Binaries; folder: string; logFile: string }>

/** A PostgreSQL that runs: the socket is `<socketFolder>/.s.PGSQL.<port>`. */
export type Living = Readonly<{ pid: number; socketFolder: string; port: number }>

/** The superuser that owns everything in an embedded database. */
export const ownerRole = 'lahko_owner'

const port = 5432
// The kernel's limit for the address of a socket, without the zero byte at its end.
const longestSocketPath = 107

/** PostgreSQL's place in a data folder; touches nothing. */
export function clusterIn(data: DataFolder, binaries: Binaries): Cluster {
  const folder = clusterFolder(data.path)
  return { data, binaries, folder, logFile: join(folder, 'server.log') }
}

/**
 * Makes the database files where there are none; a start that is killed meanwhile leaves nothing half made.
 *
 * @throws {StartRefused} when they were made by another major version of PostgreSQL, or cannot be made
 */
export async function ensureFiles(cluster: Cluster, log: (line: string) => void): Promise<void> {
  const made = await readFile(join(cluster.folder, 'PG_VERSION'), 'utf8').catch(unlessMissing)
  if (made !== undefined) return refuseOtherMajor(cluster, made.trim())
  log(`Making the database in ${cluster.folder}`)
  try {
    await makeFiles(cluster)
  } catch (error) {
    throw refusal(error, cluster.data.path)
  }
}

function refuseOtherMajor({ data, binaries }: Cluster, made: string): void {
  const ours = binaries.version.split('.')[0]
  if (made === ours) return
  const way =
    Number(made) > Number(ours)
      ? 'Update Lahko.'
      : 'Make a backup with the version of Lahko that ran before, and restore it with this one.'
  throw new StartRefused(
    `The database in ${data.path} is PostgreSQL ${made}; this Lahko brings PostgreSQL ${ours}. ${way}`,
  )
}

async function makeFiles(cluster: Cluster): Promise<void> {
  await dropAbandoned(cluster)
  const fresh = `${cluster.folder}.new.${process.pid}`
  await makeOwnFolder(cluster, fresh)
  try {
    await initialise(cluster, fresh)
    await writeFile(join(fresh, 'postgresql.conf'), "\ninclude_if_exists = 'lahko.conf'\n", { flag: 'a' })
    await rename(fresh, cluster.folder).catch(unlessTaken)
  } finally {
    await rm(fresh, { recursive: true, force: true })
  }
}

// Letters beyond English are letters only under a UTF-8 character type: trigrams need it. Order stays byte order,
// which never changes with the system's libraries.
async function initialise(cluster: Cluster, folder: string): Promise<void> {
  // A new segment of the log is filled with zeros while all who commit wait: 16 MB of them are 50 ms.
  const segments = '--wal-segsize=4'
  const usual = ['-D', folder, '-U', ownerRole, '--auth=trust', '--encoding=UTF8', '--no-instructions', segments]
  const locale = ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--lc-collate=C']
  try {
    await runTool(cluster, 'initdb', [...usual, ...locale, '--lc-ctype=C.UTF-8'])
  } catch (error) {
    if (!/invalid locale name/.test(outputOf(error))) throw refusalFromOutput(outputOf(error), cluster.data.path)
    await runTool(cluster, 'initdb', [...usual, ...locale, '--lc-ctype=C'])
  }
}

async function dropAbandoned(cluster: Cluster): Promise<void> {
  for (const name of await readdir(cluster.data.path)) {
    const pid = /^postgres\.new\.(\d+)$/.exec(name)?.[1]
    if (pid && !isAlive(Number(pid))) await rm(join(cluster.data.path, name), { recursive: true, force: true })
  }
}

/** The PostgreSQL that serves these files now, if there is one. */
export async function findLiving(cluster: Cluster): Promise<Living | undefined> {
  const text = await readFile(join(cluster.folder, 'postmaster.pid'), 'utf8').catch(unlessMissing)
  if (text === undefined) return undefined
  const [pid = '', , , portLine = '', socketFolder = ''] = text.split('\n')
  if (!socketFolder || !isAlive(Number(pid)) || !(await servesFolder(cluster, pid))) return undefined
  return { pid: Number(pid), port: Number(portLine), socketFolder }
}

/**
 * Starts PostgreSQL and waits until it answers, crash recovery included.
 *
 * @param socketFolder where its socket was before, to be kept; undefined for a new one
 * @throws {StartRefused} with PostgreSQL's own reason
 */
export async function startServer(cluster: Cluster, socketFolder?: string, seconds = 600): Promise<Living> {
  const chosen = socketFolder ?? (await makeSocketFolder(cluster))
  const logLength = await stat(cluster.logFile).then(
    ({ size }) => size,
    () => 0,
  )
  try {
    await dropForeignPid(cluster)
    await writeSettings(cluster)
    const options = `-k ${quoteForShell(quoteForList(chosen))} -p ${port}`
    await pgCtl(cluster, ['start', '-t', String(seconds), '-l', cluster.logFile, '-o', options])
  } catch (error) {
    if (socketFolder === undefined) await dropSocketFolder(chosen)
    if (!isToolError(error)) throw refusal(error, cluster.data.path)
    throw refusalFromOutput(
      (await tail(cluster.logFile, logLength)) || outputOf(error),
      cluster.data.path,
      cluster.logFile,
    )
  }
  const living = await findLiving(cluster)
  if (!living) throw new StartRefused(`PostgreSQL ended right after its start. Its log is ${cluster.logFile}.`)
  return living
}

/** Stops PostgreSQL: open transactions are rolled back, everything committed is on the disk. */
export async function stopServer(cluster: Cluster): Promise<void> {
  try {
    await pgCtl(cluster, ['stop', '-m', 'fast', '-t', '120'])
  } catch (error) {
    if (await findLiving(cluster)) throw refusalFromOutput(outputOf(error), cluster.data.path, cluster.logFile)
  }
}

/** Removes a socket's folder when it is one of those made outside the data folder. */
export async function dropSocketFolder(folder: string): Promise<void> {
  if (/\/lahko-socket-[^/]+$/.test(folder)) await rm(folder, { recursive: true, force: true })
}

async function makeSocketFolder(cluster: Cluster): Promise<string> {
  const usual = join(cluster.data.path, 'socket')
  if (fits(usual)) return makeOwnFolder(cluster, usual)
  const parent = fits(join(tmpdir(), 'lahko-socket-XXXXXX')) ? tmpdir() : '/tmp'
  return makeOwnFolder(cluster, await mkdtemp(join(parent, 'lahko-socket-')))
}

const fits = (folder: string) => Buffer.byteLength(join(folder, `.s.PGSQL.${port}`)) <= longestSocketPath

async function makeOwnFolder(cluster: Cluster, folder: string): Promise<string> {
  await mkdir(folder, { recursive: true })
  await chmod(folder, 0o700)
  if (cluster.data.user) await chown(folder, cluster.data.user.uid, cluster.data.user.gid)
  return folder
}

async function writeSettings(cluster: Cluster): Promise<void> {
  const file = join(cluster.folder, 'lahko.conf')
  // The folder belongs to PostgreSQL's user: root must not write through a link that stands there.
  await rm(`${file}.${process.pid}`, { force: true })
  await writeFile(`${file}.${process.pid}`, settingsFile(cluster.binaries.version), { mode: 0o644, flag: 'wx' })
  await rename(`${file}.${process.pid}`, file)
  const log = await stat(cluster.logFile).catch(unlessMissing)
  if (log && log.size > 10_000_000) await rename(cluster.logFile, `${cluster.logFile}.old`)
}

// A file of a PostgreSQL that was killed may name a process that is somebody else by now, after a reboot for one.
async function dropForeignPid(cluster: Cluster): Promise<void> {
  const file = join(cluster.folder, 'postmaster.pid')
  const pid = (await readFile(file, 'utf8').catch(unlessMissing))?.split('\n')[0]
  if (pid && isAlive(Number(pid)) && !(await servesFolder(cluster, pid))) await rm(file, { force: true })
}

// PostgreSQL works inside its own folder. Asked as its user: a root without full rights may not look.
async function servesFolder(cluster: Cluster, pid: string): Promise<boolean> {
  if (!existsSync('/proc/self/cwd')) return true
  const { stdout } = await run('readlink', [`/proc/${pid}/cwd`], asUser(cluster)).catch(() => ({ stdout: '' }))
  return stdout.trim() === (await realpath(cluster.folder))
}

// pg_ctl gives PostgreSQL a session of its own, so that a Ctrl-C for Lahko does not reach it.
function pgCtl(cluster: Cluster, args: readonly string[]): Promise<unknown> {
  return runTool(cluster, 'pg_ctl', [...args, '-D', cluster.folder, '-w', '-s'])
}

function runTool(cluster: Cluster, name: 'initdb' | 'pg_ctl', args: readonly string[]): Promise<unknown> {
  return run(join(cluster.binaries.folder, 'bin', name), args, asUser(cluster))
}

function asUser({ data }: Cluster) {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(PG|LC_|LANG)/.test(name))
  const env = { ...Object.fromEntries(inherited), LC_ALL: 'C' }
  return data.user ? { cwd: '/', env, uid: data.user.uid, gid: data.user.gid } : { cwd: '/', env }
}

async function tail(file: string, from: number): Promise<string> {
  const handle = await open(file).catch(() => undefined)
  if (!handle) return ''
  try {
    const { size } = await handle.stat()
    const { buffer, bytesRead } = await handle.read(
      Buffer.alloc(64_000),
      0,
      64_000,
      Math.max(from > size ? 0 : from, size - 64_000),
    )
    return buffer.toString('utf8', 0, bytesRead)
  } finally {
    await handle.close()
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

const isToolError = (error: unknown) => error instanceof Error && 'stderr' in error

const outputOf = (error: unknown) =>
  error instanceof Error && 'stderr' in error ? `${String(error.stderr)}` || error.message : String(error)

const quoteForShell = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`

// The setting is a list with commas between.
const quoteForList = (text: string) => `"${text.replaceAll('"', '""')}"`

function unlessMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}

// Two first starts at once make the same files; the second throws its own away.
function unlessTaken(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error
}
