import { Buffer } from 'node:buffer'
import { asUtf8 } from './encoding.ts'
import { createJsonFinder } from './json-bytes.ts'
import { jsonCell, jsonRecord, parseJsonLine, type TextRecord } from './json-lines.ts'
import { TableProblem } from './problem.ts'
import { createQuickCount, type QuickSink } from './quick-count.ts'
import { cellText, createScanner, type Cells, type Shortcut } from './scanner.ts'
import { allCells, planReading, toRecord, type ReadingPlan, type TableShape } from './shape.ts'

/** Bytes in chunks of any size: a `Readable`, a request's body, an upload. */
export type TableSource = AsyncIterable<Uint8Array>

/** Why a row is no row of this table. */
export type RowProblem = 'too-many-cells' | 'not-json'

/** One row; `line` is 1-based. With a `problem` the record holds what could be read. */
export interface TableRow {
  line: number
  record: TextRecord
  problem: RowProblem | null
}

/** Called once a row with the asked columns' places in `cells`, which is reused for the next row. */
export type OnCells = (cells: Cells, places: Int32Array, problem: RowProblem | null) => void

/** A source whose shape is known. It can be read once, by either `rows` or `scan`. */
export interface Table {
  readonly shape: TableShape
  /** All rows in batches of `batch` (default 1,000; the last one smaller). Throws a `TableProblem`. */
  rows(options?: { batch?: number }): AsyncGenerator<TableRow[]>
  /**
   * The quick way: the cells of a few columns as bytes. With a `sink`, plain scores of the first column are counted
   * there wherever no other column is asked for, and `onCells` is called for the other rows only.
   * Throws a `TableProblem`.
   */
  scan(columns: readonly string[], onCells: OnCells, sink?: QuickSink): Promise<void>
  /** Gives the source back unread. */
  close(): Promise<void>
}

const headLength = 256 * 1024

/**
 * Finds out what a source holds, and keeps it ready to be read. A first line that has one of the `expected` columns
 * names columns, whatever else it looks like. Throws a `TableProblem`.
 */
export async function openTable(source: TableSource, expected: readonly string[] = []): Promise<Table> {
  const iterator = source[Symbol.asyncIterator]()
  try {
    const { head, complete } = await readHead(iterator)
    const plan = await planReading(head, complete, expected)
    const chunks = asUtf8(replay(head, iterator), plan.guess)
    const close = async (): Promise<void> => void (await iterator.return?.())
    const rows = (options: { batch?: number } = {}) => readRows(plan, chunks, options.batch ?? 1000)
    return {
      shape: plan.shape,
      rows,
      scan: (columns, onCells, sink) => scanTable(plan, chunks, columns, onCells, sink),
      close,
    }
  } catch (error) {
    await iterator.return?.()
    throw error
  }
}

/** Only the shape; the source is closed afterwards. Throws a `TableProblem`. */
export async function sniff(source: TableSource): Promise<TableShape> {
  const table = await openTable(source)
  await table.close()
  return table.shape
}

async function readHead(iterator: AsyncIterator<Uint8Array>): Promise<{ head: Buffer; complete: boolean }> {
  const chunks: Uint8Array[] = []
  let length = 0
  while (length < headLength) {
    const { done, value } = await iterator.next()
    if (done) return { head: Buffer.concat(chunks), complete: true }
    chunks.push(value)
    length += value.length
  }
  return { head: Buffer.concat(chunks), complete: false }
}

async function* replay(head: Buffer, iterator: AsyncIterator<Uint8Array>): AsyncGenerator<Buffer> {
  try {
    yield head
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
      const { buffer, byteOffset, byteLength } = next.value
      yield Buffer.from(buffer, byteOffset, byteLength)
    }
  } finally {
    await iterator.return?.()
  }
}

async function* readRows(plan: ReadingPlan, chunks: AsyncIterable<Buffer>, batch: number): AsyncGenerator<TableRow[]> {
  const read = plan.shape.format === 'ndjson' ? jsonRow : delimitedRow
  let waiting: TableRow[] = []
  const scanner = createScanner(plan.scanner, (cells) => {
    if (cells.line > plan.headerLine) waiting.push(read(cells, plan.shape.columns))
  })
  for await (const chunk of chunks) {
    scanner.push(chunk)
    let from = 0
    for (; waiting.length - from >= batch; from += batch) yield waiting.slice(from, from + batch)
    if (from > 0) waiting = waiting.slice(from)
  }
  scanner.end()
  for (let from = 0; from < waiting.length; from += batch) yield waiting.slice(from, from + batch)
}

