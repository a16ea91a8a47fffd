import { mostCountedMails } from '@lahko/contract/mailboxes'
import type { Translated } from '@lahko/contract/values'
import { sql, type RawBuilder } from 'kysely'
import type { MailServer } from '#platform/mail/letters.ts'
import type { Db, Store, Tx } from '#platform/store.ts'

export type ImapSettings = {
  host: string
  port: number
  secure: boolean
  user: string
  folder: string
  password?: string
  oauth?: { tokenUrl: string; clientId: string; clientSecret?: string; refreshToken?: string }
}

/** A mailbox with its secrets: what is shown of it stands in `mailboxes.view.ts`. */
export type MailboxRow = {
  id: string
  name: string
  address: string
  aliases: string[]
  imap: ImapSettings | null
  smtp: MailServer | null
  signatures: Translated
  confirmation: Translated | null
  plus_addresses: boolean
  auth_server: string | null
  reply_key: Buffer
  place: number
  uid_validity: number | null
  last_uid: number
  checked_at: Date | null
  failing_since: Date | null
  error: string | null
  sending_failing_since: Date | null
  sending_error: string | null
  server_count: number | null
  missing: number
  paused_at: Date | null
  solved_before: Date | null
  created_at: Date
}

const columns = sql`id, name, address, aliases, imap, smtp, signatures, confirmation, plus_addresses, auth_server, reply_key,
  place, uid_validity, last_uid, checked_at, failing_since, error, sending_failing_since, sending_error, server_count,
  missing, paused_at, solved_before, created_at`

/** What a manager says of a mailbox. */
export type GivenMailbox = Pick<
  MailboxRow,
  | ('name' | 'address' | 'aliases' | 'imap' | 'smtp' | 'signatures' | 'confirmation')
  | ('plus_addresses' | 'auth_server' | 'solved_before')
> & { paused: boolean }

/** @returns false when another mailbox has the address */
export async function insertMailbox(tx: Tx, id: string, given: GivenMailbox): Promise<boolean> {
  const { rows } = await sql`
    insert into mailboxes (workspace_id, id, name, address, aliases, imap, smtp, signatures, confirmation,
      plus_addresses, auth_server, solved_before, paused_at, created_at)
    values (${tx.workspaceId}, ${id}, ${given.name}, ${given.address}, ${given.aliases}, ${json(given.imap)},
      ${json(given.smtp)}, ${json(given.signatures)}, ${json(given.confirmation)},
      ${given.plus_addresses}, ${given.auth_server}, ${given.solved_before}, ${given.paused ? tx.now : null}, ${tx.now})
    on conflict (workspace_id, address) do nothing returning id`.execute(tx.kysely)
  return rows.length > 0
}

/** Another server or folder is read from its beginning. */
export async function updateMailbox(tx: Tx, id: string, given: GivenMailbox, elsewhere: boolean): Promise<void> {
  await sql`
    update mailboxes set name = ${given.name}, address = ${given.address}, aliases = ${given.aliases},
      imap = ${json(given.imap)}, smtp = ${json(given.smtp)}, signatures = ${json(given.signatures)},
      confirmation = ${json(given.confirmation)}, plus_addresses = ${given.plus_addresses},
      auth_server = ${given.auth_server},
      solved_before = ${given.solved_before},
      paused_at = case when ${given.paused} then coalesce(paused_at, ${tx.now}) end,
      failing_since = null, error = null, sending_failing_since = null, sending_error = null,
      place = case when ${elsewhere} then place + 1 else place end,
      uid_validity = case when ${elsewhere} then null else uid_validity end,
      last_uid = case when ${elsewhere} then 0 else last_uid end,
      server_count = case when ${elsewhere} then null else server_count end,
      missing = case when ${elsewhere} then 0 else missing end,
      missing_told_at = case when ${elsewhere} then null else missing_told_at end
    where workspace_id = ${tx.workspaceId} and id = ${id}`.execute(tx.kysely)
}

function json(value: object | null): string | null {
  return value && JSON.stringify(value)
}

