import type { AlikeCustomer } from '@lahko/contract/people'
import { Problem } from '#platform/problem.ts'
import type { Db, Tx } from '#platform/store.ts'
import { deleteDifference, insertDifference, listAlike } from './alike.queries.ts'
import { getCustomer, listCustomersByIds } from './customers.queries.ts'
import { viewCustomers } from './customers.view.ts'
import { customerGroup } from './merging.queries.ts'
import { sharedDomains } from './shared-domains.ts'

const mostShown = 10

/** Who might be the same person as a customer, with what says so. @throws Problem not_found */
export async function viewAlike(db: Db, id: string): Promise<AlikeCustomer[]> {
  await getCustomer(db, id)
  const [root = id] = await customerGroup(db, id)
  const found = await listAlike(db, root, sharedDomains, mostShown)
  const ids = found.map((one) => one.id)
  const customers = await viewCustomers(db, await listCustomersByIds(db, ids))
  return found.map(({ id: otherId, why }) => ({ customer: customers.find((one) => one.id === otherId)!, why }))
}

/**
 * Says that two customers are two persons, and no more asked about; or takes that back. Doing it twice is doing it once.
 * @throws Problem not_found; conflict `people.same_customer`
 */
export async function setDifferent(tx: Tx, id: string, otherId: string, different: boolean): Promise<void> {
  await getCustomer(tx, id)
  await getCustomer(tx, otherId)
  if (id === otherId) throw new Problem('conflict', 'people.same_customer')
  await (different ? insertDifference(tx, id, otherId) : deleteDifference(tx, id, otherId))
}
