import { Buffer } from 'node:buffer'
import { createByteDayReader, type Day } from './dates.ts'
import { createGroupKeys } from './group-keys.ts'
import { readWhole, type ScoreFault } from './numbers.ts'
import { cellText, type Cells } from './scanner.ts'
import type { QuickSink } from './quick-count.ts'
import type { RowProblem, Table } from './table.ts'

const COMMA = 44
const POINT = 46
const ZERO = 48

/** Why a row's score (or its date) was not counted. */
export type SkipReason = ScoreFault | RowProblem | 'outside-scale' | 'no-date'

/** A row that was not counted, or counted without its date (`no-date`). */
export interface SkippedRow {
  line: number
  value: string
  reason: SkipReason
}

export interface TallyOptions {
  /** The smallest and the largest value that is counted, both whole, at most 1,000 apart. */
  min: number
  max: number
  /** How many groups are kept apart; rows of later ones go to `other`. Default 10,000. */
  maxGroups?: number
  /** The zone whose days are counted (IANA name). Default UTC. */
  timeZone?: string
  /** Called for each bad row; what it throws ends the reading. */
  onSkip?: (row: SkippedRow) => void
  /** A value that is counted and whose lines are reported as well. */
  watch?: { value: number; onSeen: (row: SkippedRow) => void }
}

export interface TallyColumns {
  score: string
  by?: string | undefined
  over?: string | undefined
}

/** Histograms: counts whose first entry is `min`. */
export interface TallyResult {
  /** All rows: `answers + unanswered + skipped`. */
  rows: number
  unanswered: number
  skipped: number
  undated: number
  counts: number[]
  /** In the order in which they were first seen, `''` for an empty cell. */
  groups: { key: string; counts: number[] }[]
  other: number[] | null
  /** Ascending. */
  days: { day: Day; counts: number[] }[]
}

export interface Tally {
  /** Counts a whole table; several tables add up. */
  add(table: Table, columns: TallyColumns): Promise<void>
  result(): TallyResult
}

/** Of a bad value so many characters are told. */
const longestValue = 200

/**
 * Counts scores, by group and by day where asked, in memory that does not grow with the table.
 * A `RangeError` names a bad `timeZone` or range.
 */
export function createTally(options: TallyOptions): Tally {
  const { min, max } = options
  const width = max - min + 1
  if (!Number.isInteger(min) || !(width >= 2 && width <= 1001)) {
    throw new RangeError(`min and max are ${min} and ${max}; they should be whole and at most 1,000 apart`)
  }
  const totals = { rows: 0, unanswered: 0, skipped: 0, undated: 0 }
  const counts = new Float64Array(width)
  const sink: QuickSink = { counts, min, except: options.watch?.value ?? min - 1, rows: 0 }
  const groups = createGroups(width, options.maxGroups ?? 10_000)
  const days = createDays(width, options.timeZone ?? 'UTC')

  function skip(line: number, value: string, reason: SkipReason): void {
    if (reason === 'no-date') totals.undated++
    else totals.skipped++
    options.onSkip?.({ line, value: value.slice(0, longestValue), reason })
  }

  function readScore(cells: Cells, place: number): number {
    const text = place < cells.count ? cellText(cells, place).trim() : ''
    if (text === '') {
      totals.unanswered++
      return Number.NaN
    }
    const value = readWhole(text)
    if (typeof value === 'number' && value >= min && value <= max) return value
    skip(cells.line, text, typeof value === 'number' ? 'outside-scale' : value)
    return Number.NaN
  }

  function count(cells: Cells, places: Int32Array, problem: RowProblem | null): void {
    totals.rows++
    if (problem) return skip(cells.line, '', problem)
    const place = places[0]!
    let value = quickScore(cells, place)
    if (!(value >= min && value <= max)) value = readScore(cells, place)
    if (Number.isNaN(value)) return
    counts[value - min]!++
    if (value === options.watch?.value)
      options.watch.onSeen({ line: cells.line, value: String(value), reason: 'outside-scale' })
    if (places[1]! >= 0) groups.count(cells, places[1]!, value - min)
    if (places[2]! >= 0 && !days.count(cells, places[2]!, value - min)) {
      skip(cells.line, cellOrEmpty(cells, places[2]!).trim(), 'no-date')
    }
  }

  async function add(table: Table, columns: TallyColumns): Promise<void> {
    const { score, by, over } = columns
    const asked = [score, by, over].filter((column) => column !== undefined)
    const seats = Int32Array.of(0, by === undefined ? -1 : 1, over === undefined ? -1 : asked.length - 1)
    const places = new Int32Array(3)
    await table.scan(
      asked,
      (cells, found, problem) => {
        for (let i = 0; i < 3; i++) places[i] = seats[i]! < 0 ? -1 : found[seats[i]!]!
        count(cells, places, problem)
      },
      sink,
    )
  }

  return {
    add,
    result: () => ({
      ...totals,
      rows: totals.rows + sink.rows,
      counts: [...counts],
      ...groups.result(),
      days: days.result(),
    }),
  }
}

