import type { Workspace } from '@lahko/contract'
import { languages, type Language } from '@lahko/contract/values'
import { html, safeUrl, type Html } from './html.ts'
import { words } from './words.ts'

/** What the head and the foot of a customer's page say. */
export type PageFrame = {
  brand: Pick<Workspace, 'name' | 'logoUrl' | 'accessibilityUrl' | 'imprintUrl' | 'contactEmail'>
  language: Language
  /** The element `main`. */
  main: Html
  /** Beside the company's name: where there is more. */
  nav?: Html
  /** At the end of the head. */
  end?: Html
  /** The path of the form by which people ask; undefined while there is none. */
  form?: string
  /** This page in another language; undefined for a page that is only there once. */
  inOther?: (language: Language) => string
}

/** Every class that the frame may show. */
export const frameClasses = ['page', 'page-head', 'page-main', 'page-foot', 'push', 'brand', 'skip']

/** What stands around every customer's page: whose it is, people, what is kept, and the other languages. */
export function framed({ brand, language, main, nav, end, form, inOther }: PageFrame): Html {
  const say = (key: string) => words(language, `platform.page.${key}`)
  const logo = brand.logoUrl ? html`<img src="${safeUrl(brand.logoUrl)}" alt="" height="36">` : ''
  return html`
    <a class="skip" href="#main">${say('skip')}</a>
    <div class="page">
      <header class="page-head">
        <a class="brand" href="/?lang=${language}">${logo}${brand.name}</a>
        ${nav ? html`<nav aria-label="${say('main')}">${nav}</nav>` : ''}
        ${end ?? ''}
      </header>
      ${main}
      <footer class="page-foot">
        <a href="/privacy?lang=${language}">${say('privacy')}</a>
        <a href="${accessibilityOf(brand, language)}">${say('accessibility')}</a>
        ${brand.imprintUrl === null ? '' : html`<a href="${safeUrl(brand.imprintUrl)}">${say('imprint')}</a>`}
        ${reachOf(say('reach'), brand, language, form)}
        ${inOther ? languagesOf(say('languages'), language, inOther) : ''}
      </footer>
    </div>`
}

/** The company's own statement, or the page that is here. */
function accessibilityOf({ accessibilityUrl }: PageFrame['brand'], language: Language): string {
  return accessibilityUrl === null ? `/accessibility?lang=${language}` : safeUrl(accessibilityUrl)
}

/** From every page people are one step away, by form or by mail. */
function reachOf(name: string, { contactEmail }: PageFrame['brand'], language: Language, form?: string): Html | '' {
  if (form !== undefined) return html`<a href="${form}?lang=${language}">${name}</a>`
  return contactEmail === null ? '' : html`<a href="mailto:${contactEmail}">${name}</a>`
}

function languagesOf(name: string, language: Language, inOther: (language: Language) => string): Html {
  const links = languages
    .filter((other) => other !== language)
    .map((other) => html`<a href="${inOther(other)}" lang="${other}" hreflang="${other}">${ownName(other)}</a>`)
  return html`<nav class="push" aria-label="${name}">${links}</nav>`
}

/** What a language calls itself. */
export function ownName(language: Language): string {
  return words(language, 'platform.page.own_name')
}
