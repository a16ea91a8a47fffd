import { Buffer } from 'node:buffer'
import { createDayReader } from './dates.ts'
import { asUtf8, guessEncoding, type Encoding, type EncodingGuess } from './encoding.ts'
import { flattenJson, parseJsonLine, type TextRecord } from './json-lines.ts'
import { isSameName, namesScore } from './columns.ts'
import { isNumber } from './numbers.ts'
import { TableProblem } from './problem.ts'
import { cellText, createScanner, type Cells, type ScannerShape } from './scanner.ts'

export type Format = 'csv' | 'tsv' | 'ndjson'
export type Delimiter = ',' | ';' | '\t' | '|'

/** What the first 256 kB of a source tell about it. */
export interface TableShape {
  format: Format
  encoding: Encoding
  /** `null` for NDJSON and for a file of one column. */
  delimiter: Delimiter | null
  /** In the file's order, made unique; for NDJSON those of the sample. */
  columns: readonly string[]
  /** The first rows, at most 100. */
  sample: readonly TextRecord[]
}

/** A shape with what only the reader needs. `headerLine` is 0 for NDJSON. */
export interface ReadingPlan {
  shape: TableShape
  guess: EncodingGuess
  scanner: ScannerShape
  headerLine: number
}

const sampleRows = 100
const delimiters: readonly Delimiter[] = ['\t', ';', '|', ',']

/**
 * Reads the plan off the first bytes; `complete` tells that there are no others, `expected` which columns somebody asks
 * for. Throws a `TableProblem`.
 */
export async function planReading(
  head: Buffer,
  complete: boolean,
  expected: readonly string[] = [],
): Promise<ReadingPlan> {
  if (head.length === 0) throw new TableProblem('empty', 'The file is empty.')
  const guess = guessEncoding(head)
  const text = await decodeHead(head, guess)
  const start = /\S/.exec(text.toString('latin1', 0, 65_536))
  if (!start) throw new TableProblem('empty', 'The file is empty.')
  if (start[0] === '{') return planJsonLines(text, guess, complete)
  if (/^\s*\[\s*[{\]]/.test(text.toString('latin1', 0, 1024))) refuseJsonArray()
  return planDelimited(text, guess, complete, expected)
}

async function decodeHead(head: Buffer, guess: EncodingGuess): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of asUtf8(onlyChunk(head), guess)) parts.push(part)
  return Buffer.concat(parts)
}

async function* onlyChunk(head: Buffer): AsyncGenerator<Buffer> {
  yield head
}

function planJsonLines(text: Buffer, guess: EncodingGuess, complete: boolean): ReadingPlan {
  const scanner = { delimiter: null, newline: newlineOf(text), quoted: false, emptyLinesCount: false }
  const objects = firstRecords(text, scanner, complete, (cells) => parseJsonLine(cellText(cells, 0)))
  const sample = objects.filter((value) => value !== null).map(flattenJson)
  if (sample.length === 0) {
    throw new TableProblem(
      'not-json-lines',
      'This looks like JSON, but its lines are not objects; NDJSON has one a line.',
    )
  }
  const columns = [...new Set(sample.flatMap((record) => Object.keys(record)))]
  const shape: TableShape = { format: 'ndjson', encoding: guess.encoding, delimiter: null, columns, sample }
  return { shape, guess, scanner, headerLine: 0 }
}

function planDelimited(
  text: Buffer,
  guess: EncodingGuess,
  complete: boolean,
  expected: readonly string[],
): ReadingPlan {
  const newline = newlineOf(text)
  const declared = /^sep=([,;|\t])\r?\n/.exec(text.toString('latin1', 0, 16))
  const delimiter = (declared?.[1] as Delimiter | undefined) ?? guessDelimiter(text, newline, complete)
  const byte = delimiter === null ? null : delimiter.charCodeAt(0)
  const scanner = { delimiter: byte, newline, quoted: true, emptyLinesCount: false }
  const lines = firstRecords(text, scanner, complete, (cells) => ({ line: cells.line, cells: allCells(cells) }))
  const [header, ...rows] = declared ? lines.slice(1) : lines
  if (!header) throw new TableProblem('empty', 'The file is empty.')
  if (!namesColumns(header.cells, expected)) throw missingHeader(header.cells, header.line)
  const columns = uniqueNames(header.cells)
  scanner.emptyLinesCount = columns.length === 1
  const sample = rows.slice(0, sampleRows).map((row) => toRecord(columns, row.cells))
  const format = delimiter === '\t' ? 'tsv' : 'csv'
  const shape: TableShape = { format, encoding: guess.encoding, delimiter, columns, sample }
  return { shape, guess, scanner, headerLine: header.line }
}

