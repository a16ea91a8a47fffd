import { sql, type RawBuilder } from 'kysely'
import type { InvitationState, NotAskedRule } from '@lahko/contract/programmes'
import type { Db, Tx } from '#platform/store.ts'

/** Which lines of the ledger; moments are of the decision. */
export type LedgerFilter = {
  since?: Date
  before?: Date
  programme?: string
  kind?: string
  touchpoint?: string
  /** Any of these. */
  customers?: readonly string[]
  state?: InvitationState
  rule?: NotAskedRule
}

/** A line of the ledger. */
export type LedgerRow = {
  id: string
  state: InvitationState
  not_asked: NotAskedRule | null
  kind: string
  touchpoint_id: string | null
  programme_id: string | null
  programme_name: string | null
  survey_id: string | null
  survey_name: string | null
  customer_id: string | null
  organisation: string | null
  decided_at: Date
  due_at: Date | null
}

/** The same with all its facts. */
export type InvitationRow = LedgerRow & {
  queued_at: Date | null
  claimed_at: Date | null
  uncertain_at: Date | null
  sent_at: Date | null
  replied_at: Date | null
  bounced_at: Date | null
  unsubscribed_at: Date | null
  answered_at: Date | null
  expired_at: Date | null
  expires_at: Date | null
  reminders_sent: number
  next_reminder_at: Date | null
  response_id: string | null
}

const named = sql.raw(`p.name as programme_name, s.name as survey_name
  from invitations i
  left join programmes p on p.workspace_id = i.workspace_id and p.id = i.programme_id
  left join surveys s on s.workspace_id = i.workspace_id and s.id = i.survey_id`)
const columns = sql.raw(
  'i.id, i.state, i.not_asked, i.kind, i.touchpoint_id, i.programme_id, i.survey_id, i.customer_id, i.organisation, i.decided_at, i.due_at',
)

/** A page, what was decided last first; `after` is the end of the page before. */
export async function listLedger(
  db: Db,
  filter: LedgerFilter,
  { after, limit }: { after?: { at: string; id: string }; limit: number },
): Promise<LedgerRow[]> {
  const { rows } = await sql<LedgerRow>`
    select ${columns}, ${named}
    where ${conditionsOf(db, filter)} ${after ? sql`and (i.decided_at, i.id) < (${after.at}, ${after.id})` : sql``}
    order by i.decided_at desc, i.id desc limit ${limit}`.execute(db.kysely)
  return rows
}

export async function findInvitation(db: Db, id: string): Promise<InvitationRow | undefined> {
  const { rows } = await sql<InvitationRow>`
    select ${columns}, i.queued_at, i.claimed_at, i.uncertain_at, i.sent_at, i.replied_at, i.bounced_at,
      i.unsubscribed_at, i.answered_at, i.expired_at, i.expires_at, i.reminders_sent, i.next_reminder_at,
      i.response_id, ${named}
    where i.workspace_id = ${db.workspaceId} and i.id = ${id}`.execute(db.kysely)
  return rows[0]
}

export type LedgerCount = { state: InvitationState; rule: NotAskedRule | null; count: number }

/** How many lines are in each state; of those that were not asked, by rule. */
export async function countLedger(db: Db, filter: LedgerFilter): Promise<LedgerCount[]> {
  const { rows } = await sql<LedgerCount>`
    select i.state, case when i.state = 'not_asked' then i.not_asked end as rule, count(*) as count
    from invitations i where ${conditionsOf(db, filter)} group by 1, 2`.execute(db.kysely)
  return rows
}

function conditionsOf(db: Db, filter: LedgerFilter): RawBuilder<unknown> {
  const conditions = [sql`i.workspace_id = ${db.workspaceId}`]
  if (filter.since) conditions.push(sql`i.decided_at >= ${filter.since}`)
  if (filter.before) conditions.push(sql`i.decided_at < ${filter.before}`)
  if (filter.programme) conditions.push(sql`i.programme_id = ${filter.programme}`)
  if (filter.kind) conditions.push(sql`i.kind = ${filter.kind}`)
  if (filter.touchpoint) conditions.push(sql`i.touchpoint_id = ${filter.touchpoint}`)
  if (filter.customers) conditions.push(sql`i.customer_id = any(${[...filter.customers]}::uuid[])`)
  if (filter.state) conditions.push(sql`i.state = ${filter.state}`)
  // Whoever had answered already is in the state answered, and counts there.
  if (filter.rule) conditions.push(sql`i.not_asked = ${filter.rule} and i.state = 'not_asked'`)
  return sql.join(conditions, sql` and `)
}

/** What is kept about one customer, newest first. */
export async function listInvitationsOf(db: Db, customerId: string, most: number): Promise<Record<string, unknown>[]> {
  const { rows } = await sql<Record<string, unknown>>`
    select id, kind, state, not_asked, decided_at, due_at, sent_at, answered_at from invitations
    where workspace_id = ${db.workspaceId} and customer_id = ${customerId}
    order by due_at desc nulls last limit ${most}`.execute(db.kysely)
  return rows
}

/** The invitations of these customers. */
export async function listInvitationIdsOf(db: Db, customerIds: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from invitations
    where workspace_id = ${db.workspaceId} and customer_id = any(${[...customerIds]}::uuid[])`.execute(db.kysely)
  return rows.map(({ id }) => id)
}

/** Nobody is left to write to. */
export async function callOffCustomer(tx: Tx, customerId: string): Promise<void> {
  await sql`
    update invitations set not_asked = 'no_address', queued_at = null
    where workspace_id = ${tx.workspaceId} and customer_id = ${customerId} and state in ('waiting', 'queued')`.execute(
    tx.kysely,
  )
}
