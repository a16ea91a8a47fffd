import type { z } from 'zod'
import { addHistograms, type Histogram, type MetricName, type Rule, type Scale } from '@lahko/effort'
import type { insight as contract, SurveyContent } from '@lahko/contract'
import { getWorkspace } from '#accounts'
import { invalidField, Problem } from '#platform/problem.ts'
import { localDateOf } from '#platform/local-date.ts'
import type { Db } from '#platform/store.ts'
import {
  breakdowns,
  countAsked,
  findCrowdingAttribute,
  getReadableSurvey,
  histograms,
  type AskedCount,
  type AskedFilter,
  type AttributeFilter,
  type HistogramFilter,
  type HistogramRow,
  type ReadableSurvey,
  type Wording,
} from '#surveys'
import { listAcceptedChanges } from './accepted-changes.queries.ts'
import {
  baselinePoints,
  earliestDay,
  endOf,
  latestDay,
  lengthOf,
  longestRun,
  periodHolding,
  periodsAround,
  runOfDays,
  startsOf,
  sinceTheLastChange,
  stretchesOf,
  type Days,
  type Period,
  type Periods,
} from './periods.ts'

/** What a reader asks for: which survey, which period, which filters. */
export type View = Omit<z.output<typeof contract.effort.query>, 'filter'> & { filter: readonly string[] }

/** What is looked at, before anything is counted. */
export type Subject = {
  readonly company: string
  readonly survey: ReadableSurvey
  readonly wording: Wording
  readonly content: SurveyContent
  readonly scale: Scale
  readonly rule: Rule
  readonly metric: MetricName
  /** How `@lahko/effort` reads these histograms. */
  readonly reading: { readonly rule: Rule; readonly designEffect: number }
  readonly where: readonly AttributeFilter[]
  readonly periods: Periods
  /** The first days of the series' periods that began a new normal, in order. */
  readonly changes: readonly string[]
  readonly today: string
  readonly timeZone: string
}

/** The histograms that the screen rests on. */
export type Counts = {
  readonly now: Histogram
  readonly before: Histogram | null
  readonly series: readonly { readonly at: string; readonly counts: Histogram }[]
  readonly breakdowns: ReadonlyMap<string, readonly HistogramRow[]>
  /** Who was asked in the period and how many of them answered; null where the filters leave some of them out. */
  readonly asked: AskedCount | null
  /** The attribute to drop where the survey has too many combinations to keep more of them apart. */
  readonly crowding: string | undefined
}

/**
 * Finds the survey and reckons the periods.
 * @throws Problem not_found for a survey that is not there; invalid for what does not fit it
 */
export async function findSubject(db: Db, view: View): Promise<Subject> {
  const survey = await readableSurvey(db, view.survey)
  const wording =
    view.wording === undefined ? survey.wordings.at(-1) : survey.wordings.find((one) => one.wording === view.wording)
  if (!wording) throw invalidField('/query/wording', 'insight.unknown_wording')
  const workspace = await getWorkspace(db)
  const today = localDateOf(db.now, workspace.time_zone)
  const { easy, hard } = wording.rule
  const accepted = await listAcceptedChanges(db, survey.id, wording.wording)
  const periods = periodsAround(periodOf(view, today), today, wording.firstOn)
  return {
    company: workspace.name,
    survey,
    wording,
    content: wording.content,
    scale: { ...wording.content.score.scale, easy, hard },
    rule: wording.rule,
    metric: view.metric ?? survey.metric,
    reading: { rule: wording.rule, designEffect: wording.designEffect },
    where: whereOf(view.filter, survey),
    ...sinceTheLastChange(periods, accepted),
    today,
    timeZone: workspace.time_zone,
  }
}

/** Whether the design effect of these answers is older than today; anonymous answers have none. */
export function wantsDesignEffect({ survey, wording, today }: Subject): boolean {
  return survey.identity === 'identified' && wording.firstOn !== null && wording.measuredOn !== today
}

/** Counts everything that the screen shows: at most five questions to the cells, and one to the ledger. */
export async function countAll(db: Db, subject: Subject): Promise<Counts> {
  const { survey, periods } = subject
  const series = await countSeries(db, subject)
  const read = (days: Days) =>
    periods.period.kind === 'days' ? countDays(db, subject, days) : Promise.resolve(within(series, days))
  return {
    now: await read(periods.period),
    before: periods.before && (await read(periods.before)),
    series,
    asked: subject.where.length === 0 ? await countAsked(db, askedIn(subject)) : null,
    ...(survey.identity === 'anonymous'
      ? { breakdowns: new Map(), crowding: undefined }
      : {
          breakdowns: await countBreakdowns(db, subject, survey.declared),
          crowding: await findCrowdingAttribute(db, survey.id),
        }),
  }
}

/** Whom the survey asked in the period. */
export function askedIn({ survey, wording, periods, timeZone }: Subject): AskedFilter {
  return { surveyId: survey.id, wording: wording.wording, from: periods.period.from, to: periods.period.to, timeZone }
}

