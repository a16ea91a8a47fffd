import { voteReasons, type VoteReason } from '@lahko/contract/article-votes'
import { id as anId, languages, type Language } from '@lahko/contract/values'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { House } from '#platform/house.ts'
import type { Module } from '#platform/module.ts'
import { networkLimits, type NetworkLimits } from '#platform/network-limits.ts'
import { Problem } from '#platform/problem.ts'
import type { Db } from '#platform/store.ts'
import { isLanguage } from '#platform/words.ts'
import { askBeside } from '#surveys'
import { episodeCarriedBy, episodeNotes, nameOfReading } from '#touchpoints'
import { findEffortSurvey } from './approvals.ts'
import { findAddressee } from './addresses.queries.ts'
import { articlePage, articlePath } from './article-page.ts'
import { collectionPage, homePage, mostOfInner } from './collection-page.ts'
import { pathOf } from './collections.ts'
import { listCollectionRows, type CollectionRow } from './collections.queries.ts'
import { feedbackPage, isAsking } from './feedback-page.ts'
import { everybody, findShown, listFilled, listShown, type Listed, type Reader, type Shown } from './help.queries.ts'
import { sendHelpPage, type View } from './help-frame.ts'
import { fromMemory, once, type Visit } from './help-memory.ts'
import { brandFor, findWays, nothingHere, viewFor, written } from './help-views.ts'
import { searchKeeperOf } from './keeping-searches.ts'
import { capabilities, capabilityIn, type Capabilities } from './pressed-twice.ts'
import { readerOf } from './readers.ts'
import { showSearch, showTyped } from './searching.pages.ts'
import { sendSiteMap } from './site-map.ts'
import { getVote, giveReason, vote } from './votes.ts'

const schema = { hide: true }
// Such a form acts for nobody.
const publicForm = { schema, config: { publicForm: true } }
const mostRelated = 5
const mostListed = 50

/** The knowledge base as customers read it. */
export function helpPages(app: FastifyInstance, house: House, modules: readonly Module[]): void {
  app.addHook('preClose', () => searchKeeperOf(house).flush())
  const limits = networkLimits(house.clock, { burst: 40, aSecond: 0.1 })
  const visitOf = (request: FastifyRequest, reply: FastifyReply): Visit => ({ house, modules, request, reply })
  const pressed = capabilities(house.clock)
  app.get('/help', { schema }, (request, reply) => fromMemory(visitOf(request, reply), showHome))
  app.get('/help/search', { schema }, (request, reply) => showSearch(visitOf(request, reply)))
  app.get('/help/search/typed', { schema }, (request, reply) => showTyped(visitOf(request, reply)))
  app.get('/help/:language', { schema }, (request, reply) => fromMemory(visitOf(request, reply), showHome))
  app.get('/help/:language/:slug', { schema }, (request, reply) => fromMemory(visitOf(request, reply), showPlace))
  app.post('/help/:language/:slug/helpful', publicForm, (request, reply) =>
    takeVote(visitOf(request, reply), { limits, pressed }),
  )
  app.get('/help/:language/:slug/r/:token', { schema }, (request, reply) => showFeedback(visitOf(request, reply)))
  app.post('/help/:language/:slug/r/:token', publicForm, (request, reply) =>
    takeReason(visitOf(request, reply), limits),
  )
  app.get('/sitemap.xml', { schema }, (request, reply) => sendSiteMap(visitOf(request, reply)))
}

async function showHome(visit: Visit): Promise<FastifyReply> {
  const { house, modules, request } = visit
  const { language: named } = request.params as Record<string, string | undefined>
  if (named !== undefined && !isLanguage(named)) return leadOn(visit, named)
  const { lang } = request.query as Record<string, unknown>
  const { collections, isPublic, ways } = await house.store.read(request.scope, async (db) => ({
    collections: await listVisible(visit, db, await readerOf(db, request, modules)),
    isPublic: (await listVisible(visit, db, everybody)).length > 0,
    ways: await findWays(visit, db),
  }))
  const view = await viewFor(visit, named ?? (isLanguage(lang) ? lang : request.language), ways)
  return sendHelpPage(visit, view, homePage(view, collections, isPublic))
}

/** An address without a language, as people type it, leads to the one in theirs. */
async function leadOn(visit: Visit, slug: string): Promise<FastifyReply> {
  const { house, request, reply } = visit
  const { language } = request
  const wanted = await wantedIn(visit, language)
  const place = await house.store.read(request.scope, (db) => getPlace(db, visit, slug, wanted))
  return reply.header('cache-control', 'no-store').redirect(`/help/${language}/${place.slug}`, 302)
}

