import { sql } from 'kysely'
import type { Db, Tx } from '#platform/store.ts'

export type CustomerSession = { customerId: string; address: string }

export async function insertCustomerSession(
  tx: Tx,
  tokenHash: Buffer,
  { customerId, address, host }: CustomerSession & { host: string },
  expiresAt: Date,
): Promise<void> {
  await sql`
    insert into customer_sessions (workspace_id, token_hash, customer_id, address, host, created_at, expires_at)
    values (${tx.workspaceId}, ${tokenHash}, ${customerId}, ${address}, ${host}, ${tx.now}, ${expiresAt})`.execute(
    tx.kysely,
  )
}

/** Who is signed in, on this host. */
export async function findCustomerSession(
  db: Db,
  tokenHash: Buffer,
  host: string,
): Promise<CustomerSession | undefined> {
  const { rows } = await sql<CustomerSession>`
    select customer_id as "customerId", address from customer_sessions
    where workspace_id = ${db.workspaceId} and token_hash = ${tokenHash} and host = ${host}
      and expires_at > ${db.now}`.execute(db.kysely)
  return rows[0]
}

export async function deleteCustomerSession(tx: Tx, tokenHash: Buffer): Promise<void> {
  await sql`
    delete from customer_sessions where workspace_id = ${tx.workspaceId} and token_hash = ${tokenHash}`.execute(
    tx.kysely,
  )
}

export async function deleteOldCustomerSessions(tx: Tx): Promise<void> {
  await sql`
    delete from customer_sessions where workspace_id = ${tx.workspaceId} and expires_at < ${tx.now}`.execute(tx.kysely)
}
