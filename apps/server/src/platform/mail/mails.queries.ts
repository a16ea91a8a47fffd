import { sql } from 'kysely'
import { uuidv7 } from '../identifiers.ts'
import type { Db, Store, Tx } from '../store.ts'
import type { Letter } from './letters.ts'

/** A mail that has been claimed: this process alone may hand it to the server. */
export type ClaimedMail = {
  id: string
  kind: string
  subjectId: string
  number: number
  fromName: string
  recipient: string
  domain: string
  messageId: string
  subject: string
  text: string
  html: string
  headers: Record<string, string>
  letter: Letter | null
  attempts: number
  hinderedSince: Date | null
  expiresAt: Date | null
  /** With what the workspace signs the address to which it comes back. */
  returnKey: Buffer
}

/** A mail as it is written into the outbox. */
export type NewMail = {
  kind: string
  subjectId: string
  /** The mails about one subject, counted from 0. */
  number: number
  fromName: string
  recipient: string
  subject: string
  text: string
  html: string
  headers: Readonly<Record<string, string>>
  /** Somebody waits for it: it is sent before all that are not, whatever the pace. */
  urgent?: boolean
  /** For its recipient alone: nobody reads it in the outbox, and what it says is forgotten once it is sent. */
  secret?: boolean
  /** It is never sent afterwards. */
  expiresAt?: Date
  /** From one person to others, on a lane of its own; `recipient` is the first of them. */
  letter?: Letter
  /** With its angle brackets; one of the outbox unless given. */
  messageId?: string
}

/** @returns the ids of those mails that have not been queued before */
export async function insertMails(
  tx: Tx,
  mails: readonly (NewMail & { toMembers: boolean })[],
  domain: string,
): Promise<string[]> {
  const given = mails.map((mail) => {
    const id = uuidv7(tx.now.getTime())
    const { messageId = `<${id}@${domain}>`, urgent = false, secret = false } = mail
    return { ...mail, ...wellFormed(mail), id, messageId, urgent, secret }
  })
  const { rows } = await sql<{ id: string }>`
    insert into mails (workspace_id, id, kind, subject_id, number, from_name, recipient, message_id, subject, text, html,
      headers, urgent, secret, to_members, expires_at, letter, created_at, due_at)
    select ${tx.workspaceId}, m.id, m.kind, m."subjectId", m.number, m."fromName", m.recipient, m."messageId", m.subject,
      m.text, m.html, m.headers, m.urgent, m.secret, m."toMembers", m."expiresAt", m.letter, ${tx.now}, ${tx.now}
    from json_to_recordset(${JSON.stringify(given)}::json) m(id uuid, kind text, "subjectId" uuid,
      number smallint, "fromName" text, recipient text, "messageId" text, subject text, text text, html text,
      headers jsonb, urgent boolean, secret boolean, "toMembers" boolean, "expiresAt" timestamptz, letter jsonb)
    on conflict (workspace_id, kind, subject_id, number) do nothing returning id`.execute(tx.kysely)
  return rows.map(({ id }) => id)
}

/** Half a character, which a cut leaves, is none that the database takes in JSON. */
function wellFormed({ fromName, recipient, subject, text, html }: NewMail) {
  return {
    ...{ fromName: fromName.toWellFormed(), recipient: recipient.toWellFormed(), subject: subject.toWellFormed() },
    ...{ text: text.toWellFormed(), html: html.toWellFormed() },
  }
}

