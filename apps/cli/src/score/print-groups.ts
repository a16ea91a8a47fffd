import { bold, columnsOf, fitted, folded, isNarrow, quiet, type Paper } from './paper.ts'
import { printable } from '@lahko/tables'
import { smallSample } from './small-sample.ts'
import type { Report, ReportedGroup } from './report.ts'
import {
  countText,
  differenceText,
  easeWords,
  intervalText,
  levelText,
  metricWord,
  valueText,
  verdictWords,
} from './words.ts'

const shownAtEachEnd = 15
const differencePlace = 5

/** Groups from the easiest to the hardest; of many only both ends. */
export function printGroups(report: Report, paper: Paper): string[] {
  const groups = report.groups!
  const column = printable(report.by!.column)
  const lines = [bold(`By ${column}: ${metricWord(report.metric, report.scale)}, each group against the rest`, paper)]
  if (groups.length < 2) return [...lines, '  One group has nothing to be compared with.']
  const hidden = groups.length > 2 * shownAtEachEnd + 1 ? groups.length - 2 * shownAtEachEnd : 0
  const shown = hidden > 0 ? [...groups.slice(0, shownAtEachEnd), ...groups.slice(-shownAtEachEnd)] : groups
  const table = [heading(report), ...shown.map((group) => row(group, report, paper))]
  const [head, ...rows] = isWide(paper)
    ? columnsOf(table, [0, 2, 3, 5])
    : columnsOf(
        table.map((cells) => cells.toSpliced(differencePlace, 1)),
        [0, 2, 3],
      )
  if (hidden > 0) rows.splice(shownAtEachEnd, 0, `     … ${countText(hidden)} between; --json has them all`)
  return [...lines, quiet(head!, paper), ...rows, ...notesOn(report, shown, paper).map((note) => quiet(note, paper))]
}

/** Where there is little room, the words say enough of the difference. */
function isWide({ width }: Paper): boolean {
  return width >= 92
}

function heading({ by, level, groups }: Report): string[] {
  const ranked = groups![0]!.ranking !== null
  return [ranked ? ' rank' : '', fitted(by!.column, 40), 'answers', '', levelText(level), 'difference', '']
}

function row(group: ReportedGroup, { metric }: Report, paper: Paper): string[] {
  const found = group[metric]!
  const { difference, ease, verdict } = group.comparison
  const words = [ease && easeWords[ease], verdict && verdictWords[verdict]].filter((word) => word !== null)
  // What is easier without more words is so by more than noise.
  const short = verdict === 'more-than-noise' ? words[0] : words[1]
  return [
    ` ${group.ranking?.rank ?? ''}`,
    nameOf(group, Math.max(8, paper.width - (isWide(paper) ? 78 : isNarrow(paper) ? 52 : 66))),
    `${countText(group.n)}${group.n < smallSample ? '*' : ' '}`,
    valueText(metric, found.value),
    intervalText(metric, found.low, found.high),
    differenceText(metric, difference),
    isNarrow(paper) ? (short ?? '') : words.join(', '),
  ]
}

function nameOf({ key, other }: ReportedGroup, width: number): string {
  if (other) return '(all others)'
  return key === '' ? '(empty)' : fitted(key, width)
}

function notesOn(report: Report, shown: readonly ReportedGroup[], paper: Paper): string[] {
  return notes(report, shown).flatMap((note) => folded(note, paper.width))
}

function notes({ by, groups, level }: Report, shown: readonly ReportedGroup[]): string[] {
  const found: string[] = []
  if (groups![0]!.ranking) found.push('  Ranked by estimates drawn towards the middle, more so with few answers.')
  if (by!.level !== level) {
    found.push(
      `  With ${countText(groups!.length)} comparisons at once, differences are judged at ${levelText(by!.level)}.`,
    )
  }
  if (shown.some(({ n }) => n < smallSample)) found.push(`  * small sample, under ${smallSample} answers`)
  return found
}
