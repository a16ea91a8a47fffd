import type { SurveyContent } from '@lahko/contract/surveys'
import type { Language } from '@lahko/contract/values'
import { html, raw, type Html } from '#platform/html.ts'
import { cutSubject, frameMail, mailFont, mailRow, type WrittenMail } from '#platform/mail/frame.ts'
import { words } from '#platform/words.ts'
import { inLanguage } from './content.ts'
import type { InvitationLinks } from './invitation-links.ts'
import { labelOf, valuesOf } from './snippet.ts'

/** What an invitation or a reminder is made of. */
export type InvitationMail = {
  content: SurveyContent
  language: Language
  company: string
  /** `#rrggbb` */
  colour: string
  /** The customer's, when it is known. */
  name: string | null
  reminder: boolean
  links: InvitationLinks
}

/** The mail that asks: its scale is links, none of which sends an answer. */
export function writeInvitation(mail: InvitationMail): WrittenMail {
  const { links, reminder } = mail
  const { say, question } = speech(mail)
  const subject = reminder ? say('subject_again', { question }) : question
  return {
    subject: cutSubject(subject),
    text: textOf(mail),
    html: htmlOf(mail),
    headers: {
      'List-Unsubscribe': `<${links.oneClick}>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      'Auto-Submitted': 'auto-generated',
    },
  }
}

function speech({ language, content, company, name }: InvitationMail) {
  const say = (key: string, args: object = {}) => words(language, `invitation.${key}`, { company, ...args })
  const read = (text: Parameters<typeof inLanguage>[0]) => inLanguage(text, language, content, company)
  const { scale, lowLabel, highLabel, text } = content.score
  const end = (value: number, label: string) => words(language, 'answering.end', { value, label })
  return {
    say,
    question: read(text),
    hello: name === null ? say('hello') : say('hello_name', { name }),
    hint: words(language, 'answering.tap_a_number'),
    low: end(scale.min, read(lowLabel)),
    high: end(scale.max, read(highLabel)),
    values: valuesOf(content).map((value) => ({ value, label: labelOf(value, content, language, company) })),
    /** Three faces are words, which need no line about their ends. */
    named: content.score.look === 'faces' && scale.max - scale.min === 2,
  }
}

function textOf(mail: InvitationMail): string {
  const { say, question, hello, hint, low, high, values, named } = speech(mail)
  const { links, company } = mail
  const lines = [
    hello,
    say('intro'),
    '',
    question,
    '',
    ...values.map(({ value, label }) => `${label}  ${links.answer(value)}`),
    '',
    ...(named ? [] : [`${low}, ${high}`]),
    hint,
    '',
    '-- ',
    say('why'),
    say('stop_text', { link: links.unsubscribe }),
    say('kept_text', { link: links.privacy }),
    company,
  ]
  return `${lines.join('\n')}\n`
}

function htmlOf(mail: InvitationMail): string {
  const { say, question } = speech(mail)
  return frameMail({
    ...mail,
    title: question,
    preheader: say('preheader'),
    body: bodyOf(mail),
    foot: footOf(mail),
  })
}

function bodyOf(mail: InvitationMail): Html {
  const { say, question, hello, hint, low, high, values, named } = speech(mail)
  const half = values.length > 7 ? Math.ceil(values.length / 2) : values.length
  const rows = [values.slice(0, half), values.slice(half)].filter((part) => part.length > 0)
  const title = raw('margin:0;font-size:24px;line-height:31px;font-weight:600')
  return html`
    ${mailRow('l-text', 'padding:0 24px;font-size:16px;line-height:25px', html`${hello}<br>${say('intro')}`)}
    ${mailRow('l-text', 'padding:28px 24px 14px', html`<h1 style="${title}">${question}</h1>`)}
    ${mailRow(
      '',
      'padding:0 24px',
      rows.map((part) => scaleOf(part, mail)),
    )}
    ${named ? '' : mailRow('l-quiet', 'padding:4px 24px 0;font-size:14px;line-height:22px', html`${low}<br>${high}`)}
    ${mailRow('l-text', 'padding:22px 24px 36px;font-size:16px;line-height:25px', hint)}`
}

type Value = { value: number; label: string }

function scaleOf(values: readonly Value[], { links }: InvitationMail): Html {
  const cell = raw('min-width:44px;height:44px;border-width:1px;border-style:solid;border-radius:7px')
  const link = ({ value, label }: Value) => {
    const padding = label.length > 2 ? 'padding:0 12px' : 'min-width:44px'
    const css = raw(
      `display:block;${padding};line-height:44px;${mailFont};font-size:16px;font-weight:500;text-decoration:none`,
    )
    return html`<td class="l-cell" height="44" align="center" style="${cell}"><a class="l-number" href="${links.answer(value)}" style="${css}">${label}</a></td>`
  }
  return html`
    <table role="presentation" align="left" cellpadding="0" cellspacing="6" border="0" style="margin-left:-6px">
      <tr>${values.map(link)}</tr>
    </table>`
}

function footOf(mail: InvitationMail): Html {
  const { say } = speech(mail)
  const { links, company } = mail
  return html`
    ${say('why')}<br>
    <a href="${links.unsubscribe}" style="display:inline-block;padding:11px 12px 11px 0">${say('stop')}</a>
    <a href="${links.privacy}" style="display:inline-block;padding:11px 0">${say('kept')}</a><br>
    ${company}`
}
