import type { CustomerReference } from '@lahko/contract/people'
import type { TableRow } from '@lahko/tables'
import { emit } from '#platform/events.ts'
import type { House } from '#platform/house.ts'
import type { Task } from '#platform/jobs.ts'
import { oneAtATime } from '#platform/one-at-a-time.ts'
import { createSeenKeys } from '#platform/seen-keys.ts'
import type { Scope, Tx } from '#platform/store.ts'
import { addRefused, openImport, tableProblem, type RefusedRow, type Said } from '#platform/uploads.ts'
import { createCustomerReader, keyOfCustomer, type ReadCustomer } from './customer-import-rows.ts'
import { askForWork, importTask, isWorkedOn, shelfIn } from './customer-importing.ts'
import {
  getCustomerImport,
  lockCustomerImport,
  updateCustomerImport,
  type CustomerImportRow,
} from './customer-imports.queries.ts'
import { takeCustomersIn, type Taken } from './taking-in.ts'

/** How many rows are one transaction. */
const usuallyAtOnce = 1_000
const mostTries = 5

type Work = { house: House; scope: Scope; row: CustomerImportRow; stopping: AbortSignal; atOnce: number }
type Counts = Pick<
  CustomerImportRow,
  'rows_read' | 'rows_new' | 'rows_changed' | 'rows_same' | 'rows_refused' | 'rows_partly'
>
type Progress = Counts & Pick<CustomerImportRow, 'line' | 'refused' | 'partly'>

export function customerImportTask(house: House): Task {
  return {
    name: importTask,
    async run(scope, { importId }, stopping) {
      const id = String(importId)
      if ((await workOnCustomers(house, scope, id, stopping)) === 'finished') return
      // Somebody else works on it, or this process stops: whoever comes next goes on.
      const later = new Date(house.clock.now().getTime() + 1_000)
      await house.store.write(scope, (tx) => askForWork(tx, id, later))
    },
    giveUp: (tx, { importId }) => fail(tx, String(importId), { code: 'people.import_given_up' }),
  }
}

/** Does what the state of an import asks for, from where it was; one at a time, over all processes. */
export async function workOnCustomers(
  house: House,
  scope: Scope,
  importId: string,
  stopping: AbortSignal,
  atOnce = usuallyAtOnce,
): Promise<'finished' | 'stopped'> {
  const done = await oneAtATime(house.store.pool, `customers ${importId}`, async () => {
    const row = await house.store.read(scope, (db) => getCustomerImport(db, importId))
    if (!isWorkedOn(row)) return 'finished'
    const work = { house, scope, row, stopping, atOnce }
    try {
      return await (row.state === 'checking' ? check(work) : takeIn(work))
    } catch (error) {
      const said = tableProblem(error)
      if (!said) throw error
      await house.store.write(scope, (tx) => fail(tx, importId, said))
      return 'finished'
    }
  })
  return done ?? 'stopped'
}

async function fail(tx: Tx, importId: string, error: Said): Promise<void> {
  const row = await lockCustomerImport(tx, importId)
  if (!isWorkedOn(row)) return
  await updateCustomerImport(tx, importId, { state: 'failed', error, finished_at: tx.now })
  await emit(tx, { type: 'customer_import.failed', subjectId: importId })
}

/** The dry run is the run, and each of its transactions is rolled back. */
async function check(work: Work): Promise<'finished' | 'stopped'> {
  const { house, scope, row } = work
  const seen = createSeenKeys()
  let progress: Progress = {
    line: 0,
    rows_read: 0,
    rows_new: 0,
    rows_changed: 0,
    rows_same: 0,
    rows_refused: 0,
    refused: [],
    rows_partly: 0,
    partly: [],
  }
  const ended = await eachBatch(work, 0, async (rows, line, part) => {
    const given = customersOf(rows)
    const taken = (await rolledBack(work, given)).map((one, place) => {
      const again = seen.add(keyOfCustomer(given[place]!))
      return one === 'new' && again ? 'same' : one
    })
    progress = advanced(progress, rows, taken, line)
    return house.store.write(scope, async (tx) => {
      if ((await lockCustomerImport(tx, row.id)).state !== 'checking') return false
      await updateCustomerImport(tx, row.id, { progress: part })
      return true
    })
  })
  if (!ended) return 'stopped'
  const { line: _, ...found } = progress
  await house.store.write(scope, (tx) => updateCustomerImport(tx, row.id, { ...found, state: 'checked', progress: 1 }))
  return 'finished'
}

