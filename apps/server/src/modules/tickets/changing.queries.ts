import { sql } from 'kysely'
import type { Db, Tx } from '#platform/store.ts'
import { stillHolds } from './facts.queries.ts'
import { ticketColumns, type TicketRow } from './tickets.queries.ts'

/** Those of these tickets that are there, in the order of their ids; nobody else changes them meanwhile. */
export async function lockTickets(tx: Tx, ids: readonly string[]): Promise<TicketRow[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<TicketRow>`
    select ${ticketColumns} from tickets t where t.workspace_id = ${tx.workspaceId} and t.id = any(${ids}::uuid[])
    order by t.id for update`.execute(tx.kysely)
  return rows
}

/** Writes locked tickets as they are now, as far as members change them. */
export async function updateTickets(tx: Tx, rows: readonly TicketRow[]): Promise<void> {
  if (rows.length === 0) return
  await sql`
    update tickets t set subject = r.subject, status = r.status, priority = r.priority, owner_id = r.owner_id,
      topic = r.topic, language = r.language, customer_id = r.customer_id, snoozed_until = r.snoozed_until, waiting_since = r.waiting_since,
      solved_at = r.solved_at, spam_at = r.spam_at, updated_at = r.updated_at
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) r(id uuid, subject text, status text, priority smallint,
      owner_id uuid, topic text, language text, customer_id uuid, snoozed_until timestamptz, waiting_since timestamptz,
      solved_at timestamptz, spam_at timestamptz, updated_at timestamptz)
    where t.workspace_id = ${tx.workspaceId} and t.id = r.id`.execute(tx.kysely)
}

type TagOf = { ticketId: string; tag: string }

export async function insertTags(tx: Tx, given: readonly TagOf[]): Promise<void> {
  if (given.length === 0) return
  await sql`
    insert into ticket_tags (workspace_id, ticket_id, tag)
    select ${tx.workspaceId}, g.ticket_id, g.tag from unnest(${given.map(({ ticketId }) => ticketId)}::uuid[],
      ${given.map(({ tag }) => tag)}::text[]) g(ticket_id, tag) on conflict do nothing`.execute(tx.kysely)
}

export async function deleteTags(tx: Tx, given: readonly TagOf[]): Promise<void> {
  if (given.length === 0) return
  await sql`
    delete from ticket_tags g using unnest(${given.map(({ ticketId }) => ticketId)}::uuid[],
      ${given.map(({ tag }) => tag)}::text[]) d(ticket_id, tag)
    where g.workspace_id = ${tx.workspaceId} and g.ticket_id = d.ticket_id and g.tag = d.tag`.execute(tx.kysely)
}

/**
 * When the first message came that nobody has answered, of each ticket that has one. What was solved more than a week
 * ago, or before it came here, is over; mere thanks count for whoever opens what they have left solved.
 * @param from what came earlier is over too
 */
export async function listUnanswered(db: Db, ids: readonly string[], from?: Date): Promise<Map<string, Date>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<{ id: string; at: Date }>`
    select m.ticket_id as id, min(m.at) as at from ticket_messages m
    join tickets t on t.workspace_id = m.workspace_id and t.id = m.ticket_id
    where m.workspace_id = ${db.workspaceId} and m.ticket_id = any(${ids}::uuid[]) and m.kind = 'message'
      and not m.automatic and (t.solved_at is not null or not m.banners @> '{thanks}')
      and m.at >= ${from ?? '-infinity'}::timestamptz
      and case when t.round = 0 or t.solved_at < ${db.now}::timestamptz - interval '7 days' then m.at > t.solved_at
        else m.at >= coalesce(t.round_from, '-infinity') end
      and not exists (select from ticket_messages r where r.workspace_id = m.workspace_id
        and r.ticket_id = m.ticket_id and r.kind = 'reply' and not r.automatic and r.id > m.id)
    group by 1`.execute(db.kysely)
  return new Map(rows.map(({ id, at }) => [id, at]))
}

/** When each of these tickets was last solved; what needed no answer counts as solved when it was before. */
export async function listSolvedBefore(db: Db, ids: readonly string[]): Promise<Map<string, Date>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<{ id: string; at: Date }>`
    select distinct on (e.subject_id) e.subject_id as id, coalesce((e.data ->> 'solvedAt')::timestamptz, e.at) as at
    from events e where e.workspace_id = ${db.workspaceId} and e.subject_id = any(${ids}::uuid[])
      and e.type >= 'ticket.' and e.type < 'ticket/' and e.type = 'ticket.status' and e.data ->> 'to' = 'solved'
      and ${stillHolds}
    order by e.subject_id, e.id desc`.execute(db.kysely)
  return new Map(rows.map(({ id, at }) => [id, at]))
}

/** Tickets that have slept long enough; others pass them by. */
export async function lockAwake(tx: Tx, most: number): Promise<TicketRow[]> {
  const { rows } = await sql<TicketRow>`
    select ${ticketColumns} from tickets t where t.workspace_id = ${tx.workspaceId} and t.snoozed_until <= ${tx.now}
    order by t.snoozed_until limit ${most} for update skip locked`.execute(tx.kysely)
  return rows
}

/** Tickets that were solved before a moment and are not closed yet; others pass them by. */
export async function lockSolvedBefore(tx: Tx, before: Date, most: number): Promise<TicketRow[]> {
  const { rows } = await sql<TicketRow>`
    select ${ticketColumns} from tickets t
    where t.workspace_id = ${tx.workspaceId} and t.status = 'solved' and t.solved_at <= ${before}
    order by t.solved_at limit ${most} for update skip locked`.execute(tx.kysely)
  return rows
}

/** Unsolved tickets of a member. */
export async function listUnsolvedOf(db: Db, memberId: string, most: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select t.id from tickets t where t.workspace_id = ${db.workspaceId} and t.owner_id = ${memberId}
      and t.shelf = 'unsolved' limit ${most}`.execute(db.kysely)
  return rows.map(({ id }) => id)
}
