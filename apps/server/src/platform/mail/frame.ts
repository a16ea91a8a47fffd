import type { Language } from '@lahko/contract/values'
import { html, raw, safeUrl, type Html } from '../html.ts'

/** A mail as it is written. */
export type WrittenMail = { subject: string; text: string; html: string; headers: Record<string, string> }

/** What every mail of a company has around its own rows. */
export type MailFrame = {
  language: Language
  title: string
  /** A line above the company's name. */
  lead?: string
  /** What mail programs show beside the subject. */
  preheader: string
  company: string
  /** `#rrggbb` */
  colour: string
  /** An address over HTTPS that is the same for everyone. The mail is whole without it. */
  logo?: { url: string; alt: string }
  /** Rows of a table. */
  body: Html
  /** Small print below a line. */
  foot: Html
}

/** For every element with text: mail programs hand no font down. */
export const mailFont = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif"
const table = raw('role="presentation" cellpadding="0" cellspacing="0" border="0"')
const longestSubject = 150

/** Colours stand here alone, so that a dark mail is dark as a whole. */
const style = `
:root{color-scheme:light dark}
.l-paper{background-color:#ffffff}
.l-text,.l-number{color:#1a1917}
.l-quiet,.l-quiet a{color:#63615c}
.l-cell{border-color:#7f7d77}
.l-line{border-color:#e7e6e2}
@media (prefers-color-scheme:dark){
.l-paper{background-color:#191816}
.l-text,.l-number{color:#ebe9e6}
.l-quiet,.l-quiet a{color:#b0ada8}
.l-cell{border-color:#8a8781}
.l-line{border-color:#33312f}
}`

/** A subject that fits the lists of mail programs. */
export function cutSubject(subject: string): string {
  return subject.length > longestSubject ? `${subject.slice(0, longestSubject - 1).toWellFormed()}…` : subject
}

/** A whole mail: the company's name, what it says, and small print. */
export function frameMail(frame: MailFrame): string {
  return String(html`<!doctype html>
    <html lang="${frame.language}">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta name="supported-color-schemes" content="light dark">
        <title>${frame.title}</title>
        <style>${raw(style)}</style>
      </head>
      <body class="l-paper" style="margin:0;padding:0">
        <div style="display:none;max-height:0;overflow:hidden">${frame.preheader}</div>
        <div role="main">
          <table ${table} class="l-paper" width="100%">
            <tr>
              <td align="center">
                <table ${table} width="100%" style="max-width:600px">
                  ${frame.lead === undefined ? '' : mailRow('l-quiet', 'padding:12px 24px 0;font-size:14px;line-height:20px', frame.lead)}
                  ${headOf(frame)}
                  ${frame.body}
                  ${footOf(frame)}
                </table>
              </td>
            </tr>
          </table>
        </div>
      </body>
    </html>`)
}

/** One row of the body. @param css declarations of our own */
export function mailRow(kind: 'l-text' | 'l-quiet' | '', css: string, content: unknown): Html {
  const name = kind === '' ? '' : raw(` class="${kind}"`)
  return html`<tr><td${name} style="${raw(`${css};${mailFont}`)}">${content}</td></tr>`
}

function headOf({ company, colour, logo }: MailFrame): Html {
  const square = raw(
    `display:inline-block;width:12px;height:12px;margin-right:8px;border-radius:3px;background-color:${colour}`,
  )
  // On white in the dark too: most logos are drawn for paper.
  const picture = raw(
    'height:32px;margin-right:10px;padding:2px;border-radius:4px;vertical-align:middle;background-color:#ffffff',
  )
  const mark = logo
    ? html`<img src="${safeUrl(logo.url)}" alt="${logo.alt}" height="32" style="${picture}">`
    : html`<span style="${square}"></span>`
  return mailRow(
    'l-text',
    'padding:32px 24px 28px;font-size:16px;line-height:24px;font-weight:600',
    html`${mark}${company}`,
  )
}

function footOf({ foot }: MailFrame): Html {
  const text = raw(`padding-top:18px;${mailFont};font-size:14px;line-height:22px`)
  return html`
    <tr>
      <td style="padding:0 24px 40px">
        <table ${table} class="l-line" width="100%" style="border-top-width:1px;border-top-style:solid">
          <tr><td class="l-quiet" style="${text}">${foot}</td></tr>
        </table>
      </td>
    </tr>`
}
