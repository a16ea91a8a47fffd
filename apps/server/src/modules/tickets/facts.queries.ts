import type { TicketStatus } from '@lahko/contract/tickets'
import { sql } from 'kysely'
import { firstIdAt } from '#platform/identifiers.ts'
import type { Db } from '#platform/store.ts'

export type FactRow = {
  id: string
  ticket_id: string
  type: string
  at: Date
  actor_kind: 'member' | 'customer' | 'key' | 'system'
  actor_id: string | null
  data: Record<string, unknown>
}

/**
 * Whether a fact about a status, of a table that is called `e`, still holds: the message that has brought it is in the
 * ticket, and the merge that has stands.
 */
export const stillHolds = sql.raw(`(e.data ->> 'messageId' is null or exists (select from ticket_messages h
    where h.workspace_id = e.workspace_id and h.id = (e.data ->> 'messageId')::uuid and h.ticket_id = e.subject_id))
  and (e.data ->> 'sourceId' is null or exists (select from ticket_merges h
    where h.workspace_id = e.workspace_id and h.source_id = (e.data ->> 'sourceId')::uuid
      and h.at = (e.data ->> 'mergedAt')::timestamptz))`)

/** What happened to tickets besides messages, newest first, from before a moment. */
export async function listFacts(
  db: Db,
  ticketIds: readonly string[],
  { before, limit }: { before?: { at: string; id: string }; limit: number },
): Promise<FactRow[]> {
  const { rows } = await sql<FactRow>`
    select e.id, e.subject_id as ticket_id, e.type, e.at, e.actor_kind, e.actor_id, e.data from events e
    where e.workspace_id = ${db.workspaceId} and e.subject_id = any(${ticketIds}::uuid[])
      and e.type >= 'ticket.' and e.type < 'ticket/' and e.type <> 'ticket.message'
      ${before ? sql`and (e.at, e.id) < (${before.at}, ${before.id})` : sql``}
    order by e.at desc, e.id desc limit ${limit}`.execute(db.kysely)
  return rows
}

/** What somebody or time has done to a ticket; `messageId` alone: that message was over before it came. */
export type Doing = {
  at: Date
  data: {
    to?: TicketStatus
    /** When it was solved, if it was. */
    since?: string
    noAnswer?: true
    solvedAt?: string
    until?: string
    messageId?: string
  }
}

/** What was done since a moment: messages and merges tell their own part. */
export async function listDoings(db: Db, ticketId: string, since: Date): Promise<Doing[]> {
  const { rows } = await sql<Doing>`
    select e.at, case e.type when 'ticket.message' then e.data - 'kind' - 'past' - 'mentions' else e.data end as data
    from events e
    where e.workspace_id = ${db.workspaceId} and e.subject_id = ${ticketId} and e.type >= 'ticket.' and e.type < 'ticket/'
      and (e.type = 'ticket.message' and e.data -> 'past' = 'true' or e.type in ('ticket.snoozed', 'ticket.woken')
        or e.type = 'ticket.status' and not e.data ?| '{messageId,sourceId}')
      and e.id >= ${firstIdAt(since.getTime() + 1)}
    order by e.id limit 5000`.execute(db.kysely)
  return rows
}

/** The status that a ticket had before a message gave it another; undefined when it did not. */
export async function findStatusBefore(db: Db, ticketId: string, messageId: string): Promise<TicketStatus | undefined> {
  const { rows } = await sql<{ status: TicketStatus }>`
    select e.data ->> 'from' as status from events e
    where e.workspace_id = ${db.workspaceId} and e.subject_id = ${ticketId} and e.type >= 'ticket.' and e.type < 'ticket/'
      and e.type = 'ticket.status' and e.data ->> 'messageId' = ${messageId}
    order by e.id limit 1`.execute(db.kysely)
  return rows[0]?.status
}
