import type { Language } from '@lahko/contract/values'
import { html, raw, type Html } from '#platform/html.ts'
import type { PageStyle } from '#platform/page-style.ts'
import { hole, templateOf, type Template } from '#platform/pressed.ts'
import { words } from '#platform/words.ts'
import { emptyForm, type Hidden } from './answer-form.ts'
import { askPage } from './answer-page.ts'
import type { Brand } from './brand.ts'
import type { PublishedSurvey } from './published-surveys.ts'

type Asked = { brand: Brand; template: Template; styles: readonly PageStyle[] }

/** The pages of a survey as it is now: a page that many people get is written and compressed once. */
const kept = new WeakMap<PublishedSurvey, Map<string, Asked>>()

/** The page of a survey in a language with a score chosen, with holes for what each visitor has of their own. */
export function askedTemplate(
  survey: PublishedSurvey,
  brand: Brand,
  language: Language,
  score: number | undefined,
): Asked {
  const pages = kept.get(survey) ?? new Map<string, Asked>()
  kept.set(survey, pages)
  const name = `${language} ${score}`
  const known = pages.get(name)
  if (known?.brand === brand) return known
  const { text, styles } = askPage({
    brand,
    language,
    content: survey.content,
    rule: survey.rule,
    identity: survey.identity,
    action: `/s/${survey.key}`,
    hidden: raw(hole('own')),
    inOther: (other) =>
      `/s/${survey.key}?lang=${other}${score === undefined ? '' : `&score=${score}`}${hole('carried')}`,
    filled: { ...emptyForm, score },
  })
  const asked = { brand, template: templateOf(text), styles }
  pages.set(name, asked)
  return asked
}

/** What each visitor has of their own in `askedTemplate`. */
export function ownValues(token: string, language: Language, hidden: Hidden): { own: string; carried: string } {
  return { own: String(hiddenInputs(token, language, hidden)), carried: carriedBy(hidden).replaceAll('&', '&amp;') }
}

/** The token, the language, what the link said, and a field that only programs fill in. */
export function hiddenInputs(token: string, language: Language, hidden: Hidden): Html {
  const fields = Object.entries(hidden).map(
    ([name, value]) => html`<input type="hidden" name="h.${name}" value="${value}">`,
  )
  return html`
    <input type="hidden" name="token" value="${token}">
    <input type="hidden" name="lang" value="${language}">
    ${fields}
    <div class="visually-hidden" aria-hidden="true">
      <label>${words(language, 'answering.leave_empty')}<input name="leave-empty" tabindex="-1" autocomplete="off"></label>
    </div>`
}

/** Hidden fields as they go on in an address. */
export function carriedBy(hidden: Hidden): string {
  return Object.entries(hidden)
    .map(([name, value]) => `&${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('')
}
