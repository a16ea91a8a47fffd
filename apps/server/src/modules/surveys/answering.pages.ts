import type { Rule } from '@lahko/effort'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { House } from '#platform/house.ts'
import { sendPage } from '#platform/pages.ts'
import { words } from '#platform/words.ts'
import {
  chosenIn,
  filledBy,
  filledOf,
  formOf,
  hiddenOf,
  noHidden,
  openQuestions,
  reasonsFor,
  scoreOfLink,
  type Filled,
} from './answer-form.ts'
import { answerLimits } from './answer-limits.ts'
import { askPage, missingScore, type AskProblem } from './answer-page.ts'
import { isLive, lastDayToChange, newFormToken, readFormToken } from './answer-tokens.ts'
import { findGivenAnswer, type GivenAnswer } from './answering.queries.ts'
import { askedTemplate, hiddenInputs, ownValues } from './asking.ts'
import { changeResponse } from './changing-responses.ts'
import { ruleOn } from './content.ts'
import { createIngest } from './ingest.ts'
import { findAsked, getBrand, pageLanguage, sendNotice, whyNotOpen, type Notice } from './open-survey.ts'
import { goOn, placesOf, receive, type Opened } from './receiving.ts'
import { sentPage, sentTitle, type SentPage } from './sent-page.ts'

type Visit = { house: House; request: FastifyRequest; reply: FastifyReply }
/** A response that its token has opened, also when the survey is over. */
export type Given = Opened & { given: GivenAnswer; rule: Rule; token: string; madeAt: Date; closed: Notice | undefined }

const schema = { hide: true }
const publicForm = { schema, config: { publicForm: true } }

/**
 * The pages on which customers answer. Nothing is kept from a GET: neither an answer nor that a page was opened.
 * The form's token makes retries one response, and opens it afterwards.
 */
export function surveyPages(app: FastifyInstance, house: House): void {
  const desk = { house, ingest: createIngest(house), limits: answerLimits(house.clock) }
  app.get('/s/:key', { schema }, (request, reply) => open({ house, request, reply }, formOf(request.query), ask))
  app.post('/s/:key', publicForm, (request, reply) => {
    const form = formOf(request.body)
    return open({ house, request, reply }, form, (opened) => receive(desk, opened, form), 'paused')
  })
  app.get('/s/:key/r/:token', { schema }, (request, reply) =>
    openGiven({ house, request, reply }, formOf(request.query), sendSent),
  )
  app.get('/s/:key/r/:token/change', { schema }, (request, reply) =>
    openGiven({ house, request, reply }, formOf(request.query), sendForm),
  )
  app.post('/s/:key/r/:token', publicForm, (request, reply) => {
    const form = formOf(request.body)
    return openGiven({ house, request, reply }, form, (given) => change(house, given, form))
  })

  /** A new form: the page is the same for many, the token is not. */
  async function ask({ survey, brand, language, request, reply }: Opened): Promise<FastifyReply> {
    const query = formOf(request.query)
    const { template, styles } = askedTemplate(survey, brand, language, scoreOfLink(query, survey))
    const token = newFormToken(survey, house.clock.now())
    return sendPage(request, reply, styles, { template, values: ownValues(token, language, hiddenOf(query)) })
  }
}

type Said = Readonly<Record<string, unknown>>

/**
 * Opens a survey for somebody, or says why it is not open.
 * @param said query or form, which may name the language; @param but why it is opened all the same
 */
async function open(
  { house, request, reply }: Visit,
  said: Said,
  work: (opened: Opened) => Promise<FastifyReply>,
  but?: Notice,
) {
  const { workspaceId } = request.scope
  const { key } = request.params as { key: string }
  const brand = await getBrand(house, request)
  const survey = await findAsked(house, workspaceId, key)
  const notice = whyNotOpen(survey, house.clock.now())
  if (!survey || (notice && notice !== but)) return sendNotice(request, reply, notice ?? 'unknown', brand)
  const language = pageLanguage(request, said['lang'], survey.content.languages)
  return work({ request, reply, survey, brand, language, places: placesOf(survey) })
}

