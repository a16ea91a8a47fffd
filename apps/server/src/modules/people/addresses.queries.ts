import { sql } from 'kysely'
import type { Db, Tx } from '#platform/store.ts'

/** The addresses that customers have besides their own, by their ids. */
export async function listOtherAddresses(db: Db, ids: readonly string[]): Promise<Map<string, string[]>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<{ id: string; addresses: string[] }>`
    select customer_id as id, array_agg(address order by address) as addresses from customer_addresses
    where workspace_id = ${db.workspaceId} and customer_id = any(${ids}::uuid[]) group by 1`.execute(db.kysely)
  return new Map(rows.map(({ id, addresses }) => [id, addresses]))
}

/** Whose address it is, as their own or besides it; who was merged into somebody is that one. */
export async function findCustomerByAddress(db: Db, address: string): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`
    select coalesce(merged_into, id) as id from customers where workspace_id = ${db.workspaceId} and email = ${address}
    union all
    select coalesce(c.merged_into, c.id) from customer_addresses a
    join customers c on c.workspace_id = a.workspace_id and c.id = a.customer_id
    where a.workspace_id = ${db.workspaceId} and a.address = ${address} limit 1`.execute(db.kysely)
  return rows[0]?.id
}

/** @returns false when it is somebody's */
export async function insertAddress(tx: Tx, customerId: string, address: string): Promise<boolean> {
  const { rows } = await sql`
    insert into customer_addresses (workspace_id, address, customer_id, created_at)
    select ${tx.workspaceId}, ${address}, ${customerId}, ${tx.now}
    where not exists (select from customers c where c.workspace_id = ${tx.workspaceId} and c.email = ${address})
    on conflict do nothing returning 1 as done`.execute(tx.kysely)
  return rows.length > 0
}

/** @returns whether it was theirs */
export async function deleteAddress(tx: Tx, customerId: string, address: string): Promise<boolean> {
  const { rows } = await sql`
    delete from customer_addresses where workspace_id = ${tx.workspaceId} and customer_id = ${customerId}
      and address = ${address} returning 1 as done`.execute(tx.kysely)
  return rows.length > 0
}

/** Writes anew by what else a customer is looked for: other addresses, and who was merged into them. */
export async function updateAlso(tx: Tx, id: string): Promise<void> {
  await sql`
    update customers c set also = concat_ws(E'\n',
      (select string_agg(a.address, E'\n' order by a.address) from customer_addresses a
        where a.workspace_id = c.workspace_id and a.customer_id = c.id),
      (select string_agg(concat_ws(E'\n', s.name, s.email, s.external_id, s.phone, nullif(s.also, '')), E'\n' order by s.id)
        from customers s where s.workspace_id = c.workspace_id and s.merged_into = c.id))
    where c.workspace_id = ${tx.workspaceId} and c.id = ${id}`.execute(tx.kysely)
}
