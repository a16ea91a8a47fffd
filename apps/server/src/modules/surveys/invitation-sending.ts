import { getWorkspace, logoForMail, originForMail } from '#accounts'
import { findContacts, findCustomers, findSuppression, suppress } from '#people'
import type { DueKind } from '#platform/due.ts'
import { wake } from '#platform/events.ts'
import type { House } from '#platform/house.ts'
import type { MailKind } from '#platform/mail/kinds.ts'
import { queueMail } from '#platform/mail/queueing.ts'
import { hashToken } from '#platform/secrets.ts'
import type { Db, Tx } from '#platform/store.ts'
import { isLanguage } from '#platform/words.ts'
import type { Language } from '@lahko/contract/values'
import { findTouchpoint } from '#touchpoints'
import { findGivenAnswer } from './answering.queries.ts'
import { mailColour } from '#platform/mail/mail-colour.ts'
import { invitationToken, linksOf } from './invitation-links.ts'
import { writeInvitation } from './invitation-mail.ts'
import {
  findAnswerAbout,
  findInvitation,
  findProgrammeTimes,
  lockDueInvitations,
  lockDueReminders,
  lockOverdue,
  updateAnswered,
  updateBounced,
  updateDelivery,
  updateExpired,
  updateNoReminder,
  updateNotAsked,
  updateQueued,
  updateSent,
  type InvitationRow,
} from './invitation-rows.queries.ts'
import { findProgrammeTexts } from './mail-texts.queries.ts'
import { knownOf, type Known } from './mail-variables.ts'
import { whyNotOpen } from './open-survey.ts'
import { createPublishedSurveys, type PublishedSurvey } from './published-surveys.ts'

const mostAtOnce = 50
const dayMs = 86_400_000

/** What of the ledger becomes due: a first mail, a reminder, the end. */
export function invitationsDue(house: House): DueKind[] {
  const batch = (name: string, work: (tx: Tx) => Promise<number>): DueKind => ({
    name,
    work: async (scope) => (await house.store.write(scope, work)) > 0,
  })
  return [
    batch('invitations', (tx) => each(tx, lockDueInvitations, (row) => invite(house, tx, row))),
    batch('reminders', (tx) => each(tx, lockDueReminders, (row) => remind(house, tx, row))),
    batch('expiries', (tx) => each(tx, lockOverdue, (row) => expire(house, tx, row))),
  ]
}

type Lock = (tx: Tx, most: number) => Promise<InvitationRow[]>

async function each(tx: Tx, lock: Lock, work: (row: InvitationRow) => Promise<void>): Promise<number> {
  const rows = await lock(tx, mostAtOnce)
  for (const row of rows) {
    await work(row)
    await wake(tx, 'invitation.changed', row.id)
  }
  return rows.length
}

/** Whom to ask about what, or the rule by which nobody is asked. */
type Addressed = { survey: PublishedSurvey; email: string; name: string | null }

async function addressed(house: House, tx: Tx, row: InvitationRow): Promise<Addressed | string> {
  const survey = row.surveyId && (await createPublishedSurveys(house).byId(tx.workspaceId, row.surveyId))
  if (!survey || whyNotOpen(survey, tx.now)) return 'survey_closed'
  if (row.programmeId && !(await findProgrammeTimes(tx, row.programmeId))?.on) return 'programme_off'
  const customer = row.customerId ? (await findCustomers(tx, [row.customerId])).get(row.customerId) : undefined
  if (!customer?.email) return 'no_address'
  return (await whyNotWritten(tx, customer.email)) ?? { survey, email: customer.email, name: customer.name }
}

async function whyNotWritten(db: Db, email: string): Promise<'unsubscribed' | 'suppressed' | undefined> {
  const suppression = await findSuppression(db, email.toLowerCase())
  return suppression && (suppression.reason === 'unsubscribed' ? 'unsubscribed' : 'suppressed')
}

async function invite(house: House, tx: Tx, row: InvitationRow): Promise<void> {
  const to = await addressed(house, tx, row)
  if (typeof to === 'string') return updateNotAsked(tx, row.id, to)
  if (row.touchpointId && (await findAnswerAbout(tx, row.touchpointId))) {
    return updateNotAsked(tx, row.id, 'answered_already')
  }
  await updateQueued(tx, row.id, hashToken(invitationToken(to.survey.formKey, row.id)))
  await queue(house, tx, row, to, 0)
}

/** Never after an answer, wherever it was given, and never to whoever has said something else. */
async function remind(house: House, tx: Tx, row: InvitationRow): Promise<void> {
  const to = await addressed(house, tx, row)
  if (typeof to === 'string' || row.repliedAt) return updateNoReminder(tx, row.id)
  if (await markAnswered(tx, row, to.survey)) return
  await updateNoReminder(tx, row.id)
  await queue(house, tx, row, to, row.remindersSent + 1)
}

/** An answer that came without the ledger hearing of it, because the process died in between, still counts. */
async function expire(house: House, tx: Tx, row: InvitationRow): Promise<void> {
  const survey = row.surveyId && (await createPublishedSurveys(house).byId(tx.workspaceId, row.surveyId))
  if (survey && (await markAnswered(tx, row, survey))) return
  await updateExpired(tx, row.id)
}

