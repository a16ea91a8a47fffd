import type { Language } from '@lahko/contract/values'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { House } from '#platform/house.ts'
import { sendPage } from '#platform/pages.ts'
import { emptyForm, filledOf, formOf, noHidden, scoreOf, type Filled } from './answer-form.ts'
import { askPage, missingScore, type AskProblem } from './answer-page.ts'
import { findTrial, type Trial } from './answering.queries.ts'
import { hiddenInputs } from './asking.ts'
import type { Brand } from './brand.ts'
import { getBrand, isKey, pageLanguage, sendNotice } from './open-survey.ts'
import { sentPage } from './sent-page.ts'
import { opensTrial } from './trial-addresses.ts'

type Tried = {
  request: FastifyRequest
  reply: FastifyReply
  trial: Trial
  brand: Brand
  language: Language
  address: string
}

const schema = { hide: true }

/** Where a draft can be tried. Nothing that is sent here is kept, so that it counts nowhere. */
export function trialPages(app: FastifyInstance, house: House): void {
  async function open(
    request: FastifyRequest,
    reply: FastifyReply,
    named: unknown,
    work: (tried: Tried) => FastifyReply,
  ) {
    const { key, token } = request.params as { key: string; token: string }
    const brand = await getBrand(house, request)
    const trial = isKey(key) ? await house.store.read(request.scope, (db) => findTrial(db, key)) : undefined
    if (!trial || !opensTrial(token, trial.id, trial.formKey, house.clock.now())) {
      return sendNotice(request, reply, 'trial_gone', brand)
    }
    const language = pageLanguage(request, named, trial.content.languages)
    return work({ request, reply, trial, brand, language, address: `/s/${key}/try/${token}` })
  }

  app.get('/s/:key/try/:token', { schema }, (request, reply) => {
    const query = formOf(request.query)
    return open(request, reply, query['lang'], (tried) =>
      ask(tried, { ...emptyForm, score: scoreOf(query['score'], tried.trial.content) }, 200),
    )
  })

  app.post('/s/:key/try/:token', { schema, config: { publicForm: true } }, (request, reply) => {
    const form = formOf(request.body)
    return open(request, reply, form['lang'], (tried) => {
      const filled = filledOf(form, tried.trial.content)
      if (filled.score === undefined) return ask(tried, filled, 400, missingScore(tried.trial.content, tried.language))
      return reply
        .header('cache-control', 'no-store')
        .redirect(`${tried.address}/sent?score=${filled.score}&lang=${tried.language}`, 303)
    })
  })

  app.get('/s/:key/try/:token/sent', { schema }, (request, reply) => {
    const query = formOf(request.query)
    return open(request, reply, query['lang'], ({ trial, brand, language, address }) => {
      const { content, rule } = trial
      const score = scoreOf(query['score'], content) ?? content.score.scale.max
      const inOther = (other: Language) => `${address}/sent?score=${score}&lang=${other}`
      const { text, styles } = sentPage({
        brand,
        language,
        content,
        rule,
        score,
        inOther,
        change: 'over',
        trial: `${address}?lang=${language}`,
      })
      return sendPage(request, reply, styles, text)
    })
  })
}

function ask(
  { request, reply, trial, brand, language, address }: Tried,
  filled: Filled,
  status: number,
  problem?: AskProblem,
): FastifyReply {
  const { content, rule, identity } = trial
  const { text, styles } = askPage({
    brand,
    language,
    content,
    rule,
    identity,
    action: address,
    hidden: hiddenInputs('', language, noHidden),
    inOther: (other) => `${address}?lang=${other}`,
    filled,
    trial: true,
    problem,
  })
  return sendPage(request, reply.code(status), styles, text)
}
