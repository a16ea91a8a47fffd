import type { Attachment, Channel, MailAddress } from '@lahko/contract/tickets'
import { sql } from 'kysely'
import type { Db, Tx } from '#platform/store.ts'
import type { Undo } from './replies.queries.ts'
import { rowsOf } from './tickets.queries.ts'

export type MessageKind = 'message' | 'reply' | 'note' | 'forward'

/** A message as it is kept. Texts are clean: see `writing-in.ts` for who may make one. */
export type MessageRow = {
  id: string
  ticket_id: string
  kind: MessageKind
  channel: Channel
  member_id: string | null
  customer_id: string | null
  from_name: string
  from_address: string
  recipients: MailAddress[]
  copies: MailAddress[]
  blind_copies: MailAddress[]
  subject: string
  text: string
  html: string | null
  message_id: string | null
  in_reply_to: string | null
  reference_ids: string[]
  raw_file_id: string | null
  incoming_mail_id: string | null
  outside: boolean
  automatic: boolean
  banners: string[]
  authentication: { spf: string | null; dkim: string | null; dmarc: string | null } | null
  at: Date
  send_at: Date | null
}

const names = [
  ...['id', 'ticket_id', 'kind', 'channel', 'member_id', 'customer_id', 'from_name', 'from_address', 'recipients'],
  ...['copies', 'blind_copies', 'subject', 'text', 'html', 'message_id', 'in_reply_to', 'reference_ids'],
  ...['raw_file_id', 'incoming_mail_id', 'outside', 'automatic', 'banners', 'authentication', 'at', 'send_at'],
]
/** What makes a `MessageRow`, of a table that is called `m`. */
export const messageColumns = sql.raw(names.map((name) => `m.${name}`).join(', '))

/** Whom a message did not reach. The moment is as JSON has it. */
export type Bounce = { address: string; status: string | null; says: string; at: string }
/** A message with what belongs to it; `forwards`: what is in it, in the order in which it was written. */
export type WholeMessageRow = MessageRow & {
  stuck_since: Date | null
  attachments: Attachment[]
  forwards: string[]
  bounces: Bounce[]
  /** It says how it has changed its ticket. */
  canBeTakenBack: boolean
}

const attachmentColumns = sql`f.id, f.name, f.media_type as "mediaType", f.size, a.content_id as "contentId"`
const attachmentsOfMessage = sql`
  select ${attachmentColumns} from ticket_attachments a
  join files f on f.workspace_id = a.workspace_id and f.id = a.file_id
  where a.workspace_id = m.workspace_id and a.message_id = m.id order by a.position`
const forwardsOfMessage = sql`
  select o.id from ticket_forwards f join ticket_messages o on o.workspace_id = f.workspace_id and o.id = f.forwarded_id
  where f.workspace_id = m.workspace_id and f.message_id = m.id order by o.at, o.id`
const bouncesOfMessage = sql`
  select b.address, b.status, b.says, b.at from ticket_bounces b
  where b.workspace_id = m.workspace_id and b.message_id = m.id order by b.at, b.address limit 1000`
const wholeColumns = sql`${messageColumns}, m.stuck_since, ${rowsOf(attachmentsOfMessage)} as attachments,
  array(${forwardsOfMessage}) as forwards, ${rowsOf(bouncesOfMessage)} as bounces,
  m.undo is not null as "canBeTakenBack"`

/**
 * Writes a message, and who may continue its ticket because of it; a name that is known stays.
 * @param undo how a reply that can be taken back has changed its ticket
 */
export async function insertMessage(
  tx: Tx,
  row: MessageRow,
  participants: readonly MailAddress[],
  undo: Undo | null,
): Promise<void> {
  const addresses = participants.map(({ address }) => address.toLowerCase())
  const outside = row.outside || row.kind === 'forward'
  await sql`
    with message as (
      insert into ticket_messages (workspace_id, ${sql.raw(names.join(', '))}, undo)
      values (${tx.workspaceId}, ${row.id}, ${row.ticket_id}, ${row.kind}, ${row.channel}, ${row.member_id},
        ${row.customer_id}, ${row.from_name}, ${row.from_address}, ${JSON.stringify(row.recipients)},
        ${JSON.stringify(row.copies)}, ${JSON.stringify(row.blind_copies)}, ${row.subject}, ${row.text}, ${row.html},
        ${row.message_id}, ${row.in_reply_to}, ${row.reference_ids}, ${row.raw_file_id}, ${row.incoming_mail_id},
        ${row.outside}, ${row.automatic}, ${row.banners}, ${row.authentication && JSON.stringify(row.authentication)}, ${row.at},
        ${row.send_at}, ${undo && JSON.stringify(undo)})
    )
    insert into ticket_participants as p (workspace_id, ticket_id, address, name, outside)
    select distinct on (g.address) ${tx.workspaceId}::uuid, ${row.ticket_id}::uuid, g.address, g.name, ${outside}::boolean
    from unnest(${addresses}::text[], ${participants.map(({ name }) => name)}::text[]) g(address, name)
    on conflict (workspace_id, ticket_id, address) do update set outside = p.outside and excluded.outside,
      name = case when p.name = '' then excluded.name else p.name end
      where p.name = '' or p.outside and not excluded.outside`.execute(tx.kysely)
}

