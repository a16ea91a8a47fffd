import type { Language } from '@lahko/contract/values'
import { html, raw, type Html } from '#platform/html.ts'
import { cutSubject } from '#platform/mail/frame.ts'
import { localeOf, words } from '#platform/words.ts'
import { layoutOf, withLayout } from './forwarded-layout.ts'
import { htmlOfPlain, htmlOfText, plainOfText } from './markup.ts'
import { mailPage, quoteStyle } from './reply-mail.ts'
import type { AttachmentRow, MessageRow } from './ticket-messages.queries.ts'

/** What a forward is made of: what its writer says, and below it the messages, oldest first. */
export type ForwardParts = {
  language: Language
  timeZone: string
  text: string
  /** Empty: none. */
  signature: string
  messages: readonly MessageRow[]
  /** What is attached to them. */
  files: readonly AttachmentRow[]
}

const longestMessage = 200_000

/** What somebody outside reads: each message under a line that says what it is, as it looked where it fits. */
export function writeForwardMail(parts: ForwardParts): { text: string; html: string } {
  const { language, text, signature, messages } = parts
  const said = [plainOfText(text), signature && `-- \n${plainOfText(signature)}`]
  const plain = messages.map((message) => [...headOf(message, parts), '', bodyOf(message)].join('\n'))
  const sign = signature ? html`<div class="l-quiet">--<br>${raw(htmlOfText(signature))}</div>` : ''
  return {
    text: `${[...said, ...plain].filter(Boolean).join('\n\n')}\n`,
    html: mailPage(language, html`${raw(htmlOfText(text))}${sign}${shownOf(parts)}`),
  }
}

// As it was made to be read: many a mail has dark letters of its own, and would have them on a dark ground.
const paper = raw('background-color:#ffffff;color:#1b1a18;color-scheme:light')

function shownOf(parts: ForwardParts): Html[] {
  const withTheirs = withLayout(parts.messages)
  return parts.messages.map((message) => {
    const files = parts.files.filter(({ messageId }) => messageId === message.id)
    const body = withTheirs.has(message.id)
      ? html`<div style="${paper}">${raw(layoutOf(message.html!, files))}</div>`
      : raw(htmlOfPlain(bodyOf(message)))
    const head = raw(htmlOfPlain(headOf(message, parts).join('\n')))
    return html`<div class="gmail_quote"><br><div class="l-quiet gmail_attr">${head}</div><br><blockquote class="l-line" type="cite" style="${quoteStyle}">${body}</blockquote></div>`
  })
}

/** The subject of a forward; `Re:` where it answers somebody outside with their own message. */
export function subjectOfForward(subject: string, isAnswer: boolean): string {
  const bare = subject.replace(/^(?:\s*(?:re|aw|sv|vs|odg|antw|fwd?|wg|tr|posr)\s*:)+/i, '').trim()
  return `${isAnswer ? 'Re' : 'Fwd'}: ${cutSubject(bare || '…')}`
}

function headOf(message: MessageRow, { language, timeZone }: ForwardParts): string[] {
  const say = (key: string, args?: Record<string, string>) => words(language, `replying.${key}`, args)
  const at = new Intl.DateTimeFormat(localeOf[language], { dateStyle: 'long', timeStyle: 'short', timeZone })
  const named = ({ name, address }: { name: string; address: string }) => (name ? `${name} <${address}>` : address)
  const from = named({ name: message.from_name, address: message.from_address })
  const to = message.recipients.map(named).join(', ')
  return [
    `---------- ${say('forwarded')} ----------`,
    say('forwarded_from', { from }),
    say('forwarded_date', { at: at.format(message.at) }),
    ...(message.subject ? [say('forwarded_subject', { subject: message.subject })] : []),
    ...(to ? [say('forwarded_to', { to })] : []),
  ]
}

function bodyOf({ kind, text }: MessageRow): string {
  const said = (kind === 'message' ? text : plainOfText(text)).trim()
  return said.length > longestMessage ? `${said.slice(0, longestMessage).toWellFormed()}…` : said
}
