import { sql } from 'kysely'
import type { Db, Tx } from '#platform/store.ts'
import { stillHolds } from './facts.queries.ts'
import { ticketColumns, type TicketRow } from './tickets.queries.ts'
import type { AgentFacts } from './whose-effort.ts'

/** Which touchpoint a ticket is now, and when it was merged into another. */
export type Round = {
  round: number
  round_from: Date | null
  /** Since when the round before was. */
  earlier_from: Date | null
  merged_at: Date | null
}
/** What has happened in it since then. */
export type EffortFacts = AgentFacts & {
  contacts: number
  replies: number
  channels: string[]
  round_answered_at: Date | null
  for_us_minutes: number
  for_customer_minutes: number
  owner_changes: number
  reopenings: number
  repeats: number
  /** What came before it, where that is known: an article that was read, or none. */
  way: 'article_ticket' | 'ticket' | null
}
export type EffortRow = TicketRow &
  Round &
  EffortFacts & {
    /** Since when it is solved for its customer: not before the answer that solves it has left. */
    over_at: Date | null
  }

/** The answer that has solved a ticket, of a table that is called `t`: whether it still waits to leave, else when it did. */
const solvingAnswer = sql.raw(`select s.send_at is not null as waits, s.at from ticket_messages s
  where s.workspace_id = t.workspace_id and s.ticket_id = t.id and t.solved_at is not null
    and (s.undo #>> '{after,solvedAt}')::timestamptz = t.solved_at
    and s.undo #>> '{before,solvedAt}' is distinct from s.undo #>> '{after,solvedAt}'
  order by s.id desc limit 1`)

/**
 * Tickets with what has happened in them since their round began, and what was written in those that were merged into
 * them: it is one problem. A wait begins with a message after a reply, or a reply after a message, and ends with the
 * next turn, or when it was solved. Who owned it is told by its own facts alone, also those from before the round.
 */
export async function listEffortRows(db: Db, ids: readonly string[]): Promise<EffortRow[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<EffortRow>`
    select ${ticketColumns}, t.round, t.round_from, t.earlier_round_from as earlier_from, g.at as merged_at,
      case when not coalesce(l.waits, false) then greatest(t.solved_at, case when t.solved_at is not null then l.at end) end
        as over_at,
      m.*, e.*, k.keeper_id, a.agent_rule, r.repeats,
      case when not t.carried then null
        when exists (select 1 from ticket_attempts b where b.workspace_id = t.workspace_id and b.ticket_id = t.id
          and b.kind = 'article') then 'article_ticket' else 'ticket' end as way
    from tickets t
    left join ticket_merges g on g.workspace_id = t.workspace_id and g.source_id = t.id
    left join lateral (${solvingAnswer}) l on true
    cross join lateral (
      select count(*) filter (where kind = 'message') as contacts, count(*) filter (where kind = 'reply') as replies,
        coalesce(array_agg(distinct channel order by channel) filter (where kind = 'message'), '{}') as channels,
        min(at) filter (where kind = 'reply') as round_answered_at,
        coalesce(round(extract(epoch from sum(until - at) filter (where turn and kind = 'message')) / 60), 0)::integer
          as for_us_minutes,
        coalesce(round(extract(epoch from sum(until - at) filter (where turn and kind = 'reply')) / 60), 0)::integer
          as for_customer_minutes,
        (array_agg(member_id order by wrote desc, at desc, id desc) filter (where kind = 'reply' and member_id is not null))[1]
          as writer_id
      from (
        select w.*, coalesce(lead(at) over (partition by turn order by at, id), greatest(t.solved_at, at)) as until from (
          select id, kind, channel, at, member_id, lag(kind) over (order by at, id) is distinct from kind as turn,
            count(*) filter (where kind = 'reply') over (partition by member_id) as wrote
          from ticket_messages where workspace_id = t.workspace_id and kind in ('message', 'reply')
            and ticket_id = any(array(
              with recursive shown as (select t.id union all select g.source_id from shown s join ticket_merges g
                on g.workspace_id = t.workspace_id and g.target_id = s.id) select id from shown))
            and not outside and not automatic and not banners @> '{thanks}' and at >= coalesce(t.round_from, '-infinity')) w) w
    ) m
    cross join lateral (
      select count(*) filter (where type = 'ticket.assigned' and data ->> 'from' is not null) as owner_changes,
        greatest(0, count(*) filter (where type = 'ticket.status' and data ->> 'from' in ('solved', 'closed')
          and data ->> 'to' not in ('solved', 'closed'))
          - count(*) filter (where data ->> 'solvedAt' is not null)) as reopenings,
        (array_agg(actor_id order by id desc) filter (where type = 'ticket.status' and data ->> 'to' = 'solved'
          and data ->> 'solvedAt' is null and coalesce((data ->> 'since')::timestamptz, at) = at
          and actor_kind = 'member'))[1] as solver_id
      from events e where workspace_id = t.workspace_id and subject_id = t.id and type >= 'ticket.' and type < 'ticket/'
        and type in ('ticket.assigned', 'ticket.status') and at >= coalesce(t.round_from, '-infinity') and ${stillHolds}
    ) e
    left join lateral (
      select owner_id as keeper_id from (
        select (data ->> 'to')::uuid as owner_id, greatest(at, coalesce(t.round_from, t.created_at)) as since,
          least(coalesce(lead(at) over (order by id), 'infinity'), t.solved_at) as until,
          row_number() over (order by id) as place
        from events where workspace_id = t.workspace_id and subject_id = t.id and type >= 'ticket.' and type < 'ticket/'
          and type = 'ticket.assigned' and t.solved_at is not null) spans
      where owner_id is not null and until >= since
      group by owner_id order by sum(until - since) desc, max(place) desc limit 1
    ) k on true
    cross join lateral (
      select coalesce((select rule from agent_rules where workspace_id = t.workspace_id
        and since <= coalesce(t.solved_at, ${db.now}) order by since desc limit 1), 'solved') as agent_rule
    ) a
    cross join lateral (
      select count(*) as repeats from tickets o
      where o.workspace_id = t.workspace_id and o.customer_id = any(array(select p from same_person(t.customer_id) p)) and o.id <> t.id and o.spam_at is null
        and t.solved_at is not null and o.created_at > t.solved_at and o.created_at <= t.solved_at + interval '7 days'
    ) r
    where t.workspace_id = ${db.workspaceId} and t.id = any(${ids}::uuid[])`.execute(db.kysely)
  return rows
}

