import { resolveTxt } from 'node:dns/promises'
import { pino } from 'pino'
import { findHostWorkspace, findWorkspaceBySlug } from '#accounts'
import { readConfig } from '../config.ts'
import { systemClock } from '../platform/clock.ts'
import { borrowDatabase, refusal, type Database } from '../platform/embedded/index.ts'
import type { House } from '../platform/house.ts'
import { internet } from '../platform/internet.ts'
import { migrate } from '../platform/migrations.ts'
import { isLostConnection } from '../platform/problems.ts'
import { openStore, system, type Scope } from '../platform/store.ts'
import { CommandRefused, WrongUsage, type Terminal } from './command.ts'
import { noSuchWorkspace } from './workspace-names.ts'

/**
 * Opens the installation for as long as `work` takes: beside a server that runs, else by itself. The database is
 * brought up to date first. Progress goes to stderr.
 * @param purpose the command's name, shown to whoever is refused meanwhile
 */
export async function withHouse<T>(
  terminal: Terminal,
  purpose: string,
  work: (house: House, database: Database) => Promise<T>,
): Promise<T> {
  const config = readConfig(terminal.env)
  const say = (line: string) => terminal.stderr.isTTY && void terminal.stderr.write(`${line}\n`)
  const database = await borrowDatabase(config, { purpose, log: say })
  const release = stopWith(database)
  const log = pino({ level: config.logLevel }, pino.destination(2))
  const store = openStore(database.app, systemClock, ({ message }) => log.warn(message))
  try {
    await migrate(database.owner, (step) => say(`Bringing the database up to date: ${step}`))
    // A command changes what others see, and watches nothing itself.
    const live = { onWake: () => () => undefined, heardAll: async () => undefined, close: async () => undefined }
    const { folder, healthy } = database
    return await work({ config, store, live, clock: systemClock, healthy, folder, resolveTxt, internet, log }, database)
  } catch (error) {
    if (error instanceof UnknownWorkspace) throw new WrongUsage(await noSuchWorkspace(database.owner, error.message))
    // Beside another command that owned the database and has ended, for one.
    if (isLostConnection(error as Error))
      throw new CommandRefused('The database went away meanwhile. Do it again; what was kept stays kept.')
    throw refusal(error, database.folder)
  } finally {
    await store.close()
    release()
    await database.close()
  }
}

/** What was named is none; the message is its name. */
class UnknownWorkspace extends Error {}

/**
 * Where a command works, on the operator's behalf.
 * @param slug the workspace's name in addresses; undefined for the one that `localhost` serves
 * @throws UnknownWorkspace when there is none of that name, CommandRefused when there is none at all
 */
export async function workspaceScope({ config, store }: House, slug: string | undefined): Promise<Scope> {
  const found =
    slug === undefined
      ? await findHostWorkspace(store.outside, 'localhost', null, config.workspace)
      : await findWorkspaceBySlug(store.outside, slug)
  if (found) return { workspaceId: found.workspace_id, actor: system }
  if (slug !== undefined) throw new UnknownWorkspace(slug)
  throw new CommandRefused('There is no workspace yet; start Lahko and make one in the browser, or run lahko demo.')
}

/** Ends what was opened when the command is interrupted, so that no PostgreSQL is left behind. */
function stopWith(database: Database): () => void {
  const stop = () => void database.close().finally(() => process.exit(130))
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.once(signal, stop)
  return () => signals.forEach((signal) => process.removeListener(signal, stop))
}
