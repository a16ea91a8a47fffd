import { sql } from 'kysely'
import { firstIdAt } from '#platform/identifiers.ts'
import type { Db, Tx } from '#platform/store.ts'
import type { MessageKind } from './ticket-messages.queries.ts'
import type { TicketRow } from './tickets.queries.ts'

/** One merges in a workspace at a time, so that no two make a circle. */
export async function lockMerging(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('merging'), hashtext(${tx.workspaceId}))`.execute(tx.kysely)
}

/** What a merge changes in the ticket that takes in, so that unmerging can put it back. Moments as ISO texts. */
export type TakenOver = {
  status: TicketRow['status']
  waitingSince: string | null
  solvedAt: string | null
  snoozedUntil: string | null
  lastAuthor: string
  lastExcerpt: string
}
export type MergeRow = { target_id: string; at: Date; before: TakenOver; after: TakenOver }

export async function insertMerge(
  tx: Tx,
  sourceId: string,
  { targetId, before, after }: { targetId: string; before: TakenOver; after: TakenOver },
): Promise<void> {
  const memberId = tx.actor.kind === 'member' ? tx.actor.memberId : null
  await sql`
    insert into ticket_merges (workspace_id, source_id, target_id, member_id, at, before, after)
    values (${tx.workspaceId}, ${sourceId}, ${targetId}, ${memberId}, ${tx.now}, ${JSON.stringify(before)},
      ${JSON.stringify(after)})`.execute(tx.kysely)
}

/** @returns the merge that it was; undefined when there was none */
export async function deleteMerge(tx: Tx, sourceId: string): Promise<MergeRow | undefined> {
  const { rows } = await sql<MergeRow>`
    delete from ticket_merges where workspace_id = ${tx.workspaceId} and source_id = ${sourceId}
    returning target_id, at, before, after`.execute(tx.kysely)
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
  automatic: boolean
}

/** Mails that came into tickets since a moment, in the order in which they came. */
export async function listSince(db: Db, ticketIds: readonly string[], since: Date): Promise<Answering[]> {
  const { rows } = await sql<Answering>`
    select m.id, m.message_id, m.in_reply_to, m.reference_ids, m.automatic from ticket_messages m
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
  /** What was said last, or as much of it as an excerpt needs; null when nothing was. */
  last_kind: MessageKind | null
  last_text: string | null
}

/** What a ticket's own messages say of it. */
export async function countMessages(db: Db, ticketId: string): Promise<Counted> {
  const { rows } = await sql<Counted>`
    select c.*, coalesce(l.author, '') as last_author, l.kind as last_kind, l.text as last_text
    from (select count(*) as message_count, count(*) filter (where m.kind in ('message', 'reply')) as letters,
        min(m.at) filter (where m.kind = 'reply' and not m.automatic) as first_answered_at
      from ticket_messages m where m.workspace_id = ${db.workspaceId} and m.ticket_id = ${ticketId}) c
    left join lateral (
      select coalesce(nullif(m.from_name, ''), m.from_address) as author,
        m.kind, left(m.text, 2000) as text
      from ticket_messages m
      where m.workspace_id = ${db.workspaceId} and m.ticket_id = ${ticketId} and m.kind in ('message', 'reply')
      order by m.at desc, m.id desc limit 1) l on true`.execute(db.kysely)
  return rows[0]!
}

export async function insertSplit(tx: Tx, ticketId: string, otherId: string): Promise<void> {
  await sql`
    insert into ticket_links (workspace_id, ticket_id, other_id, kind, at)
    values (${tx.workspaceId}, ${ticketId}, ${otherId}, 'split', ${tx.now}) on conflict do nothing`.execute(tx.kysely)
}
