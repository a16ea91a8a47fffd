import type { Channel, Priority, TicketStatus } from '@lahko/contract/tickets'
import { priorities } from '@lahko/contract/tickets'
import { sql, type RawBuilder } from 'kysely'
import type { Db, Tx } from '#platform/store.ts'

export type TicketRow = {
  id: string
  number: number
  subject: string
  status: TicketStatus
  priority: number
  owner_id: string | null
  topic: string | null
  channel: Channel
  language: string | null
  customer_id: string | null
  mailbox_id: string | null
  touchpoint_id: string | null
  snoozed_until: Date | null
  waiting_since: Date | null
  first_answered_at: Date | null
  solved_at: Date | null
  spam_at: Date | null
  created_at: Date
  updated_at: Date
  /** When the newest message that is no note was written; null: none was. */
  last_message_at: Date | null
  last_author: string
  last_excerpt: string
  message_count: number
}

const names = [
  ...['id', 'number', 'subject', 'status', 'priority', 'owner_id', 'topic', 'channel', 'language', 'customer_id'],
  ...['mailbox_id', 'touchpoint_id', 'snoozed_until', 'waiting_since', 'first_answered_at', 'solved_at', 'spam_at'],
  ...['created_at', 'updated_at', 'last_message_at', 'last_author', 'last_excerpt', 'message_count'],
]
/** What makes a `TicketRow`, of a table that is called `t`. */
export const ticketColumns = sql.raw(names.map((name) => `t.${name}`).join(', '))

/** A ticket as lists show it. */
export type TicketLineRow = TicketRow & {
  tags: string[]
  merged_into: { id: string; number: number } | null
  merged_numbers: number[]
}

/** What makes a `TicketLineRow`, of a table that is called `t`. */
export const lineColumns = sql`${ticketColumns},
  array(select g.tag from ticket_tags g where g.workspace_id = t.workspace_id and g.ticket_id = t.id
    order by g.tag) as tags,
  (select jsonb_build_object('id', o.id, 'number', o.number) from ticket_merges m
    join tickets o on o.workspace_id = m.workspace_id and o.id = m.target_id
    where m.workspace_id = t.workspace_id and m.source_id = t.id) as merged_into,
  array(select o.number from ticket_merges m join tickets o on o.workspace_id = m.workspace_id and o.id = m.source_id
    where m.workspace_id = t.workspace_id and m.target_id = t.id order by o.number limit 200) as merged_numbers`

/** The rows of a query as one value within another: a list in their order. */
export function rowsOf(query: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`(select coalesce(jsonb_agg(q), '[]') from (${query}) q)`
}

export type NewTicket = {
  id: string
  subject: string
  channel: Channel
  priority: Priority
  topic?: string
  language?: string
  customerId?: string
  mailboxId?: string
}

/** A ticket as it is before anything was written in it; it gets its number when it is inserted. */
export function newTicketRow(given: NewTicket, at: Date): TicketRow {
  return {
    ...{ id: given.id, number: 0, subject: given.subject, status: 'new' },
    ...{ priority: priorities.indexOf(given.priority), owner_id: null },
    ...{ topic: given.topic ?? null, channel: given.channel, language: given.language ?? null },
    ...{ customer_id: given.customerId ?? null, mailbox_id: given.mailboxId ?? null, touchpoint_id: null },
    ...{ snoozed_until: null, waiting_since: null, first_answered_at: null, solved_at: null, spam_at: null },
    ...{ created_at: at, updated_at: at, last_message_at: null, last_author: '', last_excerpt: '', message_count: 0 },
  }
}

/**
 * @param round the number of its touchpoint; 0: it was over before it came here, and is none
 * @returns its number, which no other ticket of the workspace has or will have
 */
