import { parseArgs, type ParseArgsOptionsConfig } from 'node:util'

/** Where a command reads and writes. Only what it was asked for goes to `stdout`. */
export type Terminal = {
  readonly stdin: NodeJS.ReadStream
  readonly stdout: NodeJS.WritableStream & { isTTY?: boolean }
  readonly stderr: NodeJS.WritableStream & { isTTY?: boolean }
  readonly env: Readonly<Record<string, string | undefined>>
}

/** One command of the server. `run` gives back the exit code, 0 unless it says otherwise. */
export type Command = {
  readonly help: string
  run(args: readonly string[], terminal: Terminal): Promise<number | void>
}

/** The command line cannot be meant: exit code 2. */
export class WrongUsage extends Error {}

/** The command cannot do it, and a person can mend why: exit code 1. */
export class CommandRefused extends Error {}

/**
 * Reads flags and what stands between them.
 * @throws WrongUsage in one sentence
 */
export function readArguments<const Options extends ParseArgsOptionsConfig>(args: readonly string[], options: Options) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true })
  } catch (error) {
    throw new WrongUsage(saidOf(error as Error & { code?: string }))
  }
}

/** The one thing that a command is about. @throws WrongUsage when it is missing, or more than one */
export function onlyOne(positionals: readonly string[], what: string): string {
  const [one, more] = positionals
  if (one === undefined) throw new WrongUsage(`Name ${what}.`)
  if (more !== undefined) throw new WrongUsage(`"${more}" is one too many: name ${what} only.`)
  return one
}

function saidOf({ code, message }: Error & { code?: string }): string {
  const flag = /'(-[^' ]*)/.exec(message)?.[1] ?? ''
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') return `There is no flag ${flag}.`
  if (code === 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE') {
    return message.includes('argument missing') || message.includes('ambiguous')
      ? `${flag} needs a value.`
      : `${flag} takes no value.`
  }
  return `${message.split('\n')[0]!.replace(/\.$/, '')}.`
}
