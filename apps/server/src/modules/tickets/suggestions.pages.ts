import { randomUUID } from 'node:crypto'
import { languages, id as anId, type Language } from '@lahko/contract/values'
import { findEffortSurvey, listTitles, suggestArticles, type Suggested } from '#articles'
import { askBeside } from '#surveys'
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { House } from '#platform/house.ts'
import type { Module } from '#platform/module.ts'
import { networkLimits, type NetworkLimits } from '#platform/network-limits.ts'
import type { Db } from '#platform/store.ts'
import { hashToken } from '#platform/secrets.ts'
import { findContactForm } from './contact-forms.queries.ts'
import { contactSigning, readFormToken } from './form-tokens.ts'
import { readForm, written, type SentForm } from './reading-forms.ts'
import { keepUploads } from './request-files.ts'
import { sendRequestPage, type View } from './request-frame.ts'
import { visitOf, type Visit } from './request-visits.ts'
import { episodeCarriedBy, episodeNotes, nameOfReading, withEpisode } from '#touchpoints'
import { solvedPage, type Solved, suggestionsOf, suggestionsPage } from './suggestions-page.ts'

const schema = { hide: true }
// They change nothing of anybody's.
const publicForm = { schema, config: { publicForm: true } }

/** What may answer a request while it is written, and the end of the matter where it does. */
export function suggestionPages(app: FastifyInstance, house: House, modules: readonly Module[]): void {
  // An office in which many write at once: each asks a few times a minute.
  const limits = networkLimits(house.clock, { burst: 120, aSecond: 3 })
  app.post('/requests/suggestions', publicForm, (request, reply) =>
    showSuggestions({ house, request, reply }, modules, limits),
  )
  app.post('/requests/solved', publicForm, (request, reply) => endSolved({ house, request, reply }))
  app.get('/requests/solved', { schema }, async (request, reply) => {
    const visit = { house, request, reply }
    const { view } = await visitOf(visit)
    const { article, e } = request.query as Record<string, unknown>
    const episode = episodeCarriedBy(request, e)
    const solved = await solvedBy(visit, view, { article, episode })
    return sendRequestPage(visit, view, { ...solvedPage(view, solved), episode })
  })
}

/** What was said to have solved it, as far as it is there, and the question of how easy that was. */
async function solvedBy(
  { house, request }: Visit,
  { brand, language }: View,
  { article: given, episode }: { article: unknown; episode: string | undefined },
): Promise<Solved> {
  const { article, survey } = await house.store.read(request.scope, async (db) => ({
    article: await knownArticle(db, given, language),
    survey: await findEffortSurvey(db),
  }))
  const { workspaceId } = request.scope
  const touchpoint = nameOfReading({ workspaceId, episode, article: article?.id }, randomUUID())
  const about = { kind: 'article', touchpoint, way: 'article', ...(article && { article: article.id }) }
  const question = survey === undefined ? undefined : await askBeside(house, survey, { brand, language, about })
  return { ...(article && { article: article.id }), ...(question && { question }) }
}

async function knownArticle(db: Db, given: unknown, language: Language) {
  if (!anId.safeParse(given).success) return undefined
  return (await listTitles(db, [String(given)], [language, ...languages])).get(String(given))
}

/** What may answer a form that was sent; none for whoever has looked at it. */
export async function suggestFor(
  { house, request }: Visit,
  modules: readonly Module[],
  view: View,
  sent: SentForm,
): Promise<Suggested[]> {
  if (sent.fields.get('looked') === 'yes') return []
  const asked = { text: written(sent, 'message'), language: view.language }
  return house.store.read(request.scope, (db) => suggestArticles(db, { request, modules }, asked))
}

/** The step between form and sending. The files that came with the form are kept for it. */
export async function sendStep(
  { house, request, reply }: Visit,
  view: View,
  { fits, sent, token }: { fits: readonly Suggested[]; sent: SentForm; token: string },
): Promise<FastifyReply> {
  const kept = await house.store.write(request.scope, (tx) => keepUploads(tx, hashToken(token), sent))
  const ids = kept.map(({ id }) => id)
  const episode = noteSuggestion({ house, request, reply }, sent)
  return sendRequestPage({ request, reply }, view, {
    ...suggestionsPage(view, { fits, sent, token, kept: ids }),
    episode,
  })
}

/** A piece of the page. What is written comes in the body, not in an address, and is kept nowhere. */
async function showSuggestions(visit: Visit, modules: readonly Module[], limits: NetworkLimits): Promise<FastifyReply> {
  const { house, request, reply } = visit
  reply.headers({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' })
  if (!limits.mayPass(request.scope.workspaceId, request.ip)) return reply.code(429).send('')
  const sent = await readForm(request)
  const { view } = await visitOf(visit, sent.fields.get('lang'))
  const asked = { text: written(sent, 'message'), language: view.language, typing: true }
  const fits = await house.store.read(request.scope, (db) => suggestArticles(db, { request, modules }, asked))
  const markup = String(suggestionsOf(view, fits))
  const episode = fits.length === 0 ? undefined : noteSuggestion(visit, sent)
  return reply.send(episode === undefined ? markup : withEpisode(markup, episode))
}

/** Something was suggested in the episode of a form. @returns its number */
function noteSuggestion({ house, request }: Visit, sent: SentForm): string | undefined {
  const number = episodeCarriedBy(request, sent.fields.get('e'))
  if (number !== undefined) episodeNotes(house).note(request, { number, kind: 'suggestion' })
  return number
}

/** Nothing is sent; files that came with the form are forgotten. */
async function endSolved(visit: Visit): Promise<FastifyReply> {
  const { house, request, reply } = visit
  const sent = await readForm(request)
  const { view } = await visitOf(visit, sent.fields.get('lang'))
  await house.store.write(request.scope, async (tx) => {
    const form = await findContactForm(tx)
    const token = sent.fields.get('token')
    if (!form || !readFormToken(token, contactSigning(form), house.clock.now())) return
    await keepUploads(tx, hashToken(token!), { fields: new Map(), files: [], problems: [] })
  })
  const { language } = view
  const article = await house.store.read(request.scope, (db) => knownArticle(db, sent.fields.get('article'), language))
  const number = episodeCarriedBy(request, sent.fields.get('e'))
  if (number !== undefined) {
    const read = article ? { articleId: article.id, language: article.language } : null
    episodeNotes(house).note(request, { number, kind: 'word', helped: true, article: read })
  }
  const query = new URLSearchParams({
    lang: language,
    ...(article && { article: article.id }),
    ...(number !== undefined && { e: number }),
  })
  return reply.header('cache-control', 'no-store').redirect(`/requests/solved?${query.toString()}`, 303)
}
