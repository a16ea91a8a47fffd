import type { Language } from '@lahko/contract/values'
import { html, raw } from '#platform/html.ts'
import { cutSubject } from '#platform/mail/frame.ts'
import { localeOf, words } from '#platform/words.ts'
import { htmlOfPlain, htmlOfText, plainOfText } from './markup.ts'
import { mailPage } from './reply-mail.ts'
import type { MessageRow } from './ticket-messages.queries.ts'

/** What a forward is made of: what its writer says, and below it the messages, oldest first. */
export type ForwardParts = {
  language: Language
  timeZone: string
  text: string
  /** Empty: none. */
  signature: string
  messages: readonly MessageRow[]
}

const longestMessage = 200_000

/** What somebody outside reads, each message under a line that says what it is. */
export function writeForwardMail(parts: ForwardParts): { text: string; html: string } {
  const { language, text, signature, messages } = parts
  const said = [plainOfText(text), signature && `-- \n${plainOfText(signature)}`]
  const plain = messages.map((message) => [...headOf(message, parts), '', bodyOf(message)].join('\n'))
  const sign = signature ? html`<div class="l-quiet">--<br>${raw(htmlOfText(signature))}</div>` : ''
  const shown = messages.map(
    (message) =>
      html`<div><br><div class="l-quiet">${raw(htmlOfPlain(headOf(message, parts).join('\n')))}</div><br>${raw(htmlOfPlain(bodyOf(message)))}</div>`,
  )
  return {
    text: `${[...said, ...plain].filter(Boolean).join('\n\n')}\n`,
    html: mailPage(language, html`${raw(htmlOfText(text))}${sign}${shown}`),
  }
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
