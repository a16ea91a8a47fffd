import { open } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { printable } from '@lahko/tables'
import { findMailboxCalled, importMails, type Imported, type TooLarge } from '#tickets'
import type { House } from '../platform/house.ts'
import type { Scope } from '../platform/store.ts'
import { CommandRefused, onlyOne, readArguments, WrongUsage, type Command, type Terminal } from './command.ts'
import { withHouse, workspaceScope } from './opening.ts'

const help = `lahko mail import FILE|- [--mailbox ADDRESS] [--solved] [--workspace NAME]
Brings old mail from a file into a mailbox: an mbox with many messages, or one message (.eml). Each becomes a message of
a ticket, at the time at which it came then; nobody is written to about what is older than a day.

  --mailbox ADDRESS   the mailbox, by its address or an alias; needed when there are several
  --solved            all of it is over: the tickets are solved, and nobody is told, answered or asked about them
  --workspace NAME    the workspace as in its address, such as "demo";
                      without it, the one that localhost serves

A message of more than 25 MB is left out, and named with its place in the file.
The same file twice adds nothing twice: interrupted, run the same line again. Works while Lahko runs and while it does
not; tickets are made of the messages while it runs. *Incoming mail* in the workspace shows what became of each.

Examples
  lahko mail import archive.mbox --mailbox support@example.com --solved
  gzip -dc 2019.mbox.gz | lahko mail import -`

const options = { mailbox: { type: 'string' }, solved: { type: 'boolean' }, workspace: { type: 'string' } } as const

/** `lahko mail` */
export const mail: Command = {
  help,
  async run([action = '', ...args], terminal) {
    if (action !== 'import') throw new WrongUsage(`"lahko mail ${action}" is not a command; there is import.`)
    const { values, positionals } = readArguments(args, options)
    const file = onlyOne(positionals, 'the file to import, or - for standard input')
    await withHouse(terminal, 'lahko mail import', async (house) => {
      const scope = await workspaceScope(house, values.workspace)
      const mailboxId = await mailboxOf(house, scope, values.mailbox)
      const watch = { onPart: progressOn(terminal), onTooLarge: refusalsOn(terminal) }
      const past = values.solved === true
      const { read, taken, refused } = await importMails(
        house,
        scope,
        mailboxId,
        await stream(file, terminal),
        past,
        watch,
      )
      if (terminal.stderr.isTTY) terminal.stderr.write('\r\u001b[K')
      const left = refused === 0 ? '' : `, ${refused} ${refused === 1 ? 'was' : 'were'} too large`
      terminal.stdout.write(`${counted(taken)} came in, ${read - taken} had come before${left}.\n`)
    })
  },
}

async function mailboxOf(house: House, scope: Scope, address: string | undefined): Promise<string> {
  const found = await findMailboxCalled(house, scope, address)
  if (found) return found.id
  if (address === undefined)
    throw new WrongUsage('Name the mailbox with --mailbox: there is none, or there are several.')
  throw new WrongUsage(`There is no mailbox "${address}"; add it in Settings, Mailboxes.`)
}

async function stream(file: string, { stdin }: Terminal): Promise<Readable> {
  if (file === '-') return stdin
  const handle = await open(file).catch((error: NodeJS.ErrnoException) => {
    throw new CommandRefused(
      error.code === 'ENOENT' ? `There is no file "${file}".` : `"${file}" cannot be read: ${error.code}.`,
    )
  })
  if ((await handle.stat()).isDirectory()) throw new CommandRefused(`"${file}" is a folder; name a file.`)
  return handle.createReadStream()
}

function progressOn({ stderr }: Terminal): (done: Imported) => void {
  return ({ read }) => void (stderr.isTTY && stderr.write(`\r\u001b[K${counted(read)} read`))
}

const megabyte = 1024 * 1024

/** Each by name and place, so that it can be found in the file. */
function refusalsOn({ stderr }: Terminal): (mail: TooLarge) => void {
  return ({ place, line, size, sender, subject }) => {
    const name = [sender && `from ${sender}`, subject && `"${subject}"`].filter(Boolean).join(', ')
    const megabytes = Math.ceil(size / megabyte)
    const who = printable(`message ${place}, at line ${line}${name && ` (${name})`}`)
    if (stderr.isTTY) stderr.write('\r\u001b[K')
    stderr.write(`Left out: ${who}, has ${megabytes} MB, and at most 25 MB are taken.\n`)
  }
}

function counted(count: number): string {
  return `${count} ${count === 1 ? 'message' : 'messages'}`
}