/** One or two digits, with or without a zero behind a point or comma, from the bytes; NaN for all else. */
function quickScore(cells: Cells, place: number): number {
  if (place >= cells.count) return Number.NaN
  const { bytes } = cells
  const end = cells.ends[place]!
  let i = cells.starts[place]!
  let value = digitAt(bytes, i, end)
  if (value < 0) return Number.NaN
  const second = digitAt(bytes, ++i, end)
  if (second >= 0) {
    value = value * 10 + second
    i++
  }
  const isZeroFraction = end - i === 2 && (bytes[i] === COMMA || bytes[i] === POINT) && bytes[i + 1] === ZERO
  return i === end || isZeroFraction ? value : Number.NaN
}

function digitAt(bytes: Buffer, at: number, end: number): number {
  const digit = at < end ? bytes[at]! - ZERO : -1
  return digit <= 9 ? digit : -1
}

function cellOrEmpty(cells: Cells, place: number): string {
  return place < cells.count ? cellText(cells, place) : ''
}

interface CountTable {
  size(): number
  add(): number
  count(row: number, at: number): void
  row(row: number): number[]
}

/** Rows of counts in one array that doubles. */
function createCounts(width: number): CountTable {
  let cells = new Float64Array(16 * width)
  let rows = 0
  function add(): number {
    if ((rows + 1) * width > cells.length) {
      const wider = new Float64Array(cells.length * 2)
      wider.set(cells)
      cells = wider
    }
    return rows++
  }
  const count = (row: number, at: number): void => void cells[row * width + at]!++
  return { size: () => rows, add, count, row: (row) => [...cells.subarray(row * width, (row + 1) * width)] }
}

function createGroups(width: number, limit: number) {
  const keys = createGroupKeys(limit)
  const table = createCounts(width)
  const other = new Float64Array(width)
  function numberIn(cells: Cells, place: number): number {
    if (place >= cells.count) return keys.numberOf(cells.bytes, 0, 0)
    if (cells.escaped[place] === 1) {
      const bytes = Buffer.from(cellText(cells, place).trim())
      return keys.numberOf(bytes, 0, bytes.length)
    }
    const { start, end } = trimmed(cells, place)
    return keys.numberOf(cells.bytes, start, end)
  }
  return {
    count(cells: Cells, place: number, at: number): void {
      const number = numberIn(cells, place)
      if (number < 0) other[at]!++
      else table.count(number === table.size() ? table.add() : number, at)
    },
    result: () => ({
      groups: keys.list().map((key, number) => ({ key, counts: table.row(number) })),
      other: other.some((count) => count > 0) ? [...other] : null,
    }),
  }
}

function createDays(width: number, timeZone: string) {
  const readDay = createByteDayReader(timeZone)
  const table = createCounts(width)
  const rows = new Map<Day, number>()
  function rowOf(day: Day): number {
    let row = rows.get(day)
    if (row === undefined) rows.set(day, (row = table.add()))
    return row
  }
  return {
    count(cells: Cells, place: number, at: number): boolean {
      const day = dayIn(cells, place, readDay)
      if (day !== null) table.count(rowOf(day), at)
      return day !== null
    },
    result: () => [...rows].sort(([a], [b]) => a - b).map(([day, row]) => ({ day, counts: table.row(row) })),
  }
}

function dayIn(cells: Cells, place: number, readDay: ReturnType<typeof createByteDayReader>): Day | null {
  if (place >= cells.count) return null
  const { start, end } = trimmed(cells, place)
  return readDay(cells.bytes, start, end)
}

/** The bounds of a cell without the spaces around it. */
function trimmed(cells: Cells, place: number): { start: number; end: number } {
  let start = cells.starts[place]!
  let end = cells.ends[place]!
  while (start < end && cells.bytes[start]! <= 32) start++
  while (end > start && cells.bytes[end - 1]! <= 32) end--
  return { start, end }
}
