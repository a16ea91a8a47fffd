import type { EffortReport } from '@lahko/contract'
import { invalidField } from '#platform/problem.ts'
import { csvLine, type CsvCell } from '#platform/csv.ts'
import type { Db } from '#platform/store.ts'
import { analyse, chartOf } from './effort-report.ts'
import { countBreakdowns, countDays, countSeries, type Subject } from './measuring.ts'
import { endInSeries } from './periods.ts'

/** Lines at a time, so that a long table is sent while it is written. */
const linesAChunk = 500

/**
 * The table behind one chart, header first; figures are not rounded.
 * @param part `series`, `histogram` or a declared attribute
 * @throws Problem invalid for a part that is not there
 */
export async function effortCsv(db: Db, subject: Subject, part: string): Promise<Iterable<string>> {
  if (part === 'series') return chunked(seriesHeader, seriesLines(subject, await countSeries(db, subject)))
  if (part === 'histogram') return chunked(histogramHeader, await histogramLines(db, subject))
  const { declared, identity } = subject.survey
  if (identity === 'anonymous' || !declared.includes(part)) throw invalidField('/query/part', 'insight.unknown_part')
  const rows = (await countBreakdowns(db, subject, [part])).get(part) ?? []
  return chunked(
    groupHeader,
    rows.length === 0 ? [] : analyse(subject, part, rows).groups.map((group) => groupLine(subject, group)),
  )
}

/** The name of the file, of safe characters only. */
export function csvName({ survey, periods }: Subject, part: string): string {
  return `${survey.key}-${part}-${periods.period.from}-${periods.period.to}.csv`.replaceAll(/[^A-Za-z0-9._-]/g, '_')
}

const seriesHeader = [
  'from',
  'to',
  'joined',
  'answers',
  'metric',
  'value',
  'centre',
  'low',
  'high',
  'ewma',
  'signals',
  'unfinished',
]
const histogramHeader = ['score', 'counts_as', 'answers', 'answers_before']
const groupHeader = [
  'value',
  'answers',
  'metric',
  'figure',
  'low',
  'high',
  'difference',
  'difference_low',
  'difference_high',
  'adjusted_p',
  'ease',
  'verdict',
  'rank',
  'small_sample',
]

function seriesLines(subject: Subject, series: Parameters<typeof chartOf>[1]): CsvCell[][] {
  return chartOf(subject, series).map(({ at, joined, n, value, centre, low, high, ewma, signals, unfinished }) => [
    at,
    endInSeries(subject.periods.series, at),
    joined,
    n,
    subject.metric,
    value,
    centre,
    low,
    high,
    ewma,
    signals.join(' '),
    unfinished,
  ])
}

async function histogramLines(db: Db, subject: Subject): Promise<CsvCell[][]> {
  const { scale, rule, periods } = subject
  const now = await countDays(db, subject, periods.period)
  const before = periods.before && (await countDays(db, subject, periods.before))
  const kindOf = (score: number) =>
    rule.easy.includes(score) ? 'easy' : rule.hard.includes(score) ? 'hard' : 'neither'
  return now.map((count, index) => [scale.min + index, kindOf(scale.min + index), count, before?.[index] ?? null])
}

function groupLine({ metric }: Subject, group: EffortReport['breakdowns'][number]['groups'][number]): CsvCell[] {
  const { value, n, metric: figure, difference, low, high, adjustedP, ease, verdict, rank, smallSample } = group
  return [
    value,
    n,
    metric,
    figure?.value ?? null,
    figure?.low ?? null,
    figure?.high ?? null,
    difference,
    low,
    high,
    adjustedP,
    ease,
    verdict,
    rank,
    smallSample,
  ]
}

function* chunked(header: readonly string[], lines: Iterable<readonly CsvCell[]>): Iterable<string> {
  let chunk = csvLine(header)
  let waiting = 1
  for (const line of lines) {
    chunk += csvLine(line)
    if (++waiting < linesAChunk) continue
    yield chunk
    chunk = ''
    waiting = 0
  }
  if (chunk) yield chunk
}
