import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ResponseInput } from '@lahko/contract/surveys'
import { findCustomers, type Customer } from '#people'
import type { House } from '#platform/house.ts'
import { sendPage } from '#platform/pages.ts'
import type { Db } from '#platform/store.ts'
import { findTouchpoint } from '#touchpoints'
import { chosenIn, emptyForm, formOf, noHidden, scoreOfLink, type Form } from './answer-form.ts'
import { answerLimits } from './answer-limits.ts'
import { askPage } from './answer-page.ts'
import { newFormToken } from './answer-tokens.ts'
import { change, sendForm, sendGiven, sendSent, type Given } from './answering.pages.ts'
import { findGivenAnswer } from './answering.queries.ts'
import { hiddenInputs } from './asking.ts'
import { ruleOn } from './content.ts'
import { createIngest } from './ingest.ts'
import { hashOfToken } from './invitation-links.ts'
import { findInvitationByToken, updateAnswered, type InvitationRow } from './invitation-rows.queries.ts'
import { getBrand, pageLanguage, sendNotice, whyNotOpen } from './open-survey.ts'
import { createPublishedSurveys, type PublishedSurvey } from './published-surveys.ts'
import { answerAddress, receive, type Invited, type Opened, type Places } from './receiving.ts'

type Visit = { house: House; request: FastifyRequest; reply: FastifyReply }
/** Somebody who followed a link of a mail. */
type Invitee = Opened & { invited: Invited; row: InvitationRow }

const schema = { hide: true }
const publicForm = { schema, config: { publicForm: true } }
const dayMs = 86_400_000

/**
 * Where the links of a mail lead. A GET chooses a value and keeps nothing; only the form that the customer sends is an
 * answer, and one invitation is one answer however often it is sent.
 */
export function invitationPages(app: FastifyInstance, house: House): void {
  const desk = { house, ingest: createIngest(house), limits: answerLimits(house.clock) }
  app.get('/a/:token', { schema }, (request, reply) =>
    open({ house, request, reply }, formOf(request.query), ask, sendGiven),
  )
  app.post('/a/:token', publicForm, (request, reply) => {
    const form = formOf(request.body)
    return open({ house, request, reply }, form, (invitee) => receive(desk, invitee, form), undefined)
  })
  app.get('/a/:token/answer', { schema }, (request, reply) =>
    open({ house, request, reply }, formOf(request.query), ask, sendSent),
  )
  app.get('/a/:token/answer/change', { schema }, (request, reply) =>
    open({ house, request, reply }, formOf(request.query), ask, sendForm),
  )
  app.post('/a/:token/answer', publicForm, (request, reply) => {
    const form = formOf(request.body)
    return open({ house, request, reply }, form, ask, (given) => change(house, given, form))
  })

  async function ask({ survey, brand, language, places, request, reply }: Invitee): Promise<FastifyReply> {
    const { text, styles } = askPage({
      brand,
      language,
      content: survey.content,
      rule: survey.rule,
      identity: survey.identity,
      action: places.form,
      hidden: hiddenInputs(newFormToken(survey, house.clock.now()), language, noHidden),
      inOther: (other) => `${places.form}?lang=${other}${chosenIn(formOf(request.query))}`,
      leave: places.leave,
      filled: { ...emptyForm, score: scoreOfLink(formOf(request.query), survey) },
    })
    return sendPage(request, reply, styles, text)
  }
}

/**
 * Opens an invitation, or says kindly why it is not open.
 * @param work for whoever has not answered yet; @param answered for whoever has, else a second form is taken as a change
 */
