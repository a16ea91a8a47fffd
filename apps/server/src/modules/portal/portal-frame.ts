import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Language } from '@lahko/contract/values'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { html, type Html } from '#platform/html.ts'
import { frameClasses, framed } from '#platform/page-frame.ts'
import type { PageScript } from '#platform/page-script.ts'
import { documentOf, sendPage } from '#platform/pages.ts'
import { pageStyle } from '#platform/page-style.ts'
import { words } from '#platform/words.ts'
import type { Brand } from '#surveys'

/** Every class that a page of the portal may show. */
export const portalClasses = (
  `${frameClasses.join(' ')} po po-lead po-text po-ask po-tasks po-ways section rows row row-title row-text ` +
  'row-lead row-end quiet button buttons search found input icon visually-hidden'
).split(' ')

const style = pageStyle(portalClasses, readFileSync(fileURLToPath(new URL('./portal.css', import.meta.url)), 'utf8'))

/** Whose page it is, in which language, and which ways lead on. */
export type View = {
  brand: Brand
  language: Language
  say: (key: string, args?: Record<string, unknown>) => string
  /** The path of the form by which people ask; undefined while there is none. */
  form?: string
  /** Whether somebody may have requests to follow. */
  requests: boolean
  /** Whether everybody finds something to read. */
  articles: boolean
}

export type PortalPage = {
  title: string
  main: Html
  /** The path of this page, which is the same in every language. */
  path: string
  /** What search engines are told; without it they may not show the page. */
  indexed?: Html
  script?: PageScript
}

export function viewOf(brand: Brand, language: Language, ways: Pick<View, 'form' | 'requests' | 'articles'>): View {
  const say: View['say'] = (key, args) => words(language, `portal.${key}`, { company: brand.name, ...args })
  return { brand, language, say, ...ways }
}

/** Sends a page of the portal. */
export function sendPortalPage(
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  view: View,
  page: PortalPage,
): FastifyReply {
  const { brand, language } = view
  const styles = [style, brand.accent]
  const { title, indexed, script } = page
  const more = { ...(indexed && { indexed }), ...(script && { script }) }
  const text = documentOf({ language, title, styles, body: bodyOf(view, page), ...more })
  return sendPage(request, reply, styles, text, { ...more, indexed: indexed !== undefined })
}

function bodyOf({ brand, language, say, form, requests, articles }: View, { main, path }: PortalPage): Html {
  return framed({
    ...{ brand, language, main },
    ...(articles && { nav: html`<a href="/help/${language}">${say('help')}</a>` }),
    ...(requests && { end: html`<a class="push" href="/requests?lang=${language}">${say('own_requests')}</a>` }),
    ...(form !== undefined && { form }),
    inOther: (other) => `${path}?lang=${other}`,
  })
}
