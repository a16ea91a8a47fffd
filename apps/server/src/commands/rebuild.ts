import { listSurveyIds, rebuildCells, type CellDifference } from '#surveys'
import type { House } from '../platform/house.ts'
import type { Scope } from '../platform/store.ts'
import { readArguments, WrongUsage, type Command, type Terminal } from './command.ts'
import { withHouse, workspaceScope } from './opening.ts'

const help = `lahko rebuild [--workspace NAME] [--survey NAME]
Compares the figures of every survey with its answers, and corrects what differs: each wrong figure is listed.

  --workspace NAME   the workspace as in its address, such as "demo";
                     without it, the one that localhost serves
  --survey NAME      only the survey with this name in its address

Lahko may be running and answers may come in meanwhile. Doing it twice does no harm.
Ends with 0 when everything agrees in the end.

Examples
  lahko rebuild
  lahko rebuild --workspace demo --survey help`

const periods = { d: 'day', w: 'week', m: 'month' }
const mostListed = 50

/** `lahko rebuild` */
export const rebuild: Command = {
  help,
  async run(args, terminal) {
    const { values, positionals } = readArguments(args, { workspace: { type: 'string' }, survey: { type: 'string' } })
    if (positionals.length > 0) throw new WrongUsage(`"${positionals[0]}" is one too many.`)
    await withHouse(terminal, 'lahko rebuild', async (house) => {
      const scope = await workspaceScope(house, values.workspace)
      const surveys = await house.store.read(scope, (db) => listSurveyIds(db, values.survey))
      if (values.survey !== undefined && surveys.length === 0)
        throw new WrongUsage(`There is no survey "${values.survey}"; name one as in its address.`)
      for (const survey of surveys) await count(house, scope, survey, terminal)
    })
  },
}

async function count(
  house: House,
  scope: Scope,
  { id, name }: { id: string; name: string },
  { stdout, stderr }: Terminal,
): Promise<void> {
  const clear = () => void (stderr.isTTY && stderr.write('\r\u001b[K'))
  if (stderr.isTTY) stderr.write(`${name}: counting`)
  let listed: string[] = []
  const wrong = await rebuildCells(house, scope, id, {
    progress: ({ done, total }) => {
      clear()
      if (stderr.isTTY) stderr.write(`${name}: ${done} of ${total} answers`)
    },
    mended: (cells) => (listed = cells.slice(0, mostListed).map(lineOf)),
  })
  clear()
  stdout.write(
    wrong === 0 ? `${name}: every figure agrees\n` : `${name}: ${wrong} ${wrong === 1 ? 'cell' : 'cells'} corrected\n`,
  )
  for (const line of listed) stdout.write(`${line}\n`)
  if (wrong > listed.length) stdout.write(`  and ${wrong - listed.length} more\n`)
}

function lineOf({ grain, starts_on: startsOn, segment, wording, counts }: CellDifference): string {
  const changes = counts.flatMap((n, score) => (n === 0 ? [] : [`score ${score} ${n > 0 ? '+' : ''}${n}`]))
  const of = segment === 0 ? 'all answers' : `segment ${segment}`
  return `  ${periods[grain]} ${startsOn}, ${of}, wording ${wording}: ${changes.join(', ')}`
}
