import { sql } from 'kysely'
import type { AskingHours } from '@lahko/contract/programmes'
import type { Db, Tx } from '#platform/store.ts'

/** What of the ledger, of its programme and its survey is needed to write to somebody. */
export type InvitationRow = {
  id: string
  touchpointId: string | null
  programmeId: string | null
  surveyId: string | null
  customerId: string | null
  language: string | null
  state: string
  queuedAt: Date | null
  remindersSent: number
  expiresAt: Date | null
  answeredAt: Date | null
  unsubscribedAt: Date | null
  bouncedAt: Date | null
  repliedAt: Date | null
  /** False when the programme has been removed, null when it went with its survey. */
  programmeOn: boolean | null
  hours: AskingHours | null
  expiresDays: number
  surveyState: 'draft' | 'published' | 'paused' | 'archived' | null
  /** The last local day on which the survey takes answers, `YYYY-MM-DD`. */
  closesOn: string | null
}

const rows = sql`
  select i.id, i.touchpoint_id as "touchpointId", i.programme_id as "programmeId", i.survey_id as "surveyId", i.customer_id as "customerId", i.language,
    i.state, i.queued_at as "queuedAt", i.reminders_sent as "remindersSent", i.expires_at as "expiresAt",
    i.answered_at as "answeredAt", i.unsubscribed_at as "unsubscribedAt", i.bounced_at as "bouncedAt",
    i.replied_at as "repliedAt", p.state = 'on' and p.removed_at is null as "programmeOn", p.hours, coalesce(p.expires_days, 14) as "expiresDays",
    s.state as "surveyState", s.closes_on as "closesOn"
  from invitations i
  left join programmes p on p.workspace_id = i.workspace_id and p.id = i.programme_id
  left join surveys s on s.workspace_id = i.workspace_id and s.id = i.survey_id`

/** Invitations whose time has come, the oldest first; others pass them by until the transaction ends. */
export async function lockDueInvitations(tx: Tx, most: number): Promise<InvitationRow[]> {
  const { rows: found } = await sql<InvitationRow>`
    ${rows}
    where i.workspace_id = ${tx.workspaceId} and i.state = 'waiting' and i.due_at <= ${tx.now}
    order by i.due_at limit ${most} for update of i skip locked`.execute(tx.kysely)
  return found
}

/** The same for those whose next reminder is due. */
export async function lockDueReminders(tx: Tx, most: number): Promise<InvitationRow[]> {
  const { rows: found } = await sql<InvitationRow>`
    ${rows}
    where i.workspace_id = ${tx.workspaceId} and i.state = 'sent' and i.next_reminder_at <= ${tx.now}
    order by i.next_reminder_at limit ${most} for update of i skip locked`.execute(tx.kysely)
  return found
}

/** The same for those whose time to answer is over. */
export async function lockOverdue(tx: Tx, most: number): Promise<InvitationRow[]> {
  const { rows: found } = await sql<InvitationRow>`
    ${rows}
    where i.workspace_id = ${tx.workspaceId} and i.state in ('sent', 'uncertain') and i.expires_at <= ${tx.now}
    order by i.expires_at limit ${most} for update of i skip locked`.execute(tx.kysely)
  return found
}

/** Invitations by their ids; nobody else changes them, or takes them out of the ledger, until the transaction ends. */
export async function lockInvitations(tx: Tx, ids: readonly string[]): Promise<Map<string, InvitationRow>> {
  const { rows: found } = await sql<InvitationRow>`
    ${rows} where i.workspace_id = ${tx.workspaceId} and i.id = any(${ids}::uuid[])
    order by i.id for update of i`.execute(tx.kysely)
  return new Map(found.map((row) => [row.id, row]))
}

/** @param hash SHA-256 of the token in its link */
export async function findInvitationByToken(db: Db, hash: Buffer): Promise<InvitationRow | undefined> {
  const { rows: found } = await sql<InvitationRow>`
    ${rows}
    where i.workspace_id = ${db.workspaceId} and i.token_hash = ${hash}`.execute(db.kysely)
  return found[0]
}