export async function insertTicket(tx: Tx, row: TicketRow, round = 1): Promise<number> {
  const { rows } = await sql<{ number: number }>`
    with taken as (
      insert into ticket_numbers as n (workspace_id, last) values (${tx.workspaceId}, 1001)
      on conflict (workspace_id) do update set last = n.last + 1 returning last
    )
    insert into tickets (workspace_id, id, number, subject, status, priority, topic, channel, language, customer_id,
      mailbox_id, waiting_since, first_answered_at, solved_at, created_at, updated_at, last_message_at, last_author,
      last_excerpt, message_count, round)
    select ${tx.workspaceId}, ${row.id}, last, ${row.subject}, ${row.status}, ${row.priority}, ${row.topic},
      ${row.channel}, ${row.language}, ${row.customer_id}, ${row.mailbox_id}, ${row.waiting_since},
      ${row.first_answered_at}, ${row.solved_at}, ${row.created_at}, ${row.updated_at}, ${row.last_message_at},
      ${row.last_author}, ${row.last_excerpt}, ${row.message_count}, ${round} from taken
    returning number`.execute(tx.kysely)
  return rows[0]!.number
}

/** @returns undefined when it is not there */
export async function findTicketRow(db: Db, id: string): Promise<TicketRow | undefined> {
  const { rows } = await sql<TicketRow>`
    select ${ticketColumns} from tickets t where t.workspace_id = ${db.workspaceId} and t.id = ${id}`.execute(db.kysely)
  return rows[0]
}

/** The ticket; nobody else changes it until the transaction ends. */
export async function lockTicket(tx: Tx, id: string): Promise<TicketRow | undefined> {
  const { rows } = await sql<TicketRow>`
    select ${ticketColumns} from tickets t where t.workspace_id = ${tx.workspaceId} and t.id = ${id} for update`.execute(
    tx.kysely,
  )
  return rows[0]
}

/** The same as a line. */
export async function findTicketLine(db: Db, id: string): Promise<TicketLineRow | undefined> {
  return (await listTicketLines(db, [id]))[0]
}

/** By their ids, in no order. */
export async function listTicketLines(db: Db, ids: readonly string[]): Promise<TicketLineRow[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<TicketLineRow>`
    select ${lineColumns} from tickets t where t.workspace_id = ${db.workspaceId}
      and t.id = any(${[...new Set(ids)]}::uuid[])`.execute(db.kysely)
  return rows
}

/** Writes a locked ticket as it is now. */
export async function updateTicket(tx: Tx, row: TicketRow): Promise<void> {
  await sql`
    update tickets set subject = ${row.subject}, status = ${row.status}, priority = ${row.priority},
      owner_id = ${row.owner_id}, topic = ${row.topic}, language = ${row.language}, customer_id = ${row.customer_id},
      mailbox_id = ${row.mailbox_id}, touchpoint_id = ${row.touchpoint_id}, snoozed_until = ${row.snoozed_until},
      waiting_since = ${row.waiting_since}, first_answered_at = ${row.first_answered_at}, solved_at = ${row.solved_at},
      spam_at = ${row.spam_at}, updated_at = ${row.updated_at}, last_message_at = ${row.last_message_at}, last_author = ${row.last_author},
      last_excerpt = ${row.last_excerpt}, message_count = ${row.message_count}
    where workspace_id = ${tx.workspaceId} and id = ${row.id}`.execute(tx.kysely)
}

/** The same of the ticket into which it was merged, if it was. */
export async function lockTicketOrTarget(tx: Tx, id: string): Promise<TicketRow | undefined> {
  // Under row-level security a query within coalesce() would keep it from its index; one around it does not.
  const { rows } = await sql<TicketRow>`
    select ${ticketColumns} from tickets t where t.workspace_id = ${tx.workspaceId}
      and t.id = (select coalesce((${mergeTarget(tx, id)}), ${id})) for update`.execute(tx.kysely)
  return rows[0]
}

/** Into what a ticket was merged, if it was, and what was merged into it. */
export async function findMergesOf(db: Db, id: string): Promise<{ target: string | null; sources: string[] }> {
  const { rows } = await sql<{ target: string | null; sources: string[] }>`
    select (${mergeTarget(db, id)}) as target, array(${mergedSources(db, id)}) as sources`.execute(db.kysely)
  return rows[0]!
}

