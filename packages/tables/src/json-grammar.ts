import { Buffer } from 'node:buffer'

export const QUOTE = 34
export const COMMA = 44
export const COLON = 58
export const OPEN = 123
export const CLOSE = 125
const PLUS = 43
const MINUS = 45
const POINT = 46
const ZERO = 48
const BACKSLASH = 92
const LOWER_U = 117
const OPEN_LIST = 91
const CLOSE_LIST = 93

/** Deeper values are left to a real parser. */
const deepest = 32

/** 1 for what no plain text contains: its end, an escape, a control character. */
const endsText = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte < 32 || byte === QUOTE || byte === BACKSLASH ? 1 : 0,
)

const escapes = Buffer.from('"\\/bfnrt')
const words = [Buffer.from('null'), Buffer.from('true'), Buffer.from('false')]

/** The place after the spaces at `from`. A line holds no newline. */
export function skipSpace(bytes: Buffer, from: number, end: number): number {
  let i = from
  while (i < end && (bytes[i] === 32 || bytes[i] === 9 || bytes[i] === 13)) i++
  return i
}

/** The place of the closing mark of a text without escapes, or -1. */
export function endOfPlainText(bytes: Buffer, from: number, end: number): number {
  if (bytes[from] !== QUOTE) return -1
  let i = from + 1
  while (i < end && endsText[bytes[i]!] === 0) i++
  return i < end && bytes[i] === QUOTE ? i : -1
}

/**
 * The place after a value that reads the same in JSON and as a cell: a text without escapes, a whole number of at
 * most 15 digits, `true`, `false` or `null`; -1 for any other.
 */
export function endOfPlainValue(bytes: Buffer, from: number, end: number): number {
  if (bytes[from] === QUOTE) return endOfPlainText(bytes, from, end) + 1 || -1
  const stop = endOfWhole(bytes, from, end)
  if (stop < 0) return endOfWord(bytes, from, end)
  const isMinusZero = bytes[from] === MINUS && bytes[from + 1] === ZERO
  return stop - from > 15 || isMinusZero || isNumberPart(bytes[stop]) ? -1 : stop
}

/** The place after any sound JSON value, or -1. */
export function endOfValue(bytes: Buffer, from: number, end: number, depth = 0): number {
  const first = bytes[from]
  if (first === QUOTE) return endOfText(bytes, from, end) + 1 || -1
  if (depth > deepest) return -1
  if (first === OPEN) return endOfMembers(bytes, from, end, CLOSE, depth)
  if (first === OPEN_LIST) return endOfMembers(bytes, from, end, CLOSE_LIST, depth)
  const stop = endOfNumber(bytes, from, end)
  return stop < 0 ? endOfWord(bytes, from, end) : stop
}

function endOfMembers(bytes: Buffer, from: number, end: number, close: number, depth: number): number {
  let i = skipSpace(bytes, from + 1, end)
  if (bytes[i] === close && i < end) return i + 1
  while (i < end) {
    if (close === CLOSE) i = afterName(bytes, i, end)
    if (i < 0) return -1
    i = endOfValue(bytes, i, end, depth + 1)
    if (i < 0) return -1
    i = skipSpace(bytes, i, end)
    if (bytes[i] === close && i < end) return i + 1
    if (bytes[i] !== COMMA) return -1
    i = skipSpace(bytes, i + 1, end)
  }
  return -1
}

function afterName(bytes: Buffer, from: number, end: number): number {
  const closing = bytes[from] === QUOTE ? endOfText(bytes, from, end) : -1
  if (closing < 0) return -1
  const colon = skipSpace(bytes, closing + 1, end)
  return bytes[colon] === COLON ? skipSpace(bytes, colon + 1, end) : -1
}

function endOfText(bytes: Buffer, from: number, end: number): number {
  let i = from + 1
  for (;;) {
    while (i < end && endsText[bytes[i]!] === 0) i++
    if (i >= end || bytes[i]! < 32) return -1
    if (bytes[i] === QUOTE) return i
    i += escapeLength(bytes, i, end)
  }
}

/** Of a sound escape; else so much that the text has no end. */
function escapeLength(bytes: Buffer, from: number, end: number): number {
  if (escapes.includes(bytes[from + 1]!)) return 2
  const isCode = bytes[from + 1] === LOWER_U && /^[0-9a-f]{4}$/i.test(bytes.toString('latin1', from + 2, from + 6))
  return isCode ? 6 : end
}

function endOfWord(bytes: Buffer, from: number, end: number): number {
  const word = words.find((one) => from + one.length <= end && one.every((byte, i) => byte === bytes[from + i]))
  return word ? from + word.length : -1
}

function endOfNumber(bytes: Buffer, from: number, end: number): number {
  let i = endOfWhole(bytes, from, end)
  if (i >= 0 && i < end && bytes[i] === POINT) i = endOfDigits(bytes, i + 1, end)
  if (i < 0 || i >= end || (bytes[i]! | 32) !== 101) return i
  const hasSign = bytes[i + 1] === PLUS || bytes[i + 1] === MINUS
  return endOfDigits(bytes, hasSign ? i + 2 : i + 1, end)
}

function endOfWhole(bytes: Buffer, from: number, end: number): number {
  const start = bytes[from] === MINUS ? from + 1 : from
  const stop = endOfDigits(bytes, start, end)
  return bytes[start] === ZERO && stop > start + 1 ? -1 : stop
}

/** -1 where there is none. */
function endOfDigits(bytes: Buffer, from: number, end: number): number {
  let i = from
  while (i < end && bytes[i]! >= ZERO && bytes[i]! <= 57) i++
  return i > from ? i : -1
}

function isNumberPart(byte: number | undefined): boolean {
  return byte === POINT || byte === 69 || byte === 101
}
