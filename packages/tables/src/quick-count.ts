import type { Buffer } from 'node:buffer'

/** Where plain scores are counted without anybody being called for each row. */
export interface QuickSink {
  /** Counts by value, the first for `min`. */
  counts: Float64Array
  min: number
  /** A value that is to be left to the slow way; one below `min` for none. */
  except: number
  /** How many rows were counted here. */
  rows: number
}

/** Counts plain rows from `from` on; returns where the first row begins that is not plain or not all there. */
export type QuickCount = (bytes: Buffer, from: number) => number

const RETURN = 13
const ZERO = 48

/**
 * The quick way for text without quotation marks: of a row with the right number of cells only the one at `place`
 * is looked at, and it is counted when it is a score of one or two digits.
 */
export function createQuickCount(
  { delimiter, newline, width, place }: { delimiter: number; newline: number; width: number; place: number },
  sink: QuickSink,
): QuickCount {
  const { counts } = sink
  const size = counts.length
  const except = sink.except - sink.min
  const after = width - 1 - place
  const ends = new Uint8Array(256)
  ends[delimiter] = 1
  ends[newline] = 1

  function skipCell(bytes: Buffer, from: number): number {
    let i = from
    while (ends[bytes[i]!] === 0) i++
    return i
  }

  /** Where the row that begins at `from` ends, its score counted, or -1. */
  function countRow(bytes: Buffer, from: number): number {
    let i = from
    for (let cell = 0; cell < place; cell++) {
      i = skipCell(bytes, i)
      if (bytes[i++] !== delimiter) return -1
    }
    let value = bytes[i]! - ZERO
    if (!(value >= 0 && value <= 9)) return -1
    const second = bytes[++i]! - ZERO
    if (second >= 0 && second <= 9) {
      value = value * 10 + second
      i++
    }
    if (bytes[i] === RETURN) i++
    for (let cell = 0; cell < after; cell++) {
      if (bytes[i] !== delimiter) return -1
      i = skipCell(bytes, i + 1)
    }
    const at = value - sink.min
    if (bytes[i] !== newline || at < 0 || at >= size || at === except) return -1
    counts[at]!++
    return i
  }

  return (bytes, from) => {
    const lastNewline = bytes.lastIndexOf(newline)
    let next = from
    let rows = 0
    while (next <= lastNewline) {
      const end = countRow(bytes, next)
      if (end < 0) break
      next = end + 1
      rows++
    }
    sink.rows += rows
    return next
  }
}
