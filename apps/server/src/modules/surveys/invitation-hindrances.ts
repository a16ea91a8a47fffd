import { getWorkspace } from '#accounts'
import {
  customerGroups,
  findContacts,
  findSuppression,
  findSuppressionsOf,
  type Contact,
  type SuppressionReason,
} from '#people'
import type { Db, Tx } from '#platform/store.ts'
import { listOpenTouchpoints } from '#touchpoints'
import { listPreferencesOf, type AskingPreference } from './asking-preferences.queries.ts'
import { getAskingRules } from './deciding.queries.ts'
import { knownZone, movedInto } from './asking-hours.ts'
import type { InvitationRow } from './invitation-rows.queries.ts'
import { lockProgrammesOff } from './programmes.queries.ts'
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

/** What must be known to say whether somebody is written to, of many at once. */
type Circumstances = {
  now: Date
  zone: string
  /** Programmes that are off or removed. */
  off: ReadonlySet<string>
  contacts: ReadonlyMap<string, Contact>
  inOpenProblem: ReadonlySet<string>
  preferences: ReadonlyMap<string, readonly AskingPreference[]>
  suppressions: ReadonlyMap<string, SuppressionReason>
}

/** Looked at when mails are due, and once more just before they are sent; by invitations. */
export async function addresseesOf(
  tx: Tx,
  rows: readonly InvitationRow[],
): Promise<Map<string, Addressee | Hindrance>> {
  const ids = [...new Set(rows.flatMap(({ customerId }) => customerId ?? []))]
  const persons = customerGroups(tx, ids)
  const [{ time_zone: zone }, { spareOpenProblems }, off, contacts, open, preferences, suppressions] =
    await Promise.all([
      getWorkspace(tx),
      getAskingRules(tx),
      programmesOff(tx, rows),
      findContacts(tx, ids),
      persons.then((groups) => listOpenTouchpoints(tx, groups)),
      persons.then((groups) => listPreferencesOf(tx, groups)),
      findSuppressionsOf(tx, ids),
    ])
  const inOpenProblem = spareOpenProblems ? open : new Set<string>()
  const circumstances = { now: tx.now, zone, off, contacts, inOpenProblem, preferences, suppressions }
  return new Map(rows.map((row) => [row.id, addresseeIn(circumstances, row)]))
}

/** Whoever brings one back waits until what is called off here is, and brings that back as well. */
async function programmesOff(tx: Tx, rows: readonly InvitationRow[]): Promise<Set<string>> {
  const ids = rows.flatMap(({ programmeOn, programmeId }) => (programmeOn ? [] : (programmeId ?? [])))
  return new Set(ids.length > 0 ? await lockProgrammesOff(tx, [...new Set(ids)]) : [])
}

function addresseeIn(about: Circumstances, row: InvitationRow): Addressee | Hindrance {
  if (row.unsubscribedAt) return 'unsubscribed'
  if (row.bouncedAt) return 'bounced'
  if (row.repliedAt) return 'replied'
  if (row.programmeId === null || about.off.has(row.programmeId)) return 'programme_off'
  if (!isOpen(row, about.now, about.zone)) return 'survey_closed'
  const customer = about.contacts.get(row.customerId ?? '')
  if (!customer?.email) return 'no_address'
  if (about.inOpenProblem.has(customer.id)) return 'open_problem'
  const said = about.preferences.get(customer.id) ?? []
  if (said.some(({ surveyId }) => surveyId === null || surveyId === row.surveyId)) return 'unsubscribed'
  const { email, name, organisation, timeZone } = customer
  return ruleOf(about.suppressions.get(customer.id)) ?? { email, name, organisation, zone: timeZone ?? about.zone }
}

function isOpen({ surveyState, closesOn }: InvitationRow, now: Date, zone: string): boolean {
  return surveyState === 'published' && (closesOn === null || closesOn >= localDateOf(now, zone))
}

/** Why nothing is sent to an address, whoever it is of. */
export async function whyNotWritten(db: Db, email: string): Promise<'unsubscribed' | 'suppressed' | undefined> {
  const suppression = await findSuppression(db, email.toLowerCase())
  return ruleOf(suppression?.reason)
}

function ruleOf(reason: SuppressionReason | undefined): 'unsubscribed' | 'suppressed' | undefined {
  return reason && (reason === 'unsubscribed' ? 'unsubscribed' : 'suppressed')
}

/** When its programme's hours begin again for the reader; undefined within them. */
export function outsideHours({ hours }: InvitationRow, zone: string, now: Date): Date | undefined {
  const moved = hours ? movedInto(now, hours, knownZone(zone, 'UTC')) : now
  return moved > now ? moved : undefined
}
