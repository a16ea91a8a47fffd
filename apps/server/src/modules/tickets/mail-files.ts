import type { Readable } from 'node:stream'
import { endOfHeaders } from './charsets.ts'

const fromLine = /^From \S/
const newline = 10

/**
 * The messages of a file, whole, in its order: many in an mbox (RFC 4155, with `>From` as mboxrd has it), one in
 * anything else.
 */
export async function* mailsIn(file: Readable): AsyncGenerator<Buffer> {
  let lines: Buffer[] = []
  let isMbox: boolean | undefined
  let afterEmpty = true
  for await (const line of linesOf(file)) {
    const begins = afterEmpty && fromLine.test(line.subarray(0, 8).toString('latin1'))
    isMbox ??= begins
    if (isMbox && begins) {
      if (lines.length > 0) yield mailOf(lines, true)
      lines = []
    }
    lines.push(line)
    afterEmpty = line.length <= 2 && line.toString('latin1').trim() === ''
  }
  if (lines.length > 0) yield mailOf(lines, isMbox === true)
}

/** Each with the line feed that ends it. */
async function* linesOf(file: Readable): AsyncGenerator<Buffer> {
  let rest: Buffer[] = []
  for await (const part of file as AsyncIterable<Buffer>) {
    let start = 0
    for (let end = part.indexOf(newline); end >= 0; end = part.indexOf(newline, start)) {
      yield Buffer.concat([...rest, part.subarray(start, end + 1)])
      rest = []
      start = end + 1
    }
    if (start < part.length) rest.push(part.subarray(start))
  }
  if (rest.length > 0) yield Buffer.concat(rest)
}

/** In an mbox without the line that begins it and the empty one that ends it. */
function mailOf(lines: readonly Buffer[], isMbox: boolean): Buffer {
  if (!isMbox) return Buffer.concat(lines)
  const own = lines
    .slice(1)
    .map((line) =>
      line[0] === 62 && /^>+From /.test(line.subarray(0, 64).toString('latin1')) ? line.subarray(1) : line,
    )
  const last = own.at(-1)
  return Buffer.concat(last && last.toString('latin1').trim() === '' ? own.slice(0, -1) : own)
}

/**
 * When a message from a file came: what the last server wrote above it, else its own date.
 * @returns undefined when neither says so, or it lies in the future
 */
export function arrivalIn(raw: Buffer, now: Date): Date | undefined {
  const head = raw
    .subarray(0, endOfHeaders(raw))
    .toString('latin1')
    .replaceAll(/\r?\n[ \t]+/g, ' ')
  const received = /^received:.*;([^;\r\n]*)$/im.exec(head)?.[1]
  const date = /^date:([^\r\n]*)$/im.exec(head)?.[1]
  return [received, date]
    .map((value) => new Date((value ?? '').replaceAll(/\([^()]*\)/g, ' ').trim()))
    .find((at) => at.getTime() > 0 && at <= now)
}