/** @returns whether there is an answer, by this invitation or otherwise about the same touchpoint */
async function markAnswered(tx: Tx, row: InvitationRow, survey: PublishedSurvey): Promise<boolean> {
  const given = await findGivenAnswer(tx, survey.id, invitationToken(survey.formKey, row.id))
  const about = row.touchpointId ? await findAnswerAbout(tx, row.touchpointId) : undefined
  if (given) await updateAnswered(tx, row.id, given.answeredAt, given.id)
  else if (about) await updateAnswered(tx, row.id, about.at, about.id)
  return (given ?? about) !== undefined
}

async function queue(house: House, tx: Tx, row: InvitationRow, to: Addressed, number: number): Promise<void> {
  const { survey, email, name } = to
  const workspace = await getWorkspace(tx)
  const language = languageOf(row.language, workspace.language, survey.content.languages)
  const origin = await originForMail(house, tx.workspaceId)
  const texts = row.programmeId ? (await findProgrammeTexts(tx, row.programmeId))?.texts[language] : undefined
  const { subject, text, html, headers } = writeInvitation({
    content: survey.content,
    language,
    company: workspace.name,
    colour: mailColour({ hue: workspace.accent_hue, chroma: workspace.accent_chroma }),
    name,
    reminder: number > 0,
    links: linksOf(origin, invitationToken(survey.formKey, row.id), language, survey.wording),
    texts,
    known: texts && (await knownAbout(tx, row, name)),
    logoUrl: logoForMail(workspace, origin),
    postalAddress: workspace.postal_address,
  })
  await queueMail(tx, house.config.mail, {
    ...{ kind: 'invitation', subjectId: row.id, number, recipient: email },
    fromName: texts?.sender ?? workspace.name,
    ...{ subject, text, html, headers },
  })
}

/** What the programme's variables are made of. */
async function knownAbout(db: Db, { customerId, touchpointId }: InvitationRow, name: string | null): Promise<Known> {
  const contact = customerId ? (await findContacts(db, [customerId])).get(customerId) : undefined
  const touchpoint = touchpointId ? await findTouchpoint(db, touchpointId) : undefined
  return knownOf({ name, organisation: contact?.organisation, attributes: touchpoint?.attributes })
}

/** The customer's language, else the workspace's, else the survey's first: what the survey is published in. */
function languageOf(customers: string | null, workspaces: Language, published: readonly Language[]): Language {
  const short = customers?.toLowerCase().split('-')[0]
  const known = short === 'no' || short === 'nn' ? 'nb' : short
  if (isLanguage(known) && published.includes(known)) return known
  return published.includes(workspaces) ? workspaces : published[0]!
}

/** What becomes of an invitation when something becomes of its mail. Number 0 is the invitation, others remind. */
export const invitationMails: MailKind = {
  async claimed(tx, { subjectId, number, recipient }) {
    const row = await findInvitation(tx, subjectId)
    const hindrance = row ? await hindranceOf(tx, row, recipient) : 'gone'
    if (hindrance === undefined) {
      if (number === 0) await updateDelivery(tx, subjectId, { claimed: true })
      return undefined
    }
    if (row && number === 0) await callOff(tx, row, hindrance)
    return hindrance
  },
  sent: (tx, { subjectId, number }) => updateSent(tx, subjectId, number),
  async postponed(tx, { subjectId, number }) {
    if (number === 0) await updateDelivery(tx, subjectId, { claimed: false })
  },
  async failed(tx, { subjectId, recipient }, badAddress) {
    await updateBounced(tx, subjectId)
    if (badAddress) await suppress(tx, recipient.toLowerCase(), 'bounced')
  },
  uncertain: (tx, subjectId) => updateDelivery(tx, subjectId, { claimed: true, uncertain: true }),
  queuedAgain: (tx, subjectId) => updateDelivery(tx, subjectId, { claimed: false }),
}

/** The first mail is not sent any more. */
async function callOff(tx: Tx, row: InvitationRow, hindrance: string): Promise<void> {
  if (hindrance === 'expired') await updateExpired(tx, row.id)
  else if (row.answeredAt === null && row.unsubscribedAt === null) await updateNotAsked(tx, row.id, hindrance)
}

/** Why a mail that was queued is not wanted any more. */
async function hindranceOf(tx: Tx, row: InvitationRow, recipient: string): Promise<string | undefined> {
  if (row.answeredAt || (row.touchpointId && (await findAnswerAbout(tx, row.touchpointId)))) return 'answered_already'
  if (row.unsubscribedAt) return 'unsubscribed'
  const times = row.programmeId ? await findProgrammeTimes(tx, row.programmeId) : undefined
  if (times && !times.on) return 'programme_off'
  const queuedFor = tx.now.getTime() - (row.queuedAt ?? tx.now).getTime()
  const late = row.expiresAt ? row.expiresAt <= tx.now : queuedFor > (times?.expiresDays ?? 14) * dayMs
  return late ? 'expired' : whyNotWritten(tx, recipient)
}
