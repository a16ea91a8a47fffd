import type { MailTexts } from '@lahko/contract/mail-texts'
import type { SurveyContent } from '@lahko/contract/surveys'
import type { Language } from '@lahko/contract/values'
import { html, raw, type Html } from '#platform/html.ts'
import { cutSubject, frameMail, mailFont, mailRow, type WrittenMail } from '#platform/mail/frame.ts'
import { words } from '#platform/words.ts'
import { inLanguage } from './content.ts'
import type { InvitationLinks } from './invitation-links.ts'
import { textsOfMail } from './mail-texts.ts'
import { asVariable, fillVariables, type Known } from '#platform/variables.ts'
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
  /** What the programme says instead of what Lahko says by itself. */
  texts?: MailTexts
  /** What its variables are made of. */
  known?: Known
  /** An address over HTTPS. The mail is whole without it. */
  logoUrl?: string | null
  /** Where the company lives, which many laws want to be said. */
  postalAddress?: string | null
}

/** The mail that asks: its scale is links, none of which sends an answer. */
export function writeInvitation(mail: InvitationMail): WrittenMail {
  const { links } = mail
  const said = speechOf(mail)
  return {
    subject: cutSubject(said.subject),
    text: textOf(mail, said),
    html: htmlOf(mail, said),
    headers: {
      'List-Unsubscribe': `<${links.oneClick}>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      'Auto-Submitted': 'auto-generated',
    },
  }
}

/** What Lahko says by itself. */
export function presetsOf({ language, content, company, name, reminder, texts = {}, known }: InvitationMail) {
  const say = (key: string, args: object = {}) => words(language, `invitation.${key}`, { company, ...args })
  const question = inLanguage(content.score.text, language, content, company)
  const own = texts.invitation?.subject
  const subject = own === undefined ? question : fillVariables(own, { ...known, company, question })
  const called = asVariable(name)
  return {
    question,
    subject: reminder ? say('subject_again', { question: subject }) : question,
    greeting: called === undefined ? say('hello') : say('hello_name', { name: called }),
    introduction: say('intro'),
  }
}

/** What the mail says around its question: the programme's words, else Lahko's. */
function wordsOf(mail: InvitationMail) {
  const { texts = {}, known = {}, company, reminder } = mail
  const { question, ...presets } = presetsOf(mail)
  const own = textsOfMail(texts, reminder)
  const fill = (text: string | undefined) => text && fillVariables(text, { ...known, company, question })
  return {
    question,
    subject: fill(own.subject) ?? presets.subject,
    greeting: fill(own.greeting) ?? presets.greeting,
    introduction: fill(own.introduction) ?? presets.introduction,
    closing: fill(own.closing),
    signature: fill(own.signature),
  }
}

type Speech = ReturnType<typeof speechOf>

/** What it says, in its language. */
function speechOf(mail: InvitationMail) {
  const { language, content, company } = mail
  const say = (key: string, args: object = {}) => words(language, `invitation.${key}`, { company, ...args })
  const read = (text: Parameters<typeof inLanguage>[0]) => inLanguage(text, language, content, company)
  const { scale, lowLabel, highLabel } = content.score
  const end = (value: number, label: string) => words(language, 'answering.end', { value, label })
  return {
    say,
    ...wordsOf(mail),
    hint: words(language, 'answering.tap_a_number'),
    low: end(scale.min, read(lowLabel)),
    high: end(scale.max, read(highLabel)),
    values: valuesOf(content).map((value) => ({ value, label: labelOf(value, content, language, company) })),
    /** Three faces are words, which need no line about their ends. */
    named: content.score.look === 'faces' && scale.max - scale.min === 2,
  }
}

function textOf({ links, company, postalAddress }: InvitationMail, said: Speech): string {
  const { say, question, greeting, introduction, closing, signature, hint, low, high, values, named } = said
  const widest = named ? 0 : Math.max(...values.map(({ label }) => label.length))
  const lines = [
    greeting,
    introduction,
    '',
    question,
    '',
    ...(named ? [] : [`${low}, ${high}`]),
    hint,
    '',
    // In one column: an address may be as long as a line.
    ...values.map(({ value, label }) => `${label.padStart(widest)}  ${links.answer(value)}`),
    ...[closing, signature].flatMap((text) => (text ? ['', text] : [])),
    '',
    '-- ',
    say('why'),
    say('stop_text', { link: links.unsubscribe }),
    say('kept_link', { link: links.privacy }),
    company,
    ...(postalAddress ? [postalAddress] : []),
  ]
  return `${lines.join('\n')}\n`
}

function htmlOf(mail: InvitationMail, said: Speech): string {
  const { say, question } = said
  return frameMail({
    ...mail,
    logo: mail.logoUrl ? { url: mail.logoUrl, alt: say('logo') } : undefined,
    title: question,
    preheader: say('preheader'),
    body: bodyOf(mail, said),
    foot: footOf(mail, said),
  })
}

function bodyOf(mail: InvitationMail, said: Speech): Html {
  const { question, greeting, introduction, closing, signature, hint, low, high, values, named } = said
  const half = values.length > 7 ? Math.ceil(values.length / 2) : values.length
  const rows = [values.slice(0, half), values.slice(half)].filter((part) => part.length > 0)
  const ending = [closing, signature].filter((text) => text !== undefined)
  const title = raw('margin:0;font-size:24px;line-height:31px;font-weight:600')
  return html`
    ${mailRow('l-text', 'padding:0 24px;font-size:16px;line-height:25px', html`${greeting}<br>${linesOf(introduction)}`)}
    ${mailRow('l-text', 'padding:28px 24px 14px', html`<h1 style="${title}">${question}</h1>`)}
    ${mailRow(
      '',
      // The five numbers of a row need 284 px, as narrow as a mail is shown anywhere.
      'padding:0 0 0 24px',
      rows.map((part) => scaleOf(part, mail)),
    )}
    ${named ? '' : mailRow('l-quiet', 'padding:4px 24px 0;font-size:14px;line-height:22px', html`${low}, ${high}`)}
    ${mailRow('l-text', 'padding:22px 24px 36px;font-size:16px;line-height:25px', hint)}
    ${ending.map((text) => mailRow('l-text', 'padding:0 24px 24px;font-size:16px;line-height:25px', linesOf(text)))}`
}

/** Whoever wrote on two lines meant two lines. */
function linesOf(text: string): Html {
  return html`${text.split(/\r?\n/).map((line, place) => (place === 0 ? line : html`<br>${line}`))}`
}

type Value = { value: number; label: string }

function scaleOf(values: readonly Value[], { links }: InvitationMail): Html {
  const cell = raw('min-width:44px;height:44px;border-width:1px;border-style:solid;border-radius:7px')
  const link = ({ value, label }: Value) => {
    const padding = label.length > 2 ? 'padding:0 12px' : 'min-width:44px'
    const css = raw(
      `display:block;${padding};line-height:44px;${mailFont};font-size:16px;font-weight:500;text-decoration:none`,
    )
    return html`<td class="l-cell"${label.length > 2 ? '' : raw(' width="44"')} height="44" align="center" style="${cell}"><a class="l-number" href="${links.answer(value)}" style="${css}">${label}</a></td>`
  }
  return html`
    <table role="presentation" align="left" cellpadding="0" cellspacing="6" border="0" style="margin-left:-6px">
      <tr>${values.map(link)}</tr>
    </table>`
}

function footOf({ links, company, postalAddress }: InvitationMail, { say }: Speech): Html {
  return html`
    ${say('why')}<br>
    <a href="${links.unsubscribe}" style="display:inline-block;padding:11px 12px 11px 0">${say('stop')}</a>
    <a href="${links.privacy}" style="display:inline-block;padding:11px 0">${say('kept')}</a><br>
    ${company}${postalAddress ? html`<br>${linesOf(postalAddress)}` : ''}`
}
