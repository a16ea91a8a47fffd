import { sql } from 'kysely'
import type { Db, Tx } from '#platform/store.ts'

/** A link by mail to one's own requests. */
export type CustomerLink = { address: string; ticketId: string | null }

export async function insertLink(
  tx: Tx,
  tokenHash: Buffer,
  { address, ticketId }: CustomerLink,
  expiresAt: Date,
): Promise<void> {
  await sql`
    insert into customer_links (workspace_id, token_hash, address, ticket_id, expires_at)
    values (${tx.workspaceId}, ${tokenHash}, ${address}, ${ticketId}, ${expiresAt})`.execute(tx.kysely)
}

/** How many unused links that end by then are in somebody's mail box. */
export async function countLinks(db: Db, address: string, until: Date): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::integer as count from customer_links
    where workspace_id = ${db.workspaceId} and address = ${address} and expires_at > ${db.now} and expires_at <= ${until}`.execute(
    db.kysely,
  )
  return rows[0]!.count
}

/** Whose link it is, without using it. */
export async function peekLink(db: Db, tokenHash: Buffer): Promise<CustomerLink | undefined> {
  const { rows } = await sql<CustomerLink>`
    select address, ticket_id as "ticketId" from customer_links
    where workspace_id = ${db.workspaceId} and token_hash = ${tokenHash} and expires_at > ${db.now}`.execute(db.kysely)
  return rows[0]
}

/** Uses a link up: of two at once, one gets it. */
export async function takeLink(tx: Tx, tokenHash: Buffer): Promise<CustomerLink | undefined> {
  const { rows } = await sql<CustomerLink>`
    delete from customer_links
    where workspace_id = ${tx.workspaceId} and token_hash = ${tokenHash} and expires_at > ${tx.now}
    returning address, ticket_id as "ticketId"`.execute(tx.kysely)
  return rows[0]
}

export async function deleteOldLinks(tx: Tx): Promise<void> {
  await sql`
    delete from customer_links where workspace_id = ${tx.workspaceId} and expires_at < ${tx.now}`.execute(tx.kysely)
}