/** The series from its first period on, as far as it has to be read: zeros where nobody answered. */
export async function countSeries(db: Db, subject: Subject): Promise<Counts['series']> {
  const { series } = subject.periods
  const [beginning, rest] = stretchesOf(series)
  const begun = await countStretch(db, subject, beginning!)
  if (!rest) return begun
  // Where answers are few, twenty points take longer to come together.
  if (pointsIn(begun) < baselinePoints) return countStretch(db, subject, { from: series.since, to: series.to })
  return [...begun, ...(await countStretch(db, subject, rest))]
}

async function countStretch(db: Db, subject: Subject, { from, to }: Days): Promise<Counts['series']> {
  const { grain } = subject.periods.series
  const rows = await histograms(db, { ...filterOf(subject, { from, to }), grain }, 'period')
  const known = new Map<string, Histogram>(rows.map(({ key, counts }) => [key, counts]))
  const starts = startsOf(grain, { from, to })
  const last = starts.at(-1)!
  // The last week or month of a run of days ends with the run.
  if (endOf(grain, last) > to) known.set(last, await countDays(db, subject, { from: last, to }))
  return starts.map((at) => ({ at, counts: known.get(at) ?? zeros(subject.scale) }))
}

/** How many points a chart draws of these periods: those under five answers join the next. */
function pointsIn(series: Counts['series']): number {
  let points = 0
  let waiting = 0
  for (const { counts } of series) {
    waiting += counts.reduce((sum, count) => sum + count, 0)
    if (waiting < fewestAPoint) continue
    points += 1
    waiting = 0
  }
  return points
}

const fewestAPoint = 5

/** The histogram of a run of days. */
export async function countDays(db: Db, subject: Subject, days: Days): Promise<Histogram> {
  const [row] = await histograms(db, filterOf(subject, days), 'total')
  return row?.counts ?? zeros(subject.scale)
}

/** The period's histograms by each of the attributes. */
export function countBreakdowns(
  db: Db,
  subject: Subject,
  attributes: readonly string[],
): Promise<Map<string, HistogramRow[]>> {
  return breakdowns(db, filterOf(subject, subject.periods.period), attributes)
}

async function readableSurvey(db: Db, keyOrId: string | undefined): Promise<ReadableSurvey> {
  try {
    return await getReadableSurvey(db, keyOrId)
  } catch (error) {
    const none = keyOrId === undefined && error instanceof Problem && error.kind === 'not_found'
    throw none ? new Problem('not_found', 'insight.no_survey') : error
  }
}

/** Its answers of some days, as the histograms take it. */
export function filterOf(
  { survey, wording, where, scale: { min, max } }: Subject,
  { from, to }: Days,
): HistogramFilter {
  const shape = { min, max, declared: survey.declared }
  return { surveyId: survey.id, wording: wording.wording, from, to, where, shape }
}

function periodOf(view: View, today: string): Period {
  if (view.period !== 'days' && (view.from ?? view.to) !== undefined)
    throw invalidField('/query/period', 'insight.from_needs_days')
  if (view.period !== 'days') return periodHolding(view.period, inRange('/query/at', view.at ?? today, today))
  if (view.from === undefined || view.to === undefined) {
    throw invalidField(view.from === undefined ? '/query/from' : '/query/to', 'insight.days_need_both')
  }
  const run = runOfDays(inRange('/query/from', view.from, today), inRange('/query/to', view.to, today))
  if (run.from > run.to) throw invalidField('/query/from', 'insight.days_in_order')
  if (lengthOf(run) > longestRun) throw invalidField('/query/to', 'insight.run_too_long', { days: longestRun })
  return run
}

/** @throws Problem invalid `insight.day_out_of_range` */
export function inRange(field: string, day: string, today: string): string {
  const last = latestDay(today)
  if (day < earliestDay || day > last)
    throw invalidField(field, 'insight.day_out_of_range', { from: earliestDay, to: last })
  return day
}

/** Values of one attribute are alternatives, attributes are joined by *and*. */
function whereOf(filter: readonly string[], survey: ReadableSurvey): AttributeFilter[] {
  if (filter.length > 0 && survey.identity === 'anonymous')
    throw invalidField('/query/filter', 'insight.anonymous_has_no_filters')
  const values = new Map<string, string[]>()
  for (const one of filter) {
    const colon = one.indexOf(':')
    const attribute = one.slice(0, colon)
    values.set(attribute, [...(values.get(attribute) ?? []), one.slice(colon + 1)])
  }
  return [...values].map(([attribute, alternatives]) => ({ attribute, values: alternatives }))
}

/** Calendar periods are made of whole periods of the series, so they need no question of their own. */
function within(series: Counts['series'], { from, to }: Days): Histogram {
  const held = series.filter(({ at }) => at >= from && at <= to).map(({ counts }) => counts)
  return held.reduce((sum, counts) => addHistograms(sum, counts))
}

function zeros({ min, max }: Pick<Scale, 'min' | 'max'>): number[] {
  return Array.from({ length: max - min + 1 }, () => 0)
}
