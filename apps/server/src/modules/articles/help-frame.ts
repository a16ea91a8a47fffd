import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { languages, type Language, type Translated } from '@lahko/contract/values'
import type { FastifyReply } from 'fastify'
import { html, raw, type Html } from '#platform/html.ts'
import { frameClasses, framed } from '#platform/page-frame.ts'
import type { PageScript } from '#platform/page-script.ts'
import { documentOf, finishPage, sendFinishedPage, sendPage } from '#platform/pages.ts'
import { pageStyle } from '#platform/page-style.ts'
import { words } from '#platform/words.ts'
import type { Brand } from '#surveys'
import { withEpisode } from '#touchpoints'
import type { Visit } from './help-memory.ts'

/** Every class that a help page may show: what its style is made for. */
export const helpClasses = (
  `${frameClasses.join(' ')} quiet hint field input choice button buttons banner rows row ` +
  'row-title row-text row-end section breadcrumb prose table scroll-x search found icon visually-hidden pagination ' +
  'video ar ar-lead ar-meta ar-side ar-toc ar-ask ar-yes ar-list ar-subs ar-tail'
).split(' ')

const style = pageStyle(helpClasses, readFileSync(fileURLToPath(new URL('./help.css', import.meta.url)), 'utf8'))

export type Say = (key: string, args?: Record<string, unknown>) => string

/** Whose page it is, in which language, and where people are reached. */
export type View = {
  brand: Brand
  language: Language
  say: Say
  /** What links to this site begin with, such as `https://help.example.com`. */
  origin: string
  /** The path of the form by which people ask; undefined while there is none. */
  form?: string
  /** Which links and forms of this page carry on. Such a page is for nobody else: search engines may not show it. */
  episode?: string
}

/** One page: what stands in it, and under which addresses it is found. */
export type HelpPage = {
  title: string
  description?: string
  main: Html
  script?: PageScript
  /** The path of this page in another language. */
  inOther?: (language: Language) => string
  /** The address of a page that search engines may not show, without what it carries along. */
  canonical?: string
  /** For search engines; without it they may not show the page. */
  indexed?: {
    canonical: string
    alternates: readonly { language: Language | 'x-default'; path: string }[]
    trail: Trail
  }
}

/** Where a page lies: titles and paths, from the first level on. */
export type Trail = readonly { title: string; path: string; language?: Language }[]

export function viewOf(brand: Brand, language: Language, more: Pick<View, 'origin' | 'form' | 'episode'>): View {
  return {
    brand,
    language,
    say: (key, args) => words(language, `help.${key}`, { company: brand.name, ...args }),
    ...more,
  }
}

/** Sends a help page. */
export function sendHelpPage({ request, reply, memory }: Visit, view: View, page: HelpPage): FastifyReply {
  const styles = [style, view.brand.accent]
  const title = `${page.title} · ${view.brand.name}`
  const head = page.indexed && headOf(view, page)
  const body = frameOf(view, page)
  const script = page.script && { script: page.script }
  const about = head ? { indexed: head } : page.canonical && { canonical: `${view.origin}${page.canonical}` }
  const text = documentOf({ language: view.language, title, styles, body, ...about, ...script })
  const { episode } = view
  if (episode !== undefined) return sendPage(request, reply, styles, withEpisode(text, episode), { ...script })
  const kept = { indexed: head !== undefined, ...script }
  if (!memory) return sendPage(request, reply, styles, text, kept)
  const finished = finishPage(styles, text, kept)
  memory.keep(finished)
  return sendFinishedPage(request, reply, finished)
}

/** A title in the wanted language, else in the company's, else in any; and in which one it is. */
export function titleIn(
  view: Pick<View, 'language' | 'brand'>,
  titles: Translated,
): { text: string; language: Language } {
  const order = [view.language, view.brand.language, ...languages]
  const language = order.find((one) => titles[one]) ?? view.language
  return { text: titles[language] ?? '', language }
}

/** The attribute of what is in another language than the page. */
export function langOf(view: Pick<View, 'language'>, language: Language): Html {
  return raw(language === view.language ? '' : ` lang="${language}"`)
}

/** Where a page lies, as links. */
export function breadcrumbOf(view: View, trail: Trail): Html {
  const items = trail.map(({ title, path, language }) => {
    return html`<li><a href="${path}"${langOf(view, language ?? view.language)}>${title}</a></li>`
  })
  return html`<nav class="breadcrumb" aria-label="${view.say('you_are_here')}"><ol>${items}</ol></nav>`
}

/** How people are reached, on every page. @param asked what is carried over to them */
export function reachOf(view: View, asked = ''): Html | '' {
  if (view.form === undefined) return ''
  // Who has looked through what was found is not shown it again before their words are sent.
  const query = new URLSearchParams({ lang: view.language, ...(asked !== '' && { message: asked, looked: 'yes' }) })
  return html`
    <section aria-labelledby="reach">
      <h2 id="reach">${view.say('still_stuck')}</h2>
      <p>${view.say('ask_lead')}</p>
      <a class="button" href="${view.form}?${query.toString()}">${view.say('ask')}</a>
    </section>`
}

function headOf({ origin }: View, { description, indexed }: HelpPage): Html {
  const { canonical, alternates, trail } = indexed!
  const links = alternates.map(
    ({ language, path }) => html`<link rel="alternate" hreflang="${language}" href="${origin}${path}">`,
  )
  return html`
    ${description ? html`<meta name="description" content="${description}">` : ''}
    <link rel="canonical" href="${origin}${canonical}">
    ${links}
    ${trail.length > 1 ? html`<script type="application/ld+json">${raw(breadcrumbData(origin, trail))}</script>` : ''}`
}

/** https://schema.org/BreadcrumbList. Data, which no browser runs; nothing in it ends its element. */
function breadcrumbData(origin: string, trail: Trail): string {
  const itemListElement = trail.map(({ title, path }, at) => ({
    ...{ '@type': 'ListItem', position: at + 1, name: title, item: `${origin}${path}` },
  }))
  const data = { '@context': 'https://schema.org', '@type': 'BreadcrumbList', itemListElement }
  return JSON.stringify(data).replaceAll('<', '\\u003c').replaceAll('>', '\\u003e').replaceAll('&', '\\u0026')
}

function frameOf({ brand, language, form, say }: View, { main, inOther }: HelpPage): Html {
  const nav = html`<a href="/help/${language}" aria-current="true">${say('help')}</a>`
  const end = html`<a class="push" href="/requests?lang=${language}">${say('own_requests')}</a>`
  return framed({ brand, language, main, nav, end, ...(form !== undefined && { form }), ...(inOther && { inOther }) })
}