/** How many mails of these kinds were written to an address since then, as far as they are kept. */
export async function countQueuedSince(
  db: Db,
  kinds: readonly string[],
  recipient: string,
  since: Date,
): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::integer as count from mails
    where workspace_id = ${db.workspaceId} and created_at >= ${since} and (text is not null or sent_at is not null)
      and kind = any(${[...kinds]}::text[]) and recipient = ${recipient}`.execute(db.kysely)
  return rows[0]!.count
}

/** Nobody else writes mails of a kind to an address until the transaction ends. @returns false when somebody does now */
export async function claimRecipient(tx: Tx, kind: string, recipient: string): Promise<boolean> {
  const key = `${kind} ${tx.workspaceId} ${recipient}`
  const { rows } = await sql<{ free: boolean }>`
    select pg_try_advisory_xact_lock(hashtextextended(${key}, 0)) as free`.execute(tx.kysely)
  return rows[0]!.free
}

/**
 * Which mails are meant: those for which somebody waits, or letters, or the others but to domains that have had enough
 * for now. `own`: only letters that a server of their own sends.
 */
export type MailQueue = 'urgent' | { letters?: 'all' | 'own'; but: readonly string[] }

/** Takes those mails of a queue that have waited longest for this process. */
export async function claimMails(tx: Tx, by: number, queue: MailQueue, most: number): Promise<ClaimedMail[]> {
  const { rows } = await sql<ClaimedMail>`
    update mails set claimed_at = ${tx.now}, claimed_by = ${by}, attempts = attempts + 1
    where workspace_id = ${tx.workspaceId} and id = any(array(
      select m.id from mails m
      where m.workspace_id = ${tx.workspaceId} and m.state = 'waiting' and m.due_at <= ${tx.now} and ${standsIn(queue)}
      order by m.due_at limit ${most} for update skip locked))
    returning id, kind, subject_id as "subjectId", number, from_name as "fromName", recipient, domain,
      message_id as "messageId", subject, coalesce(text, '') as text, coalesce(html, '') as html, headers, letter,
      attempts, hindered_since as "hinderedSince", expires_at as "expiresAt",
      (select key from return_keys k where k.workspace_id = mails.workspace_id) as "returnKey"`.execute(tx.kysely)
  return rows
}

function standsIn(queue: MailQueue) {
  if (queue === 'urgent') return sql`m.urgent`
  const rested = sql`m.domain <> all (${[...queue.but]}::text[])`
  if (queue.letters === undefined) return sql`not m.urgent and m.letter is null and ${rested}`
  return sql`m.letter is not null and ${rested} ${queue.letters === 'own' ? sql`and m.letter ? 'server'` : sql``}`
}

/** What became of a mail that was claimed. `dueAt` is when it is tried again; while it is hindered nothing counts. */
export type Fate =
  | { state: 'sent' | 'failed' | 'called_off' | 'uncertain' }
  | { state: 'waiting'; dueAt: Date; hinderedSince?: Date }

/** What is for its recipient alone is not kept once it is out of our hands. */
const forgetSecret = (done: boolean) => sql`text = case when secret and ${done} then null else text end,
  html = case when secret and ${done} then null else html end`

/** Also what was called uncertain meanwhile: whoever sent it knows better. */
export async function settleMail(tx: Tx, id: string, fate: Fate, reply: string): Promise<void> {
  const at = (...states: Fate['state'][]) => (states.includes(fate.state) ? tx.now : null)
  const hinderedSince = fate.state === 'waiting' ? (fate.hinderedSince ?? null) : null
  await sql`
    update mails set claimed_by = null, sent_at = ${at('sent')}, failed_at = ${at('failed', 'called_off')},
      called_off = ${fate.state === 'called_off'},
      uncertain_at = ${at('uncertain')}, reply = ${reply}, hindered_since = ${hinderedSince},
      attempts = attempts - ${hinderedSince ? 1 : 0}, ${forgetSecret(fate.state !== 'waiting')},
      due_at = coalesce(${fate.state === 'waiting' ? fate.dueAt : null}, due_at)
    where workspace_id = ${tx.workspaceId} and id = ${id}`.execute(tx.kysely)
}

/** The same of mails that the server took, with what it said. */
export async function settleSent(tx: Tx, sent: readonly { id: string; reply: string }[]): Promise<void> {
  await sql`
    update mails set claimed_by = null, sent_at = ${tx.now}, failed_at = null, called_off = false, uncertain_at = null,
      reply = said.reply, ${forgetSecret(true)}
    from unnest(${sent.map(({ id }) => id)}::uuid[], ${sent.map(({ reply }) => reply)}::text[]) said(id, reply)
    where mails.workspace_id = ${tx.workspaceId} and mails.id = said.id`.execute(tx.kysely)
}

const hindered = sql`hindered_since is not null and sent_at is null and failed_at is null and uncertain_at is null`
const byOwnServer = sql`coalesce(letter ? 'server', false)`

/** Since when no mail leaves by the server of the installation, and why; undefined as far as is known it does. */
export async function findHindrance(db: Db): Promise<{ since: Date; says: string } | undefined> {
  const { rows } = await sql<{ since: Date; says: string }>`
    select hindered_since as since, coalesce(reply, '') as says from mails
    where workspace_id = ${db.workspaceId} and ${hindered} and not ${byOwnServer}
    order by hindered_since limit 1`.execute(db.kysely)
  return rows[0]
}

/** A mail has left by the server of the installation: what was held up by it is due. @returns how many those were */
export async function releaseHindered(tx: Tx): Promise<number> {
  const { numAffectedRows } = await sql`
    update mails set hindered_since = null, due_at = least(due_at, ${tx.now}) where workspace_id = ${tx.workspaceId}
      and ${hindered} and state = 'waiting' and not ${byOwnServer}`.execute(tx.kysely)
  return Number(numAffectedRows ?? 0)
}

/** What a dead process held becomes uncertain. */
export async function giveUpClaims(tx: Tx, by: number): Promise<{ id: string; kind: string; subjectId: string }[]> {
  const { rows } = await sql<{ id: string; kind: string; subjectId: string }>`
    update mails set claimed_by = null, uncertain_at = ${tx.now}, ${forgetSecret(true)}
    where workspace_id = ${tx.workspaceId} and state = 'sending' and claimed_by = ${by}
    returning id, kind, subject_id as "subjectId"`.execute(tx.kysely)
  return rows
}

/** Where mails are in the hands of a process that lives no longer. */
export async function findOrphans({ outside }: Store): Promise<{ workspaceId: string; claimedBy: number }[]> {
  const { rows } = await sql<{ workspaceId: string; claimedBy: number }>`
    select workspace_id as "workspaceId", claimed_by as "claimedBy" from orphaned_mails()`.execute(outside)
  return rows
}

export type MailState = 'waiting' | 'sending' | 'sent' | 'uncertain' | 'failed'

/** A mail as it stands in a list. */
export type ListedMail = {
  id: string
  kind: string
  recipient: string
  subject: string
  state: MailState
  attempts: number
  reply: string | null
  /** Since when no mail at all leaves by its server. */
  hinderedSince: Date | null
  secret: boolean
  createdAt: Date
  dueAt: Date
  sentAt: Date | null
  /** The first bounce; its moment is ISO 8601. */
  cameBack: { at: string; status: string | null; says: string | null } | null
}

const listed = sql`id, kind, recipient, subject, state, attempts, reply, hindered_since as "hinderedSince", secret, created_at as "createdAt", due_at as "dueAt",
  sent_at as "sentAt", (
    select jsonb_build_object('at', r.received_at, 'status', r.status, 'says', r.says) from returned_mails r
    where r.workspace_id = mails.workspace_id and r.mail_id = mails.id and r.kind = 'bounce'
    order by r.received_at limit 1) as "cameBack"`

/** Newest first, by key. */
export async function listMails(
  db: Db,
  page: { state?: MailState; toMembers?: boolean; after?: string; limit: number },
): Promise<ListedMail[]> {
  const before = page.after === undefined ? sql`` : sql`and id < ${page.after}`
  const state = page.state === undefined ? sql`` : sql`and state = ${page.state}`
  const readers = page.toMembers === undefined ? sql`` : sql`and to_members = ${page.toMembers}`
  const { rows } = await sql<ListedMail>`
    select ${listed} from mails where workspace_id = ${db.workspaceId} ${state} ${readers} ${before}
    order by id desc limit ${page.limit}`.execute(db.kysely)
  return rows
}

export type WholeMail = ListedMail & {
  messageId: string
  text: string | null
  html: string | null
  headers: Record<string, string>
}

/** One mail; of a secret one not what it says. */
export async function findMail(db: Db, id: string): Promise<WholeMail | undefined> {
  const { rows } = await sql<WholeMail>`
    select ${listed}, message_id as "messageId", case when not secret then text end as text,
      case when not secret then html end as html, headers from mails
    where workspace_id = ${db.workspaceId} and id = ${id}`.execute(db.kysely)
  return rows[0]
}

/** To whom the last mail about a subject went. */
export async function findRecipient(db: Db, kind: string, subjectId: string): Promise<string | undefined> {
  const { rows } = await sql<{ recipient: string }>`
    select recipient from mails where workspace_id = ${db.workspaceId} and kind = ${kind} and subject_id = ${subjectId}
    order by number desc limit 1`.execute(db.kysely)
  return rows[0]?.recipient
}

/** Lets a mail go out once more. @returns what it is about; undefined when it was not held up, or is forgotten */
export async function requeueMail(tx: Tx, id: string): Promise<{ kind: string; subjectId: string } | undefined> {
  const { rows } = await sql<{ kind: string; subjectId: string }>`
    update mails set failed_at = null, called_off = false, uncertain_at = null, attempts = 0, due_at = ${tx.now}, reply = null,
      hindered_since = null
    where workspace_id = ${tx.workspaceId} and id = ${id} and state in ('failed', 'uncertain') and text is not null
    returning kind, subject_id as "subjectId"`.execute(tx.kysely)
  return rows[0]
}

/** Calls off first mails that wait, but for those that somebody is about to send. @returns which, and about whom */
export async function updateCalledOff(
  tx: Tx,
  kind: string,
  subjectIds: readonly string[],
  reason: string,
): Promise<{ id: string; subjectId: string }[]> {
  const { rows } = await sql<{ id: string; subjectId: string }>`
    with held as (
      select id from mails where workspace_id = ${tx.workspaceId} and kind = ${kind} and number = 0
        and subject_id = any(${subjectIds}::uuid[]) and state = 'waiting' order by id for update skip locked)
    update mails set failed_at = ${tx.now}, called_off = true, reply = ${reason}, hindered_since = null from held
    where mails.workspace_id = ${tx.workspaceId} and mails.id = held.id
    returning mails.id, subject_id as "subjectId"`.execute(tx.kysely)
  return rows
}

/** Lets go out after all what was called off for a reason; none of them had left. @returns which mails of whom */
export async function updateCalledBack(
  tx: Tx,
  kind: string,
  subjectIds: readonly string[],
  reason: string,
): Promise<{ subjectId: string; number: number }[]> {
  const { rows } = await sql<{ subjectId: string; number: number }>`
    update mails set failed_at = null, called_off = false, attempts = 0, due_at = ${tx.now}, reply = null
    where workspace_id = ${tx.workspaceId} and kind = ${kind} and subject_id = any(${subjectIds}::uuid[])
      and state = 'failed' and called_off and reply = ${reason} and text is not null
    returning subject_id as "subjectId", number`.execute(tx.kysely)
  return rows
}

/** How many mails were given up since a moment, without those that were called off. */
export async function countFailedMails(db: Db, since: Date): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from mails where workspace_id = ${db.workspaceId} and state = 'failed'
      and failed_at > ${since} and not called_off`.execute(db.kysely)
  return rows[0]!.count
}

