import { scoreHelp } from './score/help.ts'

/** One command: its line in the list, and who does the work. */
export type Command = {
  name: string
  /** What follows the name. */
  takes: string
  line: string
} & (
  | { place: 'here' | 'start'; help: string }
  /** The server knows its own flags, so it also explains them. */
  | { place: 'server' }
)

const startHelp = `Installs what is missing, starts the database, brings it up to date and serves until Ctrl-C.
The settings are variables of the environment; docs/operate/settings.md lists them.

  --workspace NAME   the workspace that localhost, addresses and unknown hosts serve, by its address;
                     without it, the first

Examples
  lahko start
  PORT=8080 lahko start
  LAHKO_DATA=/srv/lahko lahko start`

const versionHelp = `Example
  lahko version`

/** Every command, in the order of the list. */
export const commands: readonly Command[] = [
  {
    name: 'score',
    takes: 'FILE…|-',
    line: 'Effort score of a file of answers, with its interval',
    place: 'here',
    help: scoreHelp,
  },
  {
    name: 'start',
    takes: '[--workspace NAME]',
    line: 'Start Lahko and print its address',
    place: 'start',
    help: startHelp,
  },
  { name: 'demo', takes: '', line: 'Fill a workspace with half a year of a plausible shop', place: 'server' },
  { name: 'import', takes: 'FILE', line: 'Bring old answers from a file into a survey', place: 'server' },
  {
    name: 'articles',
    takes: 'import|export FOLDER',
    line: 'The knowledge base from a folder of Markdown, and into one',
    place: 'server',
  },
  { name: 'key', takes: 'create|list|revoke', line: 'API keys of a workspace', place: 'server' },
  { name: 'host', takes: 'add|list|remove', line: 'Names under which a workspace is reached', place: 'server' },
  { name: 'mail', takes: 'import FILE', line: 'Bring old mail from a file into a mailbox', place: 'server' },
  { name: 'member', takes: 'password ADDRESS', line: 'Set the password of a member who lost it', place: 'server' },
  { name: 'signup', takes: '', line: 'Print a link with which somebody can make one more workspace', place: 'server' },
  { name: 'rebuild', takes: '', line: 'Count all figures anew from the answers', place: 'server' },
  { name: 'jobs', takes: 'list|retry', line: 'Work that was given up, and trying it again', place: 'server' },
  { name: 'doctor', takes: '', line: 'Say what is wrong with this installation, and how to mend it', place: 'server' },
  { name: 'version', takes: '', line: 'Print the version of Lahko and of Node', place: 'here', help: versionHelp },
]

/** The list that `lahko` prints. */
export function overview(): string {
  const heads = commands.map(({ name, takes }) => `${name} ${takes}`.trim())
  const width = Math.max(...heads.map((head) => head.length))
  const lines = commands.map(({ line }, index) => `  ${heads[index]!.padEnd(width)}  ${line}`)
  return [
    'lahko measures how easy it is to be your customer.',
    '',
    ...lines,
    '',
    'lahko help COMMAND explains one of them.',
  ].join('\n')
}

/** A command's head, its line and its help. */
export function explained({ name, takes, line }: Command, help: string): string {
  return `lahko ${`${name} ${takes}`.trim()}\n${line}.\n\n${help}`
}
