import type pg from 'pg'
import { setTimeout as wait } from 'node:timers/promises'
import { version } from '../../config.ts'
import { findBinaries } from './binaries.ts'
import { type Cluster, clusterIn, ensureFiles, type Living } from './cluster.ts'
import type { DataFolder } from './data-folder.ts'
import type { Database } from './database.ts'
import { AlreadyRunning, isOwned, ownAgain, ownerConnection, type Ownership, stop, takeOwnership } from './ownership.ts'
import { appRole, connected, ensureAppRole, refuseUnbound } from './roles.ts'
import { readRunFile, removeRunFile, type RunFile, writeRunFile } from './run-file.ts'
import { refusal, StartRefused } from './start-refused.ts'

const databaseName = 'lahko'
const patienceMs = 30_000

export type EmbeddedOptions = Readonly<{
  /** What it is opened for, shown to whoever is refused meanwhile. */
  purpose: string
  log(line: string): void
  /** Called once when the database cannot be had back. */
  onLost(reason: StartRefused): void
}>

/** Starts the PostgreSQL that comes with Lahko, or takes it over, and keeps it alive until `close`. */
export async function openEmbedded(data: DataFolder, options: EmbeddedOptions): Promise<Database> {
  const cluster = clusterIn(data, await findBinaries(data.user, options.log))
  await ensureFiles(cluster, options.log)
  const ownership = await takeOwnership(cluster, options.purpose, options.log)
  try {
    await ensureDatabase(ownership.lock)
    const connections = connectionsTo(ownership.server)
    await refuseUnbound(connections.app)
    await writeRunFile(data.path, await describe(cluster, ownership))
    return { ...connections, kind: 'embedded', folder: data.path, ...keep(cluster, ownership, options) }
  } catch (error) {
    await stop(cluster, ownership).catch(() => undefined)
    throw refusal(error, data.path)
  }
}

/** The database of a server that runs now; undefined when none does. Closing it leaves the server running. */
export async function joinEmbedded(data: DataFolder): Promise<Database | undefined> {
  const run = await readRunFile(data.path)
  if (!run) return undefined
  const owned = await connected(ownerConnection(run, 'postgres'), isOwned).catch(() => false)
  if (!owned) return undefined
  const close = async () => undefined
  return {
    ...connectionsTo(run),
    kind: 'embedded',
    folder: data.path,
    servedAt: run.url,
    healthy: () => true,
    close,
  }
}

/** Notes where the server is reached, for commands that run beside it. */
export async function announce({ kind, folder }: Pick<Database, 'kind' | 'folder'>, url: string): Promise<void> {
  const run = kind === 'embedded' ? await readRunFile(folder) : undefined
  if (run?.pid === process.pid) await writeRunFile(folder, { ...run, url })
}

function connectionsTo(server: Pick<Living, 'socketFolder' | 'port'>) {
  const owner = ownerConnection(server, databaseName)
  return { owner, app: { ...owner, user: appRole } }
}

async function ensureDatabase(client: pg.Client): Promise<void> {
  await ensureAppRole(client, 'login')
  const { rowCount } = await client.query('select from pg_database where datname = $1', [databaseName])
  if (rowCount === 0) await client.query(`create database ${databaseName}`)
}

async function describe(cluster: Cluster, { server, lock }: Ownership): Promise<RunFile> {
  const { rows } = await lock.query<{ version: string }>("select current_setting('server_version') as version")
  return {
    pid: process.pid,
    socketFolder: server.socketFolder,
    port: server.port,
    lahko: version,
    postgres: rows[0]?.version ?? cluster.binaries.version,
    startedAt: new Date().toISOString(),
  }
}

function keep(cluster: Cluster, first: Ownership, { purpose, log, onLost }: EmbeddedOptions) {
  let current: Ownership | undefined = first
  let closing = false
  let regaining: Promise<void> = Promise.resolve()

  const watch = (ownership: Ownership) => {
    ownership.lock.once('end', () => {
      if (closing) return
      current = undefined
      regaining = regain(ownership.server)
    })
  }
  const regain = async (before: Living) => {
    log('The connection to PostgreSQL is lost; getting it back')
    const again = await untilOwned(cluster, before, purpose, () => closing)
    if (again instanceof StartRefused) return closing ? undefined : onLost(again)
    current = again
    watch(again)
    log('PostgreSQL is back')
  }
  watch(first)
  return {
    healthy: () => current !== undefined,
    async close() {
      closing = true
      await regaining
      await removeRunFile(cluster.data.path)
      if (current) await stop(cluster, current)
    },
  }
}

async function untilOwned(cluster: Cluster, before: Living, purpose: string, isClosing: () => boolean) {
  const deadline = performance.now() + patienceMs
  for (;;) {
    try {
      return await ownAgain(cluster, before, purpose)
    } catch (error) {
      if (error instanceof AlreadyRunning) return error
      if (isClosing() || performance.now() > deadline) return givenUp(error)
    }
    await wait(250)
  }
}

function givenUp(error: unknown): StartRefused {
  const reason = error instanceof Error ? error.message : String(error)
  return new StartRefused(`PostgreSQL is gone and did not come back within 30 seconds. ${reason}`, { cause: error })
}
