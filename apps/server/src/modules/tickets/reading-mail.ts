import type { MailAddress } from '@lahko/contract/tickets'
import type { Address, Attachment, Email } from 'postal-mime'
import { isByProgram, isWithoutSender, wantsNoAnswer } from '#platform/mail/receiving/auto-replies.ts'
import { cardHtml, invitationCard } from './calendar-cards.ts'
import { decodeText, endOfHeaders } from './charsets.ts'
import { readHtml } from './cleaning-html.ts'
import { contentIdsIn } from './content-ids.ts'
import { takeDataPictures, type DataPicture } from './data-pictures.ts'
import { mailParts } from './mail-parts.ts'

export type MailFile = { name: string; mediaType: string; content: Buffer; contentId?: string }

/** A mail as it becomes a message of a ticket. No header in it has a control character; its HTML is clean. */
export type TicketMail = {
  from: MailAddress
  /** To whom an answer should go, where the mail says so. */
  replyTo?: MailAddress
  to: MailAddress[]
  cc: MailAddress[]
  subject: string
  /** All that a person reads, as plain text. */
  text: string
  html?: string
  files: MailFile[]
  /** Not all of it is here. */
  cut: boolean
  /** With the angle brackets. */
  messageId: string | null
  inReplyTo: string | null
  /** Oldest first, the first and the last ones of many. */
  references: string[]
  /** A program wrote it: it changes nothing. */
  automatic: boolean
  /** It came by a list or a service, and a person may have written it: no program answers it. */
  bulk: boolean
  /** It is signed or encrypted as a whole. */
  sealed?: 'signed' | 'encrypted'
  /** The first header of a name, decoded, on one line; empty without it. */
  header(name: string): string
  /** All headers of a name, the topmost first. */
  headers(name: string): string[]
}

const longestSubject = 500
const longestName = 120
const longestAddress = 254
const longestText = 500_000
const mostAddresses = 100
const mostReferences = 50
const mostFiles = 200

/** Takes a mail apart for a ticket. @throws when its parts are nested too deeply */
export async function readTicketMail(raw: Buffer): Promise<TicketMail> {
  const mail = await mailParts(raw)
  const headers = mail.headers.map(({ key, value }) => ({ key, value: oneLine(value) }))
  const all = (name: string) => headers.filter(({ key }) => key === name.toLowerCase()).map(({ value }) => value)
  const header = (name: string) => all(name)[0] ?? ''
  const { html: written, pictures } = takeDataPictures(mail.html ?? '')
  const read = readHtml(written)
  const subject = oneLine(decodedOr(mail.subject ?? '', header('subject')), longestSubject)
  const files = filesOf(mail, pictures, read.html)
  const cards = cardsIn(mail)
  const told = textOf(mail, cards, read.text)
  // Where nothing could be told apart, what stands there is shown.
  const text = told === '' && read.html === '' && files.length === 0 ? bodyOf(raw) : told
  return {
    from: addressesOf(mail.from ? [mail.from] : [])[0] ?? { name: '', address: '' },
    replyTo: addressesOf(mail.replyTo)[0],
    to: addressesOf(mail.to),
    cc: addressesOf(mail.cc),
    subject,
    text: text.slice(0, longestText).toWellFormed().trim(),
    ...(read.html !== '' && { html: cards.map(cardHtml).join('') + read.html }),
    files: files.slice(0, mostFiles),
    cut: read.cut || text.length > longestText || files.length > mostFiles,
    messageId: idsIn(header('message-id'))[0] ?? null,
    inReplyTo: idsIn(header('in-reply-to'))[0] ?? null,
    references: referencesOf(header('references')),
    automatic: isByProgram({ header, subject }) || isWithoutSender({ header }),
    bulk: isBulk(header),
    sealed: sealOf(header('content-type'), mail.text ?? ''),
    header,
    headers: all,
  }
}

/** A header's value without anything that could begin another line, change a terminal, or turn the order of letters. */
function oneLine(value: string, longest?: number): string {
  return value
    .replaceAll(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, longest)
    .toWellFormed()
}

/** Words that are encoded wrongly are better as they stand there. */
function decodedOr(decoded: string, given: string): string {
  return decoded.includes('\ufffd') && !given.includes('\ufffd') ? given : decoded
}

function bodyOf(raw: Buffer): string {
  const body = raw.subarray(endOfHeaders(raw))
  return cleanText(decodeText(body))
}

function addressesOf(given: readonly Address[] = []): MailAddress[] {
  return given
    .flatMap((one) => (one.group ? one.group : [one]))
    .map(({ name, address }) => ({
      name: oneLine(name, longestName),
      address: oneLine(address ?? '', longestAddress).toLowerCase(),
    }))
    .filter(({ name, address }) => name !== '' || address !== '')
    .slice(0, mostAddresses)
}

/** Ids as RFC 5322 has them; some programs forget the brackets of a single one. */
function idsIn(value: string): string[] {
  const ids = value.match(/<[^<>\s]{1,900}>/g)
  if (ids) return ids
  return /^[^<>\s]{1,900}@[^<>\s]{1,300}$/.test(value) ? [`<${value}>`] : []
}

