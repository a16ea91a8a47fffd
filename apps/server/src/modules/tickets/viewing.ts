import type { Ticket } from '@lahko/contract/tickets'
import { findCustomers } from '#people'
import { Problem } from '#platform/problem.ts'
import type { Db } from '#platform/store.ts'
import { viewBeside } from './beside.ts'
import { requesterOf } from './requester.ts'
import { findTicketLine } from './tickets.queries.ts'
import { memberNames, viewLine } from './tickets.view.ts'

/** One ticket with all that stands beside its conversation. @throws Problem not_found */
export async function viewTicket(db: Db, id: string): Promise<Ticket> {
  const row = await findTicketLine(db, id)
  if (!row) throw new Problem('not_found', 'platform.not_found')
  const names = await memberNames(db)
  const customers = await findCustomers(db, row.customer_id === null ? [] : [row.customer_id])
  const line = viewLine(row, customers, names)
  return {
    ...line,
    language: row.language,
    ...(await viewBeside(db, row, names)),
    touchpointId: row.touchpoint_id,
    replyTo: await requesterOf(db, row, line.customer),
  }
}
