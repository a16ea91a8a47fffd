import type { ResponseInput } from '@lahko/contract/surveys'
import type { Language } from '@lahko/contract/values'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { House } from '#platform/house.ts'
import { sendPage } from '#platform/pages.ts'
import { Problem } from '#platform/problem.ts'
import { nobody } from '#platform/store.ts'
import { words } from '#platform/words.ts'
import { contextOf, filledOf, hiddenOfForm, openQuestions, reasonsFor, type Filled, type Form } from './answer-form.ts'
import type { NetworkLimits } from '#platform/network-limits.ts'
import { askPage, missingScore, type AskProblem } from './answer-page.ts'
import { isLive, newFormToken, readFormToken, type MadeForm } from './answer-tokens.ts'
import { findGivenAnswer } from './answering.queries.ts'
import { carriedBy, hiddenInputs } from './asking.ts'
import type { Brand } from './brand.ts'
import { changeResponse, type ResponseChange } from './changing-responses.ts'
import type { Answer, Ingest } from './ingest.ts'
import { pageLanguage } from './open-survey.ts'
import { createPublishedSurveys, type PublishedSurvey } from './published-surveys.ts'

/** A survey that somebody has opened. */
export type Opened = {
  request: FastifyRequest
  reply: FastifyReply
  survey: PublishedSurvey
  brand: Brand
  language: Language
  places: Places
  /** Whoever was asked by mail. */
  invited?: Invited
}

/** Where the form goes, where an answer is seen and changed by whoever has its capability, and where mails end. */
export type Places = { form: string; given(capability: string): string; leave?: string }

/** An invitation as its page is opened. */
export type Invited = {
  token: string
  /** What it was about and whose it is, in the words of an answer. */
  context: Pick<ResponseInput, 'attributes' | 'customer'>
  touchpointId: string | undefined
  answered(responseId: string): Promise<void>
}

/** Where a survey is answered by its link. */
export function placesOf({ key }: Pick<PublishedSurvey, 'key'>): Places {
  return { form: `/s/${key}`, given: (token) => answerAddress(key, token) }
}

/**
 * What opens an answer again, and makes retries one response: the form's token, or that of the invitation, so that
 * one invitation is one response. An answer without a name keeps nothing that leads to the invitation.
 */
function capabilityOf({ survey, invited }: Pick<Opened, 'survey' | 'invited'>, formToken: string): string {
  return invited && survey.identity === 'identified' ? invited.token : formToken
}

type Desk = { house: House; ingest: Ingest; limits: NetworkLimits }

/** A form that this survey gave out. */
type Sent = { form: Form; made: MadeForm; token: string }

/**
 * Takes a form in, as what it asked when its page was made. The first one counts; the same token again is a replay, or
 * a change when it says something else. Whatever cannot be taken comes back with everything that was filled in.
 */
export async function receive(desk: Desk, opened: Opened, form: Form): Promise<FastifyReply> {
  const { house, limits } = desk
  const now = house.clock.now()
  const token = String(form['token'] ?? '')
  const made = readFormToken(token, opened.survey)
  const asked = made ? await askedThen(house, opened, form, made) : opened
  const live = made && isLive(made, now)
  const promised = made?.identity === asked.survey.identity
  const back: Back = (status, problem, page = asked) =>
    askAgain(page, form, { token: live && promised ? token : newFormToken(page.survey, now), status, problem })
  if (!limits.mayPass(opened.survey.id, opened.request.ip)) return back(429, 'too_many')
  const paused = opened.survey.state === 'paused'
  const other = asked.survey.wording !== asked.survey.wordingNow
  if ((paused || other) && !(await isGiven(house, opened, token))) {
    return paused ? back(503, 'paused_meanwhile') : askOther(opened, form, now)
  }
  if (!made || !live) return back(400, 'page_too_old', opened)
  return keep(desk, asked, { form, made, token }, back)
}

type Back = (status: number, problem: AskProblem | string, page?: Opened) => FastifyReply

/** The survey with the version that a form was made of, in the language in which it was read. */
async function askedThen(house: House, opened: Opened, form: Form, { version }: MadeForm): Promise<Opened> {
  const { survey, request } = opened
  if (version === survey.version) return opened
  const then = await createPublishedSurveys(house).find(survey.workspaceId, survey.id, undefined, version)
  if (!then) return opened
  return { ...opened, survey: then, language: pageLanguage(request, form['lang'], then.content.languages) }
}

/** Whether a form's answer is in already. */
async function isGiven(house: House, opened: Opened, token: string): Promise<boolean> {
  const { survey, request } = opened
  const capability = capabilityOf(opened, token)
  const given = await house.store.read(request.scope, (db) => findGivenAnswer(db, survey.id, capability))
  return given !== undefined
}

/** What is asked now instead of another question: a score that answered that one is not chosen for this one. */
function askOther(opened: Opened, form: Form, now: Date): FastifyReply {
  const problem: AskProblem = { at: 'score', text: words(opened.language, 'answering.other_question') }
  const token = newFormToken(opened.survey, now)
  return askAgain(opened, { ...form, score: undefined }, { token, status: 409, problem })
}