/** The page of an article or a collection; an old address leads to the new one. */
async function showPlace(visit: Visit): Promise<FastifyReply> {
  const { house, request, reply } = visit
  const { language, slug } = placeIn(request)
  const wanted = await wantedIn(visit, language)
  const after = readEnd((request.query as Record<string, unknown>)['after'])
  const read = await house.store.read(request.scope, async (db) => {
    const place = await getPlace(db, visit, slug, wanted)
    const ways = await findWays(visit, db)
    if ('article' in place) return { ways, place, related: await listRelated(db, place, wanted) }
    return { ways, place, shelf: await readShelf(visit, db, place, { wanted, after }) }
  })
  const { place, ways } = read
  // Somebody else may get the old name: no browser keeps for good where it led.
  if (place.slug !== slug) {
    const number = ways.episode === undefined ? '' : `?e=${ways.episode}`
    return reply.header('cache-control', 'no-cache').redirect(`/help/${language}/${place.slug}${number}`, 301)
  }
  noteOpened(visit, place, ways.episode)
  const view = await viewFor(visit, language, ways)
  if (read.shelf)
    return sendHelpPage(visit, view, collectionPage(view, { ...read.place, ...shelfOf(view, read.shelf) }))
  return sendHelpPage(visit, view, articlePage(view, { ...read.place, related: read.related }))
}

/** A link of a page with results says from which search it leads, and in which episode. */
function noteOpened(
  { house, request }: Visit,
  place: ArticlePlace | CollectionPlace,
  number: string | undefined,
): void {
  const { s: searchId } = request.query as Record<string, unknown>
  if (!('article' in place)) return
  const { id: articleId, language } = place.article
  if (number !== undefined) episodeNotes(house).note(request, { number, kind: 'article', articleId, language })
  if (!anId.safeParse(searchId).success) return
  searchKeeperOf(house).opened(request.scope.workspaceId, String(searchId), articleId)
}

type PlaceOf<What> = { reader: Reader; slug: string; collections: CollectionRow[] } & What
type ArticlePlace = PlaceOf<{ article: Shown }>
type CollectionPlace = PlaceOf<{ collection: CollectionRow }>

/** What stands under an address, for this reader. @throws Problem not_found, also for what they may not see */
async function getPlace(
  db: Db,
  visit: Visit,
  slug: string,
  wanted: readonly Language[],
): Promise<ArticlePlace | CollectionPlace> {
  const found = isSlug(slug) ? await findAddressee(db, slug) : undefined
  if (!found) throw nothingHere()
  const reader = await readerOf(db, visit.request, visit.modules)
  if ('articleId' in found) {
    const article = await findShown(db, reader, found.articleId, wanted)
    if (!article) throw nothingHere()
    return { reader, slug: found.slug, article, collections: await listCollections(visit, db) }
  }
  const collections = await listVisible(visit, db, reader)
  const collection = collections.find(({ id }) => id === found.collectionId)
  if (!collection) throw nothingHere()
  return { reader, slug: found.slug, collection, collections }
}

/** The languages in which something is shown, the best first. */
async function wantedIn(visit: Visit, language: Language): Promise<Language[]> {
  const brand = await brandFor(visit)
  return [...new Set([language, brand?.language ?? language, ...languages])]
}

async function listRelated(db: Db, { reader, article }: ArticlePlace, wanted: readonly Language[]): Promise<Listed[]> {
  const beside = await listShown(db, reader, [article.collection_id], { wanted, limit: mostRelated + 1 })
  return beside.filter(({ id }) => id !== article.id).slice(0, mostRelated)
}

type Shelf = { own: Listed[]; others: Listed[]; isPublic: boolean; collection: CollectionRow }
type Part = { wanted: readonly Language[]; after: { position: number; id: string } | undefined }

/** What lies in a collection, and first in those in it. */
async function readShelf(
  visit: Visit,
  db: Db,
  { reader, collection, collections }: CollectionPlace,
  { wanted, after }: Part,
): Promise<Shelf> {
  const inner = collections.filter(({ parent_id: parent }) => parent === collection.id).map(({ id }) => id)
  return {
    collection,
    own: await listShown(db, reader, [collection.id], { wanted, limit: mostListed + 1, ...(after && { after }) }),
    others: after ? [] : await listShown(db, reader, inner, { wanted, limit: mostOfInner + 1 }),
    isPublic: !after && (await listVisible(visit, db, everybody)).some(({ id }) => id === collection.id),
  }
}

function shelfOf({ language }: View, { own, others, isPublic, collection }: Shelf) {
  const shown = own.slice(0, mostListed)
  const last = shown.at(-1)
  const more = own.length > mostListed && last
  const next = more && `/help/${language}/${collection.slug}?after=${last.position}.${last.id}`
  return { articles: [...shown, ...others], isPublic, ...(next && { next }) }
}