/** The mails about these subjects with what was written in them, newest first. */
export async function listMailsAbout(
  db: Db,
  kind: string,
  subjectIds: readonly string[],
  most: number,
): Promise<Record<string, unknown>[]> {
  const { rows } = await sql<Record<string, unknown>>`
    select id, recipient, subject, text, state, created_at, sent_at, reply from mails
    where workspace_id = ${db.workspaceId} and kind = ${kind} and subject_id = any(${[...subjectIds]}::uuid[])
    order by id desc limit ${most}`.execute(db.kysely)
  return rows
}

/** Removes the mails about these subjects, for good. */
export async function removeMails(tx: Tx, kind: string, subjectIds: readonly string[]): Promise<void> {
  await sql`delete from mails where workspace_id = ${tx.workspaceId} and kind = ${kind}
    and subject_id = any(${[...subjectIds]}::uuid[])`.execute(tx.kysely)
}

/** Forgets what was written in mails made before a moment that no longer wait. @returns how many there were */
export async function forgetTexts(tx: Tx, before: Date, most: number): Promise<number> {
  const { numAffectedRows } = await sql`
    update mails set text = null, html = null, headers = '{}', letter = null where workspace_id = ${tx.workspaceId} and id in (
      select id from mails where workspace_id = ${tx.workspaceId} and created_at < ${before} and text is not null
        and state not in ('waiting', 'sending') limit ${most})`.execute(tx.kysely)
  return Number(numAffectedRows ?? 0)
}

