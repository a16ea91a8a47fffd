import type { MailAddress } from '@lahko/contract/tickets'
import { findCustomers } from '#people'
import type { Db } from '#platform/store.ts'
import { findFirstSender } from './replies.queries.ts'
import type { TicketRow } from './tickets.queries.ts'

/** To whom a reply goes: the customer, else whoever wrote first; never whoever happened to write last. */
export async function findRequester(db: Db, { id, customer_id: customerId }: TicketRow): Promise<MailAddress[]> {
  const customer = customerId === null ? undefined : (await findCustomers(db, [customerId])).get(customerId)
  if (customer?.email) return [{ name: customer.name ?? '', address: customer.email }]
  const sender = await findFirstSender(db, id)
  return sender ? [sender] : []
}