async function takeVote(
  visit: Visit,
  { limits, pressed }: { limits: NetworkLimits; pressed: Capabilities },
): Promise<FastifyReply> {
  const { house, request, reply } = visit
  const { language, article } = await articleIn(visit)
  demandPace(request, limits)
  const { helpful, e } = (request.body ?? {}) as Record<string, unknown>
  if (helpful !== 'yes' && helpful !== 'no') return reply.redirect(articlePath(article, language), 303)
  const number = episodeCarriedBy(request, e)
  const what = `${article.id} ${article.language} ${article.number}`
  const token = number === undefined ? pressed.of(request, what) : capabilityIn(number, what)
  const given = { article_id: article.id, language: article.language, number: article.number }
  await house.store.write(request.scope, (tx) => vote(tx, token, { ...given, helpful: helpful === 'yes' }))
  if (number !== undefined) {
    const read = { articleId: article.id, language: article.language }
    episodeNotes(house).note(request, { number, kind: 'word', helped: helpful === 'yes', article: read })
  }
  return leadToFeedback(reply, `${articlePath(article, language)}/r/${token}`, number)
}

function leadToFeedback(reply: FastifyReply, path: string, number: string | undefined): FastifyReply {
  const query = number === undefined ? '' : `?e=${number}`
  return reply.header('cache-control', 'no-store').redirect(`${path}${query}`, 303)
}

async function takeReason(visit: Visit, limits: NetworkLimits): Promise<FastifyReply> {
  const { house, request, reply } = visit
  const { language, article } = await articleIn(visit)
  demandPace(request, limits)
  const token = tokenIn(request)
  const body = (request.body ?? {}) as Record<string, unknown>
  const comment = written(body['comment'])
  const named = voteReasons.find((one) => one === body['reason'])
  const reason: VoteReason | null = named ?? (comment === null ? null : 'other')
  if (reason !== null) await house.store.write(request.scope, (tx) => giveReason(tx, token, { reason, comment }))
  return leadToFeedback(reply, `${articlePath(article, language)}/r/${token}`, episodeCarriedBy(request, body['e']))
}

async function showFeedback(visit: Visit): Promise<FastifyReply> {
  const { house, request } = visit
  const { language, article, collections } = await articleIn(visit)
  const token = tokenIn(request)
  const { known, ways, survey } = await house.store.read(request.scope, async (db) => ({
    known: await getVote(db, token),
    ways: await findWays(visit, db),
    survey: await findEffortSurvey(db),
  }))
  if (known.article_id !== article.id) throw nothingHere()
  const view = await viewFor(visit, language, ways)
  const episode = episodeCarriedBy(request, (request.query as Record<string, unknown>)['e'])
  const reading = { workspaceId: request.scope.workspaceId, episode, article: article.id }
  // Reading it was a touchpoint like any other; outside an episode this word of it is its name.
  const about = {
    ...{ kind: 'article', way: 'article', article: article.id },
    touchpoint: nameOfReading(reading, known.id),
  }
  const { brand } = view
  const asked = survey !== undefined && !isAsking(known)
  const question = asked ? await askBeside(house, survey, { brand, language, about }) : undefined
  return sendHelpPage(visit, view, feedbackPage(view, { article, collections, vote: known, token, question }))
}

/** The article of an address. @throws Problem not_found, also for a collection, and for what this reader may not see */
async function articleIn(visit: Visit): Promise<{ language: Language; article: Shown; collections: CollectionRow[] }> {
  const { language, slug } = placeIn(visit.request)
  const wanted = await wantedIn(visit, language)
  const place = await visit.house.store.read(visit.request.scope, (db) => getPlace(db, visit, slug, wanted))
  if (!('article' in place)) throw nothingHere()
  return { language, article: place.article, collections: place.collections }
}

/** Collections in which a reader finds something, and those around them. */
function listVisible(visit: Visit, db: Db, reader: Reader): Promise<CollectionRow[]> {
  return once(visit, 'visible', async () => {
    const all = await listCollections(visit, db)
    const filled = await listFilled(db, reader)
    const around = new Set([...filled].flatMap((id) => pathOf(all, { id }).map((one) => one.id)))
    return all.filter(({ id }) => around.has(id))
  })
}

function listCollections(visit: Visit, db: Db): Promise<CollectionRow[]> {
  return once(visit, 'collections', () => listCollectionRows(db))
}

function placeIn(request: FastifyRequest): { language: Language; slug: string } {
  const { language, slug = '' } = request.params as Record<string, string | undefined>
  if (!isLanguage(language) || !isSlug(slug)) throw nothingHere()
  // What goes wrong from here on is said in it, too.
  request.language = language
  return { language, slug }
}

function isSlug(given: string): boolean {
  return /^[a-z0-9-]{1,60}$/.test(given)
}

function tokenIn(request: FastifyRequest): string {
  const { token } = request.params as Record<string, unknown>
  if (!isToken(token)) throw nothingHere()
  return token
}

function isToken(given: unknown): given is string {
  return typeof given === 'string' && /^[\w-]{43}$/.test(given)
}

function readEnd(after: unknown): { position: number; id: string } | undefined {
  const [, position, id] =
    /^(\d{1,9})\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(typeof after === 'string' ? after : '') ?? []
  return position === undefined || id === undefined ? undefined : { position: Number(position), id }
}

function demandPace({ scope, ip }: FastifyRequest, limits: NetworkLimits): void {
  if (!limits.mayPass(scope.workspaceId, ip)) throw new Problem('rate_limited', 'platform.rate_limited')
}
