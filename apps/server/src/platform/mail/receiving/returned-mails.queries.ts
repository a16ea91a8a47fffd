import { sql } from 'kysely'
import { uuidv7 } from '../../identifiers.ts'
import type { Db, Store, Tx } from '../../store.ts'
import type { AboutMail } from '../kinds.ts'

export type ReturnedKind = 'unread' | 'bounce' | 'delay' | 'complaint' | 'reply' | 'auto_reply' | 'set_aside'

/** The workspace whose mail has this id; undefined when there is none. */
export async function findWorkspaceOfMail({ outside }: Store, mailId: string): Promise<string | undefined> {
  const { rows } = await sql<{ id: string | null }>`select workspace_of_mail(${mailId}) as id`.execute(outside)
  return rows[0]?.id ?? undefined
}

/** The workspace that gets what is about no mail; undefined while there is none. @param wanted by its address */
export async function findDefaultWorkspace(
  { outside }: Store,
  wanted: string | undefined,
): Promise<string | undefined> {
  const { rows } = await sql<{ id: string | null }>`select default_workspace(${wanted ?? null}) as id`.execute(outside)
  return rows[0]?.id ?? undefined
}

/** With what the workspace signs its return addresses. */
export async function getReturnKey(db: Db): Promise<Buffer> {
  const { rows } = await sql<{ key: Buffer }>`
    select key from return_keys where workspace_id = ${db.workspaceId}`.execute(db.kysely)
  return rows[0]!.key
}

/** A message as it came in. */
export type IncomingMail = { fingerprint: Buffer; raw: Buffer; size: number; sender: string; subject: string }

/** @returns its id; undefined when it has come in before */
export async function insertReturnedMail(tx: Tx, mail: IncomingMail): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`
    insert into returned_mails (workspace_id, id, received_at, fingerprint, raw, size, sender, subject)
    values (${tx.workspaceId}, ${uuidv7(tx.now.getTime())}, ${tx.now}, ${mail.fingerprint}, ${mail.raw}, ${mail.size},
      ${mail.sender}, ${mail.subject})
    on conflict (workspace_id, fingerprint) do nothing returning id`.execute(tx.kysely)
  return rows[0]?.id
}

/** How many that are about no mail came in since a moment, those among them that wait to be judged; counted up to `most`. */
export async function countAboutNoMail(db: Db, since: Date, most: number): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from (select from returned_mails
      where workspace_id = ${db.workspaceId} and mail_id is null and received_at > ${since} limit ${most}) few`.execute(
    db.kysely,
  )
  return rows[0]!.count
}

/** The bytes of a message; null when they have been forgotten. */
export async function findRaw(db: Db, id: string): Promise<Buffer | null | undefined> {
  const { rows } = await sql<{ raw: Buffer | null }>`
    select raw from returned_mails where workspace_id = ${db.workspaceId} and id = ${id}`.execute(db.kysely)
  return rows[0]?.raw
}

/** Whether a message still waits to be judged; others wait until the transaction ends. */
export async function lockUnread(tx: Tx, id: string): Promise<boolean> {
  const { rows } = await sql`
    select 1 from returned_mails where workspace_id = ${tx.workspaceId} and id = ${id} and kind = 'unread'
    for update`.execute(tx.kysely)
  return rows.length > 0
}

/** `private`: it lets its reader in, so that nobody else may read it. */
export type NamedMailRow = AboutMail & { id: string; kind: string; private: boolean }

/** Those of these mails that are the workspace's own. */
export async function listMailsById(db: Db, ids: readonly string[]): Promise<NamedMailRow[]> {
  const { rows } = await sql<NamedMailRow>`
    select id, kind, subject_id as "subjectId", number, recipient, secret as private from mails
    where workspace_id = ${db.workspaceId} and id = any(${[...ids]}::uuid[])`.execute(db.kysely)
  return rows
}

/** What a message was found to be. */
export type Verdict = {
  kind: ReturnedKind
  reason?: string
  mailId?: string
  sender?: string
  subject?: string
  status?: string | null
  says?: string
  text?: string
}

export async function updateVerdict(tx: Tx, id: string, verdict: Verdict): Promise<void> {
  await sql`
    update returned_mails set kind = ${verdict.kind}, reason = ${verdict.reason ?? null},
      mail_id = ${verdict.mailId ?? null}, sender = coalesce(${verdict.sender ?? null}, sender),
      subject = coalesce(${verdict.subject ?? null}, subject), status = ${verdict.status ?? null},
      says = ${verdict.says ?? null}, text = ${verdict.text ?? null}, judged_at = ${tx.now}
    where workspace_id = ${tx.workspaceId} and id = ${id}`.execute(tx.kysely)
}

/** Keeps that a message came and what it was, and none of its words: it brings back a mail that is its reader's alone. */
export async function forgetWords(tx: Tx, id: string): Promise<void> {
  await sql`update returned_mails set raw = null, text = null
    where workspace_id = ${tx.workspaceId} and id = ${id}`.execute(tx.kysely)
}

/** Lets a message that was set aside be judged once more. @returns false when it was not, or is forgotten */
export async function updateUnread(tx: Tx, id: string): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update returned_mails set kind = 'unread', reason = null, judged_at = null
    where workspace_id = ${tx.workspaceId} and id = ${id} and kind = 'set_aside' and raw is not null`.execute(tx.kysely)
  return Number(numAffectedRows ?? 0) > 0
}