async function keep({ house, ingest }: Desk, asked: Opened, sent: Sent, back: Back): Promise<FastifyReply> {
  const { survey, language } = asked
  const filled = filledOf(sent.form, survey.content)
  if (filled.score === undefined) return back(400, missingScore(survey.content, language))
  const spam = looksLikeSpam(sent.form, filled, house.clock.now().getTime() - sent.made.madeAt.getTime())
  const answer = answerOf(asked, sent, { ...filled, score: filled.score }, spam)
  const result = await ingest.submit(answer)
  if (result.status === 'refused') return back(result.kind === 'gone' ? 410 : 400, 'not_kept')
  const capability = answer.retryKey
  if (result.status === 'repeated') await changeAgain(house, asked, capability, filled, result.score !== filled.score)
  if (answer.leaveOut) return goOn({ ...asked, places: placesOf(asked.survey) }, capability, filled)
  await asked.invited?.answered(result.id)
  return goOn(asked, capability, filled)
}

function answerOf(
  asked: Opened,
  { form, made, token }: Sent,
  filled: Filled & { score: number },
  spam: boolean,
): Answer & { retryKey: string } {
  const { survey, brand, language, request, invited } = asked
  const { comment, answers, score } = filled
  // An answer that was asked for without a name keeps nothing that could point at a person.
  const named = survey.identity === 'identified' && made.identity === 'identified'
  const context = !named ? {} : (invited?.context ?? contextOf(hiddenOfForm(form)))
  const reasons = reasonsFor(filled, survey.content, survey.rule)
  const leaveOut = brand.isOwnAddress(request.ip) ? 'own' : spam ? 'spam' : undefined
  return {
    workspaceId: survey.workspaceId,
    actor: nobody,
    source: 'link',
    input: { survey: survey.id, score, language, reasons, comment, answers, ...context },
    version: survey.version,
    touchpointId: named ? invited?.touchpointId : undefined,
    // Whoever was asked has not answered by what a program sent, and the one answer is still theirs.
    retryKey: leaveOut ? token : capabilityOf(asked, token),
    leaveOut,
  }
}

const writtenTooFastMs = 5_000

/**
 * What a program does and a person does not: fill in the field that nobody sees, or come back within five seconds
 * with a link in the text. A quick tap alone is believed: the score was chosen in the mail. Nothing is refused; what
 * is marked is kept, and a member can count it again.
 */
function looksLikeSpam(form: Form, { comment, answers }: Filled, tookMs: number): boolean {
  if (typeof form['leave-empty'] === 'string' && form['leave-empty'] !== '') return true
  const written = [comment, ...Object.values(answers).flat()].join(' ')
  return tookMs < writtenTooFastMs && /https?:\/\/|www\.|<a\s/i.test(written)
}

/** The same form once more: another score changes the response, and words that were added are added. */
async function changeAgain(
  house: House,
  { survey, request }: Opened,
  token: string,
  filled: Filled,
  otherScore: boolean,
) {
  const reasons = reasonsFor(filled, survey.content, survey.rule)
  const change: ResponseChange = {
    ...(otherScore ? { score: filled.score } : {}),
    ...(otherScore || reasons.length > 0 ? { reasons } : {}),
    ...(filled.comment ? { comment: filled.comment } : {}),
    ...(Object.keys(filled.answers).length > 0 ? { answers: filled.answers } : {}),
  }
  if (Object.keys(change).length === 0) return
  await house.store.write(request.scope, (tx) => changeResponse(tx, survey.id, token, change)).catch(allowGone)
}

/** A replay of an answer that can no longer be changed is still a replay. */
function allowGone(error: unknown): void {
  if (!(error instanceof Problem) || error.kind !== 'gone') throw error
}

/** After how many seconds it is worth while to send the same again, by the status that says so. */
const waits: Readonly<Record<number, string>> = { 429: '60', 503: '3600' }

type Again = { token: string; status: number; problem: AskProblem | string }

/** The page once more, with everything that was filled in. @param again its problem may be the name of a sentence */
function askAgain(opened: Opened, form: Form, again: Again): FastifyReply {
  const { survey, brand, language, request, reply, places } = opened
  const { token, status, problem } = again
  const hidden = hiddenOfForm(form)
  const { text, styles } = askPage({
    brand,
    language,
    content: survey.content,
    rule: survey.rule,
    identity: survey.identity,
    action: places.form,
    hidden: hiddenInputs(token, language, hidden),
    inOther: (other) => `${places.form}?lang=${other}${carriedBy(hidden)}`,
    leave: places.leave,
    filled: filledOf(form, survey.content),
    problem: typeof problem === 'string' ? { at: 'page', text: words(language, `answering.${problem}`) } : problem,
  })
  if (status in waits) reply.header('retry-after', waits[status]!)
  return sendPage(request, reply.code(status), styles, text)
}

/** Where somebody goes whose answer is in: to the questions that must be answered and are not, else to the thanks. */
export function goOn(opened: Opened, token: string, filled: Filled, content = opened.survey.content) {
  const { language, reply, places } = opened
  const rest = openQuestions(filled.answers, content).length > 0 ? '/change' : ''
  const address = `${places.given(token)}${rest}?lang=${language}`
  return reply.header('cache-control', 'no-store').redirect(address, 303)
}

/** Where a response is seen and changed by whoever gave it. */
export function answerAddress(key: string, token: string): string {
  return `/s/${key}/r/${token}`
}