/** Cells by column name; what is missing is empty. */
export function toRecord(columns: readonly string[], cells: readonly string[]): TextRecord {
  const record: TextRecord = Object.create(null)
  for (let i = 0; i < columns.length; i++) record[columns[i]!] = cells[i] ?? ''
  return record
}

/** The texts of all cells of a record. */
export function allCells(cells: Cells): string[] {
  const texts: string[] = []
  for (let i = 0; i < cells.count; i++) texts.push(cellText(cells, i))
  return texts
}

function newlineOf(text: Buffer): number {
  return !text.includes(10) && text.includes(13) ? 13 : 10
}

/** An unclosed quotation mark is left for the reading itself to report. */
function firstRecords<T>(text: Buffer, scanner: ScannerShape, complete: boolean, read: (cells: Cells) => T): T[] {
  const found: T[] = []
  const { push, end } = createScanner(scanner, (cells) => {
    if (found.length < sampleRows + 2) found.push(read(cells))
  })
  try {
    push(text)
    if (complete || found.length === 0) end()
  } catch (error) {
    if (!(error instanceof TableProblem) || found.length === 0) throw error
  }
  return found
}

/** The one that cuts the first rows most evenly, and of equals the one that cuts most. */
function guessDelimiter(text: Buffer, newline: number, complete: boolean): Delimiter | null {
  let best: Delimiter | null = null
  let bestWorth = 0
  for (const delimiter of delimiters) {
    const scanner = { delimiter: delimiter.charCodeAt(0), newline, quoted: true, emptyLinesCount: false }
    const counts = firstRecords(
      text.subarray(0, 65_536),
      scanner,
      complete && text.length <= 65_536,
      (cells) => cells.count,
    )
    const width = counts[0] ?? 1
    const even = counts.filter((count) => count === width).length / counts.length
    const worth = width < 2 ? 0 : even * (1 - 1 / (width + 1))
    if (worth > bestWorth) {
      best = delimiter
      bestWorth = worth
    }
  }
  return best
}

/**
 * Names are words: a first line of which half or more is numbers or dates is already data, unless it names a score or a
 * column that somebody asks for.
 */
function namesColumns(cells: readonly string[], expected: readonly string[]): boolean {
  const data = cells.filter(looksLikeData).length
  if (data === 0 || data * 2 < cells.length) return true
  return cells.some((cell) => namesScore(cell) || expected.some((name) => isSameName(cell, name)))
}

const readDay = createDayReader('UTC')

/** Whether a column's name is rather a value: a number or a date. */
export function looksLikeData(name: string): boolean {
  return isNumber(name.trim()) || readDay(name.trim()) !== null
}

function uniqueNames(cells: readonly string[]): string[] {
  const taken = new Set<string>()
  return cells.map((cell, index) => {
    const name = cell.trim() || `column ${index + 1}`
    let unique = name
    for (let copy = 2; taken.has(unique); copy++) unique = `${name} (${copy})`
    taken.add(unique)
    return unique
  })
}

/** What to say of a first line that holds data. */
export function missingHeader(cells: readonly string[], line: number): TableProblem {
  const shown = cells.join(' ').slice(0, 60)
  return new TableProblem('no-header', `The first line (${shown}) looks like data; it should name the columns.`, line)
}

function refuseJsonArray(): never {
  const message = 'This is one JSON array; write one object a line instead (NDJSON), as jq -c ".[]" does.'
  throw new TableProblem('json-array', message)
}