/** Only these recipients of a letter wait for it still. */
export async function narrowLetter(tx: Tx, id: string, only: readonly string[]): Promise<void> {
  await sql`
    update mails set letter = letter || jsonb_build_object('only', ${JSON.stringify(only)}::jsonb)
    where workspace_id = ${tx.workspaceId} and id = ${id}`.execute(tx.kysely)
}

/** The same letter as another mail, to those recipients whose servers put it off. */
export async function insertRest(tx: Tx, id: string, only: readonly string[], dueAt: Date): Promise<void> {
  await sql`
    insert into mails (workspace_id, id, kind, subject_id, number, from_name, recipient, message_id, subject, text, html,
      headers, to_members, expires_at, letter, created_at, due_at, attempts)
    select m.workspace_id, ${uuidv7(tx.now.getTime())}, m.kind, m.subject_id, (select max(n.number) + 1 from mails n
        where n.workspace_id = m.workspace_id and n.kind = m.kind and n.subject_id = m.subject_id),
      m.from_name, ${only[0]}, m.message_id, m.subject, m.text, m.html, m.headers, m.to_members, m.expires_at,
      m.letter || jsonb_build_object('only', ${JSON.stringify(only)}::jsonb), ${tx.now}, ${dueAt}, m.attempts
    from mails m where m.workspace_id = ${tx.workspaceId} and m.id = ${id}`.execute(tx.kysely)
}