const calledOffAt = sql`(select p.called_off_at from programmes p
  where p.workspace_id = i.workspace_id and p.id = i.programme_id)`

/** That nobody is asked after all, and by which rule. */
export async function updateNotAsked(tx: Tx, id: string, rule: string): Promise<void> {
  await sql`update invitations i set not_asked = ${rule}, queued_at = null, claimed_at = null,
      called_off_at = ${rule === 'programme_off' ? calledOffAt : null}
    where workspace_id = ${tx.workspaceId} and id = ${id}`.execute(tx.kysely)
}

/** Their mails are in the outbox. `tokenHash`: SHA-256 of the token in its links. */
export async function updateQueued(tx: Tx, queued: readonly { id: string; tokenHash: Buffer }[]): Promise<void> {
  await sql`update invitations i set queued_at = ${tx.now}, token_hash = q.token_hash
    from unnest(${queued.map(({ id }) => id)}::uuid[], ${queued.map(({ tokenHash }) => tokenHash)}::bytea[])
      q(id, token_hash)
    where i.workspace_id = ${tx.workspaceId} and i.id = q.id`.execute(tx.kysely)
}

/** Facts of first mails while nobody knows yet whether it was sent. */
export async function updateDelivery(
  tx: Tx,
  ids: readonly string[],
  facts: { claimed: boolean; uncertain?: boolean },
): Promise<void> {
  const at = (is: boolean | undefined) => (is ? tx.now : null)
  await sql`
    update invitations i set claimed_at = ${at(facts.claimed)}, uncertain_at = ${at(facts.uncertain)},
      bounced_at = ${facts.uncertain ? sql`i.bounced_at` : null}, expires_at = case when ${facts.uncertain ?? false} then ${expiryOf(tx)} end
    where i.workspace_id = ${tx.workspaceId} and i.id = any(${ids}::uuid[]) and i.sent_at is null`.execute(tx.kysely)
}

/** Mails went out: a first one begins the time in which it can be answered, each may be followed by a reminder. */
export async function updateSent(tx: Tx, mails: readonly { subjectId: string; number: number }[]): Promise<void> {
  await sql`
    update invitations i set uncertain_at = null, sent_at = coalesce(i.sent_at, ${tx.now}),
      expires_at = coalesce(i.expires_at, ${expiryOf(tx)}), reminders_sent = greatest(i.reminders_sent, m.number),
      next_reminder_at = (select ${tx.now}::timestamptz + make_interval(days => p.reminder_days[m.number + 1])
        from programmes p where p.workspace_id = i.workspace_id and p.id = i.programme_id)
    from (select id, max(number) as number
      from unnest(${mails.map(({ subjectId }) => subjectId)}::uuid[], ${mails.map(({ number }) => number)}::integer[])
        m(id, number) group by 1) m
    where i.workspace_id = ${tx.workspaceId} and i.id = m.id`.execute(tx.kysely)
}

function expiryOf(tx: Tx) {
  return sql`${tx.now}::timestamptz + make_interval(days => coalesce((select p.expires_days from programmes p
    where p.workspace_id = i.workspace_id and p.id = i.programme_id), 14))`
}

export async function updateExpired(tx: Tx, id: string): Promise<void> {
  await sql`update invitations set expired_at = ${tx.now}, next_reminder_at = null
    where workspace_id = ${tx.workspaceId} and id = ${id}`.execute(tx.kysely)
}

export async function updateNoReminder(tx: Tx, ids: readonly string[]): Promise<void> {
  await sql`update invitations set next_reminder_at = null
    where workspace_id = ${tx.workspaceId} and id = any(${ids}::uuid[])`.execute(tx.kysely)
}

/** A reminder is not sent, because its programme is off. */
export async function updateReminderCalledOff(tx: Tx, ids: readonly string[]): Promise<void> {
  await sql`update invitations i set next_reminder_at = null, called_off_at = ${calledOffAt}
    where workspace_id = ${tx.workspaceId} and id = any(${ids}::uuid[]) and state = 'sent'`.execute(tx.kysely)
}

