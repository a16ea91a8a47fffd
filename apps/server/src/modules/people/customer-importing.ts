import type { Readable } from 'node:stream'
import type { CustomerColumns } from '@lahko/contract/customer-imports'
import { looksLikeData } from '@lahko/tables'
import { emit } from '#platform/events.ts'
import type { House } from '#platform/house.ts'
import { uuidv7 } from '#platform/identifiers.ts'
import { enqueue } from '#platform/jobs.ts'
import { invalidField, Problem } from '#platform/problem.ts'
import type { Scope, Tx } from '#platform/store.ts'
import { hasFile, keepUpload, removeFile, shapeOf, shownSample, unusable, type Shelf } from '#platform/uploads.ts'
import { guessColumns } from './customer-import-mapping.ts'
import {
  insertCustomerImport,
  lockCustomerImport,
  updateCustomerImport,
  type CustomerImportRow,
} from './customer-imports.queries.ts'

export const importTask = 'import_customers'
/** The largest file that is taken, in bytes. */
export const mostBytes = 100 * 2 ** 20
/** Where the files lie, beside those of answers. */
export const shelfName = 'customer-imports'

const naming = ['externalId', 'email', 'phone'] as const
const fresh = { line: 0, rows_read: 0, rows_new: 0, rows_changed: 0, rows_same: 0, rows_refused: 0, rows_partly: 0 }

export const shelfIn = ({ folder }: House, { workspaceId }: Scope): Shelf => ({ folder, workspaceId, of: shelfName })

/** Whether a job is to do something about it. */
export function isWorkedOn({ state }: Pick<CustomerImportRow, 'state'>): boolean {
  return state === 'checking' || state === 'running'
}

/** Asks for the work that the state of an import is about; at most one such job waits. */
export async function askForWork(tx: Tx, importId: string, at?: Date): Promise<void> {
  await enqueue(tx, importTask, { importId }, `customers:${importId}`, at)
}

/**
 * Keeps a file of customers and guesses what its columns hold. Of what is refused nothing stays.
 * @returns the import's id
 * @throws Problem when it is too large, broken off, no table, or without rows
 */
export async function addCustomerImport(house: House, scope: Scope, fileName: string, body: Readable): Promise<string> {
  const shelf = shelfIn(house, scope)
  const id = uuidv7(house.clock.now().getTime())
  await keepUpload(shelf, id, body, mostBytes)
  try {
    const { columns, sample, format } = await shapeOf(shelf, id)
    const guess = guessColumns(columns)
    const named = naming.some((field) => guess[field] !== undefined)
    if (format !== 'ndjson' && !named && columns.some(looksLikeData)) throw unusable('uploads.file_no_header')
    await house.store.write(scope, (tx) =>
      insertCustomerImport(tx, { id, file_name: fileName, shape: { columns, sample: shownSample(sample), guess } }),
    )
    return id
  } catch (error) {
    await removeFile(shelf, id)
    throw error
  }
}

/**
 * Starts a dry run by this mapping.
 * @throws Problem not_found, conflict while it is worked on or has come in, invalid for a column that the file does not
 *   have, and when none names the customers
 */
export async function startCheck(
  tx: Tx,
  importId: string,
  { mapping, overwrite }: { mapping: CustomerColumns; overwrite: boolean },
): Promise<void> {
  const row = await lockCustomerImport(tx, importId)
  if (isWorkedOn(row)) throw new Problem('conflict', 'people.import_busy')
  if (row.state === 'done') throw new Problem('conflict', 'people.import_done')
  for (const [field, column] of Object.entries(mapping)) {
    if (!row.shape.columns.includes(column)) {
      throw invalidField(`/body/mapping/${field}`, 'uploads.no_such_column', { column })
    }
  }
  if (naming.every((field) => mapping[field] === undefined)) {
    throw invalidField('/body/mapping', 'people.import_nameless')
  }
  const chosen = {
    mapping,
    overwrite,
    refused: [],
    partly: [],
    error: null,
    progress: 0,
    started_at: null,
    finished_at: null,
  }
  await updateCustomerImport(tx, importId, { ...fresh, ...chosen, state: 'checking' })
  await askForWork(tx, importId)
}

/** Takes the customers in; of an import that failed half way, what is left. Doing it twice is doing it once. */
export async function startImport(house: House, tx: Tx, importId: string): Promise<void> {
  const row = await lockCustomerImport(tx, importId)
  if (row.state === 'running' || row.state === 'done') return
  if (row.state === 'checking') throw new Problem('conflict', 'people.import_busy')
  const goesOn = row.state === 'failed' && row.started_at !== null
  if (row.state !== 'checked' && !goesOn) throw new Problem('conflict', 'people.import_check_first')
  if (!hasFile(shelfIn(house, tx), importId)) throw new Problem('gone', 'uploads.file_gone')
  const start = goesOn ? {} : { ...fresh, refused: [], partly: [], progress: 0, started_at: tx.now }
  await updateCustomerImport(tx, importId, { ...start, state: 'running', error: null, finished_at: null })
  await emit(tx, { type: 'customer_import.started', subjectId: importId })
  await askForWork(tx, importId)
}
