import type { Scale } from '@lahko/effort'
import {
  createTally,
  guessScoreColumn,
  isSameName,
  looksLikeData,
  missingHeader,
  type SkippedRow,
  type Table,
  type TallyResult,
} from '@lahko/tables'
import { CommandError } from '../command-error.ts'
import { nearest } from '../nearest.ts'
import { withTable, type AnswerFile } from './files.ts'
import type { ScoreOptions } from './options.ts'
import { fitted } from './paper.ts'
import type { Progress } from './progress.ts'
import { assumeScale, undecided } from './scale.ts'

/** A row that was not counted, with the file it stands in. */
export type Skip = SkippedRow & { file: string }

/** Groups in the order of their first answer; the one marked `other` holds what passed the limit. */
export interface CountedGroup {
  key: string
  counts: readonly number[]
  other: boolean
}

/** What the columns are called, in the first file. */
export interface Columns {
  score: string
  by: string | undefined
  over: string | undefined
}

interface FileColumns {
  file: string
  columns: Columns
}

/** All files together, counted on one scale. `rows` = answers + `unanswered` + `skippedCount`. */
export interface Counted {
  columns: Columns
  /** Files whose scores stand in a column of another name than the first file's. */
  otherScores: { file: string; column: string }[]
  scale: Scale
  assumed: boolean
  rows: number
  unanswered: number
  skippedCount: number
  /** The first ones, at most `keptSkips`. */
  skipped: Skip[]
  undatedCount: number
  undated: Skip[]
  counts: readonly number[]
  groups: CountedGroup[]
  days: { day: number; counts: readonly number[] }[]
}

/** How many bad rows are kept with line, value and reason. */
export const keptSkips = 1000

/** Values and names take this many columns of a terminal at most. */
const longestShown = 41

/** Counts all files. Throws a `CommandError` where the data or the command line do not allow it. */
export async function countFiles(
  files: readonly AnswerFile[],
  options: ScoreOptions,
  progress: Progress,
): Promise<Counted> {
  const notes = createNotes(options.strict)
  const range = options.scale ?? undecided
  let current = ''
  const tally = createTally({
    min: range.min,
    max: range.max,
    timeZone: options.over?.timeZone ?? 'UTC',
    onSkip: (row) => notes.take({ ...row, file: current }),
    ...(options.scale ? {} : { watch: { value: 0, onSeen: (row) => notes.watch({ ...row, file: current }) } }),
  })
  const read: FileColumns[] = []
  for (const file of files) {
    current = file.name
    await withTable(file, progress, expectedOf(options), async (table) => {
      const columns = findColumns(table, options, file.name)
      read.push({ file: file.name, columns })
      await tally.add(table, columns)
    })
  }
  return settle(read, tally.result(), options, notes)
}

/** The columns that the command line names: a line that has one of them is a line of names. */
function expectedOf({ column, by, over }: ScoreOptions): string[] {
  return [column, by, over?.column].filter((name) => typeof name === 'string')
}

function settle(read: readonly FileColumns[], found: TallyResult, options: ScoreOptions, notes: Notes): Counted {
  const { columns } = read[0]!
  const scale = options.scale ?? assumed(columns.score, found.counts, notes)
  const cut = options.scale ? 0 : scale.min - undecided.min
  const zeros = cut === 0 ? 0 : found.counts[0]!
  if (zeros > 0) notes.acceptWatched()
  notes.refuseWaiting()
  const onScale = <T extends { counts: readonly number[] }>(part: T): T => ({ ...part, counts: part.counts.slice(cut) })
  const groups = found.groups.map((group) => onScale({ ...group, other: false }))
  if (found.other) groups.push(onScale({ key: 'other', counts: found.other, other: true }))
  return {
    columns,
    otherScores: read
      .filter((one) => !isSameName(one.columns.score, columns.score))
      .map((one) => ({ file: one.file, column: one.columns.score })),
    scale,
    assumed: options.scale === null,
    rows: found.rows,
    unanswered: found.unanswered,
    skippedCount: found.skipped + zeros,
    skipped: notes.skipped(),
    undatedCount: found.undated,
    undated: notes.undated(),
    counts: found.counts.slice(cut),
    groups: groups.filter(hasAnswers),
    days: found.days.map(onScale).filter(hasAnswers),
  }
}

function assumed(column: string, counts: readonly number[], notes: Notes): Scale {
  const [first] = notes.skipped()
  const bad = first && `line ${first.line}: ${badValue(first)}`
  return assumeScale({ column, counts, outside: notes.outside(), bad })
}

function hasAnswers({ counts }: { counts: readonly number[] }): boolean {
  return counts.some((count) => count > 0)
}

