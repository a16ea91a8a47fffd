import type { Readable } from 'node:stream'
import { endOfHeaders } from './charsets.ts'

// `From ` begins sentences as well: programs write an address or a sign for it, and when.
const fromAddress =
  /^From (?:\S{1,300}@\S{1,300}|-|MAILER[-_]DAEMON) .{0,60}(?:\b\d{4}|\d\d:\d\d)(?: [+-]\d{4}| [A-Z]{2,5})?\s*$/
const fromDated = /^From \S{0,300} +(?:mon|tue|wed|thu|fri|sat|sun)[a-z]* +[a-z]{3} +\d{1,2} +\d{1,2}:\d\d/i
const byteOrderMark = Buffer.from('\ufeff')
const newline = 10

/**
 * A message of a file, and when it was put there, where the file says so. Of one that is too large `raw` is only the
 * beginning.
 */
export type FiledMail = {
  raw: Buffer
  filedAt?: Date
  /** Of all of it, in bytes. */
  size: number
  /** The number of the line of the file at which it begins, from 1. */
  line: number
}

/**
 * The messages of a file, in its order: many in an mbox (RFC 4155, with `>From` as mboxrd has it), one in anything
 * else.
 * @param mostBytes a larger one is too large, and never in memory as a whole
 */
export async function* mailsIn(file: Readable, mostBytes: number): AsyncGenerator<FiledMail> {
  let held = holdFrom(1)
  let isMbox: boolean | undefined
  let afterEmpty = true
  let number = 0
  const most = mostBytes + mostOfFrame
  for await (const { text, size } of linesOf(file, most)) {
    number++
    const line = isMbox === undefined && text.subarray(0, 3).equals(byteOrderMark) ? text.subarray(3) : text
    const begins = afterEmpty && isFromLine(line)
    isMbox ??= begins
    if (isMbox && begins) {
      if (held.size > 0) yield mailOf(held, true)
      held = holdFrom(number)
    }
    held.size += size - (text.length - line.length)
    if (held.size <= most) held.lines.push(line)
    afterEmpty = line.length <= 2 && line.toString('latin1').trim() === ''
  }
  if (held.size > 0) yield mailOf(held, isMbox === true)
}

/** What an mbox puts around a message: the line that begins it, and the empty one that ends it. */
const mostOfFrame = 1_000
type Held = { lines: Buffer[]; size: number; line: number }

function holdFrom(line: number): Held {
  return { lines: [], size: 0, line }
}

/** Each with the line feed that ends it. @param most of a longer one only so many bytes are held; `size` is that of all of it */
async function* linesOf(file: Readable, most: number): AsyncGenerator<{ text: Buffer; size: number }> {
  let rest: Buffer[] = []
  let [held, size] = [0, 0]
  const hold = (part: Buffer) => {
    size += part.length
    const room = part.subarray(0, most - held)
    if (room.length > 0) rest.push(room)
    held += room.length
  }
  const line = () => {
    const whole = { text: rest.length === 1 ? rest[0]! : Buffer.concat(rest), size }
    rest = []
    held = size = 0
    return whole
  }
  for await (const part of file as AsyncIterable<Buffer>) {
    let start = 0
    for (let end = part.indexOf(newline); end >= 0; end = part.indexOf(newline, start)) {
      hold(part.subarray(start, end + 1))
      yield line()
      start = end + 1
    }
    if (start < part.length) hold(part.subarray(start))
  }
  if (size > 0) yield line()
}

/** In an mbox without the line that begins it and the empty one that ends it. */
function mailOf({ lines, size: all, line }: Held, isMbox: boolean): FiledMail {
  const held = lines.reduce((sum, one) => sum + one.length, 0)
  const whole = (raw: Buffer) => ({ raw, size: held < all ? all : raw.length, line })
  if (!isMbox) return whole(Buffer.concat(lines))
  const own = lines
    .slice(1)
    .map((one) => (one[0] === 62 && /^>+From /.test(one.subarray(0, 64).toString('latin1')) ? one.subarray(1) : one))
  const last = own.at(-1)
  const raw = Buffer.concat(last && last.toString('latin1').trim() === '' ? own.slice(0, -1) : own)
  return { ...whole(raw), filedAt: dateIn(lines[0]!) }
}

function isFromLine(line: Buffer): boolean {
  if (line.length > 700 || line[0] !== 70) return false
  const text = line.toString('latin1')
  return fromAddress.test(text) || fromDated.test(text)
}

/** As `asctime` writes it, in UTC where it says nothing else. */
function dateIn(fromLine: Buffer): Date | undefined {
  const text = fromLine.toString('latin1').trim()
  const [date, year] = /(?:[A-Z][a-z]{2},? +)?[A-Z][a-z]{2} +\d{1,2} .*?(\d{4})?$/.exec(text) ?? []
  if (date === undefined || year === undefined) return undefined
  const at = new Date(/ [+-]\d{4}\b| [A-Z]{2,5}\b/.test(date) ? date : `${date} UTC`)
  return Number.isNaN(at.getTime()) ? undefined : at
}

/**
 * When a message from a file came: what the last server wrote above it, else its own date, else when it was filed.
 * @returns undefined when neither says so, or it lies in the future
 */
export function arrivalIn({ raw, filedAt }: Pick<FiledMail, 'raw' | 'filedAt'>, now: Date): Date | undefined {
  const head = raw
    .subarray(0, endOfHeaders(raw))
    .toString('latin1')
    .replaceAll(/\r?\n[ \t]+/g, ' ')
  const received = /^received:.*;([^;\r\n]*)$/im.exec(head)?.[1]
  const date = /^date:([^\r\n]*)$/im.exec(head)?.[1]
  const written = [received, date].map((value) => new Date((value ?? '').replaceAll(/\([^()]*\)/g, ' ').trim()))
  return [...written, filedAt].find((at) => at !== undefined && at.getTime() > 0 && at <= now)
}