async function open(
  { house, request, reply }: Visit,
  said: Form,
  work: (invitee: Invitee) => Promise<FastifyReply>,
  answered: ((given: Given) => Promise<FastifyReply>) | undefined,
): Promise<FastifyReply> {
  const brand = await getBrand(house, request)
  const found = await find(house, request)
  if (!found) return sendNotice(request, reply, 'invitation_unknown', brand)
  const { survey, row, invited } = found
  const language = pageLanguage(request, said['lang'] ?? row.language, survey.content.languages)
  const invitee: Invitee = {
    request,
    reply,
    survey,
    brand,
    language,
    row,
    invited,
    places: placesOf(survey, invited.token),
  }
  const given = answered && (await givenBy(house, invitee))
  if (given) return answered(given)
  const now = house.clock.now()
  if (survey.identity === 'anonymous' && row.answeredAt) return sendNotice(request, reply, 'invitation_used', brand)
  const notice = whyNotOpen(survey, now)
  const sent = request.method === 'POST'
  // What was written meanwhile comes back with the reason.
  if (notice && !(sent && notice === 'paused')) return sendNotice(request, reply, notice, brand)
  return isOver(row, sent ? new Date(now.getTime() - dayMs) : now)
    ? sendNotice(request, reply, 'invitation_over', brand)
    : work(invitee)
}

/** Who opened the page in time may send it for a day. */
function isOver({ state, expiresAt }: InvitationRow, now: Date): boolean {
  return expiresAt === null ? state === 'expired' : expiresAt <= now
}

async function find(house: House, request: FastifyRequest) {
  const { token } = request.params as { token: string }
  const hash = hashOfToken(token)
  const { workspaceId } = request.scope
  if (!hash || !workspaceId) return undefined
  const row = await house.store.read(request.scope, (db) => findInvitationByToken(db, hash))
  // Outside of the transaction: looking a survey up may need a connection of its own, and all may be held by readers.
  const survey = row?.surveyId && (await createPublishedSurveys(house).byId(workspaceId, row.surveyId))
  if (!row || !survey) return undefined
  return {
    row,
    survey,
    invited: await house.store.read(request.scope, (db) => invitedBy(house, db, row, survey, token)),
  }
}

async function invitedBy(house: House, db: Db, row: InvitationRow, survey: PublishedSurvey, token: string) {
  const touchpoint = row.touchpointId ? await findTouchpoint(db, row.touchpointId) : undefined
  const customer = row.customerId ? (await findCustomers(db, [row.customerId])).get(row.customerId) : undefined
  const named = survey.identity === 'identified'
  const invited: Invited = {
    token,
    context: {
      ...(touchpoint && { attributes: { kind: touchpoint.kind, ...touchpoint.attributes } }),
      customer: customer && nameOf(customer),
    },
    touchpointId: touchpoint?.id,
    // Of an answer without a name the day is known, and not which one it is.
    answered: (responseId) =>
      house.store.write(db, (tx) =>
        updateAnswered(tx, row.id, named ? tx.now : startOfDay(tx.now), named ? responseId : null),
      ),
  }
  return invited
}

/** What an answer names somebody by; undefined of whom nothing is known any more. */
function nameOf({ externalId, email }: Customer): ResponseInput['customer'] {
  if (externalId) return { externalId }
  return email ? { email } : undefined
}

function startOfDay(now: Date): Date {
  return new Date(now.getTime() - (now.getTime() % dayMs))
}

function placesOf({ key, identity }: PublishedSurvey, token: string): Places {
  return {
    form: `/a/${token}`,
    leave: `/unsubscribe/${token}`,
    given: (capability) => (identity === 'identified' ? `/a/${token}/answer` : answerAddress(key, capability)),
  }
}

/** The answer to this invitation, once it is in. */
async function givenBy(house: House, invitee: Invitee): Promise<Given | undefined> {
  const { survey, request, invited } = invitee
  if (survey.identity === 'anonymous') return undefined
  const given = await house.store.read(request.scope, (db) => findGivenAnswer(db, survey.id, invited.token))
  if (!given) return undefined
  const rule = ruleOn(given.content.score.scale, survey.rule)
  const now = house.clock.now()
  const late = now.getTime() - given.answeredAt.getTime() > 30 * dayMs
  const closed = whyNotOpen(survey, now) ?? (late ? 'answer_gone' : undefined)
  const language = pageLanguage(request, invitee.language, given.content.languages)
  return { ...invitee, language, given, rule, token: invited.token, madeAt: given.answeredAt, closed }
}
