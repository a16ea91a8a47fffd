import type { Config } from '../../config.ts'
import { chooseDataFolder } from './data-folder.ts'
import type { Database } from './database.ts'
import { joinEmbedded, openEmbedded } from './embedded.ts'
import { openExternal } from './external.ts'
import type { StartRefused } from './start-refused.ts'

export type { Database } from './database.ts'
export { refusal, StartRefused } from './start-refused.ts'

type Where = Pick<Config, 'dataFolder' | 'databaseUrl'>

export type OpenOptions = Readonly<{
  /** Told of each step that takes a while. */
  log?(line: string): void
  /** Called once when the embedded PostgreSQL is lost for good; the process should stop with exit code 1. */
  onLost?(reason: StartRefused): void
}>

const silent = () => undefined

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
  const joined = exclusive ? undefined : await joinEmbedded(data)
  return joined ?? openEmbedded(data, { purpose, log, onLost })
}