/** Since when a ticket is the touchpoint that it is; null: since it was opened. */
export async function findRoundFrom(db: Db, id: string): Promise<Date | null> {
  const { rows } = await sql<{ at: Date | null }>`
    select round_from as at from tickets where workspace_id = ${db.workspaceId} and id = ${id}`.execute(db.kysely)
  return rows[0]?.at ?? null
}

export async function updateRound(tx: Tx, id: string, round: Omit<Round, 'merged_at'>): Promise<void> {
  await sql`update tickets set round = ${round.round}, round_from = ${round.round_from},
    earlier_round_from = ${round.earlier_from}
    where workspace_id = ${tx.workspaceId} and id = ${id}`.execute(tx.kysely)
}

export async function updateTouchpointIds(
  tx: Tx,
  given: readonly { id: string; touchpointId: string | null }[],
): Promise<void> {
  if (given.length === 0) return
  await sql`update tickets t set touchpoint_id = g.touchpoint_id
    from unnest(${given.map(({ id }) => id)}::uuid[], ${given.map(({ touchpointId }) => touchpointId)}::uuid[])
      g(id, touchpoint_id)
    where t.workspace_id = ${tx.workspaceId} and t.id = g.id`.execute(tx.kysely)
}

/** Tickets of customers, and of all who are one with them, that were solved less than a week before. @param most of each */
export async function listSolvedLately(db: Db, customerIds: readonly string[], most: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select distinct late.id from unnest(${customerIds}::uuid[]) c(id) cross join lateral (
      select t.id from tickets t where t.workspace_id = ${db.workspaceId} and t.customer_id = any(array(select p from same_person(c.id) p))
        and t.shelf = 'solved' and t.solved_at > ${db.now}::timestamptz - interval '7 days'
      order by t.updated_at desc, t.id desc limit ${most}) late`.execute(db.kysely)
  return rows.map(({ id }) => id)
}
