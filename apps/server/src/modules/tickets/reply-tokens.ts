import { createHmac, timingSafeEqual } from 'node:crypto'

// What lets an answer find its ticket, whoever sends it and whatever a mail program does to the subject. A token names
// one message of a ticket and is signed with the key of the mailbox (`mailboxes.reply_key`), so nobody else can make
// one. It stands in two places of a mail that goes out:
//   Message-ID: <TOKEN@example.com>            signedMessageId
//   Reply-To: support+TOKEN@example.com        replyAddress
// 40 characters of lower case, because some servers know no other: 16 bytes of id, 9 of HMAC-SHA-256, in base 32.

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567'
const tagBytes = 9
/** Of the part before the `@`, RFC 5321, 4.5.3.1.1. */
const longestName = 64

/** What a member writes with a token that they got: an answer to the customer, or a note. */
export type MemberWords = { memberId: string; as: 'reply' | 'note' }

/** A message that a mail answers, as a token says. */
export type NamedMessage = { messageId: string; tag: Buffer }

/**
 * The address at which an answer to a message arrives: `support+TOKEN@example.com`; the plain one where a token would
 * make it too long (more than 23 characters before the `@`).
 * @param address of the mailbox
 * @param key the mailbox's `reply_key`
 * @param messageId the id of the row in `ticket_messages`
 * @param by for a mail that goes to a member: what comes back with this token was written by them
 */
export function replyAddress(address: string, key: Buffer, messageId: string, by?: MemberWords): string {
  const at = address.lastIndexOf('@')
  const name = `${address.slice(0, at)}+${tokenOf(key, messageId, by)}`
  return name.length > longestName ? address : `${name}${address.slice(at)}`
}

/** The header Message-ID of a message that goes out, with its angle brackets. The parameters are `replyAddress`'s. */
export function signedMessageId(address: string, key: Buffer, messageId: string, by?: MemberWords): string {
  return `<${tokenOf(key, messageId, by)}${address.slice(address.lastIndexOf('@'))}>`
}

/**
 * What the addresses and Message-IDs of a mail name, in their order; nothing of it is proven yet.
 * @param texts values of headers, such as To, Delivered-To, In-Reply-To and References
 */
export function messagesNamedIn(texts: readonly string[]): NamedMessage[] {
  const found = texts.flatMap((text) => [...text.matchAll(/(?<![a-z0-9])([a-z2-7]{40})@/gi)].map(([, token]) => token!))
  return [...new Set(found.map((token) => token.toLowerCase()))].slice(0, 50).map(readToken)
}

/** An address as it is without its token. */
export function withoutToken(address: string): string {
  return address.replace(/\+[a-z2-7]{40}@/i, '@')
}

/**
 * Whether whoever names a message had the token from us.
 * @param by asks whether it is the token that this member got, for these words
 */
export function isSigned({ messageId, tag }: NamedMessage, key: Buffer, by?: MemberWords): boolean {
  return timingSafeEqual(tag, tagOf(key, messageId, by))
}

function tokenOf(key: Buffer, messageId: string, by?: MemberWords): string {
  return base32(Buffer.concat([bytesOf(messageId), tagOf(key, messageId, by)]))
}

function tagOf(key: Buffer, messageId: string, by?: MemberWords): Buffer {
  const purpose = by === undefined ? 'answer to a customer ' : `${by.as} by member ${by.memberId} `
  return createHmac('sha256', key).update(purpose).update(bytesOf(messageId)).digest().subarray(0, tagBytes)
}

function readToken(token: string): NamedMessage {
  const bits = [...token].map((one) => alphabet.indexOf(one).toString(2).padStart(5, '0')).join('')
  const bytes = Buffer.from(bits.match(/.{8}/g)!.map((eight) => Number.parseInt(eight, 2)))
  const hex = bytes.subarray(0, 16).toString('hex')
  const messageId = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
  return { messageId, tag: bytes.subarray(16) }
}

function bytesOf(id: string): Buffer {
  return Buffer.from(id.replaceAll('-', ''), 'hex')
}

function base32(bytes: Buffer): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  return bits
    .match(/.{5}/g)!
    .map((five) => alphabet[Number.parseInt(five, 2)])
    .join('')
}
