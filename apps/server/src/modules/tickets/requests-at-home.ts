import type { FastifyRequest } from 'fastify'
import type { Db } from '#platform/store.ts'
import { signedInBy } from './customer-sessions.ts'
import { listRequestsOf } from './own-requests.queries.ts'
import { asSent, viewerOf } from './own-requests.ts'
import type { TicketRow } from './tickets.queries.ts'

/** A request as the home of the portal shows it. */
export type RequestAtHome = Pick<TicketRow, 'number' | 'subject' | 'status'> & { changedAt: Date }

export type RequestsAtHome = {
  /** Not solved: first those in which it is the customer's turn. */
  open: readonly RequestAtHome[]
  /** Within the last 30 days, the latest first. */
  solved: readonly RequestAtHome[]
  /** Whether more are open. */
  more: boolean
}

const openStatuses = ['new', 'open', 'waiting', 'on_hold']
const overStatuses = ['solved', 'closed']
const most = { read: 30, open: 5, solved: 3 }
const solvedForMs = 30 * 86_400_000

/** What whoever is signed in has asked; undefined for anybody else. */
export async function readRequestsAtHome(db: Db, request: FastifyRequest): Promise<RequestsAtHome | undefined> {
  const customer = await signedInBy(db, request)
  const viewer = customer && (await viewerOf(db, customer))
  if (!viewer) return undefined
  const listed = (statuses: readonly string[]) => listRequestsOf(db, viewer.own, { limit: most.read, statuses })
  const rows = await asSent(db, [...(await listed(openStatuses)), ...(await listed(overStatuses))])
  const isOpen = ({ status }: TicketRow) => openStatuses.includes(status)
  const open = rows.filter(isOpen).toSorted((a, b) => turn(a) - turn(b) || changedAt(b) - changedAt(a))
  const since = db.now.getTime() - solvedForMs
  const solved = rows
    .filter((row) => !isOpen(row) && solvedAt(row) >= since)
    .toSorted((a, b) => solvedAt(b) - solvedAt(a))
  return {
    open: open.slice(0, most.open).map((row) => shown(row, row.updated_at)),
    solved: solved.slice(0, most.solved).map((row) => shown(row, new Date(solvedAt(row)))),
    more: open.length > most.open,
  }
}

const turn = ({ status }: TicketRow) => (status === 'waiting' ? 0 : 1)
const changedAt = ({ updated_at: at }: TicketRow) => at.getTime()
const solvedAt = ({ solved_at: at, updated_at: changed }: TicketRow) => (at ?? changed).getTime()

function shown({ number, subject, status }: TicketRow, at: Date): RequestAtHome {
  return { number, subject, status, changedAt: at }
}
