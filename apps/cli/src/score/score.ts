import type { Readable } from 'node:stream'
import type { WriteStream } from 'node:tty'
import { badValue, countFiles, keptSkips, type Counted, type Skip } from './counting.ts'
import { findFiles } from './files.ts'
import { readScoreOptions, type ScoreOptions } from './options.ts'
import type { Paper } from './paper.ts'
import { printable } from '@lahko/tables'
import { printReport } from './print.ts'
import { createProgress } from './progress.ts'
import { jsonOf, makeReport } from './report.ts'
import { assumption } from './scale.ts'
import { countText } from './words.ts'

/** A stream to write on, and what is known of it when it is a terminal. */
export type Output = NodeJS.WritableStream & Partial<Pick<WriteStream, 'isTTY' | 'columns'>>

/** All of the outside world that `lahko score` touches besides files. */
export interface Surroundings {
  stdin: Readable
  stdout: Output
  stderr: Output
  env: Readonly<Record<string, string | undefined>>
  now: () => Date
  /** The machine's time zone. */
  timeZone: string
}

const shownSkips = 5
const widestTable = 110

/** Reads, counts, prints. Throws a `CommandError`. */
export async function score(args: readonly string[], around: Surroundings): Promise<void> {
  const options = readScoreOptions(args, around.timeZone)
  const files = await findFiles(options.files, around.stdin)
  const total = files.some(({ size }) => size === null) ? null : files.reduce((sum, { size }) => sum + size!, 0)
  const progress = createProgress(around.stderr, total, () => performance.now())
  let counted: Counted
  try {
    counted = await countFiles(files, options, progress)
  } finally {
    progress.end()
  }
  const report = makeReport(counted, options, around.now())
  const source = files.length === 1 ? files[0]!.name : `${files.length} files`
  const text = options.json ? jsonOf(report) : printReport(report, source, paperOf(around)).join('\n')
  around.stdout.write(`${text}\n`)
  for (const line of warnings(counted, options)) around.stderr.write(`${printable(line)}\n`)
}

function paperOf({ stdout, env }: Surroundings): Paper {
  const width = stdout.isTTY ? stdout.columns || 80 : 100
  const colour = stdout.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb'
  return { width: Math.min(widestTable, width), colour }
}

function warnings(counted: Counted, options: ScoreOptions): string[] {
  const many = options.files.length > 1
  const lines = options.json && counted.assumed ? [assumption(counted.scale)] : []
  for (const { file, column } of counted.otherScores) {
    lines.push(`${file}: the scores are read from column ${column}, not ${counted.columns.score}; --column names one.`)
  }
  lines.push(...firstOnes('skipped', counted.skipped, counted.skippedCount, many))
  lines.push(...firstOnes('undated', counted.undated, counted.undatedCount, many))
  if (counted.groups.some(({ other }) => other)) {
    lines.push(
      `${options.by} has more than 10,000 values; the answers of those that came later are all others together.`,
    )
  }
  if (options.asked !== null && options.asked < answersOf(counted)) {
    lines.push(`More people answered than the ${countText(options.asked)} that --asked names.`)
  }
  return lines
}

function answersOf({ rows, unanswered, skippedCount }: Counted): number {
  return rows - unanswered - skippedCount
}

function firstOnes(word: string, rows: readonly Skip[], count: number, many: boolean): string[] {
  const lines = rows.slice(0, shownSkips).map((row) => {
    return `${word}: ${many ? `${row.file}, ` : ''}line ${row.line}: ${badValue(row)}`
  })
  const more = count - lines.length
  if (more > 0) lines.push(`… and ${countText(more)} more; --json lists the first ${countText(keptSkips)}`)
  return lines
}
