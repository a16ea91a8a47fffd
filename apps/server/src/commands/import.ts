import type { ImportMapping, ImportState } from '@lahko/contract/surveys'
import { printable } from '@lahko/tables'
import { open } from 'node:fs/promises'
import { basename } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import {
  addImport,
  checkImport,
  discardImport,
  findImport,
  getTarget,
  listSurveyIds,
  startImport,
  startUndo,
  viewImport,
  workOnImport,
} from '#surveys'
import type { House } from '../platform/house.ts'
import type { Scope } from '../platform/store.ts'
import { CommandRefused, onlyOne, readArguments, WrongUsage, type Command, type Terminal } from './command.ts'
import { withHouse, workspaceScope } from './opening.ts'

const help = `lahko import FILE|- --survey NAME [--dry-run] [flags for columns]
lahko import --undo ID
Brings old answers from a file into a survey: CSV, TSV or NDJSON, in UTF-8, UTF-16 or Windows-1250, as "lahko score"
reads them. It first reads the whole file and says what would come in and which rows would not, with line and reason.

  --survey NAME        the survey, by its name in the address /s/NAME
  --workspace NAME     the workspace as in its address, such as "demo";
                       without it, the one that localhost serves
  --dry-run            only says what would come in
  --undo ID            takes an import back; the ID is what its run printed

Which column holds what is guessed from names and values. These flags say it; "-" stands for none:
  --column NAME        the score
  --date NAME          when it was answered: 2026-05-31, 31.5.2026 14:30 …; without one, today
  --id NAME            the answer's own id: the same id again is the same answer
  --comment NAME       --language NAME      --email NAME (of the customer)
  --customer NAME      the customer's id    --customer-name NAME
  --attribute A=NAME   an attribute such as topic or channel; give it as often as needed
  --time-zone ZONE     of times without an offset; the workspace's unless said otherwise

The same file twice adds nothing twice. Interrupted, it goes on when Lahko starts next, or when the same line is run
again. Works while Lahko runs and while it does not. Refused rows are no failure: the exit code stays 0.

Examples
  lahko import answers-2025.csv --survey help --dry-run
  lahko import answers-2025.csv --survey help --column Ocena --date Datum --attribute topic=Področje
  gzip -dc old.ndjson.gz | lahko import - --survey help`

const options = {
  survey: { type: 'string' },
  workspace: { type: 'string' },
  'dry-run': { type: 'boolean' },
  undo: { type: 'string' },
  column: { type: 'string' },
  date: { type: 'string' },
  id: { type: 'string' },
  comment: { type: 'string' },
  language: { type: 'string' },
  email: { type: 'string' },
  customer: { type: 'string' },
  'customer-name': { type: 'string' },
  attribute: { type: 'string', multiple: true },
  'time-zone': { type: 'string' },
} as const

type Flags = ReturnType<typeof readArguments<typeof options>>['values']

type Target = Awaited<ReturnType<typeof getTarget>>

const mostListed = 20

/** `lahko import` */
export const importAnswers: Command = {
  help,
  async run(args, terminal) {
    const { values: flags, positionals } = readArguments(args, options)
    if (flags.undo !== undefined) return undo(flags.undo, flags, terminal)
    const file = onlyOne(positionals, 'the file to import, or - for standard input')
    if (flags.survey === undefined) throw new WrongUsage('Name the survey with --survey, as in its address.')
    await withHouse(terminal, 'lahko import', async (house) => {
      const scope = await workspaceScope(house, flags.workspace)
      await importFile(house, scope, file, flags, terminal)
    })
  },
}

async function importFile(house: House, scope: Scope, file: string, flags: Flags, terminal: Terminal): Promise<void> {
  const [found] = await house.store.read(scope, (db) => listSurveyIds(db, flags.survey))
  if (!found) throw new WrongUsage(`There is no survey "${flags.survey}"; name one as in its address.`)
  const survey = await getTarget(house, scope, found.id)
  const added = await keep(house, scope, survey, file, terminal).catch((error: unknown) => {
    throw explained(error, file)
  })
  try {
    const guess = (await look(house, scope, added.id)).mapping!
    const mapping = chosen(guess, added.candidates, flags)
    const show = progressOn(terminal, 'read')
    await checkImport(house, scope, { surveyId: survey.id, importId: added.id }, mapping, { onPart: show })
    const checked = await look(house, scope, added.id)
    tell(terminal, checked, mapping)
    if (checked.error !== null) throw new CommandRefused(checked.error)
    if (flags['dry-run'] || checked.rowsAccepted === 0) return
    await house.store.write(scope, (tx) => startImport(tx, added.id))
    const done = await work(house, scope, added.id, terminal)
    if (done.error !== null) throw new CommandRefused(done.error)
    terminal.stdout.write(
      `${counted(done.rowsAccepted, 'answer')} came in. To take them back: lahko import --undo ${done.id}\n`,
    )
  } finally {
    await discardImport(house, scope, added.id)
  }
}

async function keep(house: House, scope: Scope, survey: Target, file: string, { stdin }: Terminal) {
  if (file === '-') return addImport(house, scope, survey, 'standard input', stdin)
  const handle = await open(file)
  return addImport(house, scope, survey, basename(file), handle.createReadStream())
}