function delimitedRow(cells: Cells, columns: readonly string[]): TableRow {
  const problem = hasTooManyCells(cells, columns.length) ? 'too-many-cells' : null
  return { line: cells.line, record: toRecord(columns, allCells(cells)), problem }
}

function jsonRow(cells: Cells, columns: readonly string[]): TableRow {
  const value = parseJsonLine(cellText(cells, 0))
  return value
    ? { line: cells.line, record: jsonRecord(value, columns), problem: null }
    : { line: cells.line, record: {}, problem: 'not-json' }
}

/** Empty cells beyond the last column are a habit of spreadsheets; full ones mean that the columns have shifted. */
function hasTooManyCells(cells: Cells, width: number): boolean {
  for (let i = width; i < cells.count; i++) if (cells.starts[i]! < cells.ends[i]!) return true
  return false
}

async function scanTable(
  plan: ReadingPlan,
  chunks: AsyncIterable<Buffer>,
  columns: readonly string[],
  onCells: OnCells,
  sink?: QuickSink,
): Promise<void> {
  const missing = columns.find((column) => !plan.shape.columns.includes(column))
  if (missing !== undefined) throw new TableProblem('unknown-column', `There is no column ${missing}.`)
  const onRecord = plan.shape.format === 'ndjson' ? jsonCells(columns, onCells) : delimitedCells(plan, columns, onCells)
  const shortcut = sink && columns.length === 1 ? shortcutTo(sink, plan, columns[0]!) : null
  const scanner = createScanner(plan.scanner, onRecord, shortcut)
  for await (const chunk of chunks) scanner.push(chunk)
  scanner.end()
}

function shortcutTo(sink: QuickSink, { shape, scanner, headerLine }: ReadingPlan, column: string): Shortcut | null {
  const { delimiter, newline } = scanner
  if (delimiter === null) return null
  const place = shape.columns.indexOf(column)
  const count = createQuickCount({ delimiter, newline, width: shape.columns.length, place }, sink)
  return { count, sink, after: headerLine }
}

function delimitedCells(plan: ReadingPlan, columns: readonly string[], onCells: OnCells): (cells: Cells) => void {
  const places = Int32Array.from(columns, (column) => plan.shape.columns.indexOf(column))
  const width = plan.shape.columns.length
  const { headerLine } = plan
  return (cells) => {
    if (cells.line <= headerLine) return
    onCells(cells, places, cells.count > width && hasTooManyCells(cells, width) ? 'too-many-cells' : null)
  }
}

/** Lays the asked values of each object out as cells, so that both formats are counted by the same code. */
function jsonCells(columns: readonly string[], onCells: OnCells): (cells: Cells) => void {
  const places = Int32Array.from(columns, (_, index) => index)
  const find = createJsonFinder(columns)
  let scratch: Buffer = Buffer.alloc(4096)
  const out: Cells = {
    bytes: Buffer.alloc(0),
    count: columns.length,
    starts: new Int32Array(columns.length),
    ends: new Int32Array(columns.length),
    escaped: new Uint8Array(columns.length),
    line: 0,
  }
  return (cells) => {
    out.line = cells.line
    if (find(cells, out)) return onCells(out, places, null)
    const value = parseJsonLine(cellText(cells, 0))
    if (value) scratch = writeCells(value, columns, scratch, out)
    onCells(out, places, value ? null : 'not-json')
  }
}

function writeCells(value: object, columns: readonly string[], scratch: Buffer, out: Cells): Buffer {
  const texts = columns.map((column) => jsonCell(value, column))
  const needed = texts.reduce((sum, text) => sum + 3 * text.length, 0)
  out.bytes = needed > scratch.length ? Buffer.alloc(needed) : scratch
  let end = 0
  for (const [index, text] of texts.entries()) {
    out.starts[index] = end
    end += out.bytes.write(text, end)
    out.ends[index] = end
  }
  return out.bytes
}
