import { emit } from '#platform/events.ts'
import { Problem } from '#platform/problem.ts'
import type { Tx } from '#platform/store.ts'
import { deleteAddress, updateAlso } from './addresses.queries.ts'
import {
  demandCustomer,
  findTakenName,
  getCustomer,
  updateCustomer,
  type CustomerColumns,
} from './customers.queries.ts'
import { changedAttributes } from './people-attributes.ts'

/** What may be changed of a customer; null takes it away, what is left out stays. */
export type CustomerChange = {
  externalId?: string | null
  email?: string | null
  phone?: string | null
  name?: string | null
  language?: string | null
  organisation?: string | null
  timeZone?: string | null
  seesOrganisation?: boolean
  /** What is left out stays, null takes away. */
  attributes?: Record<string, string | null>
}

/** @throws Problem not_found; invalid `people.too_many_attributes`; conflict `people.name_taken` when another customer has the id, the address or the phone */
export async function changeCustomer(tx: Tx, id: string, change: CustomerChange): Promise<void> {
  await demandCustomer(tx, id)
  const { externalId, timeZone, seesOrganisation, attributes, ...same } = change
  const known = attributes && (await getCustomer(tx, id)).attributes
  const columns: CustomerColumns = {
    ...same,
    ...(externalId !== undefined && { external_id: externalId }),
    ...(timeZone !== undefined && { time_zone: timeZone }),
    ...(seesOrganisation !== undefined && { sees_organisation: seesOrganisation }),
    ...(known && { attributes: changedAttributes(known, attributes) }),
  }
  const fields = Object.keys(change).filter((name) => change[name as keyof CustomerChange] !== undefined)
  if (fields.length === 0) return
  const taken = await findTakenName(tx, id, columns)
  if (taken) {
    const code = 'people.name_taken'
    throw new Problem('conflict', 'people.name_taken', {}, [{ field: `/body/${taken}`, code }])
  }
  await updateCustomer(tx, id, columns)
  // One of their other addresses that has become their own.
  if (change.email && (await deleteAddress(tx, id, change.email))) await updateAlso(tx, id)
  await emit(tx, { type: 'customer.changed', subjectId: id, data: { fields } })
}
