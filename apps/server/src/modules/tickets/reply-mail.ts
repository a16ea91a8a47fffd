import type { Language } from '@lahko/contract/values'
import { html, raw } from '#platform/html.ts'
import { cutSubject, mailFont } from '#platform/mail/frame.ts'
import { localeOf, words } from '#platform/words.ts'
import { htmlOfPlain, htmlOfText, plainOfText } from './markup.ts'

/** What a reply is made of. Texts are as members write them; what is quoted is plain. */
export type ReplyParts = {
  language: Language
  timeZone: string
  text: string
  /** Empty: none. */
  signature: string
  /** The message above which the reply stands. */
  quoted?: { by: string; at: Date; text: string }
}

export const longestQuote = 20_000

/** A reply as a person would write it in a mail program: no frame, no logo, nothing that looks like a machine. */
export function writeReplyMail(parts: ReplyParts): { text: string; html: string } {
  return { text: textOf(parts), html: htmlOf(parts) }
}

/**
 * The subject that every mail of a ticket bears, so that mail programs keep them together.
 * @param first the subject of the ticket's first message
 */
export function subjectOfReply(first: string, number: number, isFirst: boolean): string {
  const bare = first
    .replaceAll(new RegExp(String.raw`\[#${number}\]`, 'g'), '')
    .replace(/^(?:\s*(?:re|aw|sv|vs|odg|antw)\s*(?:\[\d+\])?\s*:)+/i, '')
    .trim()
  return `${isFirst ? '' : 'Re: '}${cutSubject(bare || '…')} [#${number}]`
}

function textOf({ text, signature, quoted, ...reader }: ReplyParts): string {
  const quote = quoted && [introOf(quoted, reader), quotedLines(quoted.text)].join('\n')
  const all = [plainOfText(text), signature && `-- \n${plainOfText(signature)}`, quote]
  return `${all.filter(Boolean).join('\n\n')}\n`
}

function quotedLines(text: string): string {
  return cut(text)
    .split(/\r?\n/)
    .map((line) => (line.startsWith('>') || line === '' ? `>${line}` : `> ${line}`))
    .join('\n')
}

const style = raw(`${mailFont};font-size:15px;line-height:22px`)
export const quoteStyle = raw('margin:0;padding:0 0 0 12px;border-left-width:2px;border-left-style:solid')

function htmlOf({ text, signature, quoted, ...reader }: ReplyParts): string {
  const sign = signature ? html`<div class="l-quiet">--<br>${raw(htmlOfText(signature))}</div>` : ''
  const quote = quoted
    ? html`<div class="gmail_quote"><div class="l-quiet">${introOf(quoted, reader)}</div><blockquote class="l-line" style="${quoteStyle}">${raw(htmlOfPlain(cut(quoted.text)))}</blockquote></div>`
    : ''
  return mailPage(reader.language, html`${raw(htmlOfText(text))}${sign}${quote}`)
}

/** A mail as a document of its own. */
export function mailPage(language: Language, content: ReturnType<typeof html>): string {
  return String(
    html`<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark"><style>${raw(sheet)}</style></head><body><div style="${style}">${content}</div></body></html>`,
  )
}

/** Only what mail programs may leave out. */
const sheet = `:root{color-scheme:light dark}
.l-quiet{color:#63615c}
.l-line{border-color:#e7e6e2}
@media (prefers-color-scheme:dark){
.l-quiet{color:#b0ada8}
.l-line{border-color:#33312f}
}`

function introOf(
  { by, at }: { by: string; at: Date },
  { language, timeZone }: Pick<ReplyParts, 'language' | 'timeZone'>,
) {
  const format = new Intl.DateTimeFormat(localeOf[language], { dateStyle: 'long', timeStyle: 'short', timeZone })
  return words(language, 'replying.wrote', { at: format.format(at), by })
}

function cut(text: string): string {
  const short = text.trim()
  return short.length > longestQuote ? `${short.slice(0, longestQuote).toWellFormed()}…` : short
}
