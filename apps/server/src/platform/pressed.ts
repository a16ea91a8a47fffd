import { constants, crc32, deflateRawSync, gzipSync } from 'node:zlib'

/** A part of many pages, compressed once. */
export type Pressed = { readonly plain: Buffer; readonly deflated: Buffer }

/** A page with holes: parts that stay, and between them the names of what each visitor has of their own. */
export type Template = { readonly parts: readonly Pressed[]; readonly holes: readonly string[] }

const mark = '\u0001'
const ownLevel = 6
// RFC 1952, 2.3: deflate, no flags, no time, unknown system.
const gzipHead = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255])
// RFC 1951: the last block, with fixed codes, that holds nothing.
const lastBlock = Buffer.from([0x03, 0x00])

/** What stands in the text of a template where a visitor's own text goes. */
export function hole(name: string): string {
  return `${mark}${name}${mark}`
}

/** Compresses a page once for all its visitors. */
export function templateOf(text: string): Template {
  const pieces = text.split(mark)
  return {
    parts: pieces.filter((_, at) => at % 2 === 0).map((piece) => press(piece)),
    holes: pieces.filter((_, at) => at % 2 === 1),
  }
}

/** Compresses a part of many pages, or with a lower level one of a single page. */
export function press(text: string, level = 9): Pressed {
  const plain = Buffer.from(text)
  // A full flush ends on a whole byte and looks at nothing before it, so that parts can be put together freely.
  return { plain, deflated: deflateRawSync(plain, { level, finishFlush: constants.Z_FULL_FLUSH }) }
}

/** A page for one visitor. @param values by the names of the holes, escaped already */
export function fill({ parts, holes }: Template, values: Readonly<Record<string, string>>): Buffer {
  return Buffer.concat(inOrder(parts, holes, values).map((part) => (Buffer.isBuffer(part) ? part : part.plain)))
}

/** The same page in gzip (RFC 1952): what is the visitor's own is stored between the parts as it is. */
export function fillGzip({ parts, holes }: Template, values: Readonly<Record<string, string>>): Buffer {
  return gzipOf(inOrder(parts, holes, values))
}

function gzipOf(parts: readonly (Pressed | Buffer)[]): Buffer {
  const chunks: Buffer[] = [gzipHead]
  let checksum = 0
  let size = 0
  for (const part of parts) {
    const plain = Buffer.isBuffer(part) ? part : part.plain
    checksum = crc32(plain, checksum)
    size += plain.length
    if (Buffer.isBuffer(part)) chunks.push(...stored(part))
    else chunks.push(part.deflated)
  }
  const tail = Buffer.alloc(8)
  tail.writeUInt32LE(checksum, 0)
  tail.writeUInt32LE(size % 2 ** 32, 4)
  return Buffer.concat([...chunks, lastBlock, tail])
}

function inOrder(
  parts: readonly Pressed[],
  holes: readonly string[],
  values: Readonly<Record<string, string>>,
): (Pressed | Buffer)[] {
  return parts.flatMap((part, at) => (at === 0 ? [part] : [Buffer.from(values[holes[at - 1]!] ?? ''), part]))
}

/** Blocks without compression (RFC 1951, 3.2.4), at most 65,535 bytes each. */
function stored(bytes: Buffer): Buffer[] {
  const blocks: Buffer[] = []
  for (let at = 0; at < bytes.length; at += 0xffff) {
    const piece = bytes.subarray(at, at + 0xffff)
    const head = Buffer.alloc(5)
    head.writeUInt16LE(piece.length, 1)
    head.writeUInt16LE(0xffff - piece.length, 3)
    blocks.push(head, piece)
  }
  return blocks
}

/**
 * A page that nobody else gets, in gzip.
 * @param shared what it has from other pages, in the order in which it stands there: not compressed again
 */
export function gzipPage(text: string, shared: readonly { text: string; pressed: Pressed }[] = []): Buffer {
  const parts: Pressed[] = []
  let rest = text
  for (const one of shared) {
    const at = rest.indexOf(one.text)
    if (at < 0) continue
    parts.push(press(rest.slice(0, at), ownLevel), one.pressed)
    rest = rest.slice(at + one.text.length)
  }
  return parts.length === 0 ? gzipSync(text, { level: ownLevel }) : gzipOf([...parts, press(rest, ownLevel)])
}
