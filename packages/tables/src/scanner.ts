import { Buffer } from 'node:buffer'
import { TableProblem } from './problem.ts'
import type { QuickCount, QuickSink } from './quick-count.ts'

/** The longest record that is still held in memory, in bytes. */
const longestRecord = 1 << 20

/**
 * One record as places in a buffer: no string is made until somebody asks for one. The object is reused for the
 * next record. Cell i is `bytes[starts[i] .. ends[i])`; where `escaped[i]` is 1 its quotation marks are still
 * written as in the file. `line` is the 1-based line on which the record starts.
 */
export interface Cells {
  bytes: Buffer
  count: number
  starts: Int32Array
  ends: Int32Array
  escaped: Uint8Array
  line: number
}

/** What a scanner needs to know. Byte values; `null` for a file without delimiters. */
export interface ScannerShape {
  delimiter: number | null
  newline: number
  /** Whether quotation marks have a meaning here. */
  quoted: boolean
  /** In a table of one column an empty line is an empty cell; in others it is nothing. */
  emptyLinesCount: boolean
}

/** Rows that need no closer look; `after` is the line below which they begin. Only for tables of several columns. */
export interface Shortcut {
  count: QuickCount
  sink: QuickSink
  after: number
}

export interface Scanner {
  push(chunk: Buffer): void
  end(): void
}

const QUOTE = 34
const RETURN = 13
const LINE_FEED = 10
const DELIMITS = 1
const ENDS = 2

/**
 * Cuts UTF-8 bytes into records (RFC 4180, read generously: a quotation mark opens only at the start of a cell,
 * and what follows a closing one belongs to the cell). Chunk boundaries may lie anywhere, because an unfinished
 * record is kept and scanned again. Throws a `TableProblem` when a record passes `longestRecord`.
 */
export function createScanner(
  shape: ScannerShape,
  onRecord: (cells: Cells) => void,
  shortcut: Shortcut | null = null,
): Scanner {
  const { newline } = shape
  const quote = shape.quoted ? QUOTE : -1
  const kinds = new Uint8Array(256)
  if (shape.delimiter !== null) kinds[shape.delimiter] = DELIMITS
  kinds[newline] = ENDS
  const cells = emptyCells()
  let desk: Buffer = Buffer.alloc(0)
  let kept = 0
  let emptyLines = 0
  let newlinesInside = 0

  function push(chunk: Buffer): void {
    const bytes = lay(chunk)
    const read = scan(bytes, false)
    kept = bytes.length - read
    if (kept > longestRecord) refuseLongRecord(bytes, read, cells.line)
    desk.copyWithin(0, read, bytes.length)
  }

  function end(): void {
    scan(desk.subarray(0, kept), true)
    kept = 0
  }

  /** Puts a chunk behind what was kept, always into the same memory. */
  function lay(chunk: Buffer): Buffer {
    const length = kept + chunk.length
    if (length > desk.length) {
      const wider = Buffer.allocUnsafeSlow(length * 2)
      desk.copy(wider, 0, 0, kept)
      desk = wider
    }
    chunk.copy(desk, kept)
    return desk.subarray(0, length)
  }

  function scan(bytes: Buffer, final: boolean): number {
    let from = 0
    cells.bytes = bytes
    const quick = shortcut && !bytes.includes(QUOTE) ? shortcut : null
    while (from < bytes.length) {
      if (quick && cells.line > quick.after) {
        from = countQuickly(quick, bytes, from)
        if (from === bytes.length) break
      }
      newlinesInside = 0
      const next = scanRecord(bytes, from, final)
      if (next < 0) break
      if (next - from > longestRecord) refuseLongRecord(bytes, from, cells.line)
      from = next
      deliver()
      cells.line += 1 + newlinesInside
    }
    return from
  }

  function countQuickly({ count, sink }: Shortcut, bytes: Buffer, from: number): number {
    const before = sink.rows
    const next = count(bytes, from)
    cells.line += sink.rows - before
    return next
  }

  /** Returns where the next record starts, or -1 when this one is not all there yet. */
  function scanRecord(bytes: Buffer, from: number, final: boolean): number {
    const length = bytes.length
    let count = 0
    let i = from
    for (;;) {
      if (count === cells.starts.length) widen(cells)
      if (i < length && bytes[i] === quote) i = scanQuoted(bytes, i, count, final)
      else {
        cells.starts[count] = i
        while (i < length && kinds[bytes[i]!] === 0) i++
        cells.ends[count] = i
        cells.escaped[count] = 0
      }
      if (i < 0 || (i >= length && !final)) return -1
      count++
      if (i >= length || bytes[i] === newline) break
      i++
    }
    cells.count = count
    dropReturn(cells)
    return i + 1
  }

  function scanQuoted(bytes: Buffer, from: number, cell: number, final: boolean): number {
    const length = bytes.length
    let i = from + 1
    let escaped = 0
    cells.starts[cell] = i
    for (; ; i++) {
      while (i < length && bytes[i] !== QUOTE) {
        if (bytes[i] === newline) newlinesInside++
        i++
      }
      if (i >= length) {
        if (final) throw unclosedQuote(cells.line)
        return -1
      }
      if (bytes[i + 1] !== QUOTE) break
      escaped = 1
      i++
    }
    const closing = i
    i++
    while (i < length && kinds[bytes[i]!] === 0) i++
    const clean = i === closing + 1 || (i === closing + 2 && bytes[i - 1] === RETURN)
    cells.ends[cell] = clean ? closing : i
    cells.escaped[cell] = clean ? escaped : 1
    return i
  }

  function deliver(): void {
    if (cells.count === 1 && cells.starts[0] === cells.ends[0] && cells.bytes[cells.starts[0]! - 1] !== quote) {
      emptyLines++
      return
    }
    if (shape.emptyLinesCount && emptyLines > 0) deliverEmptyLines()
    emptyLines = 0
    onRecord(cells)
  }

  function deliverEmptyLines(): void {
    const one = { ...emptyCells(), count: 1 }
    for (let back = emptyLines; back > 0; back--) onRecord({ ...one, line: cells.line - back })
  }

  return { push, end }
}

