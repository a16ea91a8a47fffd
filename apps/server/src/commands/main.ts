import { printable } from '@lahko/tables'
import { BadSetting } from '../config.ts'
import { StartRefused } from '../platform/embedded/index.ts'
import { MigrationRefused } from '../platform/migrations.ts'
import { Problem } from '../platform/problem.ts'
import { problemBodyOf } from '../platform/problems.ts'
import { CommandRefused, WrongUsage, type Command, type Terminal } from './command.ts'

/** Every command of the server, read when it is asked for. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  articles: async () => (await import('./articles.ts')).articles,
  demo: async () => (await import('./demo.ts')).demo,
  doctor: async () => (await import('./doctor.ts')).doctor,
  host: async () => (await import('./host.ts')).host,
  import: async () => (await import('./import.ts')).importAnswers,
  jobs: async () => (await import('./jobs.ts')).jobs,
  key: async () => (await import('./key.ts')).key,
  mail: async () => (await import('./mail.ts')).mail,
  member: async () => (await import('./member.ts')).member,
  rebuild: async () => (await import('./rebuild.ts')).rebuild,
  signup: async () => (await import('./signup.ts')).signup,
}

/**
 * Runs one command line, without the program's name.
 * @returns 0 when it is done, 1 when a person has to mend something first, 2 when the line cannot be meant
 */
export async function runCommand([name = '', ...args]: readonly string[], terminal: Terminal): Promise<number> {
  try {
    const load = Object.hasOwn(commands, name) ? commands[name] : undefined
    if (!load) throw new WrongUsage(`There is no command "${name}"; there are ${Object.keys(commands).join(', ')}.`)
    const command = await load()
    if (args.includes('--help') || args.includes('-h')) {
      terminal.stdout.write(`${command.help}\n`)
      return 0
    }
    return (await command.run(args, terminal)) ?? 0
  } catch (error) {
    const known = sentenceFor(error)
    if (!known) throw error
    terminal.stderr.write(`${known.sentence.split('\n').map(printable).join('\n')}\n`)
    return known.exitCode
  }
}

function sentenceFor(error: unknown): { sentence: string; exitCode: 1 | 2 } | undefined {
  if (error instanceof WrongUsage) return { sentence: error.message, exitCode: 2 }
  if (error instanceof Problem) return { sentence: problemBodyOf(error, 'en', '').title, exitCode: 1 }
  const explains =
    error instanceof MigrationRefused ||
    error instanceof CommandRefused ||
    error instanceof StartRefused ||
    error instanceof BadSetting
  return explains ? { sentence: error.message, exitCode: 1 } : undefined
}

if (import.meta.main) {
  const { stdin, stdout, stderr, env, argv } = process
  // Who reads the output may stop early, as `head` does.
  stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))
  endWithStarter()
  process.exitCode = await runCommand(argv.slice(2), { stdin, stdout, stderr, env })
}

/** A starter that was killed cannot pass a signal on; its channel closes instead. */
function endWithStarter(): void {
  if (!process.channel) return
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
  process.channel.unref()
}
