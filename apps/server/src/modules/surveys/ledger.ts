import {
  invitationStates,
  notAskedRules,
  type Funnel,
  type Invitation,
  type InvitationState,
  type NotAskedRule,
} from '@lahko/contract/programmes'
import { getWorkspace } from '#accounts'
import { customerGroup, findCustomers } from '#people'
import { listReturnsAbout } from '#platform/mail/receiving/returned-mails.queries.ts'
import { viewReturnedMail } from '#platform/mail/receiving/returned-mails.view.ts'
import { invalidField, Problem } from '#platform/problem.ts'
import type { Db } from '#platform/store.ts'
import { findTouchpoints } from '#touchpoints'
import { daysAfter, localDateOf, momentOf } from '#platform/local-date.ts'
import {
  countLedger,
  findInvitation,
  listLedger,
  type InvitationRow,
  type LedgerFilter,
  type LedgerRow,
} from './ledger.queries.ts'

/** What a reader asks for: local days of the decision, inclusive. */
export type LedgerQuery = {
  from?: string
  to?: string
  programme?: string
  kind?: string
  touchpoint?: string
  /** The person, as whichever customers they are known. */
  customer?: string
  state?: InvitationState
  rule?: NotAskedRule
}

const usualDays = 30
const mostReturned = 100
const mostDays = 366

/** One page of the ledger. @throws Problem invalid `programmes.bad_page` */
export async function listInvitations(
  db: Db,
  { after, limit, ...query }: LedgerQuery & { after?: string; limit: number },
): Promise<{ items: Invitation[]; next: string | null }> {
  const end = after === undefined ? undefined : readEnd(after)
  const rows = await listLedger(db, await filterOf(db, query), { after: end, limit: limit + 1 })
  const shown = rows.slice(0, limit)
  return {
    items: await viewInvitations(db, shown),
    next: rows.length > shown.length ? endAfter(shown.at(-1)!) : null,
  }
}

/** One line with its facts in the order in which they happened. @throws Problem not_found */
export async function viewInvitation(db: Db, id: string) {
  const row = await findInvitation(db, id)
  if (!row) throw new Problem('not_found', 'platform.not_found')
  const [invitation] = await viewInvitations(db, [row])
  return {
    ...invitation!,
    facts: factsOf(row),
    remindersSent: row.reminders_sent,
    nextReminderAt: row.next_reminder_at?.toISOString() ?? null,
    expiresAt: row.expires_at?.toISOString() ?? null,
    responseId: row.response_id,
    returned: (await listReturnsAbout(db, { kind: 'invitation', subjectId: id }, mostReturned)).map(viewReturnedMail),
  }
}

/**
 * How many touchpoints are in each state. Every touchpoint is in one, so the states add up to the touchpoints and the
 * rules to those that were not asked about; each number is the length of the list with the same filter.
 * @throws Problem invalid `programmes.too_many_days`
 */
export async function viewFunnel(db: Db, query: Omit<LedgerQuery, 'state' | 'rule'>): Promise<Funnel> {
  const { time_zone: timeZone } = await getWorkspace(db)
  const to = query.to ?? localDateOf(db.now, timeZone)
  const from = query.from ?? daysAfter(to, 1 - usualDays)
  if (from > to || daysAfter(from, mostDays) <= to)
    throw invalidField('/query/from', 'programmes.too_many_days', { most: mostDays })
  const counts = await countLedger(db, await filterOf(db, { ...query, from, to }))
  const sum = (of: (one: (typeof counts)[number]) => boolean) =>
    counts.filter(of).reduce((total, { count }) => total + count, 0)
  return {
    from,
    to,
    touchpoints: sum(() => true),
    states: invitationStates.map((state) => ({ state, count: sum((one) => one.state === state) })),
    notAsked: notAskedRules.map((rule) => ({ rule, count: sum((one) => one.rule === rule) })),
  }
}

async function filterOf(db: Db, { from, to, customer, ...filter }: LedgerQuery): Promise<LedgerFilter> {
  const customers = customer === undefined ? undefined : await customerGroup(db, customer)
  return { ...filter, customers, ...(await momentsOf(db, { from, to })) }
}

/** The moments between which the local days of the workspace lie. */
async function momentsOf(
  db: Db,
  { from, to }: { from?: string; to?: string },
): Promise<{ since?: Date; before?: Date }> {
  const { time_zone: timeZone } = await getWorkspace(db)
  return {
    since: from === undefined ? undefined : momentOf(from, '00:00', timeZone),
    before: to === undefined ? undefined : momentOf(daysAfter(to, 1), '00:00', timeZone),
  }
}

async function viewInvitations(db: Db, rows: readonly LedgerRow[]): Promise<Invitation[]> {
  const customers = await findCustomers(
    db,
    rows.flatMap((row) => row.customer_id ?? []),
  )
  const touchpoints = await findTouchpoints(
    db,
    rows.flatMap((row) => row.touchpoint_id ?? []),
  )
  return rows.map((row) => {
    const customer = customers.get(row.customer_id ?? '')
    const touchpoint = touchpoints.get(row.touchpoint_id ?? '')
    return {
      id: row.id,
      state: row.state,
      rule: row.not_asked,
      kind: row.kind,
      touchpoint: touchpoint ? { id: touchpoint.id, externalId: touchpoint.externalId } : null,
      programme: row.programme_name === null ? null : { id: row.programme_id!, name: row.programme_name },
      survey: row.survey_name === null ? null : { id: row.survey_id!, name: row.survey_name },
      customer: customer ? { id: customer.id, name: customer.name, email: customer.email } : null,
      organisation: row.organisation,
      decidedAt: row.decided_at.toISOString(),
      dueAt: row.due_at?.toISOString() ?? null,
    }
  })
}

function factsOf(row: InvitationRow) {
  const facts = [
    ['decided', row.decided_at],
    ['due', row.due_at],
    ['queued', row.queued_at],
    ['sending', row.claimed_at],
    ['uncertain', row.uncertain_at],
    ['sent', row.sent_at],
    ['replied', row.replied_at],
    ['bounced', row.bounced_at],
    ['unsubscribed', row.unsubscribed_at],
    ['answered', row.answered_at],
    ['expired', row.expired_at],
  ] as const
  return facts
    .flatMap(([fact, at]) => (at === null ? [] : [{ fact, at: at.toISOString() }]))
    .toSorted((a, b) => a.at.localeCompare(b.at))
}

function endAfter({ decided_at, id }: LedgerRow): string {
  return Buffer.from(JSON.stringify([decided_at.toISOString(), id])).toString('base64url')
}

function readEnd(text: string): { at: string; id: string } {
  try {
    const [at, id] = JSON.parse(Buffer.from(text, 'base64url').toString()) as unknown[]
    if (isMoment(at) && typeof id === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id))
      return { at, id }
  } catch {
    // Falls through: what cannot be read was not given out either.
  }
  throw invalidField('/query/after', 'programmes.bad_page')
}

function isMoment(value: unknown): value is string {
  return typeof value === 'string' && /^[12]\d{3}-/.test(value) && new Date(value).toISOString() === value
}