/** @returns false when a ticket or a mail came by it */
export async function deleteMailbox(tx: Tx, id: string): Promise<boolean> {
  const { rows } = await sql`
    delete from mailboxes m where m.workspace_id = ${tx.workspaceId} and m.id = ${id}
      and not exists (select from tickets t where t.workspace_id = m.workspace_id and t.mailbox_id = m.id)
      and not exists (select from incoming_mails i where i.workspace_id = m.workspace_id and i.mailbox_id = m.id
        and i.outcome <> 'repeat')
    returning id`.execute(tx.kysely)
  return rows.length > 0
}

/** @returns undefined when it is not there */
export async function findMailboxRow(db: Db, id: string): Promise<MailboxRow | undefined> {
  const { rows } = await sql<MailboxRow>`
    select ${columns} from mailboxes where workspace_id = ${db.workspaceId} and id = ${id}`.execute(db.kysely)
  return rows[0]
}

/** In the order in which they were made, by key. */
export async function listMailboxRows(db: Db, page: { after?: string; limit: number }): Promise<MailboxRow[]> {
  const { rows } = await sql<MailboxRow>`
    select ${columns} from mailboxes where workspace_id = ${db.workspaceId}
      ${page.after === undefined ? sql`` : sql`and id > ${page.after}`}
    order by id limit ${page.limit}`.execute(db.kysely)
  return rows
}

/** Every address that is the workspace's own, in lower case. */
export async function listOwnAddresses(db: Db): Promise<Set<string>> {
  const { rows } = await ownAddresses(db).execute(db.kysely)
  return new Set(rows.map(({ address }) => address))
}

export function ownAddresses(db: Db): RawBuilder<{ address: string }> {
  return sql<{ address: string }>`
    select address from mailboxes where workspace_id = ${db.workspaceId}
    union select lower(unnest(aliases)) from mailboxes where workspace_id = ${db.workspaceId}`
}

export type OutcomeCount = { mailbox: string; outcome: string; count: number }

const outcomes = ['waiting', 'kept', 'repeat', 'bounce', 'set_aside']

/** How many messages of each mailbox had which outcome, so far as that is counted: each count walks a range of the index. */
export async function countOutcomes(db: Db, ids: readonly string[]): Promise<OutcomeCount[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<OutcomeCount>`
    select m.id as mailbox, o.outcome, (
        select count(*)::integer from (select from incoming_mails i where i.workspace_id = ${db.workspaceId}
          and i.mailbox_id = m.id and i.outcome = o.outcome limit ${mostCountedMails}) counted
      ) as count
    from unnest(${ids}::uuid[]) m(id) cross join unnest(${outcomes}::text[]) o(outcome)`.execute(db.kysely)
  return rows
}

/** A mailbox as somebody reads it; meanwhile it may have been pointed elsewhere. */
export type ReadMailbox = { id: string; place: number }

/**
 * Everything up to a message has been taken; two processes may read one mailbox, and none goes back behind another.
 * @returns false when the mailbox is elsewhere now
 */
export async function moveMailbox(
  tx: Tx,
  { id, place }: ReadMailbox,
  uidValidity: number,
  lastUid: number,
): Promise<boolean> {
  const { rows } = await sql`
    update mailboxes set uid_validity = ${uidValidity},
      last_uid = case when uid_validity = ${uidValidity} then greatest(last_uid, ${lastUid}) else ${lastUid} end
    where workspace_id = ${tx.workspaceId} and id = ${id} and place = ${place} returning id`.execute(tx.kysely)
  return rows.length > 0
}

/**
 * That a mailbox was read to its end, and what was there when all of it was looked at.
 * @returns `mended`: all is well, and was not before; `lacks`: something is missing, which nobody was told within a day
 */
