import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import {
  type Cluster,
  dropSocketFolder,
  findLiving,
  type Living,
  ownerRole,
  startServer,
  stopServer,
} from './cluster.ts'
import { settingsMark } from './server-settings.ts'
import { StartRefused } from './start-refused.ts'

/** Who holds the session-level lock in the database `postgres` owns the server, whoever started it. */
export type Ownership = Readonly<{ server: Living; lock: pg.Client }>

// Any two numbers that nobody else uses: the letters LAHK and O.
const lockClass = 0x4c41484b
const lockObject = 0x4f

/** Somebody else owns the data. */
export class AlreadyRunning extends StartRefused {
  /** @param holder how its connection calls itself, such as `server, process 12` */
  constructor({ data }: Cluster, holder = 'another process') {
    super(
      `Lahko is already running on the data in ${data.path} (${holder}). ` +
        'Stop it first, or choose another folder with LAHKO_DATA.',
    )
  }
}

const handOverMs = 3_000
const patienceMs = 30_000

/**
 * Starts PostgreSQL, or takes over one that is still living, and becomes its owner.
 *
 * A server that was living already is held for three seconds before anything is done with it: in that time an owner
 * that has lost its connection finds out and stops serving.
 *
 * @param purpose what it is needed for, shown to whoever is refused
 * @throws {StartRefused} when somebody else owns it, or it does not start
 */
export async function takeOwnership(
  cluster: Cluster,
  purpose: string,
  log: (line: string) => void,
): Promise<Ownership> {
  const deadline = performance.now() + patienceMs
  for (;;) {
    const found = await findLiving(cluster)
    const ownership = await tryToOwn(cluster, found, purpose, deadline)
    if (!ownership) continue
    if (!found) return ownership
    log(`PostgreSQL is still running in ${cluster.data.path}; taking it over (three seconds)`)
    if (!(await staysOurs(ownership.lock))) continue
    if (await isAsWanted(cluster, ownership.lock)) return ownership
    log('PostgreSQL runs with other settings or in another version; starting it again')
    await stop(cluster, ownership)
  }
}

/**
 * Owns again what this process owned: the server is started where it is dead, at the same socket.
 *
 * @throws {AlreadyRunning} when somebody else owns it by now; anything else may pass
 */
export async function ownAgain(cluster: Cluster, before: Living, purpose: string): Promise<Ownership> {
  const living = (await findLiving(cluster)) ?? (await startServer(cluster, before.socketFolder, 20))
  if (living.socketFolder !== before.socketFolder) throw new AlreadyRunning(cluster)
  return lockOn(cluster, living, purpose)
}

/** Stops the server and gives it up. */
export async function stop(cluster: Cluster, { server, lock }: Ownership): Promise<void> {
  await stopServer(cluster)
  await lock.end().catch(() => undefined)
  await dropSocketFolder(server.socketFolder)
}

/** Whether somebody owns the server that this connection to the database `postgres` leads to. */
export async function isOwned(client: pg.Client): Promise<boolean> {
  return (await holderOf(client)) !== undefined
}

/** How the owner connects through the socket. */
export function ownerConnection(server: Pick<Living, 'socketFolder' | 'port'>, database: string): pg.ClientConfig {
  return { host: server.socketFolder, port: server.port, user: ownerRole, database, ssl: false }
}

// Undefined means: look again. A server may be ending or recovering, and a killed one may have left processes that
// need a moment to go.
async function tryToOwn(cluster: Cluster, found: Living | undefined, purpose: string, deadline: number) {
  try {
    const server = found ?? (await startServer(cluster))
    return await lockOn(cluster, server, purpose)
  } catch (error) {
    if (performance.now() > deadline || !isPassing(error)) throw error
    await wait(200)
    return undefined
  }
}

const passingReasons = /lock file .* already exists|shared memory block|Is another postmaster|pre-existing/

function isPassing(error: unknown): boolean {
  if (error instanceof StartRefused) return passingReasons.test(error.message)
  const code = (error as { code?: string }).code ?? ''
  // The server starts up, shuts down, or is gone since it was found.
  return ['57P03', '57P01', '57P02', 'ENOENT', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE'].includes(code) || isCut(error)
}

const isCut = (error: unknown) => error instanceof Error && /Connection terminated/.test(error.message)

async function lockOn(cluster: Cluster, server: Living, purpose: string): Promise<Ownership> {
  const client = new pg.Client({
    ...ownerConnection(server, 'postgres'),
    application_name: `${purpose}, process ${process.pid}`,
  })
  client.on('error', () => undefined)
  await client.connect()
  const { rows } = await client.query<{ ours: boolean }>('select pg_try_advisory_lock($1, $2) as ours', [
    lockClass,
    lockObject,
  ])
  if (rows[0]?.ours) return { server, lock: client }
  const holder = await holderOf(client)
  await client.end()
  throw new AlreadyRunning(cluster, holder)
}

async function holderOf(client: pg.Client): Promise<string | undefined> {
  const { rows } = await client.query<{ holder: string }>(
    `select application_name as holder from pg_locks join pg_stat_activity using (pid)
     where locktype = 'advisory' and classid::bigint = $1 and objid::bigint = $2 and granted`,
    [lockClass, lockObject],
  )
  return rows[0]?.holder
}

async function staysOurs(lock: pg.Client): Promise<boolean> {
  const timer = new AbortController()
  const ended = once(lock, 'end', { signal: timer.signal }).then(
    () => false,
    () => true,
  )
  const held = wait(handOverMs, true, { signal: timer.signal }).catch(() => true)
  const ours = await Promise.race([ended, held])
  timer.abort()
  return ours
}

async function isAsWanted(cluster: Cluster, lock: pg.Client): Promise<boolean> {
  const { rows } = await lock.query<{ mark: string | null }>("select current_setting('lahko.settings', true) as mark")
  return rows[0]?.mark === settingsMark(cluster.binaries.version)
}
