import { sql } from 'kysely'
import type { IncomingMail } from '@lahko/contract/mailboxes'
import type { Db, Tx } from '#platform/store.ts'

/** A message as it came in, before anybody has looked into it. */
export type NewIncoming = {
  id: string
  place?: number
  uidValidity?: number
  uid?: number
  fingerprint: Buffer
  rawFileId: string
  /** Of all of it, in bytes: more than what is kept has when it was too large to be kept whole. */
  size: number
  repeats: boolean
  /** Somebody said that it is over, whenever it came. */
  past?: boolean
  receivedAt: Date
}

export type NewFile = { id: string; name: string; mediaType: string; content: Buffer }

/** Keeps bytes, all of them in one statement. */
export async function insertFiles(tx: Tx, files: readonly NewFile[]): Promise<void> {
  if (files.length === 0) return
  const rows = files.map(
    ({ id, name, mediaType, content }) =>
      sql`(${tx.workspaceId}, ${id}, ${name}, ${mediaType}, ${content.length}, ${content}, ${tx.now})`,
  )
  await sql`
    insert into files (workspace_id, id, name, media_type, size, content, created_at)
    values ${sql.join(rows)}`.execute(tx.kysely)
}

/** Where a message lies: which of the places that a mailbox had, and its numbers there. */
export type Whereabouts = { place: number; uidValidity: number; uid: number }

/** Which messages of the server are in the ledger. @param among only these are asked about, when they are given */
export async function listKnownUids(
  db: Db,
  mailboxId: string,
  { place, uidValidity }: Omit<Whereabouts, 'uid'>,
  among?: readonly number[],
): Promise<Set<number>> {
  const { rows } = await sql<{ uid: number }>`
    select uid from incoming_mails where workspace_id = ${db.workspaceId} and mailbox_id = ${mailboxId}
      and place = ${place} and uid_validity = ${uidValidity}
      ${among === undefined ? sql`` : sql`and uid = any(${among}::bigint[])`}`.execute(db.kysely)
  return new Set(rows.map(({ uid }) => uid))
}

/** A message of which others are repeats: where its bytes are, and their SHA-256. */
export type Original = { rawFileId: string | null; digest: Buffer | null }

/** The messages of a mailbox that have these fingerprints, by those in hexadecimal digits. */
export async function listOriginals(
  tx: Tx,
  mailboxId: string,
  fingerprints: readonly Buffer[],
): Promise<Map<string, Original>> {
  const { rows } = await sql<Original & { name: string }>`
    select encode(i.fingerprint, 'hex') as name, i.raw_file_id as "rawFileId", sha256(f.content) as digest
    from incoming_mails i left join files f on f.workspace_id = i.workspace_id and f.id = i.raw_file_id
    where i.workspace_id = ${tx.workspaceId} and i.mailbox_id = ${mailboxId}
      and i.fingerprint = any(${fingerprints}::bytea[])
      and i.outcome <> 'repeat'`.execute(tx.kysely)
  return new Map(rows.map(({ name, ...original }) => [name, original]))
}

/** What came from no place on a server and has these fingerprints: `fingerprint:SHA-256 of its bytes`, in hexadecimal digits. */
export async function listFiled(tx: Tx, mailboxId: string, fingerprints: readonly Buffer[]): Promise<Set<string>> {
  const of = (outcome: 'original' | 'repeat') => sql`
    select fingerprint, raw_file_id from incoming_mails
    where workspace_id = ${tx.workspaceId} and mailbox_id = ${mailboxId} and fingerprint = any(${fingerprints}::bytea[])
      and ${outcome === 'repeat' ? sql`outcome = 'repeat'` : sql`outcome <> 'repeat'`} and uid is null`
  const { rows } = await sql<{ mark: string }>`
    select encode(i.fingerprint, 'hex') || ':' || encode(sha256(f.content), 'hex') as mark
    from (${of('original')} union all ${of('repeat')}) i
    join files f on f.workspace_id = ${tx.workspaceId} and f.id = i.raw_file_id`.execute(tx.kysely)
  return new Set(rows.map(({ mark }) => mark))
}

/** Why a message is set aside of which there is nothing but its place: its server does not give it. */
export const notGiven = 'not_given'
type Place = Omit<Whereabouts, 'uid'>
export type NotGiven = { id: string; size: number; sender: string; subject: string; says: string; receivedAt: Date }

/** After how many minutes each what was not given is asked for once more; then only when somebody wants it. */
const pauses = [10, 60, 360, 1_440, 4_320]

