import type { Ticket, TicketStatus } from '@lahko/contract/tickets'
import { sql } from 'kysely'
import type { Db, Tx } from '#platform/store.ts'
import type { TicketRow } from './tickets.queries.ts'

const most = 50

export async function listFollowers(db: Db, ticketId: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select member_id as id from ticket_followers
    where workspace_id = ${db.workspaceId} and ticket_id = ${ticketId} order by member_id limit 1000`.execute(db.kysely)
  return rows.map(({ id }) => id)
}

export async function insertFollower(tx: Tx, ticketId: string, memberId: string): Promise<void> {
  await sql`insert into ticket_followers (workspace_id, ticket_id, member_id)
    values (${tx.workspaceId}, ${ticketId}, ${memberId}) on conflict do nothing`.execute(tx.kysely)
}

export async function deleteFollower(tx: Tx, ticketId: string, memberId: string): Promise<void> {
  await sql`delete from ticket_followers where workspace_id = ${tx.workspaceId} and ticket_id = ${ticketId}
    and member_id = ${memberId}`.execute(tx.kysely)
}

export type ReaderRow = { memberId: string; writes: boolean }

/** Who has a ticket open now. */
export async function listReaders(db: Db, ticketId: string): Promise<ReaderRow[]> {
  const { rows } = await sql<ReaderRow>`
    select member_id as "memberId", writes from ticket_readers
    where workspace_id = ${db.workspaceId} and ticket_id = ${ticketId} and until > ${db.now}
    order by member_id limit ${most}`.execute(db.kysely)
  return rows
}

/** @returns whether others see anything new in it */
export async function upsertReader(
  tx: Tx,
  { ticketId, memberId, writes, until }: { ticketId: string; memberId: string; writes: boolean; until: Date },
): Promise<boolean> {
  const { rows } = await sql<{ news: boolean }>`
    with before as (
      select writes from ticket_readers where workspace_id = ${tx.workspaceId} and ticket_id = ${ticketId}
        and member_id = ${memberId} and until > ${tx.now}
    ), written as (
      insert into ticket_readers (workspace_id, ticket_id, member_id, writes, until)
      values (${tx.workspaceId}, ${ticketId}, ${memberId}, ${writes}, ${until})
      on conflict (workspace_id, ticket_id, member_id) do update set writes = excluded.writes, until = excluded.until
    ) select not exists (select from before where writes = ${writes}) as news`.execute(tx.kysely)
  return rows[0]!.news
}

/** @returns whether the member had it open */
export async function deleteReader(tx: Tx, ticketId: string, memberId: string): Promise<boolean> {
  const { numAffectedRows } = await sql`delete from ticket_readers where workspace_id = ${tx.workspaceId}
    and ticket_id = ${ticketId} and member_id = ${memberId}`.execute(tx.kysely)
  return numAffectedRows === 1n
}

/** @returns the tickets that somebody has left without saying so */
export async function deleteOldReaders(tx: Tx): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    delete from ticket_readers where workspace_id = ${tx.workspaceId} and until <= ${tx.now}
    returning ticket_id as id`.execute(tx.kysely)
  return rows.map(({ id }) => id)
}

/** Tickets that are linked with one, from either side. */
export async function listLinks(db: Db, ticketId: string): Promise<Ticket['links']> {
  const { rows } = await sql<Ticket['links'][number]>`
    select t.id, t.number, t.subject, t.status, l.kind from (
      select other_id as id, kind, at from ticket_links
      where workspace_id = ${db.workspaceId} and ticket_id = ${ticketId}
      union all
      select ticket_id, kind, at from ticket_links
      where workspace_id = ${db.workspaceId} and other_id = ${ticketId}
    ) l join tickets t on t.workspace_id = ${db.workspaceId} and t.id = l.id
    order by l.at, t.id limit ${most}`.execute(db.kysely)
  return rows
}

export type Alike = { id: string; number: number; subject: string; status: TicketStatus; updated_at: Date }
const mostAlike = 10

/**
 * Tickets of the same customer that were open, or solved less than an hour before, when this one came; and those for
 * which this one was, as long as they are unsolved.
 */
export async function listProbablySame(db: Db, row: TicketRow): Promise<Alike[]> {
  if (!row.customer_id) return []
  const { rows } = await sql<Alike>`
    select t.id, t.number, t.subject, t.status, t.updated_at from tickets t
    where t.workspace_id = ${db.workspaceId} and t.customer_id = ${row.customer_id} and t.id <> ${row.id}
      and t.shelf <> 'spam' and case when (t.created_at, t.id) < (${row.created_at}, ${row.id}::uuid)
        then t.shelf = 'unsolved' or t.solved_at > ${row.created_at}::timestamptz - interval '1 hour'
        else t.shelf = 'unsolved' and coalesce(${row.solved_at}::timestamptz, 'infinity') > t.created_at - interval '1 hour'
        end
      and not exists (select from ticket_merges m where m.workspace_id = t.workspace_id
        and m.source_id in (t.id, ${row.id}))
    order by t.updated_at desc, t.id desc limit ${mostAlike}`.execute(db.kysely)
  return rows
}
