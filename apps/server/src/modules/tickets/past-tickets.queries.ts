import { sql } from 'kysely'
import type { Tx } from '#platform/store.ts'
import type { PastRow } from './past-tickets.ts'

/** @returns the last of so many numbers that are from now on nobody else's */
export async function takeNumbers(tx: Tx, many: number): Promise<number> {
  const { rows } = await sql<{ last: number }>`
    insert into ticket_numbers as n (workspace_id, last) values (${tx.workspaceId}, 1000 + ${many}::integer)
    on conflict (workspace_id) do update set last = n.last + ${many}::integer returning last`.execute(tx.kysely)
  return rows[0]!.last
}

export async function listTouchpointsWithTickets(tx: Tx, ids: readonly string[]): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`
    select touchpoint_id as id from tickets
    where workspace_id = ${tx.workspaceId} and touchpoint_id = any(${ids}::uuid[])`.execute(tx.kysely)
  return new Set(rows.map(({ id }) => id))
}

/** Tickets with their messages, participants, and the facts that they were opened and solved. */
export async function insertPastTickets(tx: Tx, rows: readonly PastRow[]): Promise<void> {
  const given = JSON.stringify(rows)
  await sql`
    insert into tickets (workspace_id, id, number, subject, status, topic, channel, language, customer_id, touchpoint_id,
      first_answered_at, solved_at, created_at, updated_at, last_message_at, last_author, last_excerpt, message_count,
      carried)
    select ${tx.workspaceId}, r.id, r.number, r.subject, r.status, r.topic, r.channel, r.language, r."customerId",
      r."touchpointId", r."firstAnsweredAt", r."solvedAt", r."createdAt", r."solvedAt",
      (select max(m.at) from jsonb_to_recordset(r.messages) as m(at timestamptz)), r."lastAuthor", r."lastExcerpt", jsonb_array_length(r.messages),
      coalesce(r.carried, false)
    from jsonb_to_recordset(${given}::jsonb) as r(id uuid, number integer, subject text, status text, topic text,
      channel text, language text, "customerId" uuid, "touchpointId" uuid, "firstAnsweredAt" timestamptz,
      "solvedAt" timestamptz, "createdAt" timestamptz, "lastAuthor" text, "lastExcerpt" text, messages jsonb,
      carried boolean)`.execute(tx.kysely)
  await sql`
    insert into ticket_messages (workspace_id, id, ticket_id, kind, channel, customer_id, from_name, from_address,
      subject, text, at)
    select ${tx.workspaceId}, m.id, r.id, m.kind, r.channel, m."customerId", m.name, m.address, r.subject, m.text, m.at
    from jsonb_to_recordset(${given}::jsonb) as r(id uuid, channel text, subject text, messages jsonb),
      jsonb_to_recordset(r.messages) as m(id uuid, kind text, "customerId" uuid, name text, address text, text text,
        at timestamptz)`.execute(tx.kysely)
  await sql`
    insert into ticket_participants (workspace_id, ticket_id, address, name)
    select ${tx.workspaceId}, r.id, lower(p.address), p.name
    from jsonb_to_recordset(${given}::jsonb) as r(id uuid, participants jsonb),
      jsonb_to_recordset(r.participants) as p(name text, address text)
    where p.address like '%@%' on conflict do nothing`.execute(tx.kysely)
  await sql`
    insert into events (workspace_id, id, type, subject_id, actor_kind, data, at)
    select ${tx.workspaceId}, f.id, f.type, r.id, f.actor, f.data, f.at
    from jsonb_to_recordset(${given}::jsonb) as r(id uuid, channel text, "openedFactId" uuid, "solvedFactId" uuid,
      "createdAt" timestamptz, "solvedAt" timestamptz),
      lateral (values
        (r."openedFactId", 'ticket.opened', 'customer', jsonb_build_object('channel', r.channel), r."createdAt"),
        (r."solvedFactId", 'ticket.status', 'system', '{"from": "open", "to": "solved"}'::jsonb, r."solvedAt")
      ) f(id, type, actor, data, at)`.execute(tx.kysely)
}
