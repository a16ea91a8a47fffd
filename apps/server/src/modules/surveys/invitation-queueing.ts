import { getWorkspace, logoForMail, originForMail, type WorkspaceRow } from '#accounts'
import type { DueKind } from '#platform/due.ts'
import { wakeAll } from '#platform/events.ts'
import type { House } from '#platform/house.ts'
import { mailColour } from '#platform/mail/mail-colour.ts'
import { queueMails } from '#platform/mail/queueing.ts'
import { hashToken } from '#platform/secrets.ts'
import type { Tx } from '#platform/store.ts'
import type { Known } from '#platform/variables.ts'
import { isLanguage } from '#platform/words.ts'
import type { ProgrammeTexts } from '@lahko/contract/mail-texts'
import type { Language } from '@lahko/contract/values'
import { findTouchpoint } from '#touchpoints'
import { listGivenAnswers } from './answering.queries.ts'
import { listAnswersAbout } from './deciding.queries.ts'
import { addresseesOf, outsideHours, type Addressee, type Hindrance } from './invitation-hindrances.ts'
import { invitationToken, linksOf } from './invitation-links.ts'
import { writeInvitation } from './invitation-mail.ts'
import {
  lockDueInvitations,
  lockDueReminders,
  lockOverdue,
  updateAnswered,
  updateExpired,
  updateNoReminder,
  updateNotAsked,
  updateReminderCalledOff,
  updateQueued,
  updateReminderAt,
  type InvitationRow,
} from './invitation-rows.queries.ts'
import { languageCalled } from './languages.ts'
import { findProgrammeTexts } from './mail-texts.queries.ts'
import { knownOf } from './mail-variables.ts'
import { findPublished } from './published-surveys.queries.ts'
import type { PublishedSurvey } from './published-surveys.ts'

const mostAtOnce = 50

/** What of the ledger becomes due: a first mail, a reminder, the end. */
export function invitationsDue(house: House): DueKind[] {
  const batch = (
    name: string,
    lock: Lock,
    work: (tx: Tx, rows: readonly InvitationRow[]) => Promise<void>,
  ): DueKind => ({
    name,
    work: (scope) => house.store.writeOften(scope, (tx) => workOn(tx, lock, (rows) => work(tx, rows))),
  })
  return [
    batch('invitations', lockDueInvitations, (tx, rows) => invite(house, tx, rows)),
    batch('reminders', lockDueReminders, (tx, rows) => remind(house, tx, rows)),
    batch('expiries', lockOverdue, expire),
  ]
}

type Lock = (tx: Tx, most: number) => Promise<InvitationRow[]>

async function workOn(tx: Tx, lock: Lock, work: (rows: readonly InvitationRow[]) => Promise<void>): Promise<boolean> {
  const rows = await lock(tx, mostAtOnce)
  if (rows.length === 0) return false
  await work(rows)
  await wakeAll(
    tx,
    'invitation.changed',
    rows.map(({ id }) => id),
  )
  return true
}

/** Somebody who is written to. Number 0 is the invitation, others remind. */
type Writing = { row: InvitationRow; survey: PublishedSurvey; to: Addressee; number: number }

async function invite(house: House, tx: Tx, rows: readonly InvitationRow[]): Promise<void> {
  const wanted: Writing[] = []
  for (const { row, survey, answer, to } of await lookUp(tx, rows)) {
    if (!survey) await updateNotAsked(tx, row.id, 'survey_closed')
    else if (answer) await updateAnswered(tx, row.id, answer.at, answer.id)
    else if (typeof to === 'string') await updateNotAsked(tx, row.id, to)
    else wanted.push({ row, survey, to, number: 0 })
  }
  await updateQueued(
    tx,
    wanted.map(({ row: { id }, survey }) => ({ id, tokenHash: hashToken(invitationToken(survey.formKey, id)) })),
  )
  await queue(house, tx, wanted)
}

/** Never after an answer, wherever it was given, and never to whoever has said something else. */
async function remind(house: House, tx: Tx, rows: readonly InvitationRow[]): Promise<void> {
  const wanted: Writing[] = []
  const unwanted: string[] = []
  const calledOff: string[] = []
  for (const { row, survey, answer, to } of await lookUp(tx, rows)) {
    const later = typeof to !== 'string' && outsideHours(row, to.zone, tx.now)
    if (answer) await updateAnswered(tx, row.id, answer.at, answer.id)
    else if (to === 'programme_off') calledOff.push(row.id)
    else if (!survey || typeof to === 'string') unwanted.push(row.id)
    else if (later) await updateReminderAt(tx, row.id, later)
    else wanted.push({ row, survey, to, number: row.remindersSent + 1 })
  }
  await updateReminderCalledOff(tx, calledOff)
  await updateNoReminder(tx, [...unwanted, ...wanted.map(({ row }) => row.id)])
  await queue(house, tx, wanted)
}

