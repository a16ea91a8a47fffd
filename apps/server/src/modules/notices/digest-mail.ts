import type { Language } from '@lahko/contract/values'
import { html } from '#platform/html.ts'
import { mailRow } from '#platform/mail/frame.ts'
import type { MailFigure } from '#platform/mail/plain-mail.ts'
import type { DigestSection } from '#platform/module.ts'
import { localeOf, words } from '#platform/words.ts'

export type Digest = {
  language: Language
  days: { from: string; to: string }
  sections: readonly DigestSection[]
  /** What links begin with. */
  app: string
}

/** The mail of a day: what each module had to say, in the order of the house. */
export function writeDigest({ language, days, sections, app }: Digest) {
  const when = daysIn(language, days)
  return {
    subject: words(language, 'notices.digest.subject', { when }),
    heading: words(language, 'notices.digest.heading', { when }),
    paragraphs: [],
    figure: figureOf(language, sections, app),
    footer: [words(language, 'notices.digest.why'), `${app}/settings/you`],
    quotes: sections.flatMap(({ quotes }) => quotes.map(({ subjectId }) => subjectId)),
  }
}

function figureOf(language: Language, sections: readonly DigestSection[], app: string): MailFigure {
  return {
    html: html`${sections.map((section) => sectionOf(language, section, app))}`,
    text: sections.map((section) => textOf(language, section, app)).join('\n\n'),
  }
}

function sectionOf(language: Language, { title, lines, quotes, path }: DigestSection, app: string) {
  const small = 'font-size:16px;line-height:25px'
  const quoteOf = ({ text, by }: DigestSection['quotes'][number]) =>
    html`${words(language, 'notices.digest.quote', { text })} <span class="l-quiet">${by}</span>`
  return html`
    ${mailRow('l-text', 'padding:26px 24px 0;font-size:16px;line-height:25px;font-weight:600', title)}
    ${lines.map((line) => mailRow('l-text', `padding:4px 24px 0;${small}`, line))}
    ${quotes.map((quote) => mailRow('l-text', `padding:10px 24px 0 40px;${small}`, quoteOf(quote)))}
    ${path === undefined ? '' : mailRow('l-text', `padding:10px 24px 0;${small}`, html`<a class="l-number" href="${app}${path}">${words(language, 'notices.digest.open')}</a>`)}`
}

function textOf(language: Language, { title, lines, quotes, path }: DigestSection, app: string): string {
  const said = quotes.map(({ text, by }) => `  ${words(language, 'notices.digest.quote', { text })} ${by}`)
  return [title, ...lines, ...said, ...(path === undefined ? [] : [`${app}${path}`])].join('\n')
}

function daysIn(language: Language, { from, to }: Digest['days']): string {
  const format = new Intl.DateTimeFormat(localeOf[language], { day: 'numeric', month: 'long', timeZone: 'UTC' })
  return from === to ? format.format(new Date(to)) : format.formatRange(new Date(from), new Date(to))
}
