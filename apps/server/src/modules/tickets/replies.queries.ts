import type { Draft } from '@lahko/contract/tickets'
import { sql } from 'kysely'
import { firstIdAt } from '#platform/identifiers.ts'
import type { Db, Tx } from '#platform/store.ts'
import { messageColumns, type MessageRow } from './ticket-messages.queries.ts'
import type { TicketRow } from './tickets.queries.ts'

/** What of a ticket replies and merges change, and cannot be counted from its messages. Moments are ISO 8601. */
export type Standing = {
  status: TicketRow['status']
  waitingSince: string | null
  solvedAt: string | null
  snoozedUntil: string | null
}
/** `macroId`: whose text was taken for it; `leftOut`: what of it was not done. */
export type Undo = { before: Standing; after: Standing; macroId?: string; leftOut?: Draft['leftOut'] }

/** A reply; nobody else sends it or takes it back until the transaction ends. */
export async function lockReply(tx: Tx, id: string): Promise<(MessageRow & { undo: Undo | null }) | undefined> {
  const { rows } = await sql<MessageRow & { undo: Undo | null }>`
    select ${messageColumns}, m.undo from ticket_messages m
    where m.workspace_id = ${tx.workspaceId} and m.id = ${id} for update`.execute(tx.kysely)
  return rows[0]
}

type Later = { id: string; kind: 'reply' | 'forward'; undo: Undo | null }

/**
 * The reply that was written next in the same ticket, after what was forwarded until then. A mail that was taken for a
 * reply later than it came is as late as that.
 */
export async function listUntilNextReply(tx: Tx, row: MessageRow): Promise<Later[]> {
  const { rows } = await sql<Later>`
    select m.id, m.kind, m.undo from ticket_messages m
    where m.workspace_id = ${tx.workspaceId} and m.ticket_id = ${row.ticket_id} and m.kind in ('reply', 'forward')
      and m.id > ${row.id} and not m.automatic
      and m.id >= ${row.incoming_mail_id === null ? row.id : firstIdAt(row.at.getTime())}
    order by m.id limit 100`.execute(tx.kysely)
  const next = rows.findIndex(({ kind }) => kind === 'reply')
  return next < 0 ? rows : rows.slice(0, next + 1)
}

/** How a later reply has changed the ticket, without the one at hand. Whoever sends or takes back that one holds it, and is not waited for. */
export async function updateLaterUndo(tx: Tx, messageId: string, undo: Undo): Promise<void> {
  await sql`
    update ticket_messages set undo = ${JSON.stringify(undo)}
    where workspace_id = ${tx.workspaceId} and id = (select m.id from ticket_messages m
      where m.workspace_id = ${tx.workspaceId} and m.id = ${messageId} and m.undo is not null for update skip locked)`.execute(
    tx.kysely,
  )
}

export type WrittenMessage = MessageRow & { undo: Undo | null }

/** What is in a ticket and was written since a moment, in the order in which it was. */
export async function listWrittenSince(db: Db, ticketId: string, since: Date): Promise<WrittenMessage[]> {
  const { rows } = await sql<WrittenMessage>`
    select ${messageColumns}, m.undo from ticket_messages m
    where m.workspace_id = ${db.workspaceId} and m.ticket_id = ${ticketId} and m.id >= ${firstIdAt(since.getTime() + 1)}
    order by m.id limit 5000`.execute(db.kysely)
  return rows
}

/** `stuck_since`: since when it could not leave, if it could not. */
export type DueReply = MessageRow & { stuck_since: Date | null; undo: Undo | null }

/** The reply that has been due for longest, for this process alone. */
export async function lockDueReply(tx: Tx): Promise<DueReply | undefined> {
  const { rows } = await sql<DueReply>`
    select ${messageColumns}, m.stuck_since, m.undo from ticket_messages m
    where m.workspace_id = ${tx.workspaceId} and m.send_at <= ${tx.now}
    order by m.send_at limit 1 for update skip locked`.execute(tx.kysely)
  return rows[0]
}

export type Leaving = { messageId: string; inReplyTo?: string; references: readonly string[]; at: Date }

