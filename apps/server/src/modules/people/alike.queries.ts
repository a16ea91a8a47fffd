import type { customerLikenesses } from '@lahko/contract/people'
import { sql } from 'kysely'
import type { Db, Tx } from '#platform/store.ts'

type Alike = { id: string; why: (typeof customerLikenesses)[number] }

/** Customers who may be the same person as one. @param shared domains where everybody has an address */
export async function listAlike(db: Db, id: string, shared: readonly string[], most: number): Promise<Alike[]> {
  const { rows } = await sql<Alike>`
    select id, why from customers_alike(${id}, ${shared}::text[], ${most})`.execute(db.kysely)
  return rows
}

export async function insertDifference(tx: Tx, id: string, otherId: string): Promise<void> {
  const memberId = tx.actor.kind === 'member' ? tx.actor.memberId : null
  await sql`
    insert into customer_differences (workspace_id, one_id, other_id, member_id, at)
    values (${tx.workspaceId}, least(${id}::uuid, ${otherId}::uuid), greatest(${id}::uuid, ${otherId}::uuid),
      ${memberId}, ${tx.now}) on conflict do nothing`.execute(tx.kysely)
}

export async function deleteDifference(tx: Tx, id: string, otherId: string): Promise<void> {
  await sql`
    delete from customer_differences where workspace_id = ${tx.workspaceId}
      and one_id = least(${id}::uuid, ${otherId}::uuid) and other_id = greatest(${id}::uuid, ${otherId}::uuid)`.execute(
    tx.kysely,
  )
}