/**
 * Takes the mails about a subject out of the outbox, all or none; whoever claims one at this moment waits.
 * @returns false when one of them is being sent, or has been, or there is none
 */
export async function withdrawMails(tx: Tx, kind: string, subjectId: string): Promise<boolean> {
  const { rows } = await sql<{ state: MailState }>`
    select state from mails where workspace_id = ${tx.workspaceId} and kind = ${kind} and subject_id = ${subjectId}
    for update`.execute(tx.kysely)
  if (rows.length === 0 || rows.some(({ state }) => state !== 'waiting')) return false
  await removeMails(tx, kind, [subjectId])
  return true
}

export type MailFate = {
  id: string
  subjectId: string
  state: MailState
  reply: string | null
  dueAt: Date
  settledAt: Date | null
}

/** What became of the mails about these subjects, in the order in which they were made. */
export async function listMailFates(db: Db, kind: string, subjectIds: readonly string[]): Promise<MailFate[]> {
  if (subjectIds.length === 0) return []
  const { rows } = await sql<MailFate>`
    select id, subject_id as "subjectId", state, reply, due_at as "dueAt",
      coalesce(sent_at, failed_at, uncertain_at, claimed_at) as "settledAt" from mails
    where workspace_id = ${db.workspaceId} and kind = ${kind} and subject_id = any(${[...subjectIds]}::uuid[])
    order by subject_id, number`.execute(db.kysely)
  return rows
}

export type KeptLetter = Omit<ClaimedMail, 'domain' | 'attempts' | 'hinderedSince' | 'expiresAt' | 'returnKey'> & {
  sentAt: Date | null
}

/** What the first mail about a subject consists of; undefined when there is none, or its words are forgotten. */
export async function findLetter(db: Db, kind: string, subjectId: string): Promise<KeptLetter | undefined> {
  const { rows } = await sql<KeptLetter>`
    select id, kind, subject_id as "subjectId", number, from_name as "fromName", recipient, message_id as "messageId",
      subject, text, html, headers, letter, sent_at as "sentAt" from mails
    where workspace_id = ${db.workspaceId} and kind = ${kind} and subject_id = ${subjectId} and text is not null
    order by number limit 1`.execute(db.kysely)
  return rows[0]
}