/** The reply has left the desk, as this mail. */
export async function updateLeft(tx: Tx, id: string, { messageId, inReplyTo, references, at }: Leaving): Promise<void> {
  await sql`
    update ticket_messages set send_at = null, stuck_since = null, message_id = ${messageId}, in_reply_to = ${inReplyTo ?? null},
      reference_ids = ${references}, at = ${at}
    where workspace_id = ${tx.workspaceId} and id = ${id}`.execute(tx.kysely)
}

/** When a reply leaves that is not tried any more; it can still be taken back. */
export const neverAgain = new Date('9999-12-31T00:00:00Z')

/** A reply could not leave, and is tried again at a time. @returns whether its writer has to know */
export async function updateStuck(tx: Tx, id: string, at: Date): Promise<boolean> {
  const { rows } = await sql<{ isNews: boolean }>`
    update ticket_messages set send_at = ${at}, stuck_since = coalesce(stuck_since, ${tx.now})
    where workspace_id = ${tx.workspaceId} and id = ${id} and send_at is not null
    returning stuck_since = ${tx.now} or send_at >= ${neverAgain} as "isNews"`.execute(tx.kysely)
  return rows[0]?.isNews === true
}

/** A reply that could not leave is tried again at once, as often as a new one. @returns whether it is such a one */
export async function updateStuckDue(tx: Tx, id: string): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update ticket_messages set send_at = ${tx.now}, stuck_since = ${tx.now}
    where workspace_id = ${tx.workspaceId} and id = ${id} and send_at is not null and stuck_since is not null`.execute(
    tx.kysely,
  )
  return Number(numAffectedRows ?? 0) > 0
}

/** Whether a ticket holds nothing but one message: nothing else is written, begun, merged or linked in it. */
export async function isAllThereIs(db: Db, { id, ticket_id: ticketId }: MessageRow): Promise<boolean> {
  const { rows } = await sql<{ is: boolean }>`
    select not exists (select from ticket_messages where workspace_id = ${db.workspaceId} and ticket_id = ${ticketId}
        and id <> ${id})
      and not exists (select from ticket_drafts where workspace_id = ${db.workspaceId} and ticket_id = ${ticketId})
      and not exists (select from ticket_merges where workspace_id = ${db.workspaceId}
        and (source_id = ${ticketId} or target_id = ${ticketId}))
      and not exists (select from ticket_links where workspace_id = ${db.workspaceId}
        and (ticket_id = ${ticketId} or other_id = ${ticketId})) as is`.execute(db.kysely)
  return rows[0]!.is
}

/** With it goes all that stands in it. */
export async function deleteTicket(tx: Tx, id: string): Promise<void> {
  await sql`delete from tickets where workspace_id = ${tx.workspaceId} and id = ${id}`.execute(tx.kysely)
}

/** With it go its attachments, not the files. */
export async function deleteMessage(tx: Tx, id: string): Promise<void> {
  await sql`delete from ticket_messages where workspace_id = ${tx.workspaceId} and id = ${id}`.execute(tx.kysely)
}

/** Those who take part in a ticket only because a message named them do so no more. */
export async function deleteParticipantsOf(tx: Tx, { id, ticket_id: ticketId }: MessageRow): Promise<void> {
  await sql`
    delete from ticket_participants p where p.workspace_id = ${tx.workspaceId} and p.ticket_id = ${ticketId}
      and p.address in (select lower(a ->> 'address') from ticket_messages m, jsonb_array_elements(m.recipients || m.copies) a
        where m.workspace_id = ${tx.workspaceId} and m.id = ${id})
      and not exists (select from ticket_messages o where o.workspace_id = ${tx.workspaceId} and o.ticket_id = ${ticketId}
        and o.id <> ${id} and o.kind <> 'note' and (o.from_address = p.address
          or exists (select from jsonb_array_elements(o.recipients || o.copies) b where lower(b ->> 'address') = p.address)))`.execute(
    tx.kysely,
  )
}

/** A message as far as a later one answers and quotes it. */
export type EarlierMessage = Pick<
  MessageRow,
  | ('id' | 'kind' | 'customer_id' | 'from_name' | 'from_address' | 'recipients' | 'copies' | 'blind_copies')
  | ('message_id' | 'reference_ids' | 'at' | 'text')
>

/**
 * What was written to customers or by them, newest first, before a reply; what waits to be sent is not among it.
 * @param longest so many characters of each text
 */
export async function listBefore(
  db: Db,
  ticketIds: readonly string[],
  reply: MessageRow,
  longest: number,
): Promise<EarlierMessage[]> {
  const { rows } = await sql<EarlierMessage>`
    select m.id, m.kind, m.customer_id, m.from_name, m.from_address, m.recipients, m.copies, m.blind_copies, m.message_id,
      m.reference_ids, m.at, left(m.text, ${longest}) as text
    from ticket_messages m
    where m.workspace_id = ${db.workspaceId} and m.ticket_id = any(${ticketIds}::uuid[]) and m.kind <> 'note'
      and m.send_at is null and m.id <> ${reply.id} and (m.at, m.id) < (${reply.at}, ${reply.id})
    order by m.at desc, m.id desc limit 50`.execute(db.kysely)
  return rows
}

/** The subject of the first message that has one. */
export async function findFirstSubject(db: Db, ticketId: string): Promise<string | undefined> {
  const { rows } = await sql<{ subject: string }>`
    select m.subject from ticket_messages m
    where m.workspace_id = ${db.workspaceId} and m.ticket_id = ${ticketId} and m.kind <> 'note'
    order by m.at, m.id limit 1`.execute(db.kysely)
  return rows[0]?.subject || undefined
}

export type UnseenMessage = { id: string; kind: string; name: string }

/** What others have written since somebody looked, oldest first. Programs count for nobody. */
export async function listUnseen(
  db: Db,
  ticketIds: readonly string[],
  { seen, memberId }: { seen: string; memberId: string | undefined },
): Promise<UnseenMessage[]> {
  const { rows } = await sql<UnseenMessage>`
    select m.id, m.kind, coalesce(nullif(m.from_name, ''), m.from_address) as name from ticket_messages m
    where m.workspace_id = ${db.workspaceId} and m.ticket_id = any(${ticketIds}::uuid[]) and m.id > ${seen}
      and not m.automatic and m.member_id is distinct from ${memberId ?? null}
    order by m.id limit 10`.execute(db.kysely)
  return rows
}

/** From whom the first message of a ticket came that no member wrote. */
export async function findFirstSender(
  db: Db,
  ticketId: string,
): Promise<{ name: string; address: string } | undefined> {
  const { rows } = await sql<{ name: string; address: string }>`
    select m.from_name as name, m.from_address as address from ticket_messages m
    where m.workspace_id = ${db.workspaceId} and m.ticket_id = ${ticketId} and m.kind = 'message'
      and not m.outside and m.from_address like '%@%'
    order by m.at, m.id limit 1`.execute(db.kysely)
  return rows[0]
}

/** The message that was written with a key, and of what content. */
export async function findWritten(db: Db, key: Buffer): Promise<{ messageId: string; content: Buffer } | undefined> {
  const { rows } = await sql<{ messageId: string; content: Buffer }>`
    select message_id as "messageId", content from ticket_write_keys
    where workspace_id = ${db.workspaceId} and key = ${key}`.execute(db.kysely)
  return rows[0]
}

/** Whoever writes with the same key at this moment waits until the transaction ends. */
export async function lockWriteKey(tx: Tx, key: Buffer): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`${tx.workspaceId} ${key.toString('hex')}`}, 0))`.execute(
    tx.kysely,
  )
}

export async function insertWritten(tx: Tx, key: Buffer, content: Buffer, messageId: string): Promise<void> {
  await sql`
    insert into ticket_write_keys (workspace_id, key, content, message_id, at)
    values (${tx.workspaceId}, ${key}, ${content}, ${messageId}, ${tx.now})`.execute(tx.kysely)
}

export async function deleteWriteKeys(tx: Tx, before: Date): Promise<void> {
  await sql`delete from ticket_write_keys where workspace_id = ${tx.workspaceId} and at < ${before}`.execute(tx.kysely)
}
