import type { ImportMapping } from '@lahko/contract/surveys'
import { wake } from '#platform/events.ts'
import type { House } from '#platform/house.ts'
import type { Task } from '#platform/jobs.ts'
import { oneAtATime } from '#platform/one-at-a-time.ts'
import { Problem } from '#platform/problem.ts'
import type { Scope } from '#platform/store.ts'
import type { TableRow } from '@lahko/tables'
import { dryRun, type Counts } from './import-dry-run.ts'
import { removeUnanswered } from './forgetting.ts'
import { addRefused, openImport, tableProblem, type RefusedRow, type Said } from '#platform/uploads.ts'
import { createRowReader, type ReadRow } from './import-rows.ts'
import { askForWork, failGivenUp, finish, finishCheck, importTask } from './importing.ts'
import { changeImport, countTaken, findImport, takeBack, type ImportRow } from './imports.queries.ts'
import { createIngest, type AnswerResult } from './ingest.ts'
import { createPublishedSurveys } from './published-surveys.ts'

/** How many rows are one transaction. */
const usuallyAtOnce = 2000

type Work = { house: House; scope: Scope; row: ImportRow; stopping: AbortSignal; atOnce: number }

export function importTasks(house: House): Task[] {
  return [
    {
      name: importTask,
      run: async (scope, { importId }, stopping) => {
        const id = String(importId)
        if ((await workOnImport(house, scope, id, stopping)) === 'finished') return
        // Somebody else works on it, or this process stops: whoever comes next goes on.
        const later = new Date(house.clock.now().getTime() + 1_000)
        await house.store.write(scope, (tx) => askForWork(tx, id, later))
      },
      giveUp: (tx, { importId }) => failGivenUp(tx, String(importId)),
    },
  ]
}

/**
 * Does what the state of an import asks for: checks it, takes it in, or takes it back. One at a time works on an
 * import, over all processes; it may end at any moment, and goes on where it was.
 */
export async function workOnImport(
  house: House,
  scope: Scope,
  importId: string,
  stopping: AbortSignal,
  atOnce = usuallyAtOnce,
): Promise<'finished' | 'stopped' | 'busy'> {
  const done = await oneAtATime(house.store.pool, `import ${importId}`, async () => {
    const row = await house.store.read(scope, (db) => findImport(db, importId))
    const work = row && works[row.state]
    return work ? work({ house, scope, row, stopping, atOnce }) : 'finished'
  })
  return done ?? 'busy'
}

const works: { [State in ImportRow['state']]?: (work: Work) => Promise<'finished' | 'stopped'> } = {
  checking: check,
  running: takeIn,
  undoing: takeOut,
}

async function check({ house, scope, row, stopping }: Work): Promise<'finished' | 'stopped'> {
  const survey = await createPublishedSurveys(house).byId(scope.workspaceId, row.survey_id)
  const mapping = row.mapping
  if (!survey || !mapping) return 'finished'
  const found = await dryRun(house, scope, survey, { ...row, mapping }, async (progress) => {
    if (stopping.aborted) return false
    return house.store.write(scope, async (tx) => {
      await wake(tx, 'import.progressed', row.id)
      return changeImport(tx, row.id, 'checking', { progress })
    })
  })
  if (!found) return stopping.aborted ? 'stopped' : 'finished'
  await house.store.write(scope, (tx) => finishCheck(tx, row.id, undefined, found))
  return 'finished'
}

async function takeIn(work: Work): Promise<'finished' | 'stopped'> {
  const { house, scope, row, stopping } = work
  try {
    const reached = await submitRows(work)
    if (!reached) return stopping.aborted ? 'stopped' : 'finished'
    await house.store.write(scope, async (tx) => {
      // What came in just before a crash came back as repeated.
      const accepted = await countTaken(tx, row)
      const { rows_read: read, rows_unanswered: unanswered, rows_refused: refused } = reached
      const rows_repeated = read - unanswered - refused - accepted
      await finish(tx, row, ['running', 'done'], { rows_accepted: accepted, rows_repeated })
    })
  } catch (error) {
    await fail(work, error)
  }
  return 'finished'
}

