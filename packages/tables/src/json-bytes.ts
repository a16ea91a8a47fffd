import { Buffer } from 'node:buffer'
import {
  CLOSE,
  COLON,
  COMMA,
  endOfPlainText,
  endOfPlainValue,
  endOfValue,
  OPEN,
  QUOTE,
  skipSpace,
} from './json-grammar.ts'
import type { Cells } from './scanner.ts'

const LOWER_N = 110

/**
 * Finds the values of a few columns in a line of NDJSON without parsing it, where names have no escapes and the
 * wanted values are plain. It sets the places in `out` and returns true; false says that the line needs a real
 * parser, which also judges whether it is JSON.
 */
export function createJsonFinder(columns: readonly string[]): (line: Cells, out: Cells) => boolean {
  const names = columns.map((column) => Buffer.from(column))
  if (columns.some((column) => column.includes('.'))) return () => false

  return (line, out) => {
    const { bytes } = line
    const end = line.ends[0]!
    out.bytes = bytes
    out.starts.fill(0)
    out.ends.fill(0)
    let i = skipSpace(bytes, line.starts[0]!, end)
    if (bytes[i] !== OPEN) return false
    i = skipSpace(bytes, i + 1, end)
    while (i < end) {
      const nameEnd = endOfPlainText(bytes, i, end)
      if (nameEnd < 0) return false
      const column = findName(names, bytes, i + 1, nameEnd)
      i = skipSpace(bytes, nameEnd + 1, end)
      if (bytes[i] !== COLON) return false
      i = skipSpace(bytes, i + 1, end)
      const valueEnd = column < 0 ? endOfValue(bytes, i, end) : endOfPlainValue(bytes, i, end)
      if (valueEnd < 0) return false
      if (column >= 0) place(out, column, bytes, i, valueEnd)
      i = skipSpace(bytes, valueEnd, end)
      if (i < end && bytes[i] === CLOSE) return skipSpace(bytes, i + 1, end) === end
      if (bytes[i] !== COMMA) return false
      i = skipSpace(bytes, i + 1, end)
    }
    return false
  }
}

function place(out: Cells, column: number, bytes: Buffer, start: number, end: number): void {
  const isText = bytes[start] === QUOTE
  const isNull = bytes[start] === LOWER_N
  out.starts[column] = isText ? start + 1 : start
  out.ends[column] = isText ? end - 1 : isNull ? start : end
}

function findName(names: readonly Buffer[], bytes: Buffer, start: number, end: number): number {
  for (let column = 0; column < names.length; column++) {
    const name = names[column]!
    if (name.length !== end - start) continue
    let i = 0
    while (i < name.length && name[i] === bytes[start + i]) i++
    if (i === name.length) return column
  }
  return -1
}
