import { isAscii } from 'node:buffer'
import iconv from 'iconv-lite'

const fatal = { fatal: true }
/** Decoders that refuse what is not theirs. */
const strict = { 'utf-8': new TextDecoder('utf-8', fatal), 'iso-2022-jp': new TextDecoder('iso-2022-jp', fatal) }

/**
 * The charset of bytes whose label says nothing or cannot be true: UTF-8 where it is that, else what Central Europe,
 * Western Europe or a Cyrillic alphabet would have written.
 * @returns a label that `TextDecoder` knows
 */
export function guessCharset(bytes: Uint8Array): string {
  if (bytes.includes(0x1b) && decodes('iso-2022-jp', bytes)) return 'iso-2022-jp'
  if (decodes('utf-8', bytes)) return 'utf-8'
  const counts = countHigh(bytes)
  // Nothing but Cyrillic has most of its letters up there.
  if (counts.letters > counts.low) return counts.koi > counts.windows ? 'koi8-r' : 'windows-1251'
  if (counts.latin2 > 0 && counts.controls === 0) return 'iso-8859-2'
  return counts.central > counts.western ? 'windows-1250' : 'windows-1252'
}

function decodes(label: keyof typeof strict, bytes: Uint8Array): boolean {
  try {
    strict[label].decode(bytes)
    return true
  } catch {
    return false
  }
}

// š, ž, Š, Ž of ISO 8859-2 are signs in the Windows charsets, which have their own in a range that ISO leaves empty.
const latin2 = new Set([0xb9, 0xbe, 0xa9, 0xae])
// č, Č, ć, ď, ě, ř, ů, ł, ą, ę, ő, ű as windows-1250 has them, and what the same bytes are in windows-1252: è È æ ï ì ø ù ³ ¹ ê õ û
const central = new Set([0xe8, 0xc8, 0xef, 0xec, 0xb3, 0xea, 0xf5, 0xfb])
const western = new Set([0xe9, 0xe0, 0xe5, 0xc5, 0xe6, 0xc6, 0xf8, 0xd8, 0xe7, 0xf1, 0xe2, 0xee, 0xf4])

function countHigh(bytes: Uint8Array) {
  const counts = { letters: 0, low: 0, latin2: 0, controls: 0, central: 0, western: 0, koi: 0, windows: 0 }
  bytes.forEach((byte, index) => {
    if ((byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a)) counts.low++
    if (byte >= 0xc0) counts.letters++
    // Small letters are the common ones: KOI8-R has them below the capitals, windows-1251 above.
    if (byte >= 0xc0 && byte <= 0xdf) counts.koi++
    if (byte >= 0xe0) counts.windows++
    if (byte >= 0x80 && byte <= 0x9f) counts.controls++
    if (latin2.has(byte) && isLetter(bytes[index + 1])) counts.latin2++
    if (central.has(byte)) counts.central++
    if (western.has(byte)) counts.western++
    // š, ž, Š, Ž are the same in both.
    if (byte === 0x9a || byte === 0x9e || byte === 0x8a || byte === 0x8e) counts.central += 0.5
  })
  return counts
}

function isLetter(byte: number | undefined): boolean {
  return byte !== undefined && (((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a) || byte >= 0xc0)
}

/** The headers of a mail, written as UTF-8 where no decoder of mails would read them; the rest stays. */
export function mendHeaders(raw: Buffer): Buffer {
  const end = endOfHeaders(raw)
  const head = raw.subarray(0, end)
  const mended = mendWords(mendBytes(head))
  return mended === head ? raw : Buffer.concat([mended, raw.subarray(end)])
}

function mendBytes(head: Buffer): Buffer {
  if (isAscii(head) || decodes('utf-8', head)) return head
  const lines = head.toString('latin1').split('\n')
  return Buffer.from(lines.map((line) => decodeText(Buffer.from(line, 'latin1'))).join('\n'))
}

const encodedWord = /=\?([^?*\s]{1,40})(?:\*[^?\s]{0,40})?\?([bq])\?([^?\s]{0,2000})\?=/gi

/** Encoded words (RFC 2047) in a charset that is unknown elsewhere, or of UTF-8 that claims to be another. */
function mendWords(head: Buffer): Buffer {
  if (!head.includes('=?')) return head
  const given = head.toString('latin1')
  const mended = given.replaceAll(encodedWord, (word, label: string, encoding: string, value: string) => {
    const bytes = encoding.toLowerCase() === 'b' ? Buffer.from(value, 'base64') : bytesOfQ(value)
    if (isOfBrowsers(label.toLowerCase()) && !isDisguised(bytes, plainLabel(label))) return word
    return `=?utf-8?B?${Buffer.from(decodeText(bytes, label)).toString('base64')}?=`
  })
  return mended === given ? head : Buffer.from(mended, 'latin1')
}

function bytesOfQ(value: string): Buffer {
  const text = value.replaceAll('_', ' ')
  const plain = text.replaceAll(/=([0-9a-f]{2})/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16)))
  return Buffer.from(plain, 'latin1')
}

