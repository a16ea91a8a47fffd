import { getWorkspace, logoForMail, originForMail } from '#accounts'
import { suppress } from '#people'
import type { DueKind } from '#platform/due.ts'
import { wake } from '#platform/events.ts'
import type { House } from '#platform/house.ts'
import type { MailKind } from '#platform/mail/kinds.ts'
import { queueMail } from '#platform/mail/queueing.ts'
import { hashToken } from '#platform/secrets.ts'
import type { Tx } from '#platform/store.ts'
import { isLanguage } from '#platform/words.ts'
import type { Language } from '@lahko/contract/values'
import { findTouchpoint } from '#touchpoints'
import { findGivenAnswer } from './answering.queries.ts'
import { knownZone, movedInto } from './asking-hours.ts'
import { addresseeOf, whyNotWritten, type Addressee } from './invitation-hindrances.ts'
import { mailColour } from '#platform/mail/mail-colour.ts'
import { takeBackInvitation } from './invitation-returns.ts'
import { invitationToken, linksOf } from './invitation-links.ts'
import { writeInvitation } from './invitation-mail.ts'
import {
  findAnswerAbout,
  lockDueInvitations,
  lockDueReminders,
  lockInvitation,
  lockOverdue,
  updateAnswered,
  updateBounced,
  updateDelivery,
  updateExpired,
  updateNoReminder,
  updateNotAsked,
  updateQueued,
  updateQueuedAgain,
  updateReminderAt,
  updateSent,
  type InvitationRow,
} from './invitation-rows.queries.ts'
import { languageCalled } from './languages.ts'
import { findProgrammeTexts } from './mail-texts.queries.ts'
import type { Known } from '#platform/variables.ts'
import { knownOf } from './mail-variables.ts'
import { findPublished } from './published-surveys.queries.ts'
import type { PublishedSurvey } from './published-surveys.ts'

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
    batch('expiries', (tx) => each(tx, lockOverdue, (row) => expire(tx, row))),
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

async function invite(house: House, tx: Tx, row: InvitationRow): Promise<void> {
  const survey = row.surveyId === null ? undefined : await findPublished(tx, row.surveyId)
  if (!survey) return updateNotAsked(tx, row.id, 'survey_closed')
  if (await markAnswered(tx, row, survey)) return
  const to = await addresseeOf(tx, row)
  if (typeof to === 'string') return updateNotAsked(tx, row.id, to)
  await updateQueued(tx, row.id, hashToken(invitationToken(survey.formKey, row.id)))
  await queue(house, tx, { row, survey, to, number: 0 })
}

/** Never after an answer, wherever it was given, and never to whoever has said something else. */
async function remind(house: House, tx: Tx, row: InvitationRow): Promise<void> {
  const survey = row.surveyId === null ? undefined : await findPublished(tx, row.surveyId)
  if (survey && (await markAnswered(tx, row, survey))) return
  const to = await addresseeOf(tx, row)
  if (!survey || typeof to === 'string') return updateNoReminder(tx, row.id)
  const later = outsideHours(row, to.zone, tx.now)
  if (later) return updateReminderAt(tx, row.id, later)
  await updateNoReminder(tx, row.id)
  await queue(house, tx, { row, survey, to, number: row.remindersSent + 1 })
}

/** When its programme's hours begin again for the reader; undefined within them. */
function outsideHours({ hours }: InvitationRow, zone: string, now: Date): Date | undefined {
  const moved = hours ? movedInto(now, hours, knownZone(zone, 'UTC')) : now
  return moved > now ? moved : undefined
}

/** An answer that came without the ledger hearing of it, because the process died in between, still counts. */
async function expire(tx: Tx, row: InvitationRow): Promise<void> {
  const survey = row.surveyId === null ? undefined : await findPublished(tx, row.surveyId)
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

type Writing = { row: InvitationRow; survey: PublishedSurvey; to: Addressee; number: number }

async function queue(house: House, tx: Tx, { row, survey, to, number }: Writing): Promise<void> {
  const { email, name } = to
  const workspace = await getWorkspace(tx)
  const language = languageOf(row.language, workspace.language, survey.content.languages)
  const origin = await originForMail(house, tx)
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
    known: texts && (await knownAbout(tx, row, to)),
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
async function knownAbout(tx: Tx, { touchpointId }: InvitationRow, { name, organisation }: Addressee): Promise<Known> {
  const touchpoint = touchpointId ? await findTouchpoint(tx, touchpointId) : undefined
  return knownOf({ name, organisation, attributes: touchpoint?.attributes })
}

/** The customer's language, else the workspace's, else the survey's first: what the survey is published in. */
function languageOf(customers: string | null, workspaces: Language, published: readonly Language[]): Language {
  const known = customers === null ? undefined : languageCalled(customers)
  if (isLanguage(known) && published.includes(known)) return known
  return published.includes(workspaces) ? workspaces : published[0]!
}

/** What becomes of an invitation when something becomes of its mail. Number 0 is the invitation, others remind. */
export const invitationMails: MailKind = {
  async claimed(tx, { subjectId, number, recipient }) {
    const row = await lockInvitation(tx, subjectId)
    if (!row) return 'gone'
    const hindrance = await hindranceOf(tx, row, recipient)
    if (hindrance === undefined && number === 0) await updateDelivery(tx, subjectId, { claimed: true })
    if (typeof hindrance === 'string' && number === 0) await callOff(tx, row, hindrance)
    return hindrance
  },
  sent: (tx, { subjectId, number }) => updateSent(tx, subjectId, number),
  async postponed(tx, { subjectId, number }) {
    if (number === 0) await updateDelivery(tx, subjectId, { claimed: false })
  },
  async failed(tx, { subjectId, number, recipient }, badAddress) {
    // The first mail was accepted, whatever a server says of a reminder.
    if (number === 0 || badAddress) await updateBounced(tx, subjectId)
    else await updateNoReminder(tx, subjectId)
    if (badAddress) await suppress(tx, recipient.toLowerCase(), 'bounced')
  },
  uncertain: (tx, subjectId) => updateDelivery(tx, subjectId, { claimed: true, uncertain: true }),
  returned: takeBackInvitation,
  queuedAgain: updateQueuedAgain,
}

/** The first mail is not sent any more. */
async function callOff(tx: Tx, row: InvitationRow, hindrance: string): Promise<void> {
  if (hindrance === 'expired') return updateExpired(tx, row.id)
  const about = hindrance === 'answered_already' && row.touchpointId && (await findAnswerAbout(tx, row.touchpointId))
  if (about) return updateAnswered(tx, row.id, about.at, about.id)
  if (row.state === 'queued') await updateNotAsked(tx, row.id, hindrance)
}

/** Why a mail that was queued is not wanted any more, or until when it has to wait. */
async function hindranceOf(tx: Tx, row: InvitationRow, recipient: string): Promise<string | Date | undefined> {
  if (row.answeredAt || (row.touchpointId && (await findAnswerAbout(tx, row.touchpointId)))) return 'answered_already'
  const queuedFor = tx.now.getTime() - (row.queuedAt ?? tx.now).getTime()
  if (row.expiresAt ? row.expiresAt <= tx.now : queuedFor > row.expiresDays * dayMs) return 'expired'
  const to = await addresseeOf(tx, row)
  if (typeof to === 'string') return to
  const written = to.email.toLowerCase() === recipient.toLowerCase() ? undefined : await whyNotWritten(tx, recipient)
  return written ?? outsideHours(row, to.zone, tx.now)
}
