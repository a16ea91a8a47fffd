import { sql } from 'kysely'
import { firstIdAt } from '#platform/identifiers.ts'
import type { Db, Tx } from '#platform/store.ts'
import type { Standing } from './replies.queries.ts'
import type { MessageKind } from './ticket-messages.queries.ts'
import { listMergedSources } from './tickets.queries.ts'

/** One merges in a workspace at a time, so that no two make a circle. */
export async function lockMerging(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('merging'), hashtext(${tx.workspaceId}))`.execute(tx.kysely)
}

/** One merge. @property before how the ticket that took the source in stood until then */
export type MergeRow = { source_id: string; target_id: string; at: Date; before: Standing }

export async function insertMerges(tx: Tx, merges: readonly MergeRow[]): Promise<void> {
  const memberId = tx.actor.kind === 'member' ? tx.actor.memberId : null
  await sql`
    insert into ticket_merges (workspace_id, source_id, target_id, member_id, at, before)
    select ${tx.workspaceId}, m.source_id, m.target_id, ${memberId}::uuid, m.at, m.before
    from unnest(${merges.map((one) => one.source_id)}::uuid[], ${merges.map((one) => one.target_id)}::uuid[],
      ${merges.map(({ at }) => at)}::timestamptz[], ${merges.map(({ before }) => JSON.stringify(before))}::jsonb[])
      m(source_id, target_id, at, before)`.execute(tx.kysely)
}

export async function updateBefore(tx: Tx, sourceId: string, before: Standing): Promise<void> {
  await sql`
    update ticket_merges set before = ${JSON.stringify(before)}
    where workspace_id = ${tx.workspaceId} and source_id = ${sourceId}`.execute(tx.kysely)
}

/** The merges by which a ticket stands in another, its own first. */
export async function listMergesAbove(db: Db, id: string): Promise<MergeRow[]> {
  const { rows } = await sql<MergeRow>`
    with recursive way as (
      select m.*, 1 as step from ticket_merges m where m.workspace_id = ${db.workspaceId} and m.source_id = ${id}
      union all
      select m.*, way.step + 1 from way join ticket_merges m
        on m.workspace_id = ${db.workspaceId} and m.source_id = way.target_id where way.step < 100
    ) select source_id, target_id, at, before from way order by step`.execute(db.kysely)
  return rows
}

/** Everything in which one of these stands. */
export async function listTargetsAbove(db: Db, ids: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    with recursive way as (
      select m.target_id as id from ticket_merges m
      where m.workspace_id = ${db.workspaceId} and m.source_id = any(${ids}::uuid[])
      union
      select m.target_id from way join ticket_merges m on m.workspace_id = ${db.workspaceId} and m.source_id = way.id
    ) select id from way`.execute(db.kysely)
  return rows.map(({ id }) => id)
}

/** The merges by which others stand in tickets, also by way of others. */
export async function listMergesBelow(db: Db, ids: readonly string[]): Promise<MergeRow[]> {
  const { rows } = await sql<MergeRow>`
    with recursive below as (
      select m.source_id, m.target_id, m.at, m.before from ticket_merges m
      where m.workspace_id = ${db.workspaceId} and m.target_id = any(${ids}::uuid[])
      union all
      select m.source_id, m.target_id, m.at, m.before from below b join ticket_merges m
        on m.workspace_id = ${db.workspaceId} and m.target_id = b.source_id
    ) select * from below limit 1000`.execute(db.kysely)
  return rows
}

/**
 * Since when somebody has waited in what was merged into each of these tickets, and nobody has answered since then.
 * What was merged keeps since when its customer had waited.
 */
export async function listWaitsBelow(db: Db, ids: readonly string[]): Promise<Map<string, Date>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<{ id: string; at: Date }>`
    with recursive below as (
      select m.target_id as root, m.source_id as id from ticket_merges m
      where m.workspace_id = ${db.workspaceId} and m.target_id = any(${ids}::uuid[])
      union all
      select b.root, m.source_id from below b join ticket_merges m
        on m.workspace_id = ${db.workspaceId} and m.target_id = b.id
    ), ways as (
      select b.root, b.id, m.target_id as place, m.at as since from below b join ticket_merges m
        on m.workspace_id = ${db.workspaceId} and m.source_id = b.id
      union all
      select w.root, w.id, m.target_id, greatest(w.since, m.at) from ways w join ticket_merges m
        on m.workspace_id = ${db.workspaceId} and m.source_id = w.place where w.place <> w.root
    )
    select b.root as id, min(t.waiting_since) as at from below b join tickets t
      on t.workspace_id = ${db.workspaceId} and t.id = b.id
    where t.waiting_since is not null and t.spam_at is null and not exists (
      select from ways w join ticket_messages r on r.workspace_id = ${db.workspaceId} and r.ticket_id = w.place
      where w.root = b.root and w.id = b.id and r.kind = 'reply' and not r.automatic
        and r.id >= (lpad(to_hex((extract(epoch from w.since) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid)
    group by b.root`.execute(db.kysely)
  return new Map(rows.map(({ id, at }) => [id, at]))
}

