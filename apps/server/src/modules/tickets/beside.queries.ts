import type { Ticket, TicketStatus } from '@lahko/contract/tickets'
import { sql, type RawBuilder } from 'kysely'
import type { Db, Tx } from '#platform/store.ts'
import { attemptsBefore, type TicketAttempt } from './attempts.queries.ts'
import { draftOf, type DraftRow } from './drafts.queries.ts'
import { addressWrittenTo, outgoingMailbox } from './outgoing-mailboxes.queries.ts'
import { mergedSources, rowsOf, type Participant, type TicketRow } from './tickets.queries.ts'

const most = 50

/** What stands beside a ticket. Moments are as JSON has them. */
export type BesideRow = {
  participants: Participant[]
  followers: string[]
  readers: ReaderRow[]
  sources: (Ticket['sources'][number] & { customerId: string | null })[]
  links: Ticket['links']
  tried: TicketAttempt[]
  alike: Alike[]
  mailbox: { id: string; name: string; address: string; aliases: string[]; writtenTo: string | null } | null
  draft: AsJson<DraftRow> | null
  /** The number of its touchpoint; 0: it is none. */
  round: number
}
type AsJson<Row> = { [Name in keyof Row]: Row[Name] extends Date ? string : Row[Name] }

/**
 * All of it in one statement.
 * @param memberId whose draft is shown
 * @param person the customer, under every id that was merged
 */
export async function findBeside(
  db: Db,
  row: TicketRow,
  { memberId, person }: { memberId: string | null; person: readonly string[] },
): Promise<BesideRow> {
  const tickets = sql`any(array_append(array(${mergedSources(db, row.id)}), ${row.id}::uuid))`
  const own = sql`any(array_append(mailboxes.aliases, mailboxes.address))`
  const writtenTo = sql`case when aliases <> '{}' then (${addressWrittenTo(db, tickets, own)}) end as "writtenTo"`
  const mailbox = outgoingMailbox(db, row.mailbox_id, sql`id, name, address, aliases, ${writtenTo}`)
  const { rows } = await sql<BesideRow>`
    select ${rowsOf(participantsShown(db, row.id))} as participants,
      array(${followersOf(db, row.id)}) as followers,
      ${rowsOf(readersOf(db, row.id))} as readers,
      ${rowsOf(sourcesOf(db, row.id))} as sources,
      ${rowsOf(linksOf(db, row.id))} as links,
      ${rowsOf(attemptsBefore(db, withSources(db, row.id)))} as tried,
      ${rowsOf(probablySame(db, row, person))} as alike,
      (select to_jsonb(m) from (${mailbox}) m) as mailbox,
      (select to_jsonb(d) from (${draftOf(db, row.id, memberId)}) d) as draft,
      (select round from tickets where workspace_id = ${db.workspaceId} and id = ${row.id}) as round`.execute(db.kysely)
  return rows[0]!
}

function followersOf(db: Db, ticketId: string): RawBuilder<unknown> {
  return sql`select distinct member_id from ticket_followers
    where workspace_id = ${db.workspaceId} and ticket_id = any(${withSources(db, ticketId)})
    order by member_id limit 1000`
}

/** Who takes part in a ticket or in what was merged into it, each once. */
function participantsShown(db: Db, ticketId: string): RawBuilder<unknown> {
  return sql`select distinct on (address) name, address, outside from ticket_participants
    where workspace_id = ${db.workspaceId} and ticket_id = any(${withSources(db, ticketId)})
    order by address, outside, name desc limit 200`
}

/** A ticket and everything that was merged into it. */
function withSources(db: Db, ticketId: string): RawBuilder<unknown> {
  return sql`array(select ${ticketId}::uuid union all (${mergedSources(db, ticketId)}))`
}

function sourcesOf(db: Db, ticketId: string): RawBuilder<unknown> {
  return sql`select t.id, t.number, t.subject, t.customer_id as "customerId" from tickets t
    where t.workspace_id = ${db.workspaceId} and t.id in (${mergedSources(db, ticketId)}) order by t.number`
}

/** Also from what was merged into it: whoever followed that follows this. @returns whether they did */
export async function deleteFollower(tx: Tx, ticketId: string, memberId: string): Promise<boolean> {
  const { numAffectedRows } = await sql`delete from ticket_followers where workspace_id = ${tx.workspaceId}
    and ticket_id = any(${withSources(tx, ticketId)}) and member_id = ${memberId}`.execute(tx.kysely)
  return numAffectedRows !== undefined && numAffectedRows > 0n
}

export type ReaderRow = { memberId: string; writes: boolean }

/** Who has a ticket open now. */
export async function listReaders(db: Db, ticketId: string): Promise<ReaderRow[]> {
  const { rows } = await readersOf(db, ticketId).execute(db.kysely)
  return rows
}

function readersOf(db: Db, ticketId: string): RawBuilder<ReaderRow> {
  return sql<ReaderRow>`select member_id as "memberId", writes from ticket_readers
    where workspace_id = ${db.workspaceId} and ticket_id = ${ticketId} and until > ${db.now}
    order by member_id limit ${most}`
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

/** Tickets that are linked with one or with what was merged into it, from either side; each of a kind once. */
function linksOf(db: Db, ticketId: string): RawBuilder<unknown> {
  return sql`
    select t.id, t.number, t.subject, t.status, l.kind, l.of_id as "ofId" from (
      select distinct on (e.id, e.kind) e.* from (select ${withSources(db, ticketId)} as ids) s cross join lateral (
        select other_id as id, kind, at, ticket_id as of_id from ticket_links
        where workspace_id = ${db.workspaceId} and ticket_id = any(s.ids) and other_id <> all(s.ids)
        union all
        select ticket_id, case kind when 'causes' then 'caused_by' else kind end, at, other_id from ticket_links
        where workspace_id = ${db.workspaceId} and other_id = any(s.ids) and ticket_id <> all(s.ids)
      ) e order by e.id, e.kind, e.of_id = ${ticketId} desc, e.at
    ) l join tickets t on t.workspace_id = ${db.workspaceId} and t.id = l.id
    order by l.at, t.id, l.kind limit ${2 * most}`
}

type Alike = { id: string; number: number; subject: string; status: TicketStatus; updated_at: string }
const mostAlike = 10

/**
 * Tickets of the same customer that were open, or solved less than an hour before, when this one came; and those for
 * which this one was, as long as they are unsolved. Of spam none are.
 */
function probablySame(db: Db, row: TicketRow, person: readonly string[]): RawBuilder<unknown> {
  return sql`
    select t.id, t.number, t.subject, t.status, t.updated_at from tickets t
    where t.workspace_id = ${db.workspaceId} and t.customer_id = any(${person}::uuid[]) and t.id <> ${row.id}
      and ${row.spam_at}::timestamptz is null and t.shelf <> 'spam' and case when (t.created_at, t.id) < (${row.created_at}, ${row.id}::uuid)
        then t.shelf = 'unsolved' or t.solved_at > ${row.created_at}::timestamptz - interval '1 hour'
        else t.shelf = 'unsolved' and coalesce(${row.solved_at}::timestamptz, 'infinity') > t.created_at - interval '1 hour'
        end
      and not exists (select from ticket_merges m where m.workspace_id = t.workspace_id
        and m.source_id in (t.id, ${row.id}))
    order by t.updated_at desc, t.id desc limit ${mostAlike}`
}
