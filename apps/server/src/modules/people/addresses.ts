import { emit } from '#platform/events.ts'
import { Problem } from '#platform/problem.ts'
import type { Tx } from '#platform/store.ts'
import { deleteAddress, insertAddress, listOtherAddresses, updateAlso } from './addresses.queries.ts'
import { getCustomer, demandCustomer } from './customers.queries.ts'

const mostAddresses = 20

/**
 * Gives a customer one more address: mail from it is theirs.
 * @throws Problem not_found; conflict `people.address_taken`, `people.too_many_addresses`
 */
export async function addAddress(tx: Tx, id: string, address: string): Promise<void> {
  await demandCustomer(tx, id)
  const known = (await listOtherAddresses(tx, [id])).get(id) ?? []
  if (known.includes(address) || (await getCustomer(tx, id)).email === address) return
  if (known.length >= mostAddresses) throw new Problem('conflict', 'people.too_many_addresses', { most: mostAddresses })
  if (!(await insertAddress(tx, id, address))) {
    const code = 'people.address_taken'
    throw new Problem('conflict', code, {}, [{ field: '/body/address', code }])
  }
  await updateAlso(tx, id)
  await emit(tx, { type: 'customer.changed', subjectId: id, data: { fields: ['addresses'] } })
}

/** Takes one away: whoever writes from it is somebody new. @throws Problem not_found */
export async function removeAddress(tx: Tx, id: string, address: string): Promise<void> {
  await demandCustomer(tx, id)
  if (!(await deleteAddress(tx, id, address))) throw new Problem('not_found', 'platform.not_found')
  await updateAlso(tx, id)
  await emit(tx, { type: 'customer.changed', subjectId: id, data: { fields: ['addresses'] } })
}
