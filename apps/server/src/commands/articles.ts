import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join, sep } from 'node:path'
import { printable } from '@lahko/tables'
import {
  decodeHtml,
  exportArticles,
  importArticles,
  isHtml,
  isText,
  type FolderEntry,
  type ImportReport,
} from '#articles'
import { sentenceFor, type Said } from '../platform/uploads.ts'
import { CommandRefused, onlyOne, readArguments, WrongUsage, type Command, type Terminal } from './command.ts'
import { withHouse, workspaceScope } from './opening.ts'

const help = `lahko articles import FOLDER [--drafts] [--dry-run] [--workspace NAME]
lahko articles export FOLDER [--workspace NAME]
Brings the knowledge base in from a folder of Markdown or HTML, and writes it there as Markdown.

A folder is a collection, to three levels; SLUG.LANGUAGE.md is an article in one language (en, sl, nb):

  ---
  title: Buy a gift card
  summary: By mail or on paper, for two years.
  ---
  Markdown without HTML. > **Note** begins a callout, and [links](../orders/pay.md) to other files lead to their pages.

The head may also say audience (public, signed-in, organisations), organisations (["Planina d.o.o."]), review
(2027-05-31) and published: no. What it leaves out stays as it is. collection.json in a folder holds
{ "titles": { "en": "Gift cards" }, "order": ["buy", "redeem"] }.

Pictures come with the texts that show them, ![what there is to see](../pictures/card.png): PNG, JPEG, GIF or WebP, at
most 10 MB. They are drawn anew without what a camera wrote into them; export writes them into the folder pictures.

Pages (.html) of another help centre come in as Markdown, without what frames them. Their first heading is the title,
their description the summary; links between them and to their headings, pictures beside them, and what they frame
(panels of Confluence, callouts of Zendesk and others) stay. Folders become collections, and names
become addresses: "en-us/Orders & Returns/36001234-Send it back.html" is orders-returns/send-it-back in English; the
same number in another language is the same article. The language is that of a folder such as en-us, of the name
(.sl.html), or of the page.

  --drafts           publishes nothing
  --dry-run          only says what would come in
  --workspace NAME   the workspace as in its address, such as "demo";
                     without it, the one that localhost serves

The same folder again changes nothing. Drafts that were changed in Lahko and not published are left alone. The exit code
is 1 when a file was refused; all others are taken. What export writes, import reads back, the same byte for byte.

Examples
  lahko articles import help --dry-run
  lahko articles export help-2026-11`

const options = {
  workspace: { type: 'string' },
  drafts: { type: 'boolean' },
  'dry-run': { type: 'boolean' },
} as const

/** `lahko articles` */
export const articles: Command = {
  help,
  async run([action = '', ...args], terminal) {
    if (action === 'import') return bringIn(args, terminal)
    if (action === 'export') return writeOut(args, terminal)
    throw new WrongUsage(`"lahko articles ${action}" is not a command; there are import and export.`)
  },
}

/** What is taken back again on purpose. */
class DryRun extends Error {}

async function bringIn(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = readArguments(args, options)
  const files = await readFolder(onlyOne(positionals, 'the folder to import'))
  let report: ImportReport = { outcomes: [], warnings: [] }
  await withHouse(terminal, 'lahko articles import', async (house) => {
    const scope = await workspaceScope(house, values.workspace)
    const work = house.store.write(scope, async (tx) => {
      report = await importArticles(tx, files, { drafts: values.drafts === true })
      if (values['dry-run']) throw new DryRun()
    })
    await work.catch((error: unknown) => {
      if (!(error instanceof DryRun)) throw error
    })
  })
  tell(terminal, report)
  return report.outcomes.some(({ became }) => became === 'refused') ? 1 : 0
}

async function writeOut(args: readonly string[], terminal: Terminal): Promise<void> {
  const { values, positionals } = readArguments(args, { workspace: options.workspace })
  const folder = onlyOne(positionals, 'the folder to write to')
  const there = await readdir(folder).catch(() => [])
  if (there.length > 0) throw new CommandRefused(`"${folder}" is not empty; name a new folder.`)
  let count = 0
  await withHouse(terminal, 'lahko articles export', async (house) => {
    const scope = await workspaceScope(house, values.workspace)
    await house.store.readPatiently(scope, async (db) => {
      for await (const file of exportArticles(db)) {
        const target = join(folder, ...file.path.split('/'))
        await mkdir(dirname(target), { recursive: true })
        await writeFile(target, isText(file) ? file.text : await file.read())
        if (file.path.endsWith('.md')) count++
      }
    })
  })
  terminal.stdout.write(`${counted(count)} written to ${printable(folder)}\n`)
}

/** All files of a folder but hidden ones, in the order of their paths. */
async function readFolder(folder: string): Promise<FolderEntry[]> {
  const paths = await readdir(folder, { recursive: true, withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      throw new CommandRefused(
        error.code === 'ENOENT' ? `There is no folder "${folder}".` : `"${folder}" cannot be read: ${error.code}.`,
      )
    },
  )
  const files = paths.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name))
  const named = files.map((file) => ({ file, path: file.slice(join(folder, sep).length).split(sep).join('/') }))
  const shown = named.filter(({ path }) => !path.split('/').some((name) => name.startsWith('.')))
  const sorted = shown.toSorted((a, b) => (a.path < b.path ? -1 : 1))
  return Promise.all(
    sorted.map(async ({ file, path }) => {
      if (isHtml(path)) return { path, text: decodeHtml(await readFile(file)) }
      const isText = /\.(md|json)$/.test(path)
      return isText ? { path, text: await readFile(file, 'utf8') } : { path, read: () => readFile(file) }
    }),
  )
}

const told = { new: 'new', changed: 'changed', refused: 'refused' } as const

function tell({ stdout }: Terminal, { outcomes, warnings }: ImportReport): void {
  for (const { path, became, said } of outcomes) {
    if (became !== 'same') stdout.write(`${told[became].padEnd(8)} ${printable(path)}${said ? `: ${say(said)}` : ''}\n`)
  }
  for (const { path, ...said } of warnings) stdout.write(`look at  ${printable(path)}: ${say(said)}\n`)
  const count = (became: string) => outcomes.filter((one) => one.became === became).length
  const [fresh, changed, same, refused] = ['new', 'changed', 'same', 'refused'].map(count)
  stdout.write(`${fresh} new, ${changed} changed, ${same} as they were, ${refused} refused\n`)
}

function say(said: Said): string {
  return printable(sentenceFor('en', said))
}

function counted(count: number): string {
  return `${count} ${count === 1 ? 'article text' : 'article texts'}`
}