interface Notes {
  take(row: Skip): void
  watch(row: Skip): void
  /** The watched values turned out to lie outside the scale. */
  acceptWatched(): void
  /** Ends the reading with a bad row that had to wait until the watched values before it were judged. */
  refuseWaiting(): void
  outside(): number
  skipped(): Skip[]
  undated(): Skip[]
}

/**
 * Keeps the first bad rows in the order of the files; under `--strict` the first one ends the reading, or waits for the
 * end where a watched value before it may turn out to be the first.
 */
function createNotes(strict: boolean): Notes {
  let waiting: Skip | null = null
  const skipped: { at: number; row: Skip }[] = []
  const watched: { at: number; row: Skip }[] = []
  const undated: Skip[] = []
  let outside = 0
  let at = 0
  function take(row: Skip): void {
    if (strict && watched.length === 0) refuseRow(row)
    waiting ??= row
    if (row.reason === 'outside-scale') outside++
    if (row.reason !== 'no-date') keep(skipped, row)
    else if (undated.length < keptSkips) undated.push(row)
  }
  function keep(list: { at: number; row: Skip }[], row: Skip): void {
    if (list.length < keptSkips) list.push({ at: at++, row })
  }
  function acceptWatched(): void {
    if (strict) refuseRow(watched[0]!.row)
    skipped.push(...watched)
    skipped.sort((a, b) => a.at - b.at)
    skipped.length = Math.min(skipped.length, keptSkips)
  }
  return {
    take,
    watch: (row) => keep(watched, row),
    acceptWatched,
    refuseWaiting: () => {
      if (strict && waiting) refuseRow(waiting)
    },
    outside: () => outside,
    skipped: () => skipped.map(({ row }) => row),
    undated: () => undated,
  }
}

function refuseRow(row: Skip): never {
  throw new CommandError(`${row.file}, line ${row.line}: ${badValue(row)}. Stopped there, as --strict asks.`, 2)
}

const reasons: Record<SkippedRow['reason'], string> = {
  'not-a-number': 'is not a number',
  'not-whole': 'is not a whole number',
  'outside-scale': 'is outside the scale',
  'too-many-cells': 'the row has more cells than there are columns',
  'not-json': 'the line is not a JSON object',
  'no-date': 'is not a date',
}

/** `“abc” is not a number`. */
export function badValue({ value, reason }: SkippedRow): string {
  if (reason === 'too-many-cells' || reason === 'not-json') return reasons[reason]
  if (reason === 'no-date' && value === '') return 'there is no date'
  const shown = fitted(value, longestShown)
  if (reason === 'not-whole' && /[.,]000$/.test(value)) return `“${shown}” may be thousands`
  return `“${shown}” ${reasons[reason]}`
}

function findColumns(table: Table, options: ScoreOptions, file: string): Columns {
  const named = (name: string | undefined) => (name === undefined ? undefined : findColumn(table, name, file))
  return {
    score: scoreColumn(table, options, file),
    by: named(options.by ?? undefined),
    over: named(options.over?.column),
  }
}

function scoreColumn(table: Table, options: ScoreOptions, file: string): string {
  if (options.column !== null) return findColumn(table, options.column, file)
  const { columns, sample, format } = table.shape
  const guess = guessScoreColumn(columns, sample, options.scale ?? undecided)
  if ('column' in guess) {
    if (format !== 'ndjson' && looksLikeData(guess.column)) throw missingHeader(columns, 1)
    return guess.column
  }
  const { candidates } = guess
  if (candidates.length === 0 && columns.length === 1) {
    const name = fitted(columns[0]!, longestShown)
    throw new CommandError(`${file}: the first line should name the columns, and is “${name}”.`, 2)
  }
  const among = candidates.length === 0 ? columns : candidates
  const why = candidates.length > 1 ? 'several columns could hold the score' : 'no column looks like a score'
  throw new CommandError(`${file}: ${why}; name one with --column: ${listed(among)}.`, 2)
}

/** The column of that name, however its letters are cased. */
function findColumn(table: Table, name: string, file: string): string {
  const { columns } = table.shape
  if (columns.includes(name)) return name
  const same = columns.filter((column) => isSameName(column, name))
  if (same.length === 1) return same[0]!
  const meant = nearest(name, columns)
  const hint = meant ? `Did you mean ${meant}?` : `Its columns are ${listed(columns)}.`
  throw new CommandError(`${file} has no column ${name}. ${hint}`, 2)
}

function listed(names: readonly string[]): string {
  const shown = names
    .slice(0, 12)
    .map((name) => fitted(name, longestShown))
    .join(', ')
  return names.length > 12 ? `${shown} and ${names.length - 12} more` : shown
}
