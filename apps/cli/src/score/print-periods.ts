import type { ControlPoint } from '@lahko/effort'
import { bold, columnsOf, folded, isNarrow, quiet, type Paper } from './paper.ts'
import { smallSample } from './small-sample.ts'
import type { Report } from './report.ts'
import { countText, intervalText, metricWord, valueText } from './words.ts'

const mostShown = 60
const stripPlace = 4

/** A control chart as a table: each period's value between its limits. */
export function printPeriods(report: Report, paper: Paper): string[] {
  const points = report.periods!
  const { every, timeZone, undatedCount } = report.over!
  const word = metricWord(report.metric, report.scale)
  const lines = [bold(`By ${every} (${timeZone}): ${word} and the limits of chance`, paper)]
  if (points.length === 0) return [...lines, '  No answer has a date that can be read.']
  const shown = points.slice(-mostShown)
  const range = rangeOf(shown)
  const heading = [`  ${every === 'day' ? 'day' : `${every} of`}`, 'answers', word, 'limits', '', '']
  const cells = stripOf(paper)
  const table = [heading, ...shown.map((point) => row(point, report, range, paper))]
  const [head, ...rows] = columnsOf(cells > 0 ? table : table.map((one) => one.toSpliced(stripPlace, 1)), [1, 2])
  if (points.length > shown.length)
    rows.unshift(`  … ${countText(points.length - shown.length)} earlier; --json has them all`)
  return [
    ...lines,
    quiet(head!, paper),
    ...rows,
    ...notesOn(shown, undatedCount, paper).map((note) => quiet(note, paper)),
  ]
}

interface Range {
  from: number
  to: number
}

function rangeOf(points: readonly ControlPoint[]): Range {
  const values = points.flatMap(({ value, low, high }) => [value, low, high]).filter((value) => value !== null)
  return { from: Math.min(...values), to: Math.max(...values) }
}

/** A drawing takes only what the figures leave, and is none where that is little. */
function stripOf({ width }: Paper): number {
  return width < 84 ? 0 : Math.min(25, width - 70)
}

function row(point: ControlPoint, { metric, over }: Report, range: Range, paper: Paper): string[] {
  const at = over!.every === 'month' ? point.at.slice(0, 7) : point.at
  const limits = point.low === null ? '' : intervalText(metric, point.low, point.high)
  const mark = point.n < smallSample ? '*' : ' '
  return [
    `  ${at}`,
    `${countText(point.n)}${mark}`,
    valueText(metric, point.value),
    limits,
    strip(point, range, stripOf(paper)),
    words(point, paper),
  ]
}

/** The limits as brackets, the centre as a line, the value as a dot. */
function strip({ value, low, high, centre }: ControlPoint, { from, to }: Range, length: number): string {
  const cells = Array.from({ length }, () => ' ')
  const put = (at: number | null, mark: string): void => {
    if (at !== null && to > from && length > 1) cells[Math.round(((at - from) / (to - from)) * (length - 1))] = mark
  }
  put(centre, '│')
  put(low, '[')
  put(high, ']')
  put(value, '●')
  return cells.join('')
}

function words({ signals, joined, unfinished }: ControlPoint, paper: Paper): string {
  const found: string[] = []
  if (signals.includes('limit')) found.push(isNarrow(paper) ? 'outside' : 'outside the limits')
  if (signals.includes('drift')) found.push('drifting')
  if (unfinished) found.push('unfinished')
  if (joined > 0) found.push(`with ${joined} before it`)
  return found.join(', ')
}

function notesOn(points: readonly ControlPoint[], undatedCount: number, paper: Paper): string[] {
  return notes(points, undatedCount).flatMap((note) => folded(note, paper.width))
}

function notes(points: readonly ControlPoint[], undatedCount: number): string[] {
  const found: string[] = []
  if (points.some(({ n }) => n < smallSample)) found.push(`  * small sample, under ${smallSample} answers`)
  if (undatedCount > 0) {
    found.push(
      `  ${countText(undatedCount)} ${undatedCount === 1 ? 'answer has' : 'answers have'} no date that can be read and count only above.`,
    )
  }
  return found
}
