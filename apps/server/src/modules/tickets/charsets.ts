import { isAscii } from 'node:buffer'

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

/** The headers of a mail with bytes that are no UTF-8 written as UTF-8; the rest stays. */
export function mendHeaders(raw: Buffer): Buffer {
  const end = endOfHeaders(raw)
  const head = raw.subarray(0, end)
  if (!head.some((byte) => byte >= 0x80) || decodes('utf-8', head)) return raw
  const lines = head.toString('latin1').split('\n')
  const mended = lines.map((line) => {
    const bytes = Buffer.from(line, 'latin1')
    return new TextDecoder(guessCharset(bytes)).decode(bytes)
  })
  return Buffer.concat([Buffer.from(mended.join('\n')), raw.subarray(end)])
}

/** Where the empty line begins that ends the headers. */
export function endOfHeaders(raw: Buffer): number {
  const ends = [raw.indexOf('\n\n'), raw.indexOf('\n\r\n')].filter((at) => at >= 0)
  return ends.length === 0 ? raw.length : Math.min(...ends)
}

/**
 * The charset in which a text is to be read.
 * @param declared as it stands in Content-Type, if it does
 */
export function charsetOf(bytes: Uint8Array, declared: string | undefined): string | undefined {
  const label = declared?.trim().toLowerCase() ?? ''
  const high = !isAscii(bytes)
  if (!high && label !== 'utf-7' && !bytes.includes(0x1b)) return declared
  // Most that say so write what their system has.
  if (label === '' || /^(us-)?ascii$|^ansi_x3|^unknown|^x-unknown|^8bit$|^default$/.test(label)) {
    return guessCharset(bytes)
  }
  if (/^utf-?8$/.test(label) && !decodes('utf-8', bytes)) return cutsOff(bytes) ? declared : guessCharset(bytes)
  return declared
}

/** UTF-8 that only lost the end of its last character. */
function cutsOff(bytes: Uint8Array): boolean {
  return [1, 2, 3].some((count) => decodes('utf-8', bytes.subarray(0, bytes.length - count)))
}
