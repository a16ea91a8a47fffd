import type { DueKind } from '#platform/due.ts'
import type { House } from '#platform/house.ts'
import type { Task } from '#platform/jobs.ts'
import type { Tx } from '#platform/store.ts'
import { changeTickets, keepChanges } from './changing.ts'
import { listUnsolvedOf, lockAwake, lockSolvedBefore } from './changing.queries.ts'
import { tellOfWoken } from './telling-woken.ts'
import type { TicketRow } from './tickets.queries.ts'

const atOnce = 100
/** So long a solved ticket waits for a word that opens it again. */
export const closedAfterMs = 28 * 86_400_000
export const leaverTask = 'free_tickets_of_leaver'

/** What time does to tickets: those that sleep wake up, those that are solved are closed after four weeks. */
export function timePassing(house: House): DueKind[] {
  const { store } = house
  return [
    { name: 'snoozes', work: (scope) => store.write(scope, (tx) => wakeSome(house, tx)) },
    { name: 'closings', work: (scope) => store.write(scope, closeSome) },
  ]
}

/** A member who leaves leaves their unsolved tickets to whoever takes them. */
export function leaverTasks({ store }: House): Task[] {
  return [
    {
      name: leaverTask,
      async run(scope, { subjectId }, stopping) {
        const some = (tx: Tx) => freeSome(tx, subjectId as string)
        while (!stopping.aborted && (await store.write(scope, some))) continue
      },
    },
  ]
}

async function wakeSome(house: House, tx: Tx): Promise<boolean> {
  const rows = await lockAwake(tx, atOnce)
  await keepChanges(
    tx,
    rows.map((row) => stepTo(row, { snoozed_until: null, updated_at: tx.now })),
  )
  await tellOfWoken(house, tx, rows)
  return rows.length > 0
}

async function closeSome(tx: Tx): Promise<boolean> {
  const rows = await lockSolvedBefore(tx, new Date(tx.now.getTime() - closedAfterMs), atOnce)
  await keepChanges(
    tx,
    rows.map((row) => stepTo(row, { status: 'closed' })),
  )
  return rows.length > 0
}

async function freeSome(tx: Tx, memberId: string): Promise<boolean> {
  const ids = await listUnsolvedOf(tx, memberId, atOnce)
  const { undo } = await changeTickets(
    tx,
    ids.map((id) => ({ id, ownerId: null })),
  )
  return undo.length === atOnce
}

function stepTo(row: TicketRow, change: Partial<TicketRow>) {
  return { before: { row, tags: [] }, after: { row: { ...row, ...change }, tags: [] } }
}
