import { open, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** What a command needs to work beside a server that runs: kept in `<data>/run.json`, readable by its owner only. */
export type RunFile = Readonly<{
  pid: number
  socketFolder: string
  port: number
  lahko: string
  postgres: string
  startedAt: string
  /** Where a person reaches the server, once it listens. */
  url?: string
}>

const fileIn = (dataFolder: string) => join(dataFolder, 'run.json')

/** Writes it whole or not at all. It belongs to whom the data folder belongs to, also when root writes it. */
export async function writeRunFile(dataFolder: string, run: RunFile): Promise<void> {
  const file = fileIn(dataFolder)
  const fresh = `${file}.${process.pid}`
  await rm(fresh, { force: true })
  const handle = await open(fresh, 'wx', 0o600)
  try {
    await handle.writeFile(`${JSON.stringify(run, null, 2)}\n`)
    const { uid, gid } = await stat(dataFolder)
    if (process.getuid?.() === 0) await handle.chown(uid, gid)
  } finally {
    await handle.close()
  }
  await rename(fresh, file)
}

/** What it says; undefined when there is none. It may be left over from a process that was killed. */
export async function readRunFile(dataFolder: string): Promise<RunFile | undefined> {
  try {
    return JSON.parse(await readFile(fileIn(dataFolder), 'utf8')) as RunFile
  } catch {
    return undefined
  }
}

export async function removeRunFile(dataFolder: string): Promise<void> {
  await rm(fileIn(dataFolder), { force: true })
}
