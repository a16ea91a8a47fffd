import type { MailAddress } from '@lahko/contract/tickets'
import { findCustomers } from '#people'
import type { Db } from '#platform/store.ts'
import { listOwnAddresses } from './mailboxes.queries.ts'
import { findFirstSender } from './replies.queries.ts'
import type { TicketRow } from './tickets.queries.ts'

/** To whom a reply goes: the customer, else whoever wrote first; never whoever happened to write last. */
export async function findRequester(db: Db, ticket: TicketRow): Promise<MailAddress[]> {
  const { customer_id: id } = ticket
  return requesterOf(db, ticket, id === null ? undefined : (await findCustomers(db, [id])).get(id))
}

/** The same, when its customer is known. */
export async function requesterOf(
  db: Db,
  { id }: TicketRow,
  customer: { name: string | null; email: string | null } | null | undefined,
): Promise<MailAddress[]> {
  if (customer?.email) return [{ name: customer.name ?? '', address: customer.email }]
  const sender = await findFirstSender(db, id)
  // Anybody can write our own address there: an answer to it would come back to us.
  return sender && !(await listOwnAddresses(db)).has(sender.address) ? [sender] : []
}
