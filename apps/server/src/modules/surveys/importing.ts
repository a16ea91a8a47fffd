import type { ImportMapping } from '@lahko/contract/surveys'
import { emit, wake } from '#platform/events.ts'
import { enqueue } from '#platform/jobs.ts'
import { invalidField, Problem } from '#platform/problem.ts'
import type { Tx } from '#platform/store.ts'
import type { Said } from '#platform/uploads.ts'
import type { DryRun } from './import-dry-run.ts'
import { changeImport, lockImport, type ImportRow } from './imports.queries.ts'

/** The job that checks, takes in and takes back; the state of the import says which. */
export const importTask = 'work_on_import'

const untouched = { line: 0, rows_read: 0, rows_accepted: 0, rows_refused: 0, rows_repeated: 0, rows_unanswered: 0 }

/** Whether a job is to do something about an import, as its state says. */
export function isWorkedOn({ state }: Pick<ImportRow, 'state'>): boolean {
  return state === 'checking' || state === 'running' || state === 'undoing'
}

/** Asks for the work that the state of an import is about; at most one such job waits. */
export async function askForWork(tx: Tx, importId: string, at?: Date): Promise<void> {
  await enqueue(tx, importTask, { importId }, `import:${importId}`, at)
  await wake(tx, 'import.progressed', importId)
}

/**
 * Checks a mapping against the columns of the file.
 * @throws Problem invalid `uploads.no_such_column` with its field
 */
export function demandColumns({ shape }: ImportRow, mapping: ImportMapping): void {
  const { attributes, timeZone: _, ...plain } = mapping
  const asked = [
    ...Object.entries(plain).map(([field, column]) => ({ field: `/body/${field}`, column })),
    ...Object.entries(attributes).map(([name, column]) => ({ field: `/body/attributes/${name}`, column })),
  ]
  for (const { field, column } of asked) {
    if (column === undefined || shape.columns.includes(column)) continue
    throw invalidField(field, 'uploads.no_such_column', { column })
  }
}

/**
 * Refuses a check of what is being worked on, or has brought answers in.
 * @throws Problem conflict `importing.busy`, `importing.take_back_first`
 */
export function demandCheckable(row: ImportRow): void {
  const { state, started_at, rows_accepted } = row
  if (isWorkedOn(row)) throw new Problem('conflict', 'importing.busy')
  const hasAnswers = state === 'done' || (state === 'failed' && started_at !== null && rows_accepted > 0)
  if (hasAnswers) throw new Problem('conflict', 'importing.take_back_first')
}

/** Starts a dry run of a file that is too large to be read while somebody waits. */
export async function startCheck(tx: Tx, importId: string, mapping: ImportMapping, remarks: Said[]): Promise<void> {
  const row = await demandImport(tx, importId)
  demandCheckable(row)
  const fresh = { ...untouched, refused: [], error: null, progress: 0, started_at: null, finished_at: null }
  await changeImport(tx, importId, row.state, { ...fresh, state: 'checking', mapping, remarks })
  await askForWork(tx, importId)
}

/** Keeps what a dry run found. A file that turned out to be none fails. */
export async function finishCheck(
  tx: Tx,
  importId: string,
  from: { mapping: ImportMapping; remarks: Said[] } | undefined,
  found: DryRun,
): Promise<void> {
  const row = await demandImport(tx, importId)
  if (from) demandCheckable(row)
  else if (row.state !== 'checking') return
  const { counts, refused, error } = found
  const changes = { ...untouched, ...counts, refused, error, progress: 1, started_at: null, finished_at: null, ...from }
  await changeImport(tx, importId, row.state, { ...changes, state: error ? 'failed' : 'checked' })
  await wake(tx, 'import.progressed', importId)
}

/**
 * Lets the answers come in. Of an import that failed half way, what is left; of one that was taken back, all again.
 * @returns false when they come in already, or have
 * @throws Problem conflict `importing.check_first`, `importing.busy`
 */
export async function startImport(tx: Tx, importId: string): Promise<boolean> {
  const row = await demandImport(tx, importId)
  const { state, mapping, started_at, survey_id: surveyId } = row
  if (state === 'running' || state === 'done') return false
  if (state === 'checking' || state === 'undoing') throw new Problem('conflict', 'importing.busy')
  const wasChecked = mapping !== null && (state !== 'failed' || started_at !== null)
  if (!wasChecked || state === 'uploaded') throw new Problem('conflict', 'importing.check_first')
  const fresh = state === 'failed' ? {} : { ...untouched, refused: [], started_at: tx.now, progress: 0 }
  await changeImport(tx, importId, state, { ...fresh, state: 'running', error: null, finished_at: null })
  await emit(tx, { type: 'import.started', subjectId: importId, data: { surveyId } })
  await askForWork(tx, importId)
  return true
}

/** Takes all answers of an import back, also while it is coming in. One that brought none is only marked. */
export async function startUndo(tx: Tx, importId: string): Promise<void> {
  const row = await demandImport(tx, importId)
  if (row.state === 'undoing' || row.state === 'undone') return
  const changes = { error: null, progress: 0, finished_at: null }
  if (row.started_at === null) {
    await changeImport(tx, importId, row.state, { ...changes, state: 'undone', progress: 1, finished_at: tx.now })
    return emit(tx, { type: 'import.undone', subjectId: importId, data: { surveyId: row.survey_id } })
  }
  await changeImport(tx, importId, row.state, { ...changes, state: 'undoing' })
  await askForWork(tx, importId)
}

/** Notes the end of a piece of work; false when the import has another state by now. */
export async function finish(
  tx: Tx,
  { id, survey_id: surveyId }: ImportRow,
  [from, to]: ['running', 'done' | 'failed'] | ['undoing', 'undone' | 'failed'],
  changes: { rows_accepted?: number; rows_repeated?: number; error?: Said } = {},
): Promise<boolean> {
  const ended = await changeImport(tx, id, from, { progress: 1, ...changes, state: to, finished_at: tx.now })
  const type = to === 'done' ? 'import.finished' : to === 'undone' ? 'import.undone' : 'import.failed'
  if (ended) await emit(tx, { type, subjectId: id, data: { surveyId, accepted: changes.rows_accepted } })
  return ended
}

/**
 * Ends what no attempt could do, so that it does not seem to go on for ever. It may be asked for again: an import goes
 * on where it was, one that was being taken back comes in anew from its first line.
 */
export async function failGivenUp(tx: Tx, importId: string): Promise<void> {
  const row = await lockImport(tx, importId)
  if (!row || !isWorkedOn(row)) return
  const { rows_accepted: _, ...fromTheStart } = untouched
  const changes = row.state === 'undoing' ? { ...fromTheStart, refused: [] } : {}
  const error = { code: 'importing.given_up' }
  await changeImport(tx, importId, row.state, { ...changes, state: 'failed', error, finished_at: tx.now })
  await emit(tx, { type: 'import.failed', subjectId: importId, data: { surveyId: row.survey_id } })
}

async function demandImport(tx: Tx, importId: string): Promise<ImportRow> {
  const row = await lockImport(tx, importId)
  if (!row) throw new Problem('not_found', 'platform.not_found')
  return row
}
