import type { Email } from 'postal-mime'

/** A message as it can be judged. Nothing in it has control characters but line ends in texts. */
export type ReadMail = {
  /** The first header of a name, decoded, on one line; empty without it. */
  header(name: string): string
  /** In lower case; empty when there is none. */
  sender: string
  subject: string
  /** What a person reads, as plain text. */
  text: string
  /** Parts that programs read, by their type in lower case. */
  reports: { type: string; text: string }[]
}

const longestHeader = 1_000
const longestText = 50_000
const reportTypes =
  /^(message\/(global-)?(delivery-status|disposition-notification)|message\/feedback-report|text\/rfc822-headers)$/

/** Reports and what people write stand at the beginning; what follows is what they attach, or a flood. */
const mostBytes = 262_144
const mostLines = 20_000

/** Takes a message apart, as far as its beginning goes. @throws when its parts are nested too deeply */
export async function readMail(raw: Buffer): Promise<ReadMail> {
  const { default: PostalMime } = await import('postal-mime')
  const mail = await PostalMime.parse(beginningOf(raw), { forceRfc822Attachments: true, maxNestingDepth: 20 })
  const headers = new Map<string, string>()
  for (const { key, value } of mail.headers) if (!headers.has(key)) headers.set(key, oneLine(value))
  return {
    header: (name) => headers.get(name.toLowerCase()) ?? '',
    sender: oneLine(mail.from?.address ?? '').toLowerCase(),
    subject: oneLine(mail.subject ?? ''),
    text: await textOf(mail),
    reports: mail.attachments
      .filter(({ mimeType }) => reportTypes.test(mimeType.toLowerCase()))
      .map(({ mimeType, content }) => ({ type: mimeType.toLowerCase(), text: readContent(content) })),
  }
}

function beginningOf(raw: Buffer): Buffer {
  let end = 0
  for (let lines = 0; lines < mostLines; lines++) {
    const next = raw.indexOf(10, end)
    if (next < 0) return raw.subarray(0, mostBytes)
    end = next + 1
  }
  return raw.subarray(0, Math.min(end, mostBytes))
}

/** A header's value without anything that could begin another line or change a terminal. */
export function oneLine(value: string): string {
  return value
    .replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .trim()
    .slice(0, longestHeader)
    .toWellFormed()
}

async function textOf({ text, html }: Email): Promise<string> {
  const read = text?.trim() ? text : html === undefined ? '' : await fromHtml(html)
  return cleanText(read)
}

/** Lines of text without any other control character: a database refuses NUL, a terminal obeys others. */
function cleanText(text: string): string {
  return text
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/[^\P{Cc}\n]/gu, ' ')
    .slice(0, longestText)
    .toWellFormed()
}

async function fromHtml(html: string): Promise<string> {
  const { htmlToText } = await import('html-to-text')
  return htmlToText(html.slice(0, 4 * longestText), {
    wordwrap: false,
    limits: { maxDepth: 50, maxInputLength: 4 * longestText },
    selectors: [
      { selector: 'img', format: 'skip' },
      { selector: 'a', options: { ignoreHref: true } },
      { selector: '.gmail_quote', format: 'skip' },
    ],
  })
}

function readContent(content: ArrayBuffer | Uint8Array | string): string {
  const text = typeof content === 'string' ? content : new TextDecoder().decode(content)
  return cleanText(text)
}
