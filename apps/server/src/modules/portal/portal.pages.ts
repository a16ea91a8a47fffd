import { languages } from '@lahko/contract/values'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { findDemoWorkspace, findOrigin, originOfVisit } from '#accounts'
import { hasPublicArticles, readHelpAtHome } from '#articles'
import type { House } from '#platform/house.ts'
import { html, type Html } from '#platform/html.ts'
import type { Module } from '#platform/module.ts'
import { Problem } from '#platform/problem.ts'
import { isLanguage } from '#platform/words.ts'
import { brandsOf, listOpenQuestions } from '#surveys'
import { hasRequests, isFormOpen, linkAsExample, readRequestsAtHome } from '#tickets'
import { accessibilityPage } from './accessibility-page.ts'
import { homePage } from './home-page.ts'
import { sendPortalPage, viewOf, type PortalPage, type View } from './portal-frame.ts'
import { privacyPage } from './privacy-page.ts'

const schema = { hide: true }

/** The company's own pages: its home, what is kept, and whom they serve. */
export function portalPages(app: FastifyInstance, house: House, modules: readonly Module[]): void {
  const page = (path: string, work: (view: View, request: FastifyRequest) => Promise<Omit<PortalPage, 'path'>>) =>
    app.get(path, { schema }, (request, reply) => show(house, { request, reply }, path, work))

  page('/', async (view, request) => {
    const home = await house.store.read(request.scope, async (db) => ({
      help: await readHelpAtHome(db, { request, modules, language: view.language }),
      own: await readRequestsAtHome(db, request),
      questions: await listOpenQuestions(db, view.brand.timeZone),
    }))
    const indexed = view.articles && headOf(view, (await findOrigin(house, request)) ?? originOfVisit(request))
    const script = home.help && { script: home.help.script }
    return { title: view.brand.name, main: homePage(view, home), ...(indexed && { indexed }), ...script }
  })

  page('/privacy', async (view) => ({
    title: `${view.say('privacy_title')} · ${view.brand.name}`,
    main: privacyPage(view, { receives: house.config.mail.returns !== undefined }),
  }))

  page('/accessibility', async (view) => ({
    title: `${view.say('accessibility_title')} · ${view.brand.name}`,
    main: accessibilityPage(view),
  }))

  app.get('/demo/customer', { schema }, (request, reply) => showAsCustomer(house, request, reply))

  app.get('/robots.txt', { schema }, async (request, reply) => {
    const kept = 'User-agent: *\nDisallow: /s/\nDisallow: /app\nDisallow: /api/\nDisallow: /help/search\n'
    const lives = await brandsOf(house).of(request.scope.workspaceId)
    const origin = (lives && (await findOrigin(house, request))) ?? originOfVisit(request)
    return reply.type('text/plain; charset=utf-8').send(`${kept}\nSitemap: ${origin}/sitemap.xml\n`)
  })
}

/** Members of the demo see its portal as one of its customers does. */
async function showAsCustomer(house: House, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { scope, language } = request
  const isDemo = scope.actor.kind === 'member' && (await findDemoWorkspace(house)) === scope.workspaceId
  const path = isDemo ? await house.store.write(scope, (tx) => linkAsExample(tx, language)) : undefined
  if (path === undefined) throw new Problem('not_found', 'platform.no_such_address')
  return reply.header('cache-control', 'no-store').redirect(path, 303)
}

/** A page in the reader's language; a house without a workspace leads to its start. */
async function show(
  house: House,
  visit: { request: FastifyRequest; reply: FastifyReply },
  path: string,
  work: (view: View, request: FastifyRequest) => Promise<Omit<PortalPage, 'path'>>,
): Promise<FastifyReply> {
  const { request, reply } = visit
  const brand = await brandsOf(house).of(request.scope.workspaceId)
  if (!brand) return reply.header('cache-control', 'no-store').redirect('/app/start', 302)
  const { lang } = request.query as Record<string, unknown>
  const { formOpen, ...ways } = await house.store.read(request.scope, async (db) => ({
    formOpen: await isFormOpen(db),
    requests: await hasRequests(db),
    articles: await hasPublicArticles(db),
  }))
  const language = isLanguage(lang) ? lang : request.language
  const view = viewOf(brand, language, { ...ways, ...(formOpen && { form: '/requests/new' }) })
  return sendPortalPage(visit, view, { path, ...(await work(view, request)) })
}

/** The home for search engines: an address for each language, and one for whoever has none. */
function headOf({ language }: View, origin: string): Html {
  const links = languages.map((one) => html`<link rel="alternate" hreflang="${one}" href="${origin}/?lang=${one}">`)
  return html`
    <link rel="canonical" href="${origin}/?lang=${language}">
    ${links}
    <link rel="alternate" hreflang="x-default" href="${origin}/">`
}
