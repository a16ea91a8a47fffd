import type { MailAddress } from '@lahko/contract/tickets'
import { customerGroup, findCustomerByAddress } from '#people'
import type { Db } from '#platform/store.ts'
import type { EarlierMessage } from './replies.queries.ts'

/**
 * Of earlier messages those that each of these people has written or got. A ticket is one conversation for the desk
 * only: the supplier whom it asks is not to read the customer, nor the customer the supplier.
 */
export async function knownToAll(
  db: Db,
  messages: readonly EarlierMessage[],
  people: readonly MailAddress[],
): Promise<EarlierMessage[]> {
  let known = [...messages]
  for (const address of new Set(people.map((one) => one.address.toLowerCase()))) {
    if (known.length === 0) break
    // Who has several addresses has written from another one, perhaps.
    const customerId = await findCustomerByAddress(db, address)
    const person = customerId === undefined ? [] : await customerGroup(db, customerId)
    known = known.filter((message) => knows(message, address, person))
  }
  return known
}

function knows(message: EarlierMessage, address: string, person: readonly string[]): boolean {
  if (message.from_address === address) return true
  if (message.customer_id !== null && person.includes(message.customer_id)) return true
  const readers = [...message.recipients, ...message.copies, ...message.blind_copies]
  return readers.some((one) => one.address.toLowerCase() === address)
}
