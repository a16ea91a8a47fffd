import { sql } from 'kysely'
import type { RefusedRecipient } from '#platform/mail/letters.ts'
import type { Db, Tx } from '#platform/store.ts'

/** The last word about an address counts. @returns whether it says something new */
export async function upsertBounce(
  tx: Tx,
  messageId: string,
  { address, status, says }: RefusedRecipient,
): Promise<boolean> {
  const { rows } = await sql`
    insert into ticket_bounces as b (workspace_id, message_id, address, status, says, at)
    select ${tx.workspaceId}, m.id, ${address.toLowerCase()}, ${status}, ${says}, ${tx.now} from ticket_messages m
      where m.workspace_id = ${tx.workspaceId} and m.id = ${messageId}
    on conflict (workspace_id, message_id, address) do update set status = excluded.status, says = excluded.says
      where (b.status, b.says) is distinct from (excluded.status, excluded.says)
    returning 1`.execute(tx.kysely)
  return rows.length > 0
}

/** It is tried again: what was said before counts no more. */
export async function deleteBounces(tx: Tx, messageId: string): Promise<void> {
  await sql`delete from ticket_bounces where workspace_id = ${tx.workspaceId} and message_id = ${messageId}`.execute(
    tx.kysely,
  )
}

/** In which ticket a message is, and which member wrote it. */
export async function findWriting(
  db: Db,
  id: string,
): Promise<{ ticketId: string; memberId: string | null } | undefined> {
  const { rows } = await sql<{ ticketId: string; memberId: string | null }>`
    select ticket_id as "ticketId", member_id as "memberId" from ticket_messages
    where workspace_id = ${db.workspaceId} and id = ${id}`.execute(db.kysely)
  return rows[0]
}
