import { effortStep, type MetricName } from '@lahko/effort'
import { bold, columnsOf, folded, inStep, padStart, quiet, type Paper } from './paper.ts'
import { printGroups } from './print-groups.ts'
import { printPeriods } from './print-periods.ts'
import { printable } from '@lahko/tables'
import type { Report } from './report.ts'
import { assumption } from './scale.ts'
import { smallSample } from './small-sample.ts'
import { countText, fixed, intervalText, levelText, metricWord, ruleWords, valueText } from './words.ts'

/** The whole table as lines. `source` is what was read, as people call it. */
export function printReport(report: Report, source: string, paper: Paper): string[] {
  const lines = report.assumed ? [...folded(assumption(report.scale), paper.width), ''] : []
  lines.push(
    bold(printable(`${source}, column ${report.column}`), paper),
    ...folded(answersLine(report), paper.width),
    '',
  )
  if (report.n === 0) lines.push('No answers, so there are no figures.')
  else lines.push(...figureLines(report, paper), '', ...histogramLines(report, paper))
  if (report.groups && report.n > 0) lines.push('', ...printGroups(report, paper))
  if (report.periods && report.n > 0) lines.push('', ...printPeriods(report, paper))
  return lines
}

function answersLine({ n, rows, unanswered, skippedCount, asked, responseRate }: Report): string {
  const parts = [
    `${countText(n)} ${n === 1 ? 'answer' : 'answers'} in ${countText(rows)} ${rows === 1 ? 'row' : 'rows'}`,
  ]
  if (unanswered > 0) parts.push(`${countText(unanswered)} unanswered`)
  if (skippedCount > 0) parts.push(`${countText(skippedCount)} skipped`)
  if (asked !== undefined) parts.push(`asked ${countText(asked)}, response rate ${fixed(responseRate! * 100, 1)} %`)
  if (n > 0 && n < smallSample) parts.push('small sample')
  return parts.join(' · ')
}

const metricOrder: readonly MetricName[] = ['mean', 'easyShare', 'hardShare', 'netEase', 'easeIndex']

function figureLines(report: Report, paper: Paper): string[] {
  const rows = metricOrder.map((metric) => {
    const found = report[metric]!
    const interval = intervalText(metric, found.low, found.high)
    return [`  ${metricWord(metric, report.scale)}`, valueText(metric, found.value), interval]
  })
  const [head, ...lines] = columnsOf([['', '', levelText(report.level)], ...rows], [1])
  const spread = report.standardDeviation === null ? '' : `, standard deviation ${fixed(report.standardDeviation, 2)}`
  return [
    quiet(head!, paper),
    ...lines.map((line, index) => (metricOrder[index] === report.metric ? bold(line, paper) : line)),
    ...folded(`  median ${report.median}${spread}; ${ruleWords(report.rule, report.scale)}`, paper.width).map((line) =>
      quiet(line, paper),
    ),
  ]
}

interface Bin {
  label: string
  count: number
  value: number
}

const mostBars = 21

/** Easiest on top. Long scales are drawn in bins of five or ten. */
function histogramLines(report: Report, paper: Paper): string[] {
  const bins = binsOf(report)
  const most = Math.max(...bins.map(({ count }) => count))
  const labelWidth = Math.max(...bins.map(({ label }) => label.length))
  const countWidth = Math.max(...bins.map(({ count }) => countText(count).length))
  const room = Math.max(8, Math.min(50, paper.width - labelWidth - countWidth - 14))
  return bins.map(({ label, count, value }) => {
    const bar = inStep(barOf(count / most, room), effortStep(value, report.scale, report.rule), paper)
    const gap = ' '.repeat(room - barOf(count / most, room).length)
    const share = padStart(`${fixed((count / report.n) * 100, 1)} %`, 8)
    return `  ${padStart(label, labelWidth)}  ${bar}${gap} ${padStart(countText(count), countWidth)} ${share}`
  })
}

function binsOf({ histogram, scale }: Report): Bin[] {
  const size = histogram.length <= mostBars ? 1 : histogram.length <= 51 ? 5 : 10
  const bins: Bin[] = []
  for (let from = 0; from < histogram.length; from += size) {
    const inside = histogram.slice(from, from + size)
    const first = scale.min + from
    const last = first + inside.length - 1
    const count = inside.reduce((sum, one) => sum + one, 0)
    bins.push({ label: first === last ? `${first}` : `${first}–${last}`, count, value: Math.round((first + last) / 2) })
  }
  return scale.direction === 'high-is-easy' ? bins.reverse() : bins
}

const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉']

function barOf(share: number, room: number): string {
  const parts = Math.round(share * room * 8)
  const full = Math.floor(parts / 8)
  return '█'.repeat(full) + (share > 0 && parts === 0 ? '▏' : eighths[parts % 8]!)
}