/** Sets aside a message that its server does not give; one that had been asked for once more, again. */
export async function upsertNotGiven(
  tx: Tx,
  mailboxId: string,
  { place, uidValidity, uid }: Whereabouts,
  { id, size, sender, subject, says, receivedAt }: NotGiven,
): Promise<void> {
  await sql`
    insert into incoming_mails as i (workspace_id, id, mailbox_id, place, uid_validity, uid, fingerprint, size, sender,
      subject, outcome, reason, says, received_at, judged_at, retry_at)
    values (${tx.workspaceId}, ${id}, ${mailboxId}, ${place}, ${uidValidity}, ${uid},
      sha256(convert_to(${id}::text, 'UTF8')), ${size}, ${sender}, ${subject}, 'set_aside', ${notGiven}, ${says},
      ${receivedAt}, ${tx.now}, ${tx.now}::timestamptz + interval '1 minute' * (${pauses}::integer[])[1])
    on conflict (workspace_id, mailbox_id, place, uid_validity, uid) do update
      set outcome = 'set_aside', says = excluded.says, judged_at = excluded.judged_at, retries = i.retries + 1,
        retry_at = ${tx.now}::timestamptz + interval '1 minute' * (${pauses}::integer[])[i.retries + 2]
      where i.reason = ${notGiven} and i.outcome = 'waiting'`.execute(tx.kysely)
}

/** Has what was not given and is due asked for once more, the longest due first. */
export async function updateDueAgain(tx: Tx, mailboxId: string, most: number): Promise<void> {
  await sql`
    update incoming_mails set outcome = 'waiting', judged_at = null, retry_at = null
    where workspace_id = ${tx.workspaceId} and id in (
      select id from incoming_mails where workspace_id = ${tx.workspaceId} and mailbox_id = ${mailboxId}
        and retry_at <= ${tx.now} order by retry_at limit ${most})`.execute(tx.kysely)
}

/** A server that gives one again may give the others too: they are asked for at once. */
async function updateSooner(tx: Tx, mailboxId: string, { place, uidValidity }: Place): Promise<void> {
  await sql`
    update incoming_mails set retry_at = ${tx.now}
    where workspace_id = ${tx.workspaceId} and mailbox_id = ${mailboxId} and place = ${place}
      and uid_validity = ${uidValidity} and retry_at is not null`.execute(tx.kysely)
}

/** What was not given, and is asked for once more. `here`: it lies where the mailbox is now. */
export async function listAskedAgain(
  db: Db,
  mailboxId: string,
  { place, uidValidity }: Place,
): Promise<{ uid: number; here: boolean }[]> {
  const { rows } = await sql<{ uid: number; here: boolean }>`
    select uid, place = ${place} and uid_validity = ${uidValidity} as here from incoming_mails
    where workspace_id = ${db.workspaceId} and mailbox_id = ${mailboxId}
      and outcome = 'waiting' and reason = ${notGiven} and place <= ${place}
    order by uid`.execute(db.kysely)
  return rows
}

/** What was asked for once more lies where the mailbox was before, and nobody asks there any more. */
export async function updateLeftBehind(tx: Tx, mailboxId: string, { place, uidValidity }: Place): Promise<void> {
  await sql`
    update incoming_mails set outcome = 'set_aside', says = null, judged_at = ${tx.now}
    where workspace_id = ${tx.workspaceId} and mailbox_id = ${mailboxId} and outcome = 'waiting'
      and reason = ${notGiven} and (place < ${place} or (place = ${place} and uid_validity <> ${uidValidity}))`.execute(
    tx.kysely,
  )
}

/** What was asked for once more is not there any more. */
export async function updateGone(
  tx: Tx,
  mailboxId: string,
  { place, uidValidity }: Place,
  uids: readonly number[],
): Promise<void> {
  await sql`
    update incoming_mails set outcome = 'set_aside', says = null, judged_at = ${tx.now}
    where workspace_id = ${tx.workspaceId} and mailbox_id = ${mailboxId} and place = ${place}
      and uid_validity = ${uidValidity} and uid = any(${uids}::bigint[]) and outcome = 'waiting'
      and reason = ${notGiven}`.execute(tx.kysely)
}

/** Makes room for what is given after all; others that were not follow at once. @returns the UIDs of those that there were */
export async function deleteNotGiven(
  tx: Tx,
  mailboxId: string,
  { place, uidValidity }: Place,
  uids: readonly number[],
): Promise<number[]> {
  const { rows } = await sql<{ uid: number }>`
    delete from incoming_mails where workspace_id = ${tx.workspaceId} and mailbox_id = ${mailboxId}
      and place = ${place} and uid_validity = ${uidValidity} and uid = any(${uids}::bigint[]) and reason = ${notGiven}
    returning uid`.execute(tx.kysely)
  if (rows.length > 0) await updateSooner(tx, mailboxId, { place, uidValidity })
  return rows.map(({ uid }) => uid)
}