/** An answer that came without the ledger hearing of it, because the process died in between, still counts. */
async function expire(tx: Tx, rows: readonly InvitationRow[]): Promise<void> {
  const answers = await findAnswers(tx, rows, await findSurveys(tx, rows))
  for (const { id } of rows) {
    const answer = answers.get(id)
    if (answer) await updateAnswered(tx, id, answer.at, answer.id)
    else await updateExpired(tx, id)
  }
}

type Answer = { id: string; at: Date }
type LookedUp = {
  row: InvitationRow
  survey: PublishedSurvey | undefined
  answer: Answer | undefined
  to: Addressee | Hindrance
}

/** What must be known about each of them, in one statement each for all. */
async function lookUp(tx: Tx, rows: readonly InvitationRow[]): Promise<LookedUp[]> {
  const found = findSurveys(tx, rows)
  const answered = found.then((surveys) => findAnswers(tx, rows, surveys))
  const [surveys, answers, addressees] = await Promise.all([found, answered, addresseesOf(tx, rows)])
  return rows.map((row) => ({
    row,
    survey: surveys.get(row.surveyId ?? ''),
    answer: answers.get(row.id),
    to: addressees.get(row.id)!,
  }))
}

async function findSurveys(tx: Tx, rows: readonly InvitationRow[]): Promise<Map<string, PublishedSurvey>> {
  const surveys = new Map<string, PublishedSurvey>()
  for (const id of new Set(rows.flatMap(({ surveyId }) => surveyId ?? []))) {
    const survey = await findPublished(tx, id)
    if (survey) surveys.set(id, survey)
  }
  return surveys
}

/** The answers by these invitations, else otherwise about the same touchpoints, by invitation. */
async function findAnswers(
  tx: Tx,
  rows: readonly InvitationRow[],
  surveys: ReadonlyMap<string, PublishedSurvey>,
): Promise<Map<string, Answer>> {
  const asked = rows.filter(({ surveyId }) => surveys.has(surveyId ?? ''))
  const tokens = asked.map(({ id, surveyId }) => {
    const survey = surveys.get(surveyId!)!
    return { by: id, surveyId: survey.id, token: invitationToken(survey.formKey, id) }
  })
  const touchpointIds = asked.flatMap(({ touchpointId }) => touchpointId ?? [])
  const [given, about] = await Promise.all([listGivenAnswers(tx, tokens), listAnswersAbout(tx, touchpointIds)])
  const others = new Map(about.map((one) => [one.touchpointId, { id: one.responseId, at: one.answeredAt }]))
  return new Map(
    asked.flatMap(({ id, touchpointId }) => {
      const answer = given.get(id) ?? others.get(touchpointId ?? '')
      return answer ? [[id, answer]] : []
    }),
  )
}

async function queue(house: House, tx: Tx, wanted: readonly Writing[]): Promise<void> {
  if (wanted.length === 0) return
  const frame = { workspace: await getWorkspace(tx), origin: await originForMail(house, tx) }
  const texts = new Map<string, ProgrammeTexts | undefined>()
  for (const id of new Set(wanted.flatMap(({ row }) => row.programmeId ?? []))) {
    texts.set(id, (await findProgrammeTexts(tx, id))?.texts)
  }
  const mails = []
  for (const one of wanted) mails.push(await write(tx, frame, one, texts.get(one.row.programmeId ?? '')))
  await queueMails(tx, house.config.mail, mails)
}

type Frame = { workspace: WorkspaceRow; origin: string }

async function write(
  tx: Tx,
  { workspace, origin }: Frame,
  { row, survey, to, number }: Writing,
  own: ProgrammeTexts | undefined,
) {
  const language = languageOf(row.language, workspace.language, survey.content.languages)
  const texts = own?.[language]
  const { subject, text, html, headers } = writeInvitation({
    content: survey.content,
    language,
    company: workspace.name,
    colour: mailColour({ hue: workspace.accent_hue, chroma: workspace.accent_chroma }),
    name: to.name,
    reminder: number > 0,
    links: linksOf(origin, invitationToken(survey.formKey, row.id), language, survey.wording),
    texts,
    known: texts && (await knownAbout(tx, row, to)),
    logoUrl: logoForMail(workspace, origin),
    postalAddress: workspace.postal_address,
  })
  return {
    ...{ kind: 'invitation', subjectId: row.id, number, recipient: to.email },
    fromName: texts?.sender ?? workspace.name,
    ...{ subject, text, html, headers },
  }
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
