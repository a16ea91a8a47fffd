import { sql } from 'kysely'
import type { Db, Tx } from '#platform/store.ts'

/** Of two with the same token, the second waits for the first. */
export async function lockForm(tx: Tx, tokenHash: Buffer): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`form ${tokenHash.toString('hex')}`}, 0))`.execute(
    tx.kysely,
  )
}

export type SentFormRow = { ticketId: string; number: number; address: string }

/** What became of a form that was sent. */
export async function findSentForm(db: Db, tokenHash: Buffer): Promise<SentFormRow | undefined> {
  const { rows } = await sql<SentFormRow>`
    select s.ticket_id as "ticketId", t.number, coalesce((
      select m.from_address from ticket_messages m where m.workspace_id = s.workspace_id and m.ticket_id = s.ticket_id
      order by m.at, m.id limit 1), '') as address
    from sent_forms s join tickets t on t.workspace_id = s.workspace_id and t.id = s.ticket_id
    where s.workspace_id = ${db.workspaceId} and s.token_hash = ${tokenHash}`.execute(db.kysely)
  return rows[0]
}

export async function insertSentForm(tx: Tx, tokenHash: Buffer, ticketId: string): Promise<void> {
  await sql`
    insert into sent_forms (workspace_id, token_hash, ticket_id, at)
    values (${tx.workspaceId}, ${tokenHash}, ${ticketId}, ${tx.now})`.execute(tx.kysely)
}

export async function deleteOldForms(tx: Tx, before: Date): Promise<void> {
  await sql`delete from sent_forms where workspace_id = ${tx.workspaceId} and at < ${before}`.execute(tx.kysely)
}
