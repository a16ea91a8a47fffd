import type { Customer } from '@lahko/contract/people'
import type { Db } from '#platform/store.ts'
import { listOtherAddresses } from './addresses.queries.ts'
import type { CustomerRow } from './customers.queries.ts'

/** Customers as members read them. */
export async function viewCustomers(db: Db, rows: readonly CustomerRow[]): Promise<Customer[]> {
  const addresses = await listOtherAddresses(
    db,
    rows.map(({ id }) => id),
  )
  return rows.map((row) => ({
    id: row.id,
    externalId: row.external_id,
    name: row.name,
    email: row.email,
    addresses: addresses.get(row.id) ?? [],
    phone: row.phone,
    language: row.language,
    organisation: row.organisation,
    organisationId: row.organisation_id,
    attributes: row.attributes,
    seesOrganisation: row.sees_organisation,
    timeZone: row.time_zone,
    createdAt: row.created_at.toISOString(),
  }))
}

/** One of them. */
export async function viewCustomer(db: Db, row: CustomerRow): Promise<Customer> {
  return (await viewCustomers(db, [row]))[0]!
}