/** Whoever takes mail into a mailbox does it alone until the transaction ends. @returns false when it is not there */
export async function lockMailboxForMail(tx: Tx, mailboxId: string): Promise<boolean> {
  const { rows } = await sql`
    select 1 from mailboxes where workspace_id = ${tx.workspaceId} and id = ${mailboxId}
    for no key update`.execute(tx.kysely)
  return rows.length > 0
}

/** Writes lines of the ledger in their order. */
export async function insertIncoming(tx: Tx, mailboxId: string, mails: readonly NewIncoming[]): Promise<void> {
  if (mails.length === 0) return
  const rows = mails.map(
    (one) => sql`(${tx.workspaceId}, ${one.id}, ${mailboxId}, ${one.place ?? 0}, ${one.uidValidity ?? null},
      ${one.uid ?? null}, ${one.fingerprint}, ${one.rawFileId}, ${one.size}, ${one.repeats ? 'repeat' : 'waiting'},
      ${one.past ?? false}, ${one.receivedAt}, ${one.repeats ? tx.now : null})`,
  )
  await sql`
    insert into incoming_mails (workspace_id, id, mailbox_id, place, uid_validity, uid, fingerprint, raw_file_id, size,
      outcome, past, received_at, judged_at)
    values ${sql.join(rows)}`.execute(tx.kysely)
}

/** Reading what ended the process so often is not begun again. */
export const mostTries = 3

export type WaitingMail = {
  id: string
  position: number
  raw: Buffer | null
  size: number
  /** Why it was set aside before somebody asked for it once more. */
  reason: string | null
  rawFileId: string | null
  receivedAt: Date
  past: boolean
  /** How often reading it was begun and never came to an end. */
  tries: number
}

/** Messages that are here and that nobody has judged, oldest first: so many, and so many bytes, but one at least. @param after a position */
export async function listWaiting(
  db: Db,
  mailboxId: string,
  { most, bytes, after = 0 }: { most: number; bytes: number; after?: number },
): Promise<WaitingMail[]> {
  const { rows } = await sql<WaitingMail>`
    with next as (
      select id, position, raw_file_id, size, reason, received_at, past, tries,
        sum(size::bigint) over (order by position) - size as before from (
          select id, position, raw_file_id, size, reason, received_at, past, tries from incoming_mails
          where workspace_id = ${db.workspaceId} and mailbox_id = ${mailboxId} and outcome = 'waiting'
            and reason is distinct from ${notGiven} and position > ${after} order by position limit ${most}) oldest
    )
    select n.id, n.position, n.raw_file_id as "rawFileId", n.size, n.reason, n.received_at as "receivedAt", n.past, n.tries,
      f.content as raw
    from next n left join files f on f.workspace_id = ${db.workspaceId} and f.id = n.raw_file_id
    where n.before <= ${bytes} order by n.position`.execute(db.kysely)
  return rows
}

/** Counts that reading some messages begins, or with `by` -1 that it did not end the process. */
export async function updateTries(tx: Tx, ids: readonly string[], by: 1 | -1): Promise<void> {
  await sql`
    update incoming_mails set tries = greatest(tries + ${by}, 0)
    where workspace_id = ${tx.workspaceId} and id = any(${ids}::uuid[]) and outcome = 'waiting'`.execute(tx.kysely)
}

/** Those of these that still wait; nobody else judges them until the transaction ends. */
export async function lockWaiting(tx: Tx, ids: readonly string[]): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`
    select id from incoming_mails
    where workspace_id = ${tx.workspaceId} and id = any(${ids}::uuid[]) and outcome = 'waiting'
    order by position for update`.execute(tx.kysely)
  return new Set(rows.map(({ id }) => id))
}

/** What became of a message. */
export type Verdict = {
  outcome: 'kept' | 'bounce' | 'set_aside'
  sender?: string
  subject?: string
  reason?: string
  status?: string | null
  says?: string
  ticketId?: string
  messageId?: string
  /** The blocked sender for whom it was set aside. */
  blockedId?: string
}

export type Judged = Verdict & { id: string }

/** Writes what became of messages. */
export async function updateJudged(tx: Tx, judged: readonly Judged[]): Promise<void> {
  const of = <K extends keyof Judged>(name: K) => judged.map((one) => one[name] ?? null)
  await sql`
    update incoming_mails i set outcome = j.outcome, sender = coalesce(j.sender, ''), subject = coalesce(j.subject, ''),
      reason = j.reason, status = j.status, says = j.says, ticket_id = j.ticket_id, message_id = j.message_id,
      blocked_id = j.blocked_id, judged_at = ${tx.now}
    from unnest(${of('id')}::uuid[], ${of('outcome')}::text[], ${of('sender')}::text[], ${of('subject')}::text[],
      ${of('reason')}::text[], ${of('status')}::text[], ${of('says')}::text[], ${of('ticketId')}::uuid[],
      ${of('messageId')}::uuid[], ${of('blockedId')}::uuid[])
      j(id, outcome, sender, subject, reason, status, says, ticket_id, message_id, blocked_id)
    where i.workspace_id = ${tx.workspaceId} and i.id = j.id`.execute(tx.kysely)
}