/** Reads on from the last line that is done with. One batch is read while the one before is kept. */
async function submitRows({ house, scope, row, stopping, atOnce }: Work): Promise<Progress | undefined> {
  const survey = await createPublishedSurveys(house).byId(scope.workspaceId, row.survey_id)
  if (!survey || !row.mapping || !row.started_at) throw new Problem('conflict', 'importing.check_first')
  const ingest = createIngest(house)
  const read = createRowReader({
    ...survey,
    mapping: row.mapping,
    surveyId: survey.id,
    hash: row.hash,
    undatedAt: row.started_at,
  })
  const submit = async (rows: readonly TableRow[]): Promise<Outcome[]> => {
    const outcomes: Outcome[] = rows.map((one) => ({ row: read(one) }))
    const answers = outcomes.flatMap((one) => (one.row.kind === 'answer' ? [{ one, row: one.row }] : []))
    const results = await ingest.submitBulk(
      answers.map(({ row: { input, key } }) => ({
        ...scope,
        source: 'import',
        importId: row.id,
        input,
        key,
      })),
    )
    answers.forEach(({ one }, index) => (one.result = results[index]))
    return outcomes
  }
  const { table, part } = await openImport({ ...house, ...scope }, row.id)
  // Two batches that meet the same customers in another order would wait for each other.
  const inTurn = hasCustomers(row.mapping)
  let progress: Progress = row
  let turn: Promise<Outcome[]> = Promise.resolve([])
  let noted: Promise<boolean> = Promise.resolve(true)
  try {
    for await (const batch of table.rows({ batch: atOnce })) {
      const rows = batch.filter(({ line }) => line > row.line)
      if (rows.length === 0) continue
      if (stopping.aborted) break
      const [current, read] = [inTurn ? turn.then(() => submit(rows)) : submit(rows), part()]
      turn = current
      current.catch(() => undefined)
      const goOn = await noted
      noted = current.then((outcomes) => {
        progress = advanced(progress, outcomes, rows.at(-1)!.line, read)
        return note(house, scope, row.id, progress)
      })
      noted.catch(() => undefined)
      if (!goOn) break
    }
    return (await noted) && !stopping.aborted ? progress : undefined
  } finally {
    // Nothing may come in any more when somebody else starts to work on this import.
    await Promise.allSettled([turn, noted])
  }
}

function hasCustomers({ customerEmail, customerExternalId }: ImportMapping): boolean {
  return customerEmail !== undefined || customerExternalId !== undefined
}

type Outcome = { row: ReadRow; result?: AnswerResult }
type Progress = Counts & Pick<ImportRow, 'line' | 'refused' | 'progress'>

function advanced(before: Progress, outcomes: readonly Outcome[], line: number, progress: number): Progress {
  const refused = outcomes.flatMap(refusalOf)
  const count = (wanted: (one: Outcome) => boolean) => outcomes.filter(wanted).length
  return {
    line,
    progress,
    rows_read: before.rows_read + outcomes.length,
    rows_unanswered: before.rows_unanswered + count(({ row }) => row.kind === 'unanswered'),
    rows_refused: before.rows_refused + refused.length,
    rows_accepted: before.rows_accepted + count(({ result }) => result?.status === 'accepted'),
    rows_repeated: before.rows_repeated + count(({ result }) => result?.status === 'repeated'),
    refused: addRefused(before.refused, refused),
  }
}

function refusalOf({ row, result }: Outcome): RefusedRow[] {
  if (row.kind === 'refused') return [{ line: row.line, value: row.value, code: row.code, args: row.args }]
  if (row.kind !== 'answer' || result?.status !== 'refused') return []
  return [{ line: row.line, value: row.valueOf(result.field), code: result.code, args: result.args }]
}

/** False when the import is to go no further. */
function note(house: House, scope: Scope, importId: string, progress: Progress): Promise<boolean> {
  return house.store.write(scope, async (tx) => {
    await wake(tx, 'import.progressed', importId)
    const { line, refused, progress: part, ...counts } = progress
    const { rows_read, rows_accepted, rows_refused, rows_repeated, rows_unanswered } = counts
    const kept = { rows_read, rows_accepted, rows_refused, rows_repeated, rows_unanswered }
    return changeImport(tx, importId, 'running', { ...kept, line, refused, progress: part })
  })
}

async function takeOut({ house, scope, row, stopping, atOnce }: Work): Promise<'finished' | 'stopped'> {
  let after: string | undefined
  let done = 0
  const total = Math.max(1, row.rows_accepted)
  for (;;) {
    const { n, last } = await house.store.write(scope, async (tx) => {
      const step = await takeBack(tx, row, after, atOnce)
      await removeUnanswered(tx, step)
      await changeImport(tx, row.id, 'undoing', { progress: Math.min(1, (done + step.n) / total) })
      await wake(tx, 'import.progressed', row.id)
      return step
    })
    done += n
    if (last === null) break
    after = last
    if (stopping.aborted) return 'stopped'
  }
  await house.store.write(scope, (tx) => finish(tx, row, ['undoing', 'undone']))
  return 'finished'
}

/** What no second attempt mends ends the import; anything else is for the next attempt. */
async function fail({ house, scope, row }: Work, error: unknown): Promise<void> {
  const said = tableProblem(error) ?? problemOf(error)
  if (!said) throw error
  await house.store.write(scope, (tx) => finish(tx, row, ['running', 'failed'], { error: said }))
}

function problemOf(error: unknown): Said | undefined {
  if (!(error instanceof Problem) || error.kind === 'unavailable') return undefined
  return { code: error.code, args: error.args }
}
