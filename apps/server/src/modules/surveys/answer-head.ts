import type { Language } from '@lahko/contract/values'
import { html, safeUrl, type Html } from '#platform/html.ts'
import { words } from '#platform/words.ts'
import type { Brand } from './brand.ts'

/** What each language calls itself. */
const ownNames: Readonly<Record<Language, string>> = { en: 'English', sl: 'Slovenščina', nb: 'Norsk' }

type Head = {
  brand: Brand
  language: Language
  content: { languages: readonly Language[] }
  inOther: (language: Language) => string
}

/** The company, and this page in its other languages. */
export function headOf({ brand, language, content, inOther }: Head): Html {
  const others = content.languages.filter((other) => other !== language)
  const links = others.map(
    (other) => html`<a href="${inOther(other)}" lang="${other}" hreflang="${other}">${ownNames[other]}</a>`,
  )
  return html`
    <header class="ask-head">
      ${brandMark(brand)}
      ${links.length > 0 ? html`<nav aria-label="${words(language, 'answering.languages')}">${links}</nav>` : ''}
    </header>`
}

/** The company's name, with its logo when it has one. */
function brandMark({ name, logoUrl }: Brand): Html {
  const logo = logoUrl ? html`<img class="ask-logo" src="${safeUrl(logoUrl)}" alt="" height="36">` : ''
  return html`<span class="brand">${logo}${name}</span>`
}
