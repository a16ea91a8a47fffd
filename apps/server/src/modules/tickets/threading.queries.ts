import { sql } from 'kysely'
import type { Db } from '#platform/store.ts'

export type FoundMessage = {
  id: string
  ticketId: string
  messageId: string | null
  isForward: boolean
  customerId: string | null
}

/** Messages by their own ids, whatever the mailbox: a token proves which one it is. */
export async function listMessagesById(db: Db, ids: readonly string[]): Promise<FoundMessage[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<FoundMessage>`
    select id, ticket_id as "ticketId", message_id as "messageId", kind = 'forward' as "isForward",
      customer_id as "customerId" from ticket_messages
    where workspace_id = ${db.workspaceId} and id = any(${ids}::uuid[])`.execute(db.kysely)
  return rows
}

/** Messages of a mailbox's tickets by what stands in Message-ID. */
export async function listMessagesCalled(
  db: Db,
  mailboxId: string,
  messageIds: readonly string[],
): Promise<FoundMessage[]> {
  if (messageIds.length === 0) return []
  const { rows } = await sql<FoundMessage>`
    select m.id, m.ticket_id as "ticketId", m.message_id as "messageId", m.kind = 'forward' as "isForward",
      m.customer_id as "customerId"
    from unnest(${messageIds}::text[]) wanted
    join ticket_messages m on m.workspace_id = ${db.workspaceId} and md5(m.message_id) = md5(wanted)
      and m.message_id = wanted
    join tickets t on t.workspace_id = m.workspace_id and t.id = m.ticket_id
    where t.mailbox_id = ${mailboxId} or t.mailbox_id is null
    order by m.at desc`.execute(db.kysely)
  return rows
}

/** The ticket of a mailbox that has a number. */
export async function findTicketNumbered(db: Db, mailboxId: string, number: number): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`
    select id from tickets where workspace_id = ${db.workspaceId} and number = ${number}
      and (mailbox_id = ${mailboxId} or mailbox_id is null)`.execute(db.kysely)
  return rows[0]?.id
}

/** Whether somebody may continue one of these tickets: by their address, or as the customer whose ticket it is. */
export async function isParticipant(
  db: Db,
  ticketIds: readonly string[],
  who: { address: string; customerIds: readonly string[] },
): Promise<boolean> {
  const { rows } = await sql`
    select 1 from ticket_participants where workspace_id = ${db.workspaceId} and ticket_id = any(${ticketIds}::uuid[])
      and address = ${who.address}
    union all
    select 1 from tickets where workspace_id = ${db.workspaceId} and id = any(${ticketIds}::uuid[])
      and customer_id = any(${who.customerIds}::uuid[])
    limit 1`.execute(db.kysely)
  return rows.length > 0
}

/** That two tickets belong together; twice is once. */
export async function insertLink(db: Db, ticketId: string, otherId: string, kind: string): Promise<void> {
  await sql`
    insert into ticket_links (workspace_id, ticket_id, other_id, kind, at)
    values (${db.workspaceId}, ${ticketId}, ${otherId}, ${kind}, ${db.now})
    on conflict do nothing`.execute(db.kysely)
}

/** Whether somebody takes part in these tickets only because the desk has asked them. */
export async function isOutside(db: Db, ticketIds: readonly string[], address: string): Promise<boolean> {
  const { rows } = await sql<{ is: boolean }>`
    select coalesce(bool_and(outside), false) as is from ticket_participants
    where workspace_id = ${db.workspaceId} and ticket_id = any(${ticketIds}::uuid[]) and address = ${address}`.execute(
    db.kysely,
  )
  return rows[0]!.is
}