/**
 * Lets a message be judged once more; why it was set aside stays known. A repeat becomes one of its own, as there is one
 * original of a fingerprint. What was not given can be asked for where it lay, and nowhere else.
 * @returns its mailbox, if it was set aside or a repeat
 */
export async function updateWaiting(tx: Tx, id: string): Promise<string | undefined> {
  const { rows } = await sql<{ mailbox_id: string }>`
    update incoming_mails i set outcome = 'waiting', judged_at = null, retry_at = null,
      tries = least(tries, ${mostTries - 1}),
      fingerprint = case when outcome = 'repeat' then sha256(convert_to(id::text, 'UTF8')) else fingerprint end
    where workspace_id = ${tx.workspaceId} and id = ${id} and outcome in ('set_aside', 'repeat')
      and (reason is distinct from ${notGiven} or exists (select from mailboxes m
        where m.workspace_id = i.workspace_id and m.id = i.mailbox_id and m.place = i.place
          and m.uid_validity = i.uid_validity and m.imap is not null))
    returning mailbox_id`.execute(tx.kysely)
  return rows[0]?.mailbox_id
}

export type IncomingRow = {
  id: string
  mailbox_id: string
  received_at: Date
  sender: string
  subject: string
  size: number
  outcome: IncomingMail['outcome']
  reason: string | null
  status: string | null
  says: string | null
  retry_at: Date | null
  uid: number | null
  ticket_id: string | null
  ticket_number: number | null
  raw_file_id: string | null
}

/** Of a repeat what is known of the message that came first. */
const listed = sql`i.id, i.mailbox_id, i.received_at, coalesce(o.sender, i.sender) as sender,
  coalesce(o.subject, i.subject) as subject, i.size, i.outcome, i.reason, i.status, i.says, i.retry_at, i.uid,
  t.id as ticket_id, t.number as ticket_number, i.raw_file_id`
const joined = sql`from incoming_mails i
  left join incoming_mails o on i.outcome = 'repeat' and o.workspace_id = i.workspace_id
    and o.mailbox_id = i.mailbox_id and o.fingerprint = i.fingerprint and o.outcome <> 'repeat'
  left join tickets t on t.workspace_id = i.workspace_id and t.id = coalesce(o.ticket_id, i.ticket_id)`

/** Newest first, by key. */
export async function listIncoming(
  db: Db,
  page: { mailbox?: string; outcome?: string; after?: string; limit: number },
): Promise<IncomingRow[]> {
  const { rows } = await sql<IncomingRow>`
    select ${listed} ${joined}
    where i.workspace_id = ${db.workspaceId}
      ${page.mailbox === undefined ? sql`` : sql`and i.mailbox_id = ${page.mailbox}`}
      ${page.outcome === undefined ? sql`` : sql`and i.outcome = ${page.outcome}`}
      ${page.after === undefined ? sql`` : sql`and i.id < ${page.after}`}
    order by i.id desc limit ${page.limit}`.execute(db.kysely)
  return rows
}

/** @returns undefined when it is not there */
export async function findIncoming(db: Db, id: string): Promise<IncomingRow | undefined> {
  const { rows } = await sql<IncomingRow>`
    select ${listed} ${joined}
    where i.workspace_id = ${db.workspaceId} and i.id = ${id}`.execute(db.kysely)
  return rows[0]
}

/** The bytes of a file. @returns undefined when it is not there */
export async function findFileContent(db: Db, id: string): Promise<Buffer | undefined> {
  const { rows } = await sql<{ content: Buffer }>`
    select content from files where workspace_id = ${db.workspaceId} and id = ${id}`.execute(db.kysely)
  return rows[0]?.content
}

/** The mail as which a message came. @returns undefined when it is not there, or was no mail */
export async function findSourceOfMessage(db: Db, messageId: string): Promise<Buffer | undefined> {
  const { rows } = await sql<{ content: Buffer }>`
    select f.content from ticket_messages m
    join files f on f.workspace_id = m.workspace_id and f.id = m.raw_file_id
    where m.workspace_id = ${db.workspaceId} and m.id = ${messageId}`.execute(db.kysely)
  return rows[0]?.content
}