/** A message as it stands in a list, with the mail that it is about. */
export type ReturnedMailRow = {
  id: string
  receivedAt: Date
  kind: ReturnedKind
  reason: string | null
  sender: string
  subject: string
  size: number
  status: string | null
  says: string | null
  text: string | null
  kept: boolean
  mailId: string | null
  mailKind: string | null
  mailSubject: string | null
  recipient: string | null
  subjectId: string | null
}

const rowsOf = sql`select r.id, r.received_at as "receivedAt", r.kind, r.reason, r.sender, r.subject, r.size, r.status,
    r.says, r.text, r.raw is not null as kept, r.mail_id as "mailId", m.kind as "mailKind", m.subject as "mailSubject",
    m.recipient, m.subject_id as "subjectId"
  from returned_mails r left join mails m on m.workspace_id = r.workspace_id and m.id = r.mail_id`

/** Newest first, by key. */
export async function listReturnedMails(
  db: Db,
  page: { kind?: ReturnedKind; after?: string; limit: number },
): Promise<ReturnedMailRow[]> {
  const before = page.after === undefined ? sql`` : sql`and r.id < ${page.after}`
  const kind = page.kind === undefined ? sql`` : sql`and r.kind = ${page.kind}`
  const { rows } = await sql<ReturnedMailRow>`
    ${rowsOf} where r.workspace_id = ${db.workspaceId} ${kind} ${before}
    order by r.id desc limit ${page.limit}`.execute(db.kysely)
  return rows
}

export async function findReturnedMail(db: Db, id: string): Promise<ReturnedMailRow | undefined> {
  const { rows } = await sql<ReturnedMailRow>`
    ${rowsOf} where r.workspace_id = ${db.workspaceId} and r.id = ${id}`.execute(db.kysely)
  return rows[0]
}

/** What came back about one subject, in the order in which it came. */
export async function listReturnsAbout(
  db: Db,
  { kind, subjectId }: { kind: string; subjectId: string },
  most: number,
): Promise<ReturnedMailRow[]> {
  const { rows } = await sql<ReturnedMailRow>`
    ${rowsOf} where r.workspace_id = ${db.workspaceId} and m.kind = ${kind} and m.subject_id = ${subjectId}
    order by r.received_at, r.id limit ${most}`.execute(db.kysely)
  return rows
}

/**
 * Forgets messages that came in before a moment: those that were set aside whole, of the others their bytes.
 * @returns how many there were
 */
export async function forgetReturnedMails(tx: Tx, before: Date, most: number): Promise<number> {
  const { rows } = await sql<{ id: string; kind: string }>`
    select id, kind from returned_mails
    where workspace_id = ${tx.workspaceId} and received_at < ${before}
      and (raw is not null or kind = 'set_aside') and kind <> 'unread'
    limit ${most} for update skip locked`.execute(tx.kysely)
  const idsOf = (aside: boolean) => rows.filter(({ kind }) => (kind === 'set_aside') === aside).map(({ id }) => id)
  await sql`delete from returned_mails where workspace_id = ${tx.workspaceId}
    and id = any(${idsOf(true)}::uuid[])`.execute(tx.kysely)
  await sql`update returned_mails set raw = null where workspace_id = ${tx.workspaceId}
    and id = any(${idsOf(false)}::uuid[])`.execute(tx.kysely)
  return rows.length
}
