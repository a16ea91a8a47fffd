import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Language } from '@lahko/contract/values'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { html, type Html } from '#platform/html.ts'
import { frameClasses, framed } from '#platform/page-frame.ts'
import { documentOf, sendPage } from '#platform/pages.ts'
import type { PageScript } from '#platform/page-script.ts'
import { pageStyle, type PageStyle } from '#platform/page-style.ts'
import { words } from '#platform/words.ts'
import type { Brand } from '#surveys'
import { withEpisode } from '#touchpoints'

/** Every class that a page of this module may show: what its style is made for. */
export const requestClasses = (
  `${frameClasses.join(' ')} quiet hint problem optional visually-hidden field input choice ` +
  'button buttons banner rows row row-title row-text row-end badge section icon voice ' +
  'rq rq-lead rq-fits rq-form rq-problems rq-talk rq-said rq-who rq-text rq-rich rq-picture rq-files rq-state rq-acts rq-facts'
).split(' ')

const style = pageStyle(requestClasses, readFileSync(fileURLToPath(new URL('./requests.css', import.meta.url)), 'utf8'))

export type Say = (key: string, args?: Record<string, unknown>) => string

/** Whose page it is, in which language, and the paths of the form and of what there is to read, where there are any. */
export type View = { brand: Brand; language: Language; say: Say; form?: string; help?: string }

/** One page: its title, what stands in it, and rules of its own. */
export type RequestPage = {
  title: string
  main: Html
  /** Of this page alone. */
  own?: PageStyle
  /** What makes it easier to use. */
  script?: PageScript
  /** This page in another language; there is none after a form was sent. */
  inOther?: (language: Language) => string
  /** Who is signed in, and the form that ends that. */
  signOut?: Html
  /** Which links and forms of this page carry on. */
  episode?: string | undefined
}

export function viewOf(brand: Brand, language: Language, paths: Pick<View, 'form' | 'help'> = {}): View {
  const say: Say = (key, args) => words(language, `requests.${key}`, { company: brand.name, ...args })
  return { brand, language, say, ...paths }
}

export function documentWith(view: View, page: RequestPage): { text: string; styles: PageStyle[] } {
  const styles = [style, view.brand.accent, ...(page.own ? [page.own] : [])]
  const title = `${page.title} · ${view.brand.name}`
  const { script, episode } = page
  const text = documentOf({
    language: view.language,
    title,
    styles,
    body: frameOf(view, page),
    ...(script && { script }),
  })
  return { text: episode === undefined ? text : withEpisode(text, episode), styles }
}

/** Sends a page of requests, which no cache keeps. */
export function sendRequestPage(
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  view: View,
  page: RequestPage,
): FastifyReply {
  const { text, styles } = documentWith(view, page)
  return sendPage(request, reply, styles, text, { ...(page.script && { script: page.script }) })
}

function frameOf({ brand, language, form, help, say }: View, { main, inOther, signOut }: RequestPage): Html {
  return framed({
    ...{ brand, language },
    main: html`<main class="page-main rq" id="main">${main}</main>`,
    ...(help !== undefined && { nav: html`<a href="${help}">${say('help')}</a>` }),
    ...(signOut && { end: signOut }),
    ...(form !== undefined && { form }),
    ...(inOther && { inOther }),
  })
}