/** Messages of tickets, newest first, from before a moment. */
export async function listMessages(
  db: Db,
  ticketIds: readonly string[],
  { before, limit }: { before?: { at: string; id: string }; limit: number },
): Promise<WholeMessageRow[]> {
  const { rows } = await sql<WholeMessageRow>`
    select ${wholeColumns} from ticket_messages m
    where m.workspace_id = ${db.workspaceId} and m.ticket_id = any(${ticketIds}::uuid[])
      ${before ? sql`and (m.at, m.id) < (${before.at}, ${before.id})` : sql``}
    order by m.at desc, m.id desc limit ${limit}`.execute(db.kysely)
  return rows
}

/** By their ids, in the order in which they were written. */
export async function listMessagesByIds(db: Db, ids: readonly string[]): Promise<MessageRow[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<MessageRow>`
    select ${messageColumns} from ticket_messages m
    where m.workspace_id = ${db.workspaceId} and m.id = any(${ids}::uuid[]) order by m.at, m.id`.execute(db.kysely)
  return rows
}

export type AttachmentRow = Attachment & { messageId: string }

/** What is attached to messages, in its order. */
export async function listAttachments(db: Db, messageIds: readonly string[]): Promise<AttachmentRow[]> {
  if (messageIds.length === 0) return []
  const { rows } = await sql<AttachmentRow>`
    select a.message_id as "messageId", ${attachmentColumns}
    from ticket_attachments a join files f on f.workspace_id = a.workspace_id and f.id = a.file_id
    where a.workspace_id = ${db.workspaceId} and a.message_id = any(${messageIds}::uuid[])
    order by a.message_id, a.position`.execute(db.kysely)
  return rows
}

export type NewAttachment = { fileId: string; contentId?: string }

export async function insertAttachments(tx: Tx, messageId: string, given: readonly NewAttachment[]): Promise<void> {
  if (given.length === 0) return
  await sql`
    insert into ticket_attachments (workspace_id, message_id, file_id, position, content_id)
    select ${tx.workspaceId}, ${messageId}, g.file_id, g.position - 1, g.content_id
    from unnest(${given.map(({ fileId }) => fileId)}::uuid[],
      ${given.map(({ contentId }) => contentId ?? null)}::text[]) with ordinality g(file_id, content_id, position)
    on conflict do nothing`.execute(tx.kysely)
}

/** @returns undefined when it is not there */
export async function findMessage(db: Db, id: string): Promise<WholeMessageRow | undefined> {
  const { rows } = await sql<WholeMessageRow>`
    select ${wholeColumns} from ticket_messages m where m.workspace_id = ${db.workspaceId} and m.id = ${id}`.execute(
    db.kysely,
  )
  return rows[0]
}

/** What is in forwards, by their ids, in the order in which it was written. */
export async function listForwards(db: Db, messageIds: readonly string[]): Promise<Map<string, string[]>> {
  if (messageIds.length === 0) return new Map()
  const { rows } = await sql<{ id: string; ids: string[] }>`
    select f.message_id as id, array_agg(m.id order by m.at, m.id) as ids from ticket_forwards f
    join ticket_messages m on m.workspace_id = f.workspace_id and m.id = f.forwarded_id
    where f.workspace_id = ${db.workspaceId} and f.message_id = any(${messageIds}::uuid[]) group by 1`.execute(
    db.kysely,
  )
  return new Map(rows.map(({ id, ids }) => [id, ids]))
}

export async function insertForwards(tx: Tx, messageId: string, forwardedIds: readonly string[]): Promise<void> {
  await sql`
    insert into ticket_forwards (workspace_id, message_id, forwarded_id)
    select ${tx.workspaceId}, ${messageId}, g from unnest(${forwardedIds}::uuid[]) g on conflict do nothing`.execute(
    tx.kysely,
  )
}
