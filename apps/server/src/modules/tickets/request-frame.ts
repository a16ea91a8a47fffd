import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { languages, type Language } from '@lahko/contract/values'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { html, safeUrl, type Html } from '#platform/html.ts'
import { documentOf, sendPage } from '#platform/pages.ts'
import { pageStyle, type PageStyle } from '#platform/page-style.ts'
import { words } from '#platform/words.ts'
import type { Brand } from '#surveys'

/** Every class that a page of this module may show: what its style is made for. */
export const requestClasses = (
  'page page-head page-main page-foot push brand skip quiet hint problem optional visually-hidden field input choice ' +
  'button buttons banner rows row row-title row-text row-end badge section icon voice ' +
  'rq rq-lead rq-logo rq-form rq-problems rq-talk rq-said rq-who rq-text rq-rich rq-picture rq-files rq-state rq-acts rq-facts'
).split(' ')

const style = pageStyle(requestClasses, readFileSync(fileURLToPath(new URL('./requests.css', import.meta.url)), 'utf8'))

export type Say = (key: string, args?: Record<string, unknown>) => string

/** Whose page it is, in which language, and where it lies. */
export type View = { brand: Brand; language: Language; say: Say }

/** One page: its title, what stands in it, and rules of its own. */
export type RequestPage = {
  title: string
  main: Html
  /** Of this page alone. */
  own?: PageStyle
  /** This page in another language; there is none after a form was sent. */
  inOther?: (language: Language) => string
  /** Who is signed in, and the form that ends that. */
  signOut?: Html
}

export function viewOf(brand: Brand, language: Language): View {
  return { brand, language, say: (key, args) => words(language, `requests.${key}`, { company: brand.name, ...args }) }
}

export function documentWith(view: View, page: RequestPage): { text: string; styles: PageStyle[] } {
  const styles = [style, view.brand.accent, ...(page.own ? [page.own] : [])]
  const title = `${page.title} · ${view.brand.name}`
  return { text: documentOf({ language: view.language, title, styles, body: frameOf(view, page) }), styles }
}

/** Sends a page of requests, which no cache keeps. */
export function sendRequestPage(
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  view: View,
  page: RequestPage,
): FastifyReply {
  const { text, styles } = documentWith(view, page)
  return sendPage(request, reply, styles, text)
}

function frameOf({ brand, language, say }: View, { main, inOther, signOut }: RequestPage): Html {
  const others = inOther ? languages.filter((other) => other !== language) : []
  const links = others.map(
    (other) =>
      html`<a href="${inOther!(other)}" lang="${other}" hreflang="${other}">${words(other, 'requests.own_name')}</a>`,
  )
  const logo = brand.logoUrl ? html`<img class="rq-logo" src="${safeUrl(brand.logoUrl)}" alt="" height="36">` : ''
  return html`
    <a class="skip" href="#main">${say('skip')}</a>
    <div class="page">
      <header class="page-head">
        <a class="brand" href="/?lang=${language}">${logo}${brand.name}</a>
        ${signOut ?? ''}
      </header>
      <main class="page-main rq" id="main">${main}</main>
      <footer class="page-foot">
        <a href="/privacy?lang=${language}">${say('privacy')}</a>
        ${links.length > 0 ? html`<nav class="push" aria-label="${say('languages')}">${links}</nav>` : ''}
      </footer>
    </div>`
}