/** A reminder waits until its programme's hours begin. */
export async function updateReminderAt(tx: Tx, id: string, at: Date): Promise<void> {
  await sql`update invitations set next_reminder_at = ${at}
    where workspace_id = ${tx.workspaceId} and id = ${id}`.execute(tx.kysely)
}

/** One of its mails is to be sent once more, also one that was called off: what was known of that one is known no longer. */
export async function updateQueuedAgain(tx: Tx, id: string): Promise<void> {
  await sql`
    update invitations set bounced_at = null, claimed_at = case when sent_at is not null then claimed_at end,
      uncertain_at = null, expires_at = case when sent_at is not null then expires_at end, expired_at = null, not_asked = null,
      called_off_at = null, queued_at = coalesce(queued_at, ${tx.now})
    where workspace_id = ${tx.workspaceId} and id = ${id}`.execute(tx.kysely)
}

/** A reminder or the first mail came back. */
export async function updateBounced(tx: Tx, id: string): Promise<void> {
  await sql`update invitations set bounced_at = ${tx.now}, claimed_at = null, next_reminder_at = null
    where workspace_id = ${tx.workspaceId} and id = ${id}`.execute(tx.kysely)
}

/** The mail came back. @returns false when one had before */
export function updateReturned(tx: Tx, id: string): Promise<boolean> {
  return updateOnce(tx, id, 'bounced_at')
}

/** Its reader called it spam, and so is asked no more. @returns false when they had said so before */
export function updateComplained(tx: Tx, id: string): Promise<boolean> {
  return updateOnce(tx, id, 'unsubscribed_at')
}

/** Somebody wrote back. @returns false when somebody had before */
export function updateReplied(tx: Tx, id: string): Promise<boolean> {
  return updateOnce(tx, id, 'replied_at')
}

async function updateOnce(tx: Tx, id: string, fact: 'bounced_at' | 'unsubscribed_at' | 'replied_at'): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update invitations set ${sql.ref(fact)} = ${tx.now}, next_reminder_at = null
    where workspace_id = ${tx.workspaceId} and id = ${id} and ${sql.ref(fact)} is null`.execute(tx.kysely)
  return Number(numAffectedRows ?? 0) > 0
}

/** The first answer counts. @param responseId null where an answer may not lead to a person */
export async function updateAnswered(tx: Tx, id: string, at: Date, responseId: string | null): Promise<void> {
  await sql`update invitations set answered_at = ${at}, response_id = ${responseId}, next_reminder_at = null
    where workspace_id = ${tx.workspaceId} and id = ${id} and answered_at is null`.execute(tx.kysely)
}

/** What a response that counts no more had answered is asked after all, where nobody was written to. */
export async function updateLeftOut(tx: Tx, responseId: string): Promise<void> {
  await sql`
    update invitations i set answered_at = null, response_id = null
    from responses r
    where r.workspace_id = ${tx.workspaceId} and r.id = ${responseId} and i.workspace_id = ${tx.workspaceId}
      and i.touchpoint_id = r.touchpoint_id and i.response_id = r.id
      and coalesce(i.sent_at, i.uncertain_at, i.claimed_at) is null and i.not_asked is null`.execute(tx.kysely)
}

/** A response that counts again answers what is asked about the same touchpoint. */
export async function updateCountedAgain(tx: Tx, responseId: string): Promise<void> {
  await sql`
    update invitations i set answered_at = r.answered_at, response_id = r.id, next_reminder_at = null
    from responses r
    where r.workspace_id = ${tx.workspaceId} and r.id = ${responseId} and r.answered_at > '-infinity'
      and i.workspace_id = ${tx.workspaceId} and i.touchpoint_id = r.touchpoint_id and i.answered_at is null
      and i.not_asked is null`.execute(tx.kysely)
}

/** @param at null when it is taken back */
export async function updateUnsubscribed(tx: Tx, id: string, at: Date | null): Promise<void> {
  await sql`update invitations set unsubscribed_at = ${at}, next_reminder_at = null
    where workspace_id = ${tx.workspaceId} and id = ${id}`.execute(tx.kysely)
}
