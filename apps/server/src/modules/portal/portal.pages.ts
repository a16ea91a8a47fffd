import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { languages, type Language } from '@lahko/contract/values'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { findOrigin, originOfVisit } from '#accounts'
import { hasPublicArticles } from '#articles'
import type { House } from '#platform/house.ts'
import { html, safeUrl, type Html } from '#platform/html.ts'
import { documentOf, sendPage } from '#platform/pages.ts'
import { pageStyle } from '#platform/page-style.ts'
import { isLanguage, words } from '#platform/words.ts'
import { brandsOf, inLanguage, listOpenQuestions, type Brand, type OpenQuestion } from '#surveys'
import { hasRequests, isFormOpen } from '#tickets'

const schema = { hide: true }

/** Every class that a page of the portal may show. */
export const portalClasses =
  'page page-head page-main page-foot po po-lead po-text po-logo brand skip section rows row row-title quiet push button buttons'.split(
    ' ',
  )

const style = pageStyle(portalClasses, readFileSync(fileURLToPath(new URL('./portal.css', import.meta.url)), 'utf8'))

type View = {
  brand: Brand
  language: Language
  address: string
  say: (key: string, args?: Record<string, unknown>) => string
}

/** The company's own pages: its name, what it asks in public, and what is kept. */
export function portalPages(app: FastifyInstance, house: House): void {
  const show = async (
    request: FastifyRequest,
    reply: FastifyReply,
    work: (view: View) => Promise<{ title: string; main: Html }>,
  ) => {
    const brand = await brandsOf(house).of(request.scope.workspaceId)
    if (!brand) return reply.header('cache-control', 'no-store').redirect('/app/start', 302)
    const { lang } = request.query as Record<string, unknown>
    const language = isLanguage(lang) ? lang : request.language
    const view: View = {
      brand,
      language,
      address: request.url.split('?')[0]!,
      say: (key, args) => words(language, `portal.${key}`, { company: brand.name, ...args }),
    }
    const { title, main } = await work(view)
    const styles = [style, brand.accent]
    return sendPage(request, reply, styles, documentOf({ language, title, styles, body: frameOf(view, main) }))
  }

  app.get('/', { schema }, (request, reply) =>
    show(request, reply, async (view) => {
      const home = await house.store.read(request.scope, async (db) => ({
        questions: await listOpenQuestions(db, view.brand.timeZone),
        formOpen: await isFormOpen(db),
        requests: await hasRequests(db),
        articles: await hasPublicArticles(db),
      }))
      return { title: view.brand.name, main: homeOf(view, home) }
    }),
  )

  app.get('/privacy', { schema }, (request, reply) =>
    show(request, reply, async (view) => ({
      title: `${view.say('privacy_title')} · ${view.brand.name}`,
      main: privacyOf(view, {
        receives: house.config.mail.returns !== undefined,
        requests: await house.store.read(request.scope, hasRequests),
        articles: await house.store.read(request.scope, hasPublicArticles),
      }),
    })),
  )

  app.get('/robots.txt', { schema }, async (request, reply) => {
    const kept = 'User-agent: *\nDisallow: /s/\nDisallow: /app\nDisallow: /api/\n'
    const lives = await brandsOf(house).of(request.scope.workspaceId)
    const origin = (lives && (await findOrigin(house, request))) ?? originOfVisit(request)
    return reply.type('text/plain; charset=utf-8').send(`${kept}\nSitemap: ${origin}/sitemap.xml\n`)
  })
}

function frameOf({ brand, language, address, say }: View, main: Html): Html {
  const others = languages.filter((other) => other !== language)
  const links = others.map(
    (other) =>
      html`<a href="${address}?lang=${other}" lang="${other}" hreflang="${other}">${words(other, 'portal.own_name')}</a>`,
  )
  const logo = brand.logoUrl ? html`<img class="po-logo" src="${safeUrl(brand.logoUrl)}" alt="" height="36">` : ''
  return html`
    <a class="skip" href="#main">${say('skip')}</a>
    <div class="page">
      <header class="page-head"><a class="brand" href="/?lang=${language}">${logo}${brand.name}</a></header>
      ${main}
      <footer class="page-foot">
        <a href="/privacy?lang=${language}">${say('privacy')}</a>
        <nav class="push" aria-label="${say('languages')}">${links}</nav>
      </footer>
    </div>`
}

