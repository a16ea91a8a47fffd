import {
  compareGroups,
  controlChart,
  shrinkGroups,
  summarize,
  type ControlPoint,
  type GroupComparison,
  type MetricName,
  type Omnibus,
  type Options,
  type Scale,
  type ShrunkenGroup,
  type Summary,
} from '@lahko/effort'
import { createDayReader, type SkipReason } from '@lahko/tables'
import type { Counted, CountedGroup, Skip } from './counting.ts'
import type { Every, ScoreOptions } from './options.ts'
import { periodEnd, periodsOf } from './periods.ts'

/** A bad row as programs read it; `file` only where several were read. */
export interface ReportedSkip {
  line: number
  value: string
  reason: SkipReason
  file?: string
}

/** One group: its own figures, how it stands to all others, and its rank by the shrunken estimate. */
export interface ReportedGroup extends Summary {
  key: string
  /** Present on the group of all that passed the limit. */
  other?: true
  comparison: Omit<GroupComparison, 'key'>
  ranking: Omit<ShrunkenGroup, 'key'> | null
}

/** What the table is drawn from: `summarize` and how it came about. */
export interface Report extends Summary {
  rows: number
  unanswered: number
  skippedCount: number
  skipped: ReportedSkip[]
  column: string
  scale: Scale
  assumed: boolean
  metric: MetricName
  asked?: number
  responseRate?: number
  by?: { column: string; metric: MetricName; omnibus: Omnibus | null; level: number; limited: boolean }
  groups?: ReportedGroup[]
  over?: {
    column: string
    metric: MetricName
    every: Every
    timeZone: string
    undatedCount: number
    undated: ReportedSkip[]
  }
  periods?: ControlPoint[]
}

/** What `--json` prints: `summarize`, rows, unanswered, skipped, scale, and what flags ask for. */
export type ReportJson = Omit<Report, 'skippedCount' | 'column' | 'assumed' | 'metric'>

/** The report for programs, on one line. */
export function jsonOf(report: Report): string {
  const { skippedCount: _count, column: _column, assumed: _assumed, metric: _metric, ...told } = report
  return JSON.stringify(told satisfies ReportJson)
}

const fewestRanked = 5

/** All figures of what was counted; `now` tells whether the last period is still running. */
export function makeReport(counted: Counted, options: ScoreOptions, now: Date): Report {
  const { scale, assumed } = counted
  const reading: Options = { level: options.level, ...(options.rule ? { rule: options.rule } : {}) }
  const many = options.files.length > 1
  const summary = summarize(counted.counts, scale, reading)
  return {
    ...summary,
    rows: counted.rows,
    unanswered: counted.unanswered,
    skippedCount: counted.skippedCount,
    skipped: counted.skipped.map((row) => reported(row, many)),
    column: counted.columns.score,
    scale,
    assumed,
    metric: options.metric,
    ...(options.asked === null ? {} : { asked: options.asked, responseRate: summary.n / options.asked }),
    ...(options.by === null ? {} : reportGroups(counted, options, reading)),
    ...(options.over === null ? {} : reportPeriods(counted, options.over, options, reading, now, many)),
  }
}

function reported({ line, value, reason, file }: Skip, many: boolean): ReportedSkip {
  return many ? { file, line, value, reason } : { line, value, reason }
}

function reportGroups(
  { groups, scale, columns }: Counted,
  options: ScoreOptions,
  reading: Options,
): Pick<Report, 'by' | 'groups'> {
  const compared = compareGroups(groups, scale, options.metric, reading)
  const ranked = groups.length < fewestRanked ? null : shrinkGroups(groups, scale, options.metric, reading)
  const reports = groups.map((group, index) => {
    const { key: _compared, ...comparison } = compared.groups[index]!
    return reportGroup(group, summarize(group.counts, scale, reading), comparison, ranked?.[index])
  })
  reports.sort(ranked ? byRank : byEase(options.metric, scale))
  const limited = groups.some(({ other }) => other)
  const { omnibus, level } = compared
  return { by: { column: columns.by!, metric: options.metric, omnibus, level, limited }, groups: reports }
}

function reportGroup(
  { key, other }: CountedGroup,
  summary: Summary,
  comparison: Omit<GroupComparison, 'key'>,
  shrunken: ShrunkenGroup | undefined,
): ReportedGroup {
  const ranking = shrunken
    ? { estimate: shrunken.estimate, low: shrunken.low, high: shrunken.high, rank: shrunken.rank }
    : null
  return { key, ...(other ? { other } : {}), ...summary, comparison, ranking }
}

function byRank(a: ReportedGroup, b: ReportedGroup): number {
  return (a.ranking?.rank ?? 0) - (b.ranking?.rank ?? 0) || b.n - a.n
}

function byEase(metric: MetricName, { direction }: Scale): (a: ReportedGroup, b: ReportedGroup) => number {
  const lowIsEasy = metric === 'hardShare' || (metric === 'mean' && direction === 'high-is-hard')
  const sign = lowIsEasy ? -1 : 1
  return (a, b) => sign * ((b[metric]?.value ?? 0) - (a[metric]?.value ?? 0)) || b.n - a.n
}

function reportPeriods(
  counted: Counted,
  over: NonNullable<ScoreOptions['over']>,
  options: ScoreOptions,
  reading: Options,
  now: Date,
  many: boolean,
): Pick<Report, 'over' | 'periods'> {
  const periods = periodsOf(counted.days, over.every)
  const unfinished = isRunning(periods.at(-1)?.at, over, now)
  return {
    over: {
      ...over,
      column: counted.columns.over!,
      metric: options.metric,
      undatedCount: counted.undatedCount,
      undated: counted.undated.map((row) => reported(row, many)),
    },
    periods: controlChart(periods, counted.scale, options.metric, { ...reading, unfinished }),
  }
}

function isRunning(
  lastStart: string | undefined,
  { every, timeZone }: { every: Every; timeZone: string },
  now: Date,
): boolean {
  if (lastStart === undefined) return false
  const today = createDayReader(timeZone)(now.toISOString())
  const start = createDayReader(timeZone)(lastStart)
  return today !== null && start !== null && today < periodEnd(start, every)
}
