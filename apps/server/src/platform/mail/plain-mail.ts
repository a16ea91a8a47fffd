import type { Language } from '@lahko/contract/values'
import { html, raw, type Html } from '../html.ts'
import { cutSubject, frameMail, mailFont, mailRow, type WrittenMail } from './frame.ts'

/** A mail that says something and offers at most one thing to do. */
export type PlainMail = {
  language: Language
  company: string
  /** `#rrggbb` */
  colour: string
  subject: string
  /** A line above everything else. */
  lead?: string
  heading: string
  paragraphs: readonly string[]
  /** What words alone do not say, such as a chart: rows of the frame's table, and the same as text. */
  figure?: MailFigure
  button?: { label: string; url: string }
  /** Small print, a line each: why this mail came, and what to do when it should not have. */
  footer: readonly string[]
}

export type MailFigure = { html: Html; text: string }

/** The same in both parts, text and HTML. */
export function writePlainMail(mail: PlainMail): WrittenMail {
  return {
    subject: cutSubject(mail.subject),
    text: textOf(mail),
    html: htmlOf(mail),
    headers: { 'Auto-Submitted': 'auto-generated' },
  }
}

function textOf({ lead, heading, paragraphs, figure, button, footer, company }: PlainMail): string {
  const parts = [
    ...(lead === undefined ? [] : [lead]),
    heading,
    ...paragraphs,
    ...(figure ? [figure.text] : []),
    ...(button ? [`${button.label}:\n${button.url}`] : []),
  ]
  return `${parts.join('\n\n')}\n\n-- \n${[...footer, company].join('\n')}\n`
}

function htmlOf(mail: PlainMail): string {
  const title = raw('margin:0;font-size:24px;line-height:31px;font-weight:600')
  const text = (paragraph: string) =>
    mailRow('l-text', 'padding:14px 24px 0;font-size:16px;line-height:25px', paragraph)
  return frameMail({
    ...mail,
    title: mail.heading,
    preheader: mail.paragraphs[0] ?? '',
    body: html`
      ${mailRow('l-text', 'padding:0 24px', html`<h1 style="${title}">${mail.heading}</h1>`)}
      ${mail.paragraphs.map(text)}
      ${mail.figure?.html ?? ''}
      ${mailRow('', 'padding:22px 24px 36px', mail.button ? buttonOf(mail.button) : '')}`,
    foot: html`${mail.footer.map((line) => html`${line}<br>`)}${mail.company}`,
  })
}

function buttonOf({ label, url }: { label: string; url: string }) {
  const cell = raw('height:44px;border-width:1px;border-style:solid;border-radius:7px')
  const link = raw(
    `display:block;padding:0 18px;line-height:44px;${mailFont};font-size:16px;font-weight:600;text-decoration:none`,
  )
  return html`
    <table role="presentation" align="left" cellpadding="0" cellspacing="0" border="0">
      <tr><td class="l-cell" height="44" align="center" style="${cell}"><a class="l-number" href="${url}" style="${link}">${label}</a></td></tr>
    </table>`
}
