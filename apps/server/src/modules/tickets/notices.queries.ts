import type { MailboxNoticeData } from '@lahko/contract'
import { sql } from 'kysely'
import type { Db } from '#platform/store.ts'
import type { MessageKind } from './ticket-messages.queries.ts'

/** Where an answer by mail goes: the message to which it belongs, and the mailbox that reads it; null: none does. */
export type Answerable = {
  namedId: string | null
  mailboxId: string | null
  address: string | null
  replyKey: Buffer | null
  plusAddresses: boolean | null
}

export type Told = Answerable & {
  eventId: string
  ticketId: string
  number: number
  subject: string
  ownerId: string | null
  actorId: string | null
  data: {
    to?: string | null
    messageId?: string
    mentions?: string[]
    state?: string
    memberId?: string | null
    past?: boolean
  }
  /** Of the message that it tells of. */
  kind: MessageKind | null
  automatic: boolean
  outside: boolean
  /** Whoever wrote it is whose ticket it is, and would get the answer. */
  byRequester: boolean
  /** The beginning of what a customer wrote, or a colleague for members. */
  text: string | null
}

const firstMessage = sql`(select f.id from ticket_messages f
  where f.workspace_id = t.workspace_id and f.ticket_id = t.id order by f.at, f.id limit 1)`
const mailboxColumns = sql`b.id as "mailboxId", b.address, b.reply_key as "replyKey", b.plus_addresses as "plusAddresses"`

function mailboxThatReads(receives: boolean) {
  return sql`left join lateral (select x.id, x.address, x.reply_key, x.plus_addresses from mailboxes x
    where x.workspace_id = t.workspace_id and (t.mailbox_id is null or x.id = t.mailbox_id)
      and (x.imap is not null or ${receives}) order by x.created_at, x.id limit 1) b on true`
}

/**
 * What one event says, with its ticket as it is now.
 * @param receives whether mail comes by the built-in receiver too
 * @param batch the tickets of those that were told together with it
 */
export async function listTold(
  db: Db,
  eventId: string,
  receives: boolean,
  batch: readonly string[] = [],
): Promise<Told[]> {
  const { rows } = await sql<Told>`
    select e.id as "eventId", t.id as "ticketId", t.number, t.subject, t.owner_id as "ownerId", e.data, m.kind,
      coalesce(case when e.actor_kind = 'member' then e.actor_id end,
        case when first.type = 'ticket.message' then m.member_id end) as "actorId",
      coalesce(m.automatic, false) as automatic, coalesce(m.outside, false) as outside,
      coalesce(m.customer_id = any(array(select p from same_person(t.customer_id) p)), false) as "byRequester",
      case when m.kind in ('message', 'note') and not m.outside then left(m.text, 4000) end as text,
      case when m.kind = 'message' and not m.outside then m.id else ${firstMessage} end as "namedId", ${mailboxColumns}
    from events first cross join lateral (
      select first.id, first.subject_id, first.data, first.actor_kind, first.actor_id, first.workspace_id
      union
      select o.id, o.subject_id, o.data, o.actor_kind, o.actor_id, o.workspace_id from events o
      where o.workspace_id = first.workspace_id and o.subject_id = any(${batch}::uuid[]) and o.type >= 'ticket.'
        and o.type < 'ticket/' and o.type = first.type and o.at = first.at
    ) e
    join tickets t on t.workspace_id = e.workspace_id and t.id = e.subject_id
    left join ticket_messages m on m.workspace_id = e.workspace_id and m.id = (e.data ->> 'messageId')::uuid
    ${mailboxThatReads(receives)}
    where first.workspace_id = ${db.workspaceId} and first.id = ${eventId} order by e.id`.execute(db.kysely)
  return rows
}

/** Where answers to what is told of these tickets go, as far as one reads them. @param receives as in `listTold` */
export async function listAnswerable(
  db: Db,
  ticketIds: readonly string[],
  receives: boolean,
): Promise<Map<string, Answerable>> {
  const { rows } = await sql<Answerable & { id: string }>`
    select t.id, ${firstMessage} as "namedId", ${mailboxColumns} from tickets t ${mailboxThatReads(receives)}
    where t.workspace_id = ${db.workspaceId} and t.id = any(${ticketIds}::uuid[])`.execute(db.kysely)
  return new Map(rows.map(({ id, ...rest }) => [id, rest]))
}

/** Who follows each of these tickets, or what was merged into it. */
export async function listFollowing(db: Db, ticketIds: readonly string[]): Promise<Map<string, string[]>> {
  const { rows } = await sql<{ id: string; members: string[] }>`
    with recursive shown as (
      select root, root as id from unnest(${ticketIds}::uuid[]) root
      union
      select s.root, m.source_id from shown s join ticket_merges m
        on m.workspace_id = ${db.workspaceId} and m.target_id = s.id
    )
    select s.root as id, array_agg(distinct f.member_id) as members from shown s join ticket_followers f
      on f.workspace_id = ${db.workspaceId} and f.ticket_id = s.id group by 1`.execute(db.kysely)
  return new Map(rows.map(({ id, members }) => [id, members]))
}

/** A mailbox that cannot be read, cannot send, or lacks what its server has; undefined when it is well. */
export async function findAilingMailbox(
  db: Db,
  id: string,
): Promise<{ address: string; reason: MailboxNoticeData['reason'] } | undefined> {
  const { rows } = await sql<{ address: string; reason: MailboxNoticeData['reason'] }>`
    select address, case when sending_failing_since >= coalesce(failing_since, '-infinity') then 'sending'
      when failing_since is not null then 'failing' else 'counts' end as reason from mailboxes
    where workspace_id = ${db.workspaceId} and id = ${id}
      and (failing_since is not null or sending_failing_since is not null or missing > 0)`.execute(db.kysely)
  return rows[0]
}

/** Which of these ids are tickets of the workspace. */
export async function listKnownTickets(db: Db, ids: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from tickets where workspace_id = ${db.workspaceId} and id = any(${[...ids]}::uuid[])`.execute(db.kysely)
  return rows.map(({ id }) => id)
}

/** Which of these ids are mailboxes of the workspace. */
export async function listKnownMailboxes(db: Db, ids: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from mailboxes where workspace_id = ${db.workspaceId} and id = any(${[...ids]}::uuid[])`.execute(
    db.kysely,
  )
  return rows.map(({ id }) => id)
}