/** Where the empty line begins that ends the headers. */
export function endOfHeaders(raw: Buffer): number {
  const ends = [raw.indexOf('\n\n'), raw.indexOf('\n\r\n')].filter((at) => at >= 0)
  return ends.length === 0 ? raw.length : Math.min(...ends)
}

/** Bytes as text, in the charset that they are in, whatever their label says. */
export function decodeText(bytes: Uint8Array, declared?: string): string {
  const label = charsetOf(bytes, declared)
  // Half a sign at the end comes from a line feed of one byte that somebody added.
  const whole = label.startsWith('utf-16') ? bytes.subarray(0, bytes.length - (bytes.length % 2)) : bytes
  return isOfBrowsers(label) ? new TextDecoder(label).decode(whole) : iconv.decode(Buffer.from(whole), label)
}

/**
 * The charset in which a text is to be read: one that `TextDecoder` or `iconv-lite` knows.
 * @param declared as it stands in Content-Type, if it does
 */
export function charsetOf(bytes: Uint8Array, declared?: string): string {
  const label = plainLabel(declared)
  if (!isKnown(label)) return guessCharset(bytes)
  if (/^utf-?16/.test(label)) return utf16Of(bytes, label)
  if (/^utf-?8$/.test(label) && !decodes('utf-8', bytes)) return cutsOff(bytes) ? label : guessCharset(bytes)
  return isDisguised(bytes, label) ? 'utf-8' : label
}

/** Other names of charsets than those that decoders know. */
const namedOtherwise: [RegExp, string][] = [
  [/^utf-?8mb[34]$/, 'utf-8'],
  [/^(?:iso)?[-_ ]?8859[-_ ]?(\d{1,2})$/, 'iso-8859-$1'],
  [/^win(?:dows)?[-_ ]?(125\d|874)$/, 'windows-$1'],
  [/^uhc$/, 'euc-kr'],
  [/^(?:x-)?mac-?(?:os)?-?roman$/, 'macintosh'],
]
/** Most that say so write what their system has; to `iconv-lite` some are encodings of bytes. */
const saysNothing = /^$|^(us-)?ascii$|^ansi_x3|^unknown|^x-unknown|^8bit$|^default$|^binary$|^base64$|^hex$/

function plainLabel(declared = ''): string {
  const label = declared.trim().toLowerCase()
  const [pattern, name] = namedOtherwise.find(([one]) => one.test(label)) ?? []
  return pattern ? label.replace(pattern, name!) : label
}

function isKnown(label: string): boolean {
  return !saysNothing.test(label) && (isOfBrowsers(label) || iconv.encodingExists(label))
}

const ofBrowsers = new Map<string, boolean>()

/** Whether `TextDecoder` knows it: trying costs more than most texts, and a mail may do it thousands of times. */
function isOfBrowsers(label: string): boolean {
  const known = ofBrowsers.get(label) ?? canDecode(label)
  if (ofBrowsers.size < 1_000) ofBrowsers.set(label, known)
  return known
}

function canDecode(label: string): boolean {
  try {
    return new TextDecoder(label).encoding !== ''
  } catch {
    return false
  }
}

/** UTF-8 that claims to be of one byte a letter: hardly anybody writes what its letters would be there. */
function isDisguised(bytes: Uint8Array, label: string): boolean {
  if (!/^(iso-?8859-?(1|2|15)|latin-?[129]|windows-125[02]|(x-)?cp-?125[02])$/.test(label)) return false
  return !isAscii(bytes) && decodes('utf-8', bytes) && /[^\P{L}\0-\x7f]/u.test(strict['utf-8'].decode(bytes))
}

/** By the mark at its beginning, else by where the empty halves of letters are. */
function utf16Of(bytes: Uint8Array, label: string): string {
  const [first, second] = bytes
  if (first === 0xfe && second === 0xff) return 'utf-16be'
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  const sample = bytes.subarray(0, 2_000)
  if (isAscii(bytes) && !bytes.includes(0)) return 'utf-8'
  const empty = (odd: number) => sample.filter((byte, index) => byte === 0 && index % 2 === odd).length
  if (empty(0) === empty(1)) return label.endsWith('be') ? 'utf-16be' : 'utf-16le'
  return empty(0) > empty(1) ? 'utf-16be' : 'utf-16le'
}

/** UTF-8 that only lost the end of its last character. */
function cutsOff(bytes: Uint8Array): boolean {
  return [1, 2, 3].some((count) => decodes('utf-8', bytes.subarray(0, bytes.length - count)))
}