/** The text of one cell, its quotation marks undone. */
export function cellText(cells: Cells, index: number): string {
  const text = cells.bytes.toString('utf8', cells.starts[index], cells.ends[index])
  return cells.escaped[index] === 1 ? withoutQuotes(text) : text
}

/** Undoes the marks of a cell whose opening one was already left away: `say ""hi""" there` is `say "hi" there`. */
function withoutQuotes(text: string): string {
  const closing = /^(?:[^"]|"")*"(?!")/.exec(text)
  if (!closing) return text.replaceAll('""', '"')
  const inside = closing[0].slice(0, -1)
  return inside.replaceAll('""', '"') + text.slice(closing[0].length).replace(/\r$/, '')
}

function emptyCells(): Cells {
  return {
    bytes: Buffer.alloc(0),
    count: 0,
    starts: new Int32Array(64),
    ends: new Int32Array(64),
    escaped: new Uint8Array(64),
    line: 1,
  }
}

function widen(cells: Cells): void {
  const { starts, ends, escaped } = cells
  cells.starts = new Int32Array(starts.length * 2)
  cells.ends = new Int32Array(starts.length * 2)
  cells.escaped = new Uint8Array(starts.length * 2)
  cells.starts.set(starts)
  cells.ends.set(ends)
  cells.escaped.set(escaped)
}

function dropReturn(cells: Cells): void {
  const last = cells.count - 1
  const end = cells.ends[last]!
  if (end > cells.starts[last]! && cells.escaped[last] === 0 && cells.bytes[end - 1] === RETURN) {
    if (cells.bytes[end] !== QUOTE) cells.ends[last] = end - 1
  }
}

/** Whether a mark is missing or the text is that long, nobody can tell before all of it is in memory. */
function refuseLongRecord(bytes: Buffer, from: number, line: number): never {
  const lineEnd = bytes.indexOf(LINE_FEED, from)
  const goesOn = lineEnd >= 0 && lineEnd - from < longestRecord
  const hint = goesOn ? '; perhaps a quotation mark in it is never closed' : ''
  throw new TableProblem('long-line', `The row on line ${line} passes 1 MB, the most that a row may have${hint}.`, line)
}

function unclosedQuote(line: number): TableProblem {
  const message = `The row on line ${line} opens a quotation mark that is never closed.`
  return new TableProblem('unclosed-quote', message, line)
}
