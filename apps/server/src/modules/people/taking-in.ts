import type { CustomerReference } from '@lahko/contract/people'
import type { Tx } from '#platform/store.ts'
import {
  ensureCustomers,
  listCustomersByIds,
  listCustomersNamed,
  lookByIndex,
  overwriteCustomers,
  type CustomerRow,
} from './customers.queries.ts'

/** What became of one row. */
export type Taken = 'new' | 'changed' | 'same'

/**
 * Takes rows of a file in, joined as everywhere: by the external id, else the address, else the phone.
 * @param overwrite replaces what is known by what is given; what names somebody only where nobody else has it
 */
export async function takeCustomersIn(
  tx: Tx,
  given: readonly CustomerReference[],
  overwrite: boolean,
): Promise<Taken[]> {
  await lookByIndex(tx)
  const before = new Map((await listCustomersNamed(tx, given)).map((row) => [row.id, row]))
  const ids = (await ensureCustomers(tx, given)).map((id) => id!)
  if (overwrite) await overwriteCustomers(tx, latestOf(given, ids))
  const after = new Map((await listCustomersByIds(tx, ids)).map((row) => [row.id, row]))
  const seen = new Set<string>()
  return ids.map((id) => {
    if (seen.has(id)) return 'same'
    seen.add(id)
    const known = before.get(id)
    if (!known) return 'new'
    return isSame(known, after.get(id)!) ? 'same' : 'changed'
  })
}

/** Of several rows about one customer the last says what holds; an address or a phone belongs to whom it came first. */
function latestOf(given: readonly CustomerReference[], ids: readonly string[]): (CustomerReference & { id: string })[] {
  const owners = new Map<string, string>()
  const owns = (id: string, name: string | undefined) => {
    if (name === undefined || (owners.get(name) ?? id) !== id) return undefined
    owners.set(name, id)
    return name
  }
  const latest = new Map<string, CustomerReference & { id: string }>()
  given.forEach((one, place) => {
    const id = ids[place]!
    const { email, phone } = { email: owns(id, one.email), phone: owns(id, one.phone) }
    const names = { ...(email && { email }), ...(phone && { phone }) }
    const { email: _, phone: __, ...plain } = one
    latest.set(id, { ...latest.get(id), ...plain, ...names, id })
  })
  return [...latest.values()]
}

function isSame(one: CustomerRow, other: CustomerRow): boolean {
  const fields = ['external_id', 'email', 'phone', 'name', 'language', 'organisation', 'time_zone'] as const
  return fields.every((field) => one[field] === other[field])
}