/** Opens a response by its token. */
async function openGiven({ house, request, reply }: Visit, said: Said, work: (given: Given) => Promise<FastifyReply>) {
  const { key, token } = request.params as { key: string; token: string }
  const { workspaceId } = request.scope
  const now = house.clock.now()
  const brand = await getBrand(house, request)
  const survey = await findAsked(house, workspaceId, key)
  if (!survey) return sendNotice(request, reply, 'unknown', brand)
  const made = readFormToken(token, survey)
  const given =
    made && isLive(made, now) && (await house.store.read(request.scope, (db) => findGivenAnswer(db, survey.id, token)))
  if (!given) return sendNotice(request, reply, 'answer_gone', brand)
  const language = pageLanguage(request, said['lang'], given.content.languages)
  const closed = whyNotOpen(survey, now)
  const rule = ruleOn(given.content.score.scale, survey.rule)
  const places = placesOf(survey)
  return work({ request, reply, survey, brand, language, places, given, rule, token, madeAt: made.madeAt, closed })
}

/** That the answer is in, and where it can be changed. */
export async function sendSent(opened: Given): Promise<FastifyReply> {
  const { request, reply, places, brand, language, given, rule, token } = opened
  const { text, styles } = sentPage({
    brand,
    language,
    content: given.content,
    rule,
    score: given.score,
    inOther: (other) => `${places.given(token)}?lang=${other}`,
    change: changeOf(opened),
    leave: places.leave,
  })
  return sendPage(request, reply, styles, text)
}

function changeOf({ survey, places, language, token, madeAt, closed }: Given): SentPage['change'] {
  if (closed) return closed === 'paused' ? 'paused' : 'over'
  const address = `${places.given(token)}/change?lang=${language}`
  return { address, until: lastDayToChange(madeAt, survey), timeZone: survey.timeZone }
}

/** Changes an answer that is in. */
export async function change(house: House, given: Given, form: Said): Promise<FastifyReply> {
  const { request, survey, language, token } = given
  const { content } = given.given
  const filled = filledOf(form, content)
  if (filled.score === undefined) return sendChange(given, filled, 400, missingScore(content, language))
  const { score, comment, answers } = filled
  const reasons = reasonsFor(filled, content, given.rule)
  if (given.closed) return sendNotice(request, given.reply, given.closed, given.brand)
  await house.store.write(request.scope, (tx) =>
    changeResponse(tx, survey.id, token, { score, comment, answers, reasons }),
  )
  return goOn(given, token, filled, content)
}

/** An answer that is in; where the link chose another value, the form in which that one is chosen. */
export async function sendGiven(given: Given): Promise<FastifyReply> {
  return given.closed || otherScore(given) === undefined ? sendSent(given) : sendForm(given)
}

/** The form of an answer that is in, to be changed; with the value that a link has chosen. */
export async function sendForm(given: Given): Promise<FastifyReply> {
  const filled = filledBy(given.given, given.given.content)
  return sendChange(given, { ...filled, score: otherScore(given) ?? filled.score }, 200, stillOpen(given))
}

/** What a link has chosen, where it is not what the answer says. */
function otherScore({ request, survey: { wording }, given }: Given): number | undefined {
  const chosen = scoreOfLink(formOf(request.query), { wording, content: given.content })
  return chosen === given.score ? undefined : chosen
}

function sendChange(opened: Given, filled: Filled, status: number, problem?: AskProblem): FastifyReply {
  const { request, reply, survey, places, brand, language, given, rule, token, closed } = opened
  if (closed) return sendNotice(request, reply, closed, brand)
  const address = places.given(token)
  const { text, styles } = askPage({
    brand,
    language,
    content: given.content,
    rule,
    identity: survey.identity,
    action: address,
    hidden: hiddenInputs('', language, noHidden),
    inOther: (other) => `${address}/change?lang=${other}${chosenIn(formOf(request.query))}`,
    filled,
    again: true,
    note: otherScore(opened) === undefined ? undefined : countsNow(opened),
    leave: places.leave,
    problem,
  })
  return sendPage(request, reply.code(status), styles, text)
}

/** Which answer counts, to whom another value is shown. */
function countsNow({ brand, language, given }: Given): string {
  const counted = sentTitle({ brand, language, content: given.content, score: given.score })
  return `${counted}. ${words(language, 'answering.change_by_saving')}`
}

/** What must be answered still, when the score is in already. */
function stillOpen({ language, given }: Given): AskProblem | undefined {
  const ids = openQuestions(given.answers, given.content)
  if (ids.length === 0) return undefined
  return { at: 'questions', ids, text: words(language, 'answering.still_open', { count: ids.length }) }
}
