import { sql } from 'kysely'
import type { Db, Tx } from '#platform/store.ts'

/** A ticket that nobody has and somebody should. */
export type Unowned = { eventId: string; ticketId: string; number: number; subject: string; actorId: string | null }

const waits = sql`t.owner_id is null and t.shelf = 'unsolved' and t.status in ('new', 'open') and t.snoozed_until is null
  and not exists (select from ticket_merges m where m.workspace_id = t.workspace_id and m.source_id = t.id)`
// What was new or open has waited all along, and goes on.
const begins = sql`(first.type <> 'ticket.status' or e.data ->> 'from' not in ('new', 'open'))`

/**
 * The tickets of some facts of one type that were told together, as far as nobody has them now, each with its last fact.
 * @param batch the tickets of those that were told together with it
 */
export async function listUnowned(db: Db, eventId: string, batch: readonly string[] = []): Promise<Unowned[]> {
  const { rows } = await sql<Unowned>`
    select distinct on (t.id) e.id as "eventId", t.id as "ticketId", t.number, t.subject,
      case when e.actor_kind = 'member' then e.actor_id end as "actorId"
    from events first cross join lateral (
      select first.id, first.subject_id, first.data, first.actor_kind, first.actor_id, first.workspace_id
      union
      select o.id, o.subject_id, o.data, o.actor_kind, o.actor_id, o.workspace_id from events o
      where o.workspace_id = first.workspace_id and o.subject_id = any(${batch}::uuid[]) and o.type >= 'ticket.'
        and o.type < 'ticket/' and o.type = first.type and o.at = first.at
    ) e
    join tickets t on t.workspace_id = e.workspace_id and t.id = e.subject_id
    where first.workspace_id = ${db.workspaceId} and first.id = ${eventId} and ${waits} and ${begins} order by t.id, e.id desc`.execute(
    db.kysely,
  )
  return rows
}

/** Watches tickets from now on for whoever wants to hear of them; what was watched before begins anew. */
export async function insertWatches(
  tx: Tx,
  tickets: readonly Pick<Unowned, 'eventId' | 'ticketId'>[],
  watching: readonly { memberId: string; minutes: number }[],
): Promise<void> {
  if (tickets.length === 0 || watching.length === 0) return
  await sql`
    insert into unowned_watches (workspace_id, ticket_id, member_id, event_id, minutes, due_at)
    select ${tx.workspaceId}, t.id, w.id, t.event_id, w.minutes, ${tx.now}::timestamptz + make_interval(mins => w.minutes)
    from unnest(${tickets.map(({ ticketId }) => ticketId)}::uuid[], ${tickets.map(({ eventId }) => eventId)}::uuid[])
        t(id, event_id),
      unnest(${watching.map(({ memberId }) => memberId)}::uuid[], ${watching.map(({ minutes }) => minutes)}::integer[])
        w(id, minutes)
    on conflict (workspace_id, ticket_id, member_id) do update
      set event_id = excluded.event_id, minutes = excluded.minutes, due_at = excluded.due_at`.execute(tx.kysely)
}

/** Somebody has them. */
export async function deleteWatches(tx: Tx, ticketIds: readonly string[]): Promise<void> {
  await sql`
    delete from unowned_watches where workspace_id = ${tx.workspaceId} and ticket_id = any(${ticketIds}::uuid[])`.execute(
    tx.kysely,
  )
}

/** Whom a ticket concerns that nobody has had for so many minutes. */
type DueWatch = Unowned & { memberId: string; minutes: number }

/** Takes what is due; others pass it by. @returns how many there were, and those of them that still wait */
export async function takeDueWatches(tx: Tx, most: number): Promise<{ taken: number; waiting: DueWatch[] }> {
  const { rows } = await sql<DueWatch & { waits: boolean }>`
    with due as (
      delete from unowned_watches where workspace_id = ${tx.workspaceId} and (ticket_id, member_id) in (
        select ticket_id, member_id from unowned_watches where workspace_id = ${tx.workspaceId} and due_at <= ${tx.now}
        order by due_at limit ${most} for update skip locked)
      returning ticket_id, member_id, event_id, minutes
    )
    select d.event_id as "eventId", t.id as "ticketId", t.number, t.subject, d.member_id as "memberId",
      d.minutes, (${waits}) as waits
    from due d join tickets t on t.workspace_id = ${tx.workspaceId} and t.id = d.ticket_id`.execute(tx.kysely)
  return { taken: rows.length, waiting: rows.filter((row) => row.waits) }
}
