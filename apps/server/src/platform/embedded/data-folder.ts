import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { access, chmod, constants, mkdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Config, house } from '../../config.ts'
import { refusal, StartRefused } from './start-refused.ts'
import { canReach, chooseSystemUser, nameOf, type SystemUser } from './system-user.ts'

/** Where Lahko's copies and fallback folders live when it runs as root. */
export const systemFolder = '/var/lib/lahko'

/** The data folder and who PostgreSQL runs as in it (undefined: the user of this process). */
export type DataFolder = Readonly<{ path: string; user: SystemUser | undefined }>

type Where = Pick<Config, 'dataFolder' | 'databaseUrl'>

/** PostgreSQL's own folder in a data folder. */
export const clusterFolder = (dataFolder: string) => join(dataFolder, 'postgres')

/**
 * Chooses and makes the data folder: `LAHKO_DATA`, else `data` in the clone; where PostgreSQL's user cannot reach
 * that, `/var/lib/lahko/<8 hex of the clone's path>`. A folder that already holds data is kept to.
 *
 * @throws {StartRefused} when it belongs to another system user, cannot be reached, or cannot be written
 */
export async function chooseDataFolder(config: Where, clone = house): Promise<DataFolder> {
  const usual = config.dataFolder ?? join(clone, 'data')
  const user = config.databaseUrl ? undefined : await chooseSystemUser([clusterFolder(usual), usual])
  if (user === undefined) return prepare(usual, user)
  const reachable = await canReach(user, nearestExisting(dirname(usual)))
  const fallback = fallbackFolder(clone)
  const mayFallBack = config.dataFolder === undefined && !existsSync(clusterFolder(usual))
  if (mayFallBack && (!reachable || existsSync(clusterFolder(fallback)))) {
    return prepare(fallback, await chooseSystemUser([clusterFolder(fallback), fallback]))
  }
  if (reachable) return prepare(usual, user)
  throw new StartRefused(
    `PostgreSQL runs as the system user ${user.name}, who cannot reach ${usual}. ` +
      'Open the folders above it to that user, or choose another folder with LAHKO_DATA.',
  )
}

/** The folder for a clone that PostgreSQL's user cannot reach. */
export function fallbackFolder(clone: string): string {
  return join(systemFolder, createHash('sha256').update(clone).digest('hex').slice(0, 8))
}

async function prepare(path: string, user: SystemUser | undefined): Promise<DataFolder> {
  try {
    await makeFolder(path, user ? 0o711 : 0o700)
    await refuseForeign(path)
    // The folder is Lahko's own; the way through it is all that PostgreSQL's user is given.
    if (user && !(await canReach(user, path))) await chmod(path, 0o711)
    return { path, user }
  } catch (error) {
    throw refusal(error, path)
  }
}

// Node's own recursive way never ends where the system says that a folder is missing which is there, as in /proc.
async function makeFolder(path: string, mode: number): Promise<void> {
  const parent = dirname(path)
  if (!existsSync(parent)) await makeFolder(parent, mode)
  try {
    await mkdir(path, { mode })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST' && (await stat(path)).isDirectory()) return
    if (code !== 'EEXIST' && code !== 'ENOENT') throw error
    throw new StartRefused(`${path} is no folder, and none can be made there. Choose another one with LAHKO_DATA.`)
  }
}

// PostgreSQL trusts whoever reaches its socket, so data of one system user is never served by another.
export async function refuseForeign(path: string, me = process.getuid?.()): Promise<void> {
  if (me === undefined || me === 0) return
  const cluster = await stat(clusterFolder(path)).catch(() => undefined)
  if (cluster?.uid === me) return
  const folder = await stat(path)
  if (!cluster && (folder.uid === me || (await isWritable(path)))) return
  const name = await nameOf(folder.uid === me ? (cluster ?? folder).uid : folder.uid)
  throw new StartRefused(
    `The data in ${path} belongs to the system user ${name}. Start Lahko as ${name}, or choose another folder with ` +
      'LAHKO_DATA.',
  )
}

function isWritable(path: string): Promise<boolean> {
  return access(path, constants.W_OK).then(
    () => true,
    () => false,
  )
}

function nearestExisting(path: string): string {
  return existsSync(path) || path === dirname(path) ? path : nearestExisting(dirname(path))
}
