import type { Language } from '@lahko/contract/values'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { isLanguage, words } from '#platform/words.ts'
import { episodeNotes, episodeOf, mayBeEpisode, newEpisode, withEpisode } from '#touchpoints'
import { sendHelpPage } from './help-frame.ts'
import type { Visit } from './help-memory.ts'
import type { Reader } from './help.queries.ts'
import { findWays, viewFor, written } from './help-views.ts'
import { searchKeeperOf } from './keeping-searches.ts'
import { findOwn, readerOf } from './readers.ts'
import { searchPage, typedList } from './search-page.ts'
import { searchArticles, type Answers } from './searching.ts'

const mostFound = 10
const mostTyped = 6
const mostOwn = { found: 3, typed: 2 }
const longestQuestion = 300

/** What was found for a question, as a page. */
export async function showSearch(visit: Visit): Promise<FastifyReply> {
  const { house, modules, request, reply } = visit
  const { asked, language } = questionIn(request)
  const question = { text: asked, language, limit: mostFound }
  request.language = language
  const found = await house.store.read(request.scope, async (db) => {
    const ways = await findWays(visit, db)
    if (asked === '') return { ways }
    if (ways.episode === undefined && mayBeEpisode(request)) return undefined
    const reader = await readerOf(db, request, modules)
    const own = await findOwn(db, visit, { text: asked, limit: mostOwn.found, typing: false })
    return { ways, own, asked: { reader, text: asked, language, answers: await searchArticles(db, reader, question) } }
  })
  if (!found) return beginEpisode(reply, asked, language)
  const kept = found.asked && keepSearch(visit, found.asked, found.ways.episode)
  const view = await viewFor(visit, language, found.ways)
  return sendHelpPage(
    visit,
    view,
    searchPage(view, { asked, answers: found.asked?.answers, own: found.own ?? [] }, kept),
  )
}

function questionIn(request: FastifyRequest): { asked: string; language: Language } {
  const { q, lang } = request.query as Record<string, unknown>
  const asked = (written(q) ?? '').replaceAll(/\s+/g, ' ').slice(0, longestQuestion).toWellFormed()
  return { asked, language: isLanguage(lang) ? lang : request.language }
}

/** A piece of the page, for its script. What is still typed is kept nowhere; that something was shown begins an episode. */
export async function showTyped(visit: Visit): Promise<FastifyReply> {
  const { house, modules, request, reply } = visit
  const { asked, language } = questionIn(request)
  const question = { text: asked, language, limit: mostTyped, typing: true }
  request.language = language
  const { found, own, known } = await house.store.read(request.scope, async (db) => ({
    found: asked === '' ? undefined : await searchArticles(db, await readerOf(db, request, modules), question),
    own: asked === '' ? [] : await findOwn(db, visit, { text: asked, limit: mostOwn.typed, typing: true }),
    known: await episodeOf(db, request),
  }))
  const say = (key: string, args?: Record<string, unknown>) => words(language, `help.${key}`, args)
  const markup = String(typedList({ language, say }, found?.items ?? [], own))
  reply.headers({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store', 'x-robots-tag': 'noindex' })
  if (markup === '' || !mayBeEpisode(request)) return reply.send(markup)
  const number = known ?? newEpisode()
  episodeNotes(house).note(request, { number, kind: 'suggestion' })
  return reply.send(withEpisode(markup, number))
}

type Searched = { reader: Reader; text: string; language: Language; answers: Answers }

/** What members look for is no question of customers, and what a browser fetches ahead was not asked. */
function keepSearch(
  { house, request }: Visit,
  { reader, ...asked }: Searched,
  episode: string | undefined,
): string | undefined {
  if (reader === 'member' || /prefetch|prerender/.test(String(request.headers['sec-purpose'] ?? ''))) return undefined
  if (episode !== undefined) episodeNotes(house).note(request, { number: episode, kind: 'search', text: asked.text })
  return searchKeeperOf(house).keep(request.scope.workspaceId, request.ip, { ...asked, watched: true, episode })
}

/** A search begins an episode: its address has the number, so that reading it again, or going back, begins no other. */
function beginEpisode(reply: FastifyReply, asked: string, language: Language): FastifyReply {
  const query = new URLSearchParams({ q: asked, lang: language, e: newEpisode() })
  return reply.header('cache-control', 'no-store').redirect(`/help/search?${query.toString()}`, 303)
}
