import type { MailTexts } from '@lahko/contract/mail-texts'
import type { Language } from '@lahko/contract/values'
import { findMemberAddress, getWorkspace, logoForMail, originForMail } from '#accounts'
import type { House } from '#platform/house.ts'
import { uuidv7 } from '#platform/identifiers.ts'
import { mailColour } from '#platform/mail/mail-colour.ts'
import { countQueuedSince } from '#platform/mail/mails.queries.ts'
import { queueMail } from '#platform/mail/queueing.ts'
import { Problem } from '#platform/problem.ts'
import type { Db, Tx } from '#platform/store.ts'
import { words } from '#platform/words.ts'
import { findTrial, type Trial } from './answering.queries.ts'
import { getSurvey, listLastAsked } from './building.queries.ts'
import { trialLinksOf } from './invitation-links.ts'
import type { InvitationMail } from './invitation-mail.ts'
import { presetsOf, writeInvitation } from './invitation-mail.ts'
import { demandVariables, getProgrammeTexts } from './mail-texts.ts'
import { knownOf } from './mail-variables.ts'
import { trialToken } from './trial-addresses.ts'

/** Which mail is looked at, and with which words. */
export type MailWish = { language: Language; number: number; known: 'yes' | 'no'; texts: MailTexts }

const testKind = 'invitation_test'
const mostTests = 10
const testsWithinMs = 10 * 60_000

/** A mail of a programme as it would be, about an example; its links are those of a trial. @throws Problem */
export async function exampleMail(house: House, db: Db, programmeId: string, wish: MailWish): Promise<InvitationMail> {
  demandVariables(wish.texts, '/body/texts')
  const { surveyId } = await getProgrammeTexts(db, programmeId)
  const workspace = await getWorkspace(db)
  const origin = await originForMail(house, db)
  const trial = await askedIn(db, surveyId)
  const { language, number, texts } = wish
  const address = `${origin}/s/${trial.key}/try/${trialToken(trial.id, trial.formKey, db.now)}`
  const example = exampleOf(wish)
  return {
    ...{ content: trial.content, language, company: workspace.name, texts, reminder: number > 0, name: example.name },
    colour: mailColour({ hue: workspace.accent_hue, chroma: workspace.accent_chroma }),
    links: trialLinksOf(origin, address, language),
    known: knownOf(example),
    logoUrl: logoForMail(workspace, origin),
    postalAddress: workspace.postal_address,
  }
}

/** What a mail would say, in words. @throws Problem */
export async function previewMail(house: House, db: Db, programmeId: string, wish: MailWish) {
  const mail = await exampleMail(house, db, programmeId, wish)
  const { subject, text } = writeInvitation(mail)
  const { subject: usual, greeting, introduction } = presetsOf(mail)
  const presets = { subject: usual, greeting, introduction }
  return { sender: wish.texts.sender ?? mail.company, subject, text, presets }
}

/**
 * Sends such a mail to whoever is signed in; it is in no ledger.
 * @throws Problem forbidden `programmes.test_needs_member`; rate_limited `programmes.too_many_tests`
 */
export async function sendTest(house: House, tx: Tx, programmeId: string, wish: MailWish) {
  const mail = await exampleMail(house, tx, programmeId, wish)
  const recipient = await findMemberAddress(tx)
  if (recipient === undefined) throw new Problem('forbidden', 'programmes.test_needs_member')
  const since = new Date(tx.now.getTime() - testsWithinMs)
  if ((await countQueuedSince(tx, [testKind], recipient, since)) >= mostTests) {
    throw new Problem('rate_limited', 'programmes.too_many_tests', { retryAfterSeconds: testsWithinMs / 1000 })
  }
  const { subject, text, html } = writeInvitation(mail)
  const mailId = await queueMail(tx, house.config.mail, {
    ...{ kind: testKind, subjectId: uuidv7(tx.now.getTime()), number: 0, recipient, text, html },
    fromName: wish.texts.sender ?? mail.company,
    subject: words(wish.language, 'invitation.subject_test', { subject }),
    headers: { 'Auto-Submitted': 'auto-generated' },
  })
  return { mailId: mailId!, recipient }
}

/** What the survey asks now; its draft while it has asked nothing. */
async function askedIn(db: Db, surveyId: string): Promise<Trial> {
  const { key, version } = await getSurvey(db, surveyId)
  const trial = await findTrial(db, key)
  if (!trial) throw new Problem('conflict', 'programmes.survey_archived')
  const [asked] = version === null ? [] : await listLastAsked(db, surveyId, version)
  return asked ? { ...trial, content: asked.content } : trial
}

function exampleOf({ language, known }: MailWish) {
  if (known === 'no') return { name: null }
  const say = (key: string) => words(language, `invitation.example_${key}`)
  const attributes = { agent: say('agent'), topic: say('topic') }
  return { name: say('name'), organisation: say('organisation'), attributes }
}