class RolledBack extends Error {
  readonly taken: Taken[]
  constructor(taken: Taken[]) {
    super('a dry run keeps nothing')
    this.taken = taken
  }
}

async function rolledBack({ house, scope, row }: Work, given: CustomerReference[]): Promise<Taken[]> {
  try {
    return await again(() =>
      house.store.write(scope, async (tx) => {
        throw new RolledBack(await takeCustomersIn(tx, given, row.overwrite))
      }),
    )
  } catch (error) {
    if (error instanceof RolledBack) return error.taken
    throw error
  }
}

/** Each batch writes its customers and how far it is in one transaction: after a crash nothing is done twice. */
async function takeIn(work: Work): Promise<'finished' | 'stopped'> {
  const { house, scope, row } = work
  const ended = await eachBatch(work, row.line, (rows, line, part) =>
    again(() =>
      house.store.write(scope, async (tx) => {
        const now = await lockCustomerImport(tx, row.id)
        if (now.state !== 'running') return false
        if (now.line >= line) return true
        const taken = await takeCustomersIn(tx, customersOf(rows), row.overwrite)
        await updateCustomerImport(tx, row.id, { ...advanced(now, rows, taken, line), progress: part })
        return true
      }),
    ),
  )
  if (!ended) return 'stopped'
  await house.store.write(scope, async (tx) => {
    const { state, rows_new: added, rows_changed: changed } = await lockCustomerImport(tx, row.id)
    if (state !== 'running') return
    await updateCustomerImport(tx, row.id, { state: 'done', progress: 1, finished_at: tx.now })
    await emit(tx, { type: 'customer_import.finished', subjectId: row.id, data: { added, changed } })
  })
  return 'finished'
}

type OnBatch = (rows: ReadCustomer[], line: number, part: number) => Promise<boolean>

/** Reads on from the line after `from`. @returns false when it was stopped */
async function eachBatch({ house, scope, row, stopping, atOnce }: Work, from: number, onBatch: OnBatch) {
  const read = createCustomerReader(row.mapping ?? {})
  const { table, part } = await openImport(shelfIn(house, scope), row.id)
  for await (const batch of table.rows({ batch: atOnce })) {
    const rows: TableRow[] = batch.filter(({ line }) => line > from)
    if (rows.length === 0) continue
    if (stopping.aborted || !(await onBatch(rows.map(read), rows.at(-1)!.line, part()))) return false
  }
  return true
}

/** Somebody else may name or lock the same customers at the same time: then it is done once more. */
async function again<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      const collided = ['23505', '40P01'].includes((error as { code?: string }).code ?? '')
      if (!collided || attempt >= mostTries) throw error
    }
  }
}

const customersOf = (rows: readonly ReadCustomer[]) =>
  rows.flatMap((row) => (row.kind === 'customer' ? [row.input] : []))

function advanced(before: Progress, rows: readonly ReadCustomer[], taken: readonly Taken[], line: number): Progress {
  const refused: RefusedRow[] = rows.flatMap((row) => (row.kind === 'refused' ? [refusalOf(row)] : []))
  const partly = rows.flatMap((row) => (row.kind === 'customer' && row.without.length > 0 ? [row.without] : []))
  const count = (wanted: Taken) => taken.filter((one) => one === wanted).length
  return {
    line,
    rows_read: before.rows_read + rows.length,
    rows_new: before.rows_new + count('new'),
    rows_changed: before.rows_changed + count('changed'),
    rows_same: before.rows_same + count('same'),
    rows_refused: before.rows_refused + refused.length,
    refused: addRefused(before.refused, refused),
    rows_partly: before.rows_partly + partly.length,
    partly: addRefused(before.partly, partly.flat()),
  }
}

function refusalOf({ line, value, code, args }: RefusedRow): RefusedRow {
  return { line, value, code, args }
}
