import type { Ticket } from '@lahko/contract/tickets'
import { sql, type RawBuilder } from 'kysely'
import type { Db, Tx } from '#platform/store.ts'

export type TicketAttempt = Ticket['tried'][number]

/** Keeps that a ticket carried an episode, and what had been tried in it. */
export async function insertAttempts(tx: Tx, ticketId: string, attempts: readonly TicketAttempt[]): Promise<void> {
  await sql`update tickets set carried = true where workspace_id = ${tx.workspaceId} and id = ${ticketId}`.execute(
    tx.kysely,
  )
  if (attempts.length === 0) return
  await sql`
    insert into ticket_attempts (workspace_id, ticket_id, place, kind, text, article_id, language)
    select ${tx.workspaceId}, ${ticketId}, place, kind, text, "articleId", language
    from rows from (jsonb_to_recordset(${JSON.stringify(attempts)}::jsonb)
      as (kind text, text text, "articleId" uuid, language text)) with ordinality
      a(kind, text, "articleId", language, place)`.execute(tx.kysely)
}

/** What was tried before some tickets, in its order. @param ticketIds an array of SQL */
export function attemptsBefore(db: Db, ticketIds: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`select kind, text, article_id as "articleId", language from ticket_attempts
    where workspace_id = ${db.workspaceId} and ticket_id = any(${ticketIds})
    order by ticket_id, place limit 100`
}

/** How many tickets began on some local days, and how many of them carried an episode. Spam is none. */
export async function countContacts(
  db: Db,
  { from, to, timeZone }: { from: string; to: string; timeZone: string },
): Promise<{ contacts: number; carried: number }> {
  const { rows } = await sql<{ contacts: number; carried: number }>`
    select count(*) as contacts, count(*) filter (where carried) as carried from tickets
    where workspace_id = ${db.workspaceId} and spam_at is null
      and created_at >= ${from}::date::timestamp at time zone ${timeZone}
      and created_at < (${to}::date + 1)::timestamp at time zone ${timeZone}`.execute(db.kysely)
  return rows[0]!
}
