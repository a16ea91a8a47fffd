import type { Customer } from '@lahko/contract/people'
import type { CustomerRow } from './customers.queries.ts'

/** A customer as members read them. */
export function viewCustomer(row: CustomerRow): Customer {
  return {
    id: row.id,
    externalId: row.external_id,
    name: row.name,
    email: row.email,
    phone: row.phone,
    language: row.language,
    organisation: row.organisation,
    timeZone: row.time_zone,
    createdAt: row.created_at.toISOString(),
  }
}
