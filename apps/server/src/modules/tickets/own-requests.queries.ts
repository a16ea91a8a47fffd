import { sql } from 'kysely'
import type { Db } from '#platform/store.ts'
import type { MessageRow } from './ticket-messages.queries.ts'
import { ticketColumns, type TicketRow } from './tickets.queries.ts'

/** A page of what these customers asked, what happened last first; what was merged into another of theirs is not one. */
export async function listRequestsOf(
  db: Db,
  customerIds: readonly string[],
  { before, limit, statuses }: { before?: { at: string; id: string }; limit: number; statuses?: readonly string[] },
): Promise<(TicketRow & { key: string })[]> {
  const { rows } = await sql<TicketRow & { key: string }>`
    select ${ticketColumns}, t.updated_at::text as key from tickets t
    where t.workspace_id = ${db.workspaceId} and t.customer_id = any(${customerIds}::uuid[])
      and not exists (
        select from ticket_merges m join tickets o on o.workspace_id = m.workspace_id and o.id = m.target_id
        where m.workspace_id = t.workspace_id and m.source_id = t.id and o.customer_id = any(${customerIds}::uuid[]))
      ${before ? sql`and (t.updated_at, t.id) < (${before.at}::timestamptz, ${before.id}::uuid)` : sql``}
      ${statuses ? sql`and t.status = any(${statuses}::text[])` : sql``}
    order by t.updated_at desc, t.id desc limit ${limit}`.execute(db.kysely)
  return rows
}

/** Somebody who has something open and something solved lately, first whose turn it is in their language. */
export async function findExampleCustomer(
  db: Db,
  { language, solvedSince }: { language: string; solvedSince: Date },
): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`
    select t.customer_id as id from tickets t
    where t.workspace_id = ${db.workspaceId} and t.shelf = 'unsolved' and exists (
      select from tickets o where o.workspace_id = t.workspace_id and o.customer_id = t.customer_id
        and o.status = 'solved' and o.solved_at > ${solvedSince})
    order by (t.language = ${language}) desc, (t.status = 'waiting') desc, t.id limit 1`.execute(db.kysely)
  return rows[0]?.id
}

/** How tickets stood before answers that have not left yet, by their ids, and how they stand with them. */
export async function listUnsentTurns(
  db: Db,
  ids: readonly string[],
): Promise<Map<string, { before: TicketRow['status']; after: TicketRow['status'] }>> {
  const { rows } = await sql<{ id: string; before: TicketRow['status']; after: TicketRow['status'] }>`
    select m.ticket_id as id, (array_agg(m.undo #>> '{before,status}' order by m.id))[1] as before,
      (array_agg(m.undo #>> '{after,status}' order by m.id desc))[1] as after
    from ticket_messages m
    where m.workspace_id = ${db.workspaceId} and m.ticket_id = any(${ids}::uuid[]) and m.kind = 'reply'
      and m.send_at > ${db.now} and m.undo is not null group by 1`.execute(db.kysely)
  return new Map(rows.map(({ id, ...turn }) => [id, turn]))
}

/** What these customers asked by its number; undefined when it is nobody's of them. */
export async function findRequestOf(
  db: Db,
  number: number,
  customerIds: readonly string[],
): Promise<TicketRow | undefined> {
  const { rows } = await sql<TicketRow>`
    select ${ticketColumns} from tickets t
    where t.workspace_id = ${db.workspaceId} and t.number = ${number} and t.customer_id = any(${customerIds}::uuid[])`.execute(
    db.kysely,
  )
  return rows[0]
}

/** Of these tickets, those that these customers asked. */
export async function listRequestIdsOf(
  db: Db,
  ids: readonly string[],
  customerIds: readonly string[],
): Promise<string[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<{ id: string }>`
    select id from tickets where workspace_id = ${db.workspaceId} and id = any(${ids}::uuid[])
      and customer_id = any(${customerIds}::uuid[])`.execute(db.kysely)
  return rows.map(({ id }) => id)
}

/** Who may read what: messages of these customers, and what went to these addresses. */
export type Readers = { customerIds: readonly string[]; addresses: readonly string[] }

/**
 * What a customer may read of tickets: never a note, nothing that passes between the desk and somebody else, never what has not left yet, never what was written to others
 * alone. What was written on this page is for all who may see it.
 */
const readable = (db: Db, { customerIds, addresses }: Readers) => sql`m.kind in ('message', 'reply') and not m.outside
  and (m.send_at is null or m.send_at <= ${db.now})
  and (m.kind = 'message' and (m.channel = 'portal' or m.customer_id = any(${customerIds}::uuid[]))
    or m.kind = 'reply' and m.recipients = '[]' and m.copies = '[]'
    or exists (select from jsonb_array_elements(m.recipients || m.copies) r
      where lower(r->>'address') = any(${addresses}::text[])))`

export type SaidRow = Pick<
  MessageRow,
  'id' | 'ticket_id' | 'kind' | 'member_id' | 'customer_id' | 'from_name' | 'from_address' | 'text' | 'automatic' | 'at'
>

/** Newest first, from before a moment. */
export async function listSaid(
  db: Db,
  ticketIds: readonly string[],
  readers: Readers,
  { before, limit }: { before?: { at: string; id: string }; limit: number },
): Promise<SaidRow[]> {
  const { rows } = await sql<SaidRow>`
    select m.id, m.ticket_id, m.kind, m.member_id, m.customer_id, m.from_name, m.from_address, m.text, m.automatic, m.at
    from ticket_messages m
    where m.workspace_id = ${db.workspaceId} and m.ticket_id = any(${ticketIds}::uuid[]) and ${readable(db, readers)}
      ${before ? sql`and (m.at, m.id) < (${before.at}::timestamptz, ${before.id}::uuid)` : sql``}
    order by m.at desc, m.id desc limit ${limit}`.execute(db.kysely)
  return rows
}

export type ReadableFile = { name: string; media_type: string; content: Buffer }

/** A file of a message that these may read. */
export async function findReadableFile(
  db: Db,
  fileId: string,
  ticketIds: readonly string[],
  readers: Readers,
): Promise<ReadableFile | undefined> {
  const { rows } = await sql<ReadableFile>`
    select f.name, f.media_type, f.content from files f
    where f.workspace_id = ${db.workspaceId} and f.id = ${fileId} and exists (
      select from ticket_attachments a
      join ticket_messages m on m.workspace_id = a.workspace_id and m.id = a.message_id
      where a.workspace_id = f.workspace_id and a.file_id = f.id and m.ticket_id = any(${ticketIds}::uuid[])
        and ${readable(db, readers)})`.execute(db.kysely)
  return rows[0]
}
