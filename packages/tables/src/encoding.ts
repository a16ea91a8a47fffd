import { Buffer, isAscii, isUtf8 } from 'node:buffer'
import { TextDecoder } from 'node:util'
import { TableProblem } from './problem.ts'

/** How the bytes of a source stand for characters. Pure ASCII is reported as `utf-8`. */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1250'

/** `settled` is false while only ASCII was seen: a later byte may still tell Windows-1250 from UTF-8. */
export interface EncodingGuess {
  encoding: Encoding
  markLength: number
  settled: boolean
}

/**
 * Tells the encoding from the first bytes: a byte order mark, else the zero bytes of UTF-16, else UTF-8, else
 * Windows-1250. Throws a `TableProblem` for what is no text.
 */
export function guessEncoding(head: Buffer): EncodingGuess {
  const marked = byMark(head)
  if (marked) return marked
  refuseKnownBinary(head)
  const wide = byZeroBytes(head)
  if (wide) return { encoding: wide, markLength: 0, settled: true }
  refuseControlBytes(head)
  if (isAscii(head)) return { encoding: 'utf-8', markLength: 0, settled: false }
  return { encoding: looksLikeUtf8(head) ? 'utf-8' : 'windows-1250', markLength: 0, settled: true }
}

/** The source as UTF-8 chunks without its byte order mark. */
export async function* asUtf8(chunks: AsyncIterable<Buffer>, guess: EncodingGuess): AsyncGenerator<Buffer> {
  const bodies = withoutMark(chunks, guess.markLength)
  if (guess.encoding !== 'utf-8') yield* transcode(bodies, guess.encoding)
  else if (guess.settled) yield* bodies
  else yield* untilSettled(bodies)
}

function byMark(head: Buffer): EncodingGuess | null {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) {
    return { encoding: 'utf-8', markLength: 3, settled: true }
  }
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: 'utf-16le', markLength: 2, settled: true }
  if (head[0] === 0xfe && head[1] === 0xff) return { encoding: 'utf-16be', markLength: 2, settled: true }
  return null
}

function refuseKnownBinary(head: Buffer): void {
  const magic = head.toString('latin1', 0, 4)
  if (magic === 'PK\x03\x04' || magic === '\xd0\xcf\x11\xe0') {
    throw new TableProblem('workbook', 'This is a workbook or an archive, not a text file; save the sheet as CSV.')
  }
  if (magic.startsWith('\x1f\x8b') || magic === '(\xb5/\xfd') {
    throw new TableProblem('compressed', 'This file is compressed; unpack it first.')
  }
}

/** Latin text in UTF-16 has a zero in nearly every second byte, always on the same side. */
function byZeroBytes(head: Buffer): 'utf-16le' | 'utf-16be' | null {
  const pairs = Math.min(head.length, 4096) >> 1
  let first = 0
  let second = 0
  for (let i = 0; i < pairs; i++) {
    if (head[2 * i] === 0) first++
    if (head[2 * i + 1] === 0) second++
  }
  if (second > pairs * 0.6 && first === 0) return 'utf-16le'
  if (first > pairs * 0.6 && second === 0) return 'utf-16be'
  return null
}

function refuseControlBytes(head: Buffer): void {
  let control = 0
  for (const byte of head) {
    if (byte === 0) throw new TableProblem('binary', 'This is not a text file: it holds zero bytes.')
    if (byte < 32 && (byte < 9 || byte > 13) && byte !== 26 && byte !== 27) control++
  }
  if (control > head.length / 50) throw new TableProblem('binary', 'This is not a text file.')
}

/** A few broken characters do not make a UTF-8 file another one; in Windows-1250 nearly all of them are broken. */
function looksLikeUtf8(head: Buffer): boolean {
  if (isUtf8(head)) return true
  let good = 0
  let broken = 0
  for (const character of head.toString('utf8')) {
    if (character === '\ufffd') broken++
    else if (character > '\x7f') good++
  }
  return good > broken
}

async function* withoutMark(chunks: AsyncIterable<Buffer>, markLength: number): AsyncGenerator<Buffer> {
  let left = markLength
  for await (const chunk of chunks) {
    const skipped = Math.min(left, chunk.length)
    left -= skipped
    if (skipped < chunk.length) yield chunk.subarray(skipped)
  }
}

async function* transcode(chunks: AsyncIterable<Buffer>, encoding: Encoding): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder(encoding)
  for await (const chunk of chunks) yield Buffer.from(decoder.decode(chunk, { stream: true }))
  yield Buffer.from(decoder.decode())
}

async function* untilSettled(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let waiting: Buffer = Buffer.alloc(0)
  let decoder: TextDecoder | null = null
  let settled = false
  for await (const chunk of chunks) {
    if (decoder) yield Buffer.from(decoder.decode(chunk, { stream: true }))
    else if (settled || (waiting.length === 0 && isAscii(chunk))) yield chunk
    else {
      waiting = Buffer.concat([waiting, chunk])
      const verdict = firstCharacterIsUtf8(waiting)
      if (verdict === null) continue
      settled = true
      if (!verdict) decoder = new TextDecoder('windows-1250')
      yield decoder ? Buffer.from(decoder.decode(waiting, { stream: true })) : waiting
      waiting = Buffer.alloc(0)
    }
  }
  if (waiting.length > 0) yield Buffer.from(new TextDecoder('windows-1250').decode(waiting))
}

/** Judges only the first character beyond ASCII, so that chunk boundaries make no difference; `null`: cut off. */
function firstCharacterIsUtf8(bytes: Buffer): boolean | null {
  const start = bytes.findIndex((byte) => byte > 0x7f)
  const lead = bytes[start]!
  const length = lead < 0xc2 || lead > 0xf4 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4
  if (start + length > bytes.length) return null
  return isUtf8(bytes.subarray(start, start + length))
}
