import type { Ticket } from '@lahko/contract/tickets'
import { findCustomers } from '#people'
import { Problem } from '#platform/problem.ts'
import type { Db } from '#platform/store.ts'
import { viewBeside } from './beside.ts'
import { listEarlierTouchpoints } from './earlier-touchpoints.ts'
import { requesterOf } from './requester.ts'
import { findTicketLine } from './tickets.queries.ts'
import { memberNames, viewLine } from './tickets.view.ts'

/** One ticket with all that stands beside its conversation. @throws Problem not_found */
export async function viewTicket(db: Db, id: string): Promise<Ticket> {
  const row = await findTicketLine(db, id)
  if (!row) throw new Problem('not_found', 'platform.not_found')
  const names = await memberNames(db)
  const { round, otherCustomerIds, ...beside } = await viewBeside(db, row, names)
  const customers = await findCustomers(db, [...(row.customer_id ? [row.customer_id] : []), ...otherCustomerIds])
  const line = viewLine(row, customers, names)
  const replyTo = await requesterOf(db, row, line.customer)
  const others = otherCustomerIds.flatMap((one) => {
    const { name, email: address } = customers.get(one) ?? {}
    return address ? [{ name: name ?? '', address }] : []
  })
  return {
    ...line,
    language: row.language,
    ...beside,
    touchpointId: row.touchpoint_id,
    earlierTouchpointIds: await listEarlierTouchpoints(db, row, round),
    replyTo,
    alsoAsked: others.filter(({ address }) => !replyTo.some((one) => one.address === address)),
  }
}
