import { parseArgs } from 'node:util'
import pg from 'pg'
import { findWorkspaceBySlug } from '#accounts'
import { checkLinks } from './commands/mail-checks.ts'
import { noSuchWorkspace } from './commands/workspace-names.ts'
import type { Config } from './config.ts'
import { StartRefused } from './platform/embedded/index.ts'
import type { Store } from './platform/store.ts'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The environment, with what the command line of the start says instead: `--workspace NAME`.
 * @throws {StartRefused} for anything else, in one sentence
 */
export function environmentOf(args: readonly string[], environment: Environment): Environment {
  const { workspace, role } = readFlags(args)
  if (role !== undefined) {
    throw new StartRefused(
      environment['DATABASE_URL']
        ? '--role comes with a later version: every process of Lahko serves and does jobs, and several may share a database.'
        : '--role needs DATABASE_URL: the PostgreSQL that comes with Lahko belongs to one process, which does everything.',
    )
  }
  return workspace === undefined ? environment : { ...environment, LAHKO_WORKSPACE: workspace }
}

function readFlags(args: readonly string[]): { workspace?: string; role?: string } {
  try {
    const options = { workspace: { type: 'string' }, role: { type: 'string' } } as const
    return parseArgs({ args: [...args], options, strict: true }).values
  } catch {
    throw new StartRefused(
      `The start takes --workspace NAME and nothing else, and there is ${args.join(' ')}. Settings are variables of the environment.`,
    )
  }
}

/** Says in one sentence when customers get mails whose links lead them nowhere. */
export async function warnOfDeadLinks(config: Config, owner: pg.ClientConfig, say: (line: string) => void) {
  const client = new pg.Client(owner)
  try {
    await client.connect()
    for (const { says, mend } of await checkLinks(config, client)) say(`Warning: ${says}. ${mend}`)
  } finally {
    await client.end()
  }
}

/** @throws {StartRefused} when the workspace that hosts without a name should serve is not there */
export async function refuseUnknownWorkspace(
  { workspace }: Pick<Config, 'workspace'>,
  store: Store,
  owner: pg.ClientConfig,
): Promise<void> {
  if (workspace === undefined || (await findWorkspaceBySlug(store.outside, workspace))) return
  throw new StartRefused(await noSuchWorkspace(owner, workspace))
}