type Home = {
  questions: readonly OpenQuestion[]
  /** Whether help can be asked for by the form. */
  formOpen: boolean
  /** Whether somebody may have requests to follow. */
  requests: boolean
  /** Whether there is something to read. */
  articles: boolean
}

function homeOf(view: View, { questions, ...help }: Home): Html {
  const { brand, language, say } = view
  const rows = questions.map(({ address, content }) => {
    const text = inLanguage(content.score.text, language, content, brand.name)
    return html`<li class="row"><a class="row-title" href="${address}?lang=${language}">${text}</a></li>`
  })
  const helps = help.requests || help.articles
  const asked = html`
    <section class="section" data-rule="firm" aria-labelledby="asked">
      <h2 id="asked">${say('asked_now')}</h2>
      <ul class="rows">${rows}</ul>
    </section>`
  return html`
    <main class="page-main po" id="main">
      ${helps ? helpOf(view, help) : ''}
      ${rows.length > 0 || !helps ? leadOf(view, rows.length > 0, helps) : ''}
      ${rows.length > 0 ? asked : ''}
    </main>`
}

function helpOf({ language, say }: View, { formOpen, requests, articles }: Omit<Home, 'questions'>): Html {
  const read = html`<a class="button" data-size="large" href="/help/${language}">${say('read_help')}</a>`
  const form = html`<a class="button" data-tone="accent" data-size="large" href="/requests/new?lang=${language}">${say('ask_for_help')}</a>`
  return html`
    <section class="po-lead">
      <h1>${say('help_title')}</h1>
      <p class="quiet">${say(formOpen ? 'help_lead' : requests ? 'help_lead_own' : 'help_lead_read')}</p>
      <div class="buttons">
        ${formOpen ? form : ''}
        ${articles ? read : ''}
        ${requests ? html`<a class="button" data-size="large" href="/requests?lang=${language}">${say('own_requests')}</a>` : ''}
      </div>
    </section>`
}

/** @param second something else stands above it */
function leadOf({ say }: View, asks: boolean, second: boolean): Html {
  const title = second ? html`<h2>${say('title')}</h2>` : html`<h1>${say('title')}</h1>`
  return html`
    <section class="po-lead">
      ${title}
      <p class="quiet">${say(asks ? 'lead' : 'nothing_asked')}</p>
    </section>`
}

type Kept = {
  /** Mails that people write back are received. */
  receives: boolean
  /** Customers have requests. */
  requests: boolean
  /** Readers are asked whether articles help. */
  articles: boolean
}

function privacyOf({ brand, say }: View, { receives, requests, articles }: Kept): Html {
  const list = (...keys: string[]) => html`<ul>${keys.map((key) => html`<li>${say(key)}</li>`)}</ul>`
  const part = (title: string, content: Html) => html`<section><h2>${say(title)}</h2>${content}</section>`
  const howLong =
    brand.keepMonths === null ? say('how_long_open') : say('how_long_months', { months: brand.keepMonths })
  return html`
    <main class="page-main po" id="main">
      <section class="po-lead"><h1>${say('privacy_title')}</h1><p>${say('privacy_lead')}</p></section>
      <div class="po-text">
        ${part('kept_title', list('kept_answer', 'kept_link', 'kept_anonymous', ...(articles ? ['kept_vote', 'kept_search'] : [])))}
        ${part('not_kept_title', list(articles ? 'not_kept_open_but' : 'not_kept_open', 'not_kept_address', requests ? 'not_kept_cookies_but' : 'not_kept_cookies'))}
        ${receives ? part('mail_title', html`<p>${say('mail_kept')}</p>`) : ''}
        ${requests ? part('requests_title', list('requests_kept', 'requests_cookie', 'requests_how_long')) : ''}
        ${part('how_long_title', html`<p>${howLong}</p>`)}
        ${part('yours_title', list('yours_change', 'yours_ask'))}
      </div>
    </main>`
}
