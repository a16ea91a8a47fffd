import { sql } from 'kysely'
import type { Db, Tx } from '#platform/store.ts'

/** The tickets of a customer; nobody else changes them until the transaction ends. */
export async function lockTicketsOf(tx: Tx, customerId: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from tickets where workspace_id = ${tx.workspaceId} and customer_id = ${customerId}
    order by id for update`.execute(tx.kysely)
  return rows.map(({ id }) => id)
}

/** Everything in these tickets, and what the customer wrote in those of others, also as somebody whom the desk asked. */
export async function listMessageIdsOf(
  db: Db,
  customerId: string,
  ticketIds: readonly string[],
  addresses: readonly string[],
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from ticket_messages where workspace_id = ${db.workspaceId} and ticket_id = any(${ticketIds}::uuid[])
    union
    select id from ticket_messages where workspace_id = ${db.workspaceId} and customer_id = ${customerId}
    union
    select message_id from incoming_mails where workspace_id = ${db.workspaceId} and sender = any(${addresses}::text[])
      and outcome = 'kept' and message_id is not null`.execute(db.kysely)
  return rows.map(({ id }) => id)
}

/** Takes out of messages what was said, by whom and to whom; what has not been sent is never sent. */
export async function blankMessages(tx: Tx, ids: readonly string[]): Promise<void> {
  await sql`
    update ticket_messages set from_name = '', from_address = '', recipients = '[]', copies = '[]', blind_copies = '[]',
      subject = '', text = '', html = null, message_id = null, in_reply_to = null, reference_ids = '{}',
      raw_file_id = null, authentication = null, banners = '{}', customer_id = null, send_at = null, undo = null
    where workspace_id = ${tx.workspaceId} and id = any(${ids}::uuid[])`.execute(tx.kysely)
  await sql`delete from ticket_bounces where workspace_id = ${tx.workspaceId}
    and message_id = any(${ids}::uuid[])`.execute(tx.kysely)
}

/**
 * Removes what was attached to messages, and the mails as they came, with their lines in the ledger of mail; so with
 * what these addresses sent and became no message, and with every copy that came once more.
 */
export async function deleteFilesOf(
  tx: Tx,
  messageIds: readonly string[],
  addresses: readonly string[],
): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    with attached as (
      delete from ticket_attachments where workspace_id = ${tx.workspaceId} and message_id = any(${messageIds}::uuid[])
      returning file_id
    ), first as (
      select id, raw_file_id, mailbox_id, fingerprint from incoming_mails
      where workspace_id = ${tx.workspaceId} and message_id = any(${messageIds}::uuid[])
      union select id, raw_file_id, mailbox_id, fingerprint from incoming_mails
      where workspace_id = ${tx.workspaceId} and sender = any(${addresses}::text[])
    ), came as (
      update incoming_mails i set sender = '', subject = '', raw_file_id = null
      from (select id, raw_file_id from first union select r.id, r.raw_file_id from first f join incoming_mails r
        on r.workspace_id = ${tx.workspaceId} and r.mailbox_id = f.mailbox_id and r.fingerprint = f.fingerprint
          and r.outcome = 'repeat') old
      where i.workspace_id = ${tx.workspaceId} and i.id = old.id
      returning old.raw_file_id as file_id
    ), raw as (
      select raw_file_id as file_id from ticket_messages
      where workspace_id = ${tx.workspaceId} and id = any(${messageIds}::uuid[]) and raw_file_id is not null
    ) select file_id as id from attached union select file_id from came where file_id is not null
      union select file_id from raw`.execute(tx.kysely)
  await sql`
    delete from files f where f.workspace_id = ${tx.workspaceId} and f.id = any(${rows.map(({ id }) => id)}::uuid[])
      and not exists (select from ticket_attachments a where a.workspace_id = f.workspace_id and a.file_id = f.id)`.execute(
    tx.kysely,
  )
}

const tablesOfOneTicket = [
  'ticket_participants',
  'ticket_attempts',
  'ticket_drafts',
  'ticket_field_values',
  'ticket_wordings',
  'sent_forms',
  'customer_links',
]

/** Leaves of tickets that there were some: their numbers, states and times. */
export async function blankTickets(tx: Tx, ids: readonly string[]): Promise<void> {
  for (const table of tablesOfOneTicket) {
    await sql`delete from ${sql.table(table)} where workspace_id = ${tx.workspaceId}
      and ticket_id = any(${ids}::uuid[])`.execute(tx.kysely)
  }
  await sql`
    update tickets set subject = '', last_author = '', last_excerpt = '', customer_id = null, waiting_since = null
    where workspace_id = ${tx.workspaceId} and id = any(${ids}::uuid[])`.execute(tx.kysely)
}

/** An address takes part in no ticket any more, is named in none, and its links lead nowhere. */
export async function deleteParticipant(tx: Tx, address: string): Promise<void> {
  const without = (column: string) => sql`${sql.ref(column)} = (select coalesce(jsonb_agg(a order by place), '[]')
    from jsonb_array_elements(m.${sql.ref(column)}) with ordinality g(a, place) where lower(a ->> 'address') <> lower(${address}))`
  await sql`
    update ticket_messages m set ${sql.join(['recipients', 'copies', 'blind_copies'].map(without))}
    from ticket_participants p where m.workspace_id = ${tx.workspaceId} and p.workspace_id = m.workspace_id
      and p.ticket_id = m.ticket_id and p.address = lower(${address})`.execute(tx.kysely)
  for (const table of ['ticket_participants', 'customer_links']) {
    await sql`delete from ${sql.table(table)} where workspace_id = ${tx.workspaceId}
      and address = lower(${address})`.execute(tx.kysely)
  }
}

/** The tickets of a customer, newest first. */
export async function listTicketsOf(db: Db, customerId: string, most: number): Promise<Record<string, unknown>[]> {
  const { rows } = await sql<Record<string, unknown>>`
    select number, subject, status, channel, topic, created_at, solved_at from tickets
    where workspace_id = ${db.workspaceId} and customer_id = ${customerId}
    order by updated_at desc, id desc limit ${most}`.execute(db.kysely)
  return rows
}

/** What was written in the tickets of a customer and by them, newest first; what members noted is theirs to read too. */
export async function listMessagesOf(db: Db, customerId: string, most: number): Promise<Record<string, unknown>[]> {
  const { rows } = await sql<Record<string, unknown>>`
    select t.number, m.kind, m.from_name, m.from_address, m.recipients, m.copies, m.subject, m.text, m.at
    from ticket_messages m join tickets t on t.workspace_id = m.workspace_id and t.id = m.ticket_id
    where m.workspace_id = ${db.workspaceId} and (m.customer_id = ${customerId} or t.customer_id = ${customerId})
    order by m.at desc, m.id desc limit ${most}`.execute(db.kysely)
  return rows
}
