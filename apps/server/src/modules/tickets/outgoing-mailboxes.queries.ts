import type { Translated } from '@lahko/contract/values'
import { sql, type RawBuilder } from 'kysely'
import type { MailServer } from '#platform/mail/letters.ts'
import type { Db } from '#platform/store.ts'
import { ownAddresses, type ImapSettings } from './mailboxes.queries.ts'

/** A mailbox as far as what goes out needs it. */
export type OutgoingMailbox = {
  id: string
  name: string
  address: string
  aliases: string[]
  replyKey: Buffer
  /** Whether its server takes name+token@. */
  plusAddresses: boolean
  signatures: Translated
  smtp: MailServer | null
  hasImap: boolean
  /** Every address that is the workspace's own, in lower case. */
  ownAddresses: string[]
}

/** This one; with null the first that there is. */
export async function findOutgoingMailbox(db: Db, id: string | null): Promise<OutgoingMailbox | undefined> {
  const columns = sql`id, name, address, aliases, reply_key as "replyKey", plus_addresses as "plusAddresses", signatures,
    smtp, imap is not null as "hasImap", array(${ownAddresses(db)}) as "ownAddresses"`
  const { rows } = await outgoingMailbox<OutgoingMailbox>(db, id, columns).execute(db.kysely)
  return rows[0]
}

/** The one that has this address; undefined when none does. */
export async function findMailboxWith(db: Db, address: string): Promise<OutgoingMailbox | undefined> {
  const { rows } = await sql<{ id: string }>`
    select id from mailboxes where workspace_id = ${db.workspaceId} and (address = ${address}
      or exists (select from unnest(aliases) a where lower(a) = ${address}))
    order by address <> ${address}, created_at, id limit 1`.execute(db.kysely)
  return rows[0] && findOutgoingMailbox(db, rows[0].id)
}

/** By which mailbox goes what is of no ticket: the first that has a server of its own, else the first that there is. */
export async function findMailboxToWrite(db: Db): Promise<OutgoingMailbox | undefined> {
  const { rows } = await sql<{ id: string }>`
    select id from mailboxes where workspace_id = ${db.workspaceId}
    order by smtp is null, created_at, id limit 1`.execute(db.kysely)
  return rows[0] && findOutgoingMailbox(db, rows[0].id)
}

export function outgoingMailbox<Row>(db: Db, id: string | null, columns: RawBuilder<unknown>): RawBuilder<Row> {
  return sql<Row>`
    select ${columns} from mailboxes where workspace_id = ${db.workspaceId} ${id === null ? sql`` : sql`and id = ${id}`}
    order by created_at, id limit 1`
}

/** To which of these addresses the customer of some tickets wrote last; undefined when to none. */
export async function findAddressWrittenTo(
  db: Db,
  ticketIds: readonly string[],
  addresses: readonly string[],
): Promise<string | undefined> {
  const { rows } = await sql<{
    address: string
  }>`${addressWrittenTo(db, sql`any(${ticketIds}::uuid[])`, sql`any(${addresses}::text[])`)}`.execute(db.kysely)
  return rows[0]?.address
}

/** @param tickets and addresses: what stands after `=` */
export function addressWrittenTo(
  db: Db,
  tickets: RawBuilder<unknown>,
  addresses: RawBuilder<unknown>,
): RawBuilder<{ address: string }> {
  return sql<{ address: string }>`
    select lower(w.given ->> 'address') as address from ticket_messages m
    cross join lateral jsonb_array_elements(m.recipients || m.copies) with ordinality w(given, place)
    where m.workspace_id = ${db.workspaceId} and m.ticket_id = ${tickets} and m.kind = 'message' and not m.outside
      and lower(w.given ->> 'address') = ${addresses}
    order by m.at desc, m.id desc, w.place limit 1`
}

/** Of the mailbox from which a reply went; undefined when it is read from no server. */
export async function findSentFolderAccount(db: Db, messageId: string): Promise<ImapSettings | undefined> {
  const { rows } = await sql<{ imap: ImapSettings }>`
    select b.imap from ticket_messages m
    join tickets t on t.workspace_id = m.workspace_id and t.id = m.ticket_id
    join lateral (select x.imap from mailboxes x
      where x.workspace_id = t.workspace_id and (t.mailbox_id is null or x.id = t.mailbox_id)
      order by x.created_at, x.id limit 1) b on b.imap is not null
    where m.workspace_id = ${db.workspaceId} and m.id = ${messageId}`.execute(db.kysely)
  return rows[0]?.imap
}