async function undo(id: string, flags: Flags, terminal: Terminal): Promise<void> {
  if (!/^[0-9a-f-]{36}$/.test(id)) throw new WrongUsage('--undo takes the ID that the run of the import printed.')
  await withHouse(terminal, 'lahko import', async (house) => {
    const scope = await workspaceScope(house, flags.workspace)
    const row = await house.store.read(scope, (db) => findImport(db, id))
    if (!row) throw new WrongUsage(`There is no import ${id} in this workspace.`)
    await house.store.write(scope, (tx) => startUndo(tx, id))
    await work(house, scope, id, terminal)
    terminal.stdout.write(`${printable(row.file_name)} is taken back.\n`)
  })
}

/** Works on an import until it is done, or watches whoever does. */
async function work(house: House, scope: Scope, id: string, terminal: Terminal): Promise<ImportState> {
  const never = new AbortController().signal
  const show = progressOn(terminal, 'done')
  const looking = setInterval(() => void look(house, scope, id).then(({ progress }) => show(progress), show), 500)
  try {
    while ((await workOnImport(house, scope, id, never)) === 'busy') await wait(500)
  } finally {
    clearInterval(looking)
    if (terminal.stderr.isTTY) terminal.stderr.write('\r\u001b[K')
  }
  return look(house, scope, id)
}

async function look(house: House, scope: Scope, id: string): Promise<ImportState> {
  const row = await house.store.read(scope, (db) => findImport(db, id))
  if (!row) throw new CommandRefused('This import is no longer there.')
  return viewImport(row, 'en')
}

/** The guess, with what the flags say instead. */
function chosen(guess: ImportMapping, candidates: readonly string[], flags: Flags): ImportMapping {
  if (flags.column === undefined && candidates.length > 1) {
    throw new WrongUsage(`Several columns could hold the score: ${candidates.join(', ')}. Choose one with --column.`)
  }
  const pick = (flag: string | undefined, guessed: string | undefined) => (flag === '-' ? undefined : (flag ?? guessed))
  const attributes = (flags.attribute ?? []).map((one) => {
    const [name = '', ...column] = one.split('=')
    if (column.length === 0 || !/^[a-z][a-z0-9_]{0,39}$/.test(name))
      throw new WrongUsage(`--attribute is "${one}"; write it as topic=COLUMN, with a name of a–z, 0–9 and _.`)
    return [name, column.join('=')] as const
  })
  const all = Object.entries({ ...guess.attributes, ...Object.fromEntries(attributes) })
  return {
    score: flags.column ?? guess.score,
    answeredAt: pick(flags.date, guess.answeredAt),
    externalId: pick(flags.id, guess.externalId),
    comment: pick(flags.comment, guess.comment),
    language: pick(flags.language, guess.language),
    customerEmail: pick(flags.email, guess.customerEmail),
    customerExternalId: pick(flags.customer, guess.customerExternalId),
    customerName: pick(flags['customer-name'], guess.customerName),
    attributes: Object.fromEntries(all.filter(([, column]) => column !== '-')),
    timeZone: demandTimeZone(flags['time-zone']),
  }
}

function demandTimeZone(zone: string | undefined): string | undefined {
  try {
    if (zone !== undefined) new Intl.DateTimeFormat('en', { timeZone: zone })
    return zone
  } catch {
    throw new WrongUsage(`--time-zone is "${zone}"; it takes a name such as Europe/Ljubljana.`)
  }
}

function tell({ stdout, stderr }: Terminal, checked: ImportState, mapping: ImportMapping): void {
  const { attributes, timeZone: _, ...plain } = mapping
  const columns = Object.entries({ ...plain, ...attributes }).filter(([, column]) => column !== undefined)
  stdout.write(`${printable(columns.map(([what, column]) => `${what} = ${column}`).join(', '))}\n`)
  const unused = checked.columns.filter((column) => !columns.some(([, used]) => used === column))
  if (unused.length > 0) stdout.write(`not used: ${printable(unused.slice(0, mostListed).join(', '))}\n`)
  const parts = [
    `${counted(checked.rowsAccepted, 'answer')} to take in`,
    `${checked.rowsUnanswered} without a score`,
    `${checked.rowsRepeated} known already`,
    `${checked.rowsRefused} refused`,
  ]
  stdout.write(`${counted(checked.rowsRead, 'row')}: ${parts.join(', ')}\n`)
  for (const remark of checked.remarks) stderr.write(`${printable(remark)}\n`)
  for (const { line, value, reason } of checked.refused.slice(0, mostListed))
    stderr.write(`  line ${line}: ${value === '' ? '' : `"${printable(value.slice(0, 40))}": `}${reason}\n`)
  const more = checked.rowsRefused - Math.min(mostListed, checked.refused.length)
  if (more > 0) stderr.write(`  and ${more} more\n`)
}

function progressOn({ stderr }: Terminal, what: string): (part: unknown) => void {
  return (part) => {
    if (stderr.isTTY && typeof part === 'number') stderr.write(`\r${Math.round(part * 100)} % ${what} `)
  }
}

function counted(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`
}

function explained(error: unknown, file: string): unknown {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'ENOENT') return new CommandRefused(`There is no file ${file}.`)
  if (code === 'EISDIR') return new CommandRefused(`${file} is a folder.`)
  return code === 'EACCES' ? new CommandRefused(`This user may not read ${file}.`) : error
}