function referencesOf(value: string): string[] {
  const ids = idsIn(value)
  return ids.length <= mostReferences ? ids : [ids[0]!, ...ids.slice(1 - mostReferences)]
}

/** What invites, each once: many programs send it as a part and as a file. */
function cardsIn({ attachments }: Email): string[] {
  const cards = attachments.filter(isInvitation).flatMap((part) => invitationCard(decoded(part)) ?? [])
  return [...new Set(cards.map(cleanText))]
}

/** Cards stand first: what is quoted at the end is folded. */
function textOf(mail: Email, cards: readonly string[], textOfHtml: () => string): string {
  const written = mail.text?.trim() ? mail.text : textOfHtml()
  return [...cards, cleanText(written)].filter((part) => part !== '').join('\n\n')
}

/** Lines of text without any other control character: a database refuses NUL, a terminal obeys others. */
function cleanText(text: string): string {
  return text
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/[^\P{Cc}\n\t]/gu, ' ')
    .replaceAll(/[\u202a-\u202e\u2066-\u2069]/g, '')
    .trim()
}

/** What nobody names stands in no text: many programs give a name to every file. */
function filesOf({ attachments }: Email, pictures: readonly DataPicture[], html: string): MailFile[] {
  const named = contentIdsIn(html)
  const once = attachments.filter((part) => !isRepeated(part, attachments))
  return [...once, ...pictures.map(partOf)].map((part, index) => {
    const mediaType = /^[\w.+-]+\/[\w.+-]+$/.test(part.mimeType) ? part.mimeType : 'application/octet-stream'
    const contentId = oneLine(part.contentId ?? '', 300).replaceAll(/[<>]/g, '')
    return {
      name: nameOf(part, index),
      mediaType,
      content: bytesOf(part),
      ...(named.has(contentId) && { contentId }),
    }
  })
}

/** An invitation that stands there as a file with a name too. */
function isRepeated(part: Attachment, all: readonly Attachment[]): boolean {
  if (!isInvitation(part) || part.filename) return false
  return all.some((other) => other.filename && isInvitation(other) && bytesOf(other).equals(bytesOf(part)))
}

function partOf({ mediaType, content, contentId }: DataPicture): Attachment {
  return { filename: null, mimeType: mediaType, disposition: 'inline', contentId, content }
}

const endings: Record<string, string> = {
  'message/rfc822': 'eml',
  'text/calendar': 'ics',
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/gif': 'gif',
  'image/webp': 'webp',
  'application/pdf': 'pdf',
  'application/pgp-signature': 'asc',
  'application/pkcs7-signature': 'p7s',
  'text/rfc822-headers': 'txt',
  'message/delivery-status': 'txt',
}

function nameOf(part: Attachment, index: number): string {
  const given = oneLine(part.filename ?? '', 300)
    .replaceAll(/[/\\]/g, '_')
    .replace(/^\.+/, '')
    .trim()
  if (given !== '') return given.length <= 200 ? given : given.slice(0, 160) + given.slice(-40)
  const subject = part.mimeType === 'message/rfc822' ? subjectIn(bytesOf(part)) : ''
  const ending = endings[part.mimeType] ?? 'bin'
  return `${subject.replaceAll(/[/\\]/g, '_').slice(0, 150) || `${index + 1}`}.${ending}`
}

function subjectIn(raw: Buffer): string {
  const head = raw
    .subarray(0, 8_192)
    .toString('utf8')
    .replaceAll(/\r?\n[ \t]+/g, ' ')
  const value = /^subject:(.*)$/im.exec(head)?.[1] ?? ''
  return value.includes('=?') ? '' : oneLine(value, 150)
}

function bytesOf({ content }: Attachment): Buffer {
  return typeof content === 'string' ? Buffer.from(content) : Buffer.from(content as ArrayBuffer)
}

function decoded(part: Attachment): string {
  return new TextDecoder().decode(bytesOf(part))
}

function isInvitation({ mimeType, filename }: Attachment): boolean {
  return mimeType === 'text/calendar' || mimeType === 'application/ics' || /\.ics$/i.test(filename ?? '')
}

/** What a group, a newsletter or a sending service adds, also to what people write by it. */
function isBulk(header: (name: string) => string): boolean {
  return (
    wantsNoAnswer({ header }) ||
    /^list$/i.test(header('precedence')) ||
    ['list-id', 'list-unsubscribe', 'x-loop', 'feedback-id'].some((name) => header(name) !== '')
  )
}

function sealOf(contentType: string, text: string): TicketMail['sealed'] {
  const type = contentType.toLowerCase()
  if (type.startsWith('multipart/encrypted') || text.includes('-----BEGIN PGP MESSAGE-----')) return 'encrypted'
  if (/^application\/(x-)?pkcs7-mime/.test(type)) return type.includes('signed-data') ? 'signed' : 'encrypted'
  return type.startsWith('multipart/signed') || text.includes('-----BEGIN PGP SIGNED MESSAGE-----')
    ? 'signed'
    : undefined
}