/** @returns the merge that it was; undefined when there was none */
export async function deleteMerge(tx: Tx, sourceId: string): Promise<MergeRow | undefined> {
  const { rows } = await sql<MergeRow>`
    delete from ticket_merges where workspace_id = ${tx.workspaceId} and source_id = ${sourceId}
    returning source_id, target_id, at, before`.execute(tx.kysely)
  return rows[0]
}

const most = 5_000

/** The Message-IDs of tickets. */
export async function listMessageIds(db: Db, ticketIds: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ message_id: string }>`
    select m.message_id from ticket_messages m
    where m.workspace_id = ${db.workspaceId} and m.ticket_id = any(${ticketIds}::uuid[]) and m.message_id is not null
    limit ${most}`.execute(db.kysely)
  return rows.map((row) => row.message_id)
}

export type Answering = {
  id: string
  message_id: string | null
  in_reply_to: string | null
  reference_ids: string[]
}

/** Mails that came into tickets since a moment, in the order in which they came. */
export async function listSince(db: Db, ticketIds: readonly string[], since: Date): Promise<Answering[]> {
  const { rows } = await sql<Answering>`
    select m.id, m.message_id, m.in_reply_to, m.reference_ids from ticket_messages m
    where m.workspace_id = ${db.workspaceId} and m.ticket_id = any(${ticketIds}::uuid[]) and m.kind <> 'note'
      and m.id >= ${firstIdAt(since.getTime())} order by m.id limit ${most}`.execute(db.kysely)
  return rows
}

export async function moveMessages(tx: Tx, ids: readonly string[], ticketId: string): Promise<void> {
  if (ids.length === 0) return
  await sql`update ticket_messages set ticket_id = ${ticketId}
    where workspace_id = ${tx.workspaceId} and id = any(${ids}::uuid[])`.execute(tx.kysely)
}

export type Counted = {
  message_count: number
  letters: number
  first_answered_at: Date | null
  last_author: string
  last_message_at: Date | null
  /** What was said last, or as much of it as an excerpt needs; null when nothing was. */
  last_kind: MessageKind | null
  last_text: string | null
}

/** What a ticket's own messages say of it, and what was said last in all that is shown in it. */
export async function countMessages(db: Db, ticketId: string): Promise<Counted> {
  const shown = [ticketId, ...(await listMergedSources(db, ticketId))]
  const { rows } = await sql<Counted>`
    select c.*, coalesce(l.author, '') as last_author, l.at as last_message_at, l.kind as last_kind, l.text as last_text
    from (select count(*) as message_count, count(*) filter (where m.kind in ('message', 'reply')) as letters,
        min(m.at) filter (where m.kind = 'reply' and not m.automatic) as first_answered_at
      from ticket_messages m where m.workspace_id = ${db.workspaceId} and m.ticket_id = ${ticketId}) c
    left join lateral (
      select coalesce(nullif(m.from_name, ''), m.from_address) as author,
        m.at, m.kind, left(m.text, 2000) as text
      from ticket_messages m
      where m.workspace_id = ${db.workspaceId} and m.ticket_id = any(${shown}::uuid[])
        and m.kind in ('message', 'reply')
      order by m.at desc, m.id desc limit 1) l on true`.execute(db.kysely)
  return rows[0]!
}

export async function insertSplit(tx: Tx, ticketId: string, otherId: string): Promise<void> {
  await sql`
    insert into ticket_links (workspace_id, ticket_id, other_id, kind, at)
    values (${tx.workspaceId}, ${ticketId}, ${otherId}, 'split', ${tx.now}) on conflict do nothing`.execute(tx.kysely)
}
