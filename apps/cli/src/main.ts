import { readFileSync } from 'node:fs'
import { CommandError } from './command-error.ts'
import { commands, explained, overview, type Command } from './commands.ts'
import { nearest } from './nearest.ts'
import { printable } from '@lahko/tables'
import { score } from './score/score.ts'

/** Runs a file of the house in a process of its own; gives back its exit code. */
export type RunInHouse = (file: string, args: readonly string[]) => Promise<number>

const helpFlags = ['--help', '-h']
const serverCommands = 'apps/server/src/commands/main.ts'

/** Runs one command line (without `node` and the program's name) and returns the exit code. */
export async function main(args: readonly string[], runInHouse: RunInHouse): Promise<number> {
  process.stdout.on('error', endQuietly)
  try {
    return await dispatch(args, runInHouse)
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    process.stderr.write(`${printable(error.message)}\n`)
    return error.exitCode
  }
}

async function dispatch(args: readonly string[], runInHouse: RunInHouse): Promise<number> {
  const [name = 'help', ...rest] = args
  if (name === 'help' || helpFlags.includes(name)) return printHelp(rest[0], runInHouse)
  if (name === '--version' || name === '-v') return printVersion()
  const command = findCommand(name)
  if (command.place === 'server') return runInHouse(serverCommands, args)
  if (asksForHelp(rest)) return printHelp(name, runInHouse)
  if (command.name === 'score') return runScore(rest)
  // The server knows the flags of the start.
  if (command.place === 'start') return runInHouse('scripts/start.mjs', rest)
  if (rest[0] !== undefined) throw new CommandError(`lahko ${name} takes nothing after it, and there is ${rest[0]}.`, 2)
  return printVersion()
}

function asksForHelp(args: readonly string[]): boolean {
  const flags = args.includes('--') ? args.slice(0, args.indexOf('--')) : args
  return flags.some((arg) => helpFlags.includes(arg))
}

function findCommand(name: string): Command {
  const found = commands.find((command) => command.name === name)
  if (found) return found
  const isFlag = name.startsWith('-')
  const meant = nearest(name, isFlag ? ['--help', '--version'] : commands.map((command) => command.name))
  const what = isFlag ? 'flag' : 'command'
  throw new CommandError(
    `There is no ${what} ${name}. ${meant ? `Did you mean ${meant}?` : 'lahko help lists what there is.'}`,
    2,
  )
}

async function printHelp(name: string | undefined, runInHouse: RunInHouse): Promise<number> {
  if (name === undefined) return say(overview())
  const command = findCommand(name)
  return command.place === 'server'
    ? runInHouse(serverCommands, [name, '--help'])
    : say(explained(command, command.help))
}

function say(text: string): number {
  process.stdout.write(`${text}\n`)
  return 0
}

function printVersion(): number {
  const { version }: { version: string } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  return say(`lahko ${version}, Node ${process.versions.node}`)
}

async function runScore(args: readonly string[]): Promise<number> {
  const { stdin, stdout, stderr, env } = process
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
  await score(args, { stdin, stdout, stderr, env, now: () => new Date(), timeZone })
  return 0
}

/** Who reads the output may stop early, as `head` does. */
function endQuietly(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
}
