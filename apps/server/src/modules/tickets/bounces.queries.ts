import { sql } from 'kysely'
import type { RefusedRecipient } from '#platform/mail/letters.ts'
import type { Db, Tx } from '#platform/store.ts'
import type { MessageKind } from './ticket-messages.queries.ts'

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

export type Written = { ticketId: string; memberId: string | null; kind: MessageKind }

/** In which ticket a message is, and which member wrote it. */
export async function findWriting(db: Db, id: string): Promise<Written | undefined> {
  const { rows } = await sql<Written>`
    select ticket_id as "ticketId", member_id as "memberId", kind from ticket_messages
    where workspace_id = ${db.workspaceId} and id = ${id}`.execute(db.kysely)
  return rows[0]
}

/** What opened a ticket, as far as somebody from outside did. */
export async function findOpeningMessage(db: Db, ticketId: string): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`
    select id from ticket_messages
    where workspace_id = ${db.workspaceId} and ticket_id = ${ticketId} and kind = 'message'
    order by at, id limit 1`.execute(db.kysely)
  return rows[0]?.id
}
