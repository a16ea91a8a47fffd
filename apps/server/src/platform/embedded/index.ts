import type { Config } from '../../config.ts'
import { setTimeout as wait } from 'node:timers/promises'
import { chooseDataFolder, type DataFolder } from './data-folder.ts'
import type { Database } from './database.ts'
import { joinEmbedded, openEmbedded } from './embedded.ts'
import { openExternal } from './external.ts'
import { AlreadyRunning } from './ownership.ts'
import type { StartRefused } from './start-refused.ts'

export type { Database } from './database.ts'
export { announce } from './embedded.ts'
export { refusal, StartRefused } from './start-refused.ts'

type Where = Pick<Config, 'dataFolder' | 'databaseUrl'>

export type OpenOptions = Readonly<{
  /** Told of each step that takes a while. */
  log?(line: string): void
  /** Called once when the embedded PostgreSQL is lost for good; the process should stop with exit code 1. */
  onLost?(reason: StartRefused): void
}>

const silent = () => undefined
const patienceMs = 10_000

/**
 * Opens the database for a server: the one in `DATABASE_URL`, else the PostgreSQL that comes with Lahko, which this
 * process then owns and keeps alive.
 *
 * @throws {StartRefused} with a sentence for whoever started it
 */
export async function openDatabase(
  config: Where,
  { log = silent, onLost = silent }: OpenOptions = {},
): Promise<Database> {
  const data = await chooseDataFolder(config)
  if (config.databaseUrl) return openExternal(config.databaseUrl, data.path)
  log(`The data is in ${data.path}`)
  return openEmbedded(data, { purpose: 'server', log, onLost })
}

export type BorrowOptions = OpenOptions &
  Readonly<{
    /** The command's name, shown to whoever is refused meanwhile. */
    purpose: string
    /** Refuse when a server runs, as `restore` must. */
    exclusive?: boolean
  }>

/**
 * Opens the database for a command: beside a server that runs, else by owning it for as long as the command works.
 *
 * @throws {StartRefused} with a sentence for whoever ran the command
 */
export async function borrowDatabase(config: Where, options: BorrowOptions): Promise<Database> {
  const { purpose, exclusive = false, log = silent, onLost = silent } = options
  const data = await chooseDataFolder(config)
  if (config.databaseUrl) return openExternal(config.databaseUrl, data.path)
  const open = () => openEmbedded(data, { purpose, log, onLost })
  return exclusive ? open() : joinOrOpen(data, open, log)
}

/** Another command that is starting can be joined in a moment. */
async function joinOrOpen(data: DataFolder, open: () => Promise<Database>, log: (line: string) => void) {
  const deadline = performance.now() + patienceMs
  for (let told = false; ; told = true) {
    const joined = await joinEmbedded(data)
    if (joined) return joined
    try {
      return await open()
    } catch (error) {
      if (!(error instanceof AlreadyRunning) || performance.now() > deadline) throw error
      if (!told) log('Another command of Lahko is starting on this data; waiting for it')
      await wait(200)
    }
  }
}
