import type { SurveyContent } from '@lahko/contract/surveys'
import type { Language } from '@lahko/contract/values'
import type { Rule } from '@lahko/effort'
import { html, type Html } from '#platform/html.ts'
import { documentOf } from '#platform/pages.ts'
import type { PageStyle } from '#platform/page-style.ts'
import { localeOf, words } from '#platform/words.ts'
import { answerStyle, footLinks, speech } from './answer-page.ts'
import { headOf } from './answer-head.ts'
import type { Brand } from './brand.ts'
import { kindOfScore } from './content.ts'
import { localDateOf } from '#platform/local-date.ts'

type Common = { brand: Brand; language: Language; content: SurveyContent; inOther: (language: Language) => string }

/** What somebody sees whose answer is in. */
export type SentPage = Common & {
  rule: Rule
  score: number
  /** Where it can be changed, and until when, or why not. */
  change: { address: string; until: Date; timeZone: string } | 'paused' | 'over'
  /** Where a trial begins again. */
  trial?: string
  /** Where whoever was asked by mail says that they want no more questions. */
  leave?: string
}

type Page = { text: string; styles: PageStyle[] }

export function sentPage(page: SentPage): Page {
  const { brand, content, language, score, rule, change, trial, leave } = page
  const { say, read } = speech(page)
  const title = sentTitle(page)
  const body = html`
    <main class="ask" id="main">
      ${headOf(page)}
      ${trial ? html`<div class="banner" data-tone="warn"><p>${say('trial')}</p></div>` : ''}
      <h1>${title}</h1>
      <p>${read(content.thanks[kindOfScore(score, rule)])}</p>
      ${trial ? buttonTo(trial, say('once_more')) : ''}
      ${typeof change === 'object' ? buttonTo(change.address, say('change')) : ''}
      <footer class="ask-foot">
        ${trial ? '' : html`<p>${untilOf(page)}</p>`}
        ${footLinks(language, leave)}
      </footer>
    </main>`
  const styles = [answerStyle, brand.accent]
  return { text: documentOf({ language, title: `${title} · ${brand.name}`, styles, body }), styles }
}

function buttonTo(address: string, text: string): Html {
  return html`<div class="buttons"><a class="button" href="${address}">${text}</a></div>`
}

/** `You can change it on this page until 20 December.` */
function untilOf(page: SentPage): string {
  const { say } = speech(page)
  if (typeof page.change === 'string') return say(`change_${page.change}`)
  const { until, timeZone } = page.change
  const date = new Intl.DateTimeFormat(localeOf[page.language], { day: 'numeric', month: 'long', timeZone }).format(
    until,
  )
  // Slovenian says *until* with a case that Intl does not have.
  const [, month, day] = localDateOf(until, timeZone).split('-').map(Number)
  return say('change_until', { date, day, month })
}

/** `Your answer is in: 4 of 10`; three faces have names. */
export function sentTitle(page: Pick<SentPage, 'brand' | 'language' | 'content' | 'score'>): string {
  const { say, read } = speech(page)
  const { scale, look, lowLabel, highLabel } = page.content.score
  if (look !== 'faces' || scale.max - scale.min !== 2) return say('sent_number', { score: page.score, max: scale.max })
  const label = page.score === scale.min ? read(lowLabel) : page.score === scale.max ? read(highLabel) : say('middle')
  return say('sent_word', { label: label.toLocaleLowerCase(localeOf[page.language]) })
}

/** Why there is no question. */
export type NoticeKind =
  | 'closed'
  | 'paused'
  | 'unknown'
  | 'answer_gone'
  | 'trial_gone'
  | 'invitation_unknown'
  | 'invitation_over'
  | 'invitation_used'
  | 'trial_unsubscribe'

/** A page that says why there is no question. */
export function noticePage(kind: NoticeKind, { brand, language }: { brand: Brand; language: Language }): Page {
  const say = (part: string) => words(language, `answering.${kind}_${part}`)
  const body = html`
    <main class="ask" id="main">
      ${headOf({ brand, language, content: { languages: [language] }, inOther: () => '' })}
      <h1>${say('title')}</h1>
      <p>${say('text')}</p>
      <footer class="ask-foot"><p><a href="/?lang=${language}">${brand.name}</a></p></footer>
    </main>`
  const styles = [answerStyle, brand.accent]
  return { text: documentOf({ language, title: `${say('title')} · ${brand.name}`, styles, body }), styles }
}