export async function noteRead(
  tx: Tx,
  { id, place }: ReadMailbox,
  seen?: { server: number; missing: number },
): Promise<{ mended: boolean; lacks: boolean }> {
  const untold = sql`${(seen?.missing ?? 0) > 0} and coalesce(m.missing_told_at < ${dayBefore(tx.now)}, true)`
  const { rows } = await sql<{ mended: boolean; lacks: boolean }>`
    update mailboxes m set checked_at = ${tx.now}, failing_since = null, error = null,
      server_count = coalesce(${seen?.server ?? null}, m.server_count),
      missing = coalesce(${seen?.missing ?? null}, m.missing),
      missing_told_at = case when ${untold} then ${tx.now} else m.missing_told_at end
    from mailboxes before where before.workspace_id = m.workspace_id and before.id = m.id
      and m.workspace_id = ${tx.workspaceId} and m.id = ${id} and m.place = ${place}
    returning m.missing = 0 and m.sending_failing_since is null
        and (before.failing_since is not null or before.missing > 0) as mended,
      m.missing_told_at is distinct from before.missing_told_at as lacks`.execute(tx.kysely)
  return rows[0] ?? { mended: false, lacks: false }
}

function dayBefore(now: Date): Date {
  return new Date(now.getTime() - 86_400_000)
}

/** @returns whether it failed for the first time after it had gone well */
export async function noteFailure(tx: Tx, { id, place }: ReadMailbox, error: string): Promise<boolean> {
  const { rows } = await sql<{ first: boolean }>`
    update mailboxes m set failing_since = coalesce(m.failing_since, ${tx.now}), error = ${error}
    from mailboxes before where before.workspace_id = m.workspace_id and before.id = m.id
      and m.workspace_id = ${tx.workspaceId} and m.id = ${id} and m.place = ${place}
    returning before.failing_since is null as first`.execute(tx.kysely)
  return rows[0]?.first ?? false
}

export async function updateRefreshToken(tx: Tx, before: string, now: string): Promise<void> {
  const renewed = (way: RawBuilder<unknown>) => sql`case when ${way} #>> '{oauth,refreshToken}' = ${before}
    then jsonb_set(${way}, '{oauth,refreshToken}', to_jsonb(${now}::text)) else ${way} end`
  await sql`update mailboxes set imap = ${renewed(sql`imap`)}, smtp = ${renewed(sql`smtp`)}
    where workspace_id = ${tx.workspaceId}
      and ${before} in (imap #>> '{oauth,refreshToken}', smtp #>> '{oauth,refreshToken}')`.execute(tx.kysely)
}

/** That mail of a mailbox leaves. @returns whether all is well, and was not before */
export async function noteSending(tx: Tx, id: string): Promise<boolean> {
  const { rows } = await sql<{ mended: boolean }>`
    update mailboxes set sending_failing_since = null, sending_error = null
    where workspace_id = ${tx.workspaceId} and id = ${id} and sending_failing_since is not null
    returning failing_since is null and missing = 0 as mended`.execute(tx.kysely)
  return rows[0]?.mended ?? false
}

/** That no mail of a mailbox leaves. @returns whether it failed for the first time after it had gone well */
export async function noteSendingFailure(tx: Tx, id: string, error: string): Promise<boolean> {
  const { rows } = await sql<{ first: boolean }>`
    update mailboxes m set sending_failing_since = coalesce(m.sending_failing_since, ${tx.now}), sending_error = ${error}
    from mailboxes before where before.workspace_id = m.workspace_id and before.id = m.id
      and m.workspace_id = ${tx.workspaceId} and m.id = ${id}
    returning before.sending_failing_since is null as first`.execute(tx.kysely)
  return rows[0]?.first ?? false
}

export type MailboxToRead = { workspaceId: string; id: string; settings: string }

/** The mailboxes of all workspaces that are read from a server. */
export async function listMailboxesToRead({ outside }: Store): Promise<MailboxToRead[]> {
  const { rows } = await sql<MailboxToRead>`
    select workspace_id as "workspaceId", id, settings from mailboxes_to_read()`.execute(outside)
  return rows
}

/** The mailbox that takes mail for an address from the built-in receiver. */
export async function findMailboxOfAddress(
  { outside }: Store,
  address: string,
): Promise<{ workspaceId: string; id: string } | undefined> {
  const { rows } = await sql<{ workspaceId: string; id: string }>`
    select workspace_id as "workspaceId", id from mailbox_of_address(${address})`.execute(outside)
  return rows[0]
}
