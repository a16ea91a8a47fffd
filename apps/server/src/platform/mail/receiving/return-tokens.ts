import { createHmac, timingSafeEqual } from 'node:crypto'

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567'
const tagBytes = 10

/** The longest part before the `@` that leaves room for `+` and a token in the 64 that RFC 5321 allows. */
export const longestReturnName = 21

/** The address to which one mail comes back: `feedback+TOKEN@example.com`. @param key the workspace's */
export function returnAddress(address: string, key: Buffer, mailId: string): string {
  const at = address.lastIndexOf('@')
  return `${address.slice(0, at)}+${tokenOf(key, mailId)}${address.slice(at)}`
}

/** Names a mail, 42 characters in lower case, because some servers know no other; nobody else can make one. */
function tokenOf(key: Buffer, mailId: string): string {
  const id = Buffer.from(mailId.replaceAll('-', ''), 'hex')
  return base32(Buffer.concat([id, tagOf(key, id)]))
}

function tagOf(key: Buffer, id: Buffer): Buffer {
  return createHmac('sha256', key).update('returned mail ').update(id).digest().subarray(0, tagBytes)
}

/** A mail that somebody says a message is about, and the proof; without one the id itself must be known. */
export type NamedMail = { id: string; tag?: Buffer }

/** Whether whoever named a mail by a token had it from us. */
export function isProven({ id, tag }: NamedMail, key: Buffer): boolean {
  return tag === undefined || timingSafeEqual(tag, tagOf(key, Buffer.from(id.replaceAll('-', ''), 'hex')))
}

const token = /\+([a-z2-7]{42})@/gi
const messageId = /<([0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})@[^<>\s]+>/gi
const mostNamed = 20
/** The headers of what came back stand within the first part of it. */
const looksAt = 262_144

/**
 * The mails that a message names: by a token in any address, also one in the headers that a bounce brings back, else
 * by a Message-ID.
 */
export function mailsNamedIn(raw: Buffer): NamedMail[] {
  const text = raw.subarray(0, looksAt).toString('latin1')
  const byToken = [...text.matchAll(token)].map(([, given]) => readToken(given!))
  const byId = [...text.matchAll(messageId)].map(([, id]) => ({ id: id!.toLowerCase() }))
  const seen = new Set<string>()
  return [...byToken, ...byId]
    .filter(({ id, tag }: NamedMail) => {
      const name = `${id} ${tag?.toString('hex')}`
      return !seen.has(name) && seen.add(name)
    })
    .slice(0, mostNamed)
}

function readToken(text: string): NamedMail {
  const bytes = fromBase32(text.toLowerCase())
  const hex = bytes.subarray(0, 16).toString('hex')
  const id = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
  return { id, tag: bytes.subarray(16, 16 + tagBytes) }
}

function base32(bytes: Buffer): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  return (bits.match(/.{1,5}/g) ?? []).map((five) => alphabet[Number.parseInt(five.padEnd(5, '0'), 2)]).join('')
}

function fromBase32(text: string): Buffer {
  const bits = [...text].map((one) => alphabet.indexOf(one).toString(2).padStart(5, '0')).join('')
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((eight) => Number.parseInt(eight, 2)))
}