/** The ticket into which one was merged, if it was; what was merged into a merged one counts for that one. */
export async function findMergeTarget(db: Db, id: string): Promise<string | undefined> {
  const { rows } = await mergeTarget(db, id).execute(db.kysely)
  return rows[0]?.id
}

function mergeTarget(db: Db, id: string): RawBuilder<{ id: string }> {
  return sql<{ id: string }>`
    with recursive way as (
      select target_id as id, 1 as step from ticket_merges where workspace_id = ${db.workspaceId} and source_id = ${id}
      union all
      select m.target_id, way.step + 1 from way join ticket_merges m
        on m.workspace_id = ${db.workspaceId} and m.source_id = way.id where way.step < 100
    ) select id from way order by step desc limit 1`
}

/** Everything that was merged into a ticket, also by way of others. */
export async function listMergedSources(db: Db, id: string): Promise<string[]> {
  const { rows } = await mergedSources(db, id).execute(db.kysely)
  return rows.map((row) => row.id)
}

export function mergedSources(db: Db, id: string): RawBuilder<{ id: string }> {
  return sql<{ id: string }>`
    with recursive sources as (
      select source_id as id from ticket_merges where workspace_id = ${db.workspaceId} and target_id = ${id}
      union
      select m.source_id from sources s join ticket_merges m
        on m.workspace_id = ${db.workspaceId} and m.target_id = s.id
    ) select id from sources limit 1000`
}

/** Into what each of these was merged, those that were. */
export async function listMerges(db: Db, ids: readonly string[]): Promise<Map<string, { id: string; number: number }>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<{ source: string; id: string; number: number }>`
    select m.source_id as source, t.id, t.number from ticket_merges m
    join tickets t on t.workspace_id = m.workspace_id and t.id = m.target_id
    where m.workspace_id = ${db.workspaceId} and m.source_id = any(${ids}::uuid[])`.execute(db.kysely)
  return new Map(rows.map(({ source, id, number }) => [source, { id, number }]))
}

export async function addTags(tx: Tx, ticketId: string, tags: readonly string[]): Promise<void> {
  if (tags.length === 0) return
  await sql`
    insert into ticket_tags (workspace_id, ticket_id, tag)
    select ${tx.workspaceId}, ${ticketId}, tag from unnest(${tags}::text[]) tag
    on conflict do nothing`.execute(tx.kysely)
}

export type Participant = { name: string; address: string; outside: boolean }

/**
 * Those who may continue a ticket, by their addresses in lower case. A name that is known stays.
 * @param outside whether they only take part because the desk asks them; who takes part otherwise does still
 */
export async function addParticipants(
  tx: Tx,
  ticketId: string,
  given: readonly Omit<Participant, 'outside'>[],
  outside = false,
): Promise<void> {
  if (given.length === 0) return
  await sql`
    insert into ticket_participants as p (workspace_id, ticket_id, address, name, outside)
    select distinct on (g.address) ${tx.workspaceId}::uuid, ${ticketId}::uuid, g.address, g.name, ${outside}::boolean
    from unnest(${given.map(({ address }) => address.toLowerCase())}::text[], ${given.map(({ name }) => name)}::text[])
      g(address, name)
    on conflict (workspace_id, ticket_id, address) do update set outside = p.outside and excluded.outside,
      name = case when p.name = '' then excluded.name else p.name end
      where p.name = '' or p.outside and not excluded.outside`.execute(tx.kysely)
}

export async function listParticipants(db: Db, ticketId: string): Promise<Participant[]> {
  const { rows } = await sql<Participant>`
    select name, address, outside from ticket_participants
    where workspace_id = ${db.workspaceId} and ticket_id = ${ticketId} order by address limit 200`.execute(db.kysely)
  return rows
}
