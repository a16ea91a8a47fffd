import { getWorkspace } from '#accounts'
import { customerGroup, findContacts, findSuppression, findSuppressionsOf, type SuppressionReason } from '#people'
import type { Db, Tx } from '#platform/store.ts'
import { listOpenTouchpoints } from '#touchpoints'
import { findRefusal } from './asking-preferences.queries.ts'
import { getAskingRules } from './deciding.queries.ts'
import type { InvitationRow } from './invitation-rows.queries.ts'
import { localDateOf } from '#platform/local-date.ts'

/** Whom a mail goes to. `zone`: where their hours are, IANA name. */
export type Addressee = { email: string; name: string | null; organisation: string | null; zone: string }

/** Why somebody is not written to: the rule that the ledger names, or what they themselves have done since. */
export type Hindrance =
  | 'unsubscribed'
  | 'bounced'
  | 'replied'
  | 'programme_off'
  | 'survey_closed'
  | 'no_address'
  | 'suppressed'
  | 'open_problem'

/** Looked at when a mail is due, and once more just before it is sent. */
export async function addresseeOf(tx: Tx, row: InvitationRow): Promise<Addressee | Hindrance> {
  if (row.unsubscribedAt) return 'unsubscribed'
  if (row.bouncedAt) return 'bounced'
  if (row.repliedAt) return 'replied'
  if (!row.programmeOn) return 'programme_off'
  const { time_zone: zone } = await getWorkspace(tx)
  if (!isOpen(row, tx.now, zone)) return 'survey_closed'
  const customer = row.customerId ? (await findContacts(tx, [row.customerId])).get(row.customerId) : undefined
  if (!customer?.email) return 'no_address'
  if (await isInOpenProblem(tx, customer.id)) return 'open_problem'
  const { email, name, organisation, timeZone } = customer
  const notWanted = row.surveyId !== null && (await findRefusal(tx, await customerGroup(tx, customer.id), row.surveyId))
  if (notWanted) return 'unsubscribed'
  const suppression = (await findSuppressionsOf(tx, [customer.id])).get(customer.id)
  return ruleOf(suppression) ?? { email, name, organisation, zone: timeZone ?? zone }
}

function isOpen({ surveyState, closesOn }: InvitationRow, now: Date, zone: string): boolean {
  return surveyState === 'published' && (closesOn === null || closesOn >= localDateOf(now, zone))
}

async function isInOpenProblem(tx: Tx, customerId: string): Promise<boolean> {
  const { spareOpenProblems } = await getAskingRules(tx)
  return spareOpenProblems && (await listOpenTouchpoints(tx, [customerId])).has(customerId)
}

/** Why nothing is sent to an address, whoever it is of. */
export async function whyNotWritten(db: Db, email: string): Promise<'unsubscribed' | 'suppressed' | undefined> {
  const suppression = await findSuppression(db, email.toLowerCase())
  return ruleOf(suppression?.reason)
}

function ruleOf(reason: SuppressionReason | undefined): 'unsubscribed' | 'suppressed' | undefined {
  return reason && (reason === 'unsubscribed' ? 'unsubscribed' : 'suppressed')
}
