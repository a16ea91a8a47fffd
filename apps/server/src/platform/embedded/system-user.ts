import { execFile } from 'node:child_process'
import { stat } from 'node:fs/promises'
import { promisify } from 'node:util'
import { StartRefused } from './start-refused.ts'

const run = promisify(execFile)

/** A user of the operating system that PostgreSQL runs as, because it refuses to run as root. */
export type SystemUser = Readonly<{ name: string; uid: number; gid: number }>

/**
 * Whom PostgreSQL runs as: undefined for the user of this process. For root it is whoever owns the data already, else
 * `postgres`, else `nobody`, else a user `lahko` that is made.
 *
 * @param folders the data folder and PostgreSQL's own in it, which may be missing
 * @throws {StartRefused} when there is no such user and none can be made
 */
export async function chooseSystemUser(folders: readonly string[]): Promise<SystemUser | undefined> {
  if (process.getuid?.() !== 0) return undefined
  for (const folder of folders) {
    const owner = await stat(folder).catch(() => undefined)
    if (owner && owner.uid !== 0) return { name: await nameOf(owner.uid), uid: owner.uid, gid: owner.gid }
  }
  return (await find('postgres')) ?? (await find('nobody')) ?? (await make('lahko'))
}

/** The name of a user, or the number where it has none. */
export async function nameOf(uid: number): Promise<string> {
  const { stdout } = await run('id', ['-un', String(uid)]).catch(() => ({ stdout: '' }))
  return stdout.trim() || String(uid)
}

/** Whether a user can enter a folder (or run a file), by asking the operating system as that user. */
export async function canReach(user: SystemUser, path: string): Promise<boolean> {
  try {
    await run('/bin/sh', ['-c', 'test -x "$0"', path], { uid: user.uid, gid: user.gid, cwd: '/' })
    return true
  } catch (error) {
    if ((error as { code?: unknown }).code === 1) return false
    throw new StartRefused(
      `PostgreSQL does not run as root, and Lahko cannot start it as the system user ${user.name}: ` +
        `${(error as Error).message}. Start Lahko as an ordinary user.`,
      { cause: error },
    )
  }
}

async function find(name: string): Promise<SystemUser | undefined> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])])
    return { name, uid: Number(uid.stdout), gid: Number(gid.stdout) }
  } catch {
    return undefined
  }
}

async function make(name: string): Promise<SystemUser> {
  const ways: readonly [string, ...string[]][] = [
    ['useradd', '--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', name],
    ['adduser', '-S', '-D', '-H', name],
  ]
  for (const [command, ...args] of ways) {
    const made = await run(command, args).then(
      () => find(name),
      () => undefined,
    )
    if (made) return made
  }
  throw new StartRefused(
    'PostgreSQL does not run as root, and this system has neither a user postgres nor nobody, nor can Lahko make ' +
      'one. Start Lahko as an ordinary user.',
  )
}
