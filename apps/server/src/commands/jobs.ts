import { printable } from '@lahko/tables'
import { listFailedJobs, type FailedJob } from '../platform/failed-jobs.ts'
import type { House } from '../platform/house.ts'
import { retryFailedJob } from '../platform/jobs.ts'
import type { Scope } from '../platform/store.ts'
import { CommandRefused, onlyOne, readArguments, WrongUsage, type Command, type Terminal } from './command.ts'
import { withHouse, workspaceScope } from './opening.ts'

const help = `lahko jobs list|retry
Work that Lahko gave up after twelve attempts over some hours.

  lahko jobs list [--workspace NAME]
      Lists it: id, when it was given up, what it was, and why.
  lahko jobs retry ID|all [--workspace NAME]
      Tries it again, once what the list says has been mended.

  --workspace NAME   the workspace as in its address, such as "demo";
                     without it, the one that localhost serves

"lahko doctor" says in which workspaces there is any. An import that was given up is not listed here: it says so where
it was started, and is run again there. Works while Lahko runs and while it does not; what is tried again runs with it.

Examples
  lahko jobs list --workspace demo
  lahko jobs retry all`

const options = { workspace: { type: 'string' } } as const
const mostShown = 100

/** `lahko jobs` */
export const jobs: Command = {
  help,
  run([action = '', ...args], terminal) {
    if (action === 'list') return list(args, terminal)
    if (action === 'retry') return retry(args, terminal)
    throw new WrongUsage(`"lahko jobs ${action}" is not a command; there are list and retry.`)
  },
}

async function list(args: readonly string[], terminal: Terminal): Promise<void> {
  const { values, positionals } = readArguments(args, options)
  if (positionals[0] !== undefined) throw new WrongUsage(`"${positionals[0]}" is one too many.`)
  const found = await withHouse(terminal, 'lahko jobs list', async (house) =>
    failedIn(house, await workspaceScope(house, values.workspace)),
  )
  if (found.length === 0) return void terminal.stderr.write('No work was given up.\n')
  for (const { id, failed_at, task, error } of found.slice(0, mostShown)) {
    terminal.stdout.write(
      `${id}  ${failed_at.toISOString().slice(0, 16)}Z  ${task}: ${printable(error.split('\n')[0]!)}\n`,
    )
  }
  if (found.length > mostShown) terminal.stderr.write(`These are the newest ${mostShown}; there are more.\n`)
}

async function retry(args: readonly string[], terminal: Terminal): Promise<void> {
  const { values, positionals } = readArguments(args, options)
  const wanted = onlyOne(positionals, 'what to try again by its id in lahko jobs list, or all')
  if (wanted !== 'all' && !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(wanted))
    throw new WrongUsage(`"${wanted}" is no id as lahko jobs list shows it, nor all.`)
  const n = await withHouse(terminal, 'lahko jobs retry', async (house) => {
    const scope = await workspaceScope(house, values.workspace)
    return wanted === 'all' ? retryAll(house, scope) : retryThese(house, scope, [wanted])
  })
  if (wanted !== 'all' && n === 0) throw new CommandRefused('No work of this id was given up, or it was tried again.')
  terminal.stderr.write(`${n} to be tried again.\n`)
}

function failedIn({ store }: House, scope: Scope): Promise<FailedJob[]> {
  return store.read(scope, (db) => listFailedJobs(db, { limit: mostShown + 1 }))
}

async function retryAll(house: House, scope: Scope): Promise<number> {
  let all = 0
  for (;;) {
    const ids = (await failedIn(house, scope)).map(({ id }) => id)
    if (ids.length === 0) return all
    all += await retryThese(house, scope, ids)
  }
}

function retryThese({ store }: House, scope: Scope, ids: readonly string[]): Promise<number> {
  return store.write(scope, async (tx) => {
    let n = 0
    for (const id of ids) if (await retryFailedJob(tx, id)) n++
    return n
  })
}
