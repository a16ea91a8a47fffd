/** What is looked at: a calendar day, an ISO week, a calendar month, or any run of days. */
export type PeriodKind = 'day' | 'week' | 'month' | 'days'
export type Grain = 'day' | 'week' | 'month'

/** Local days, `YYYY-MM-DD`, both included. */
export type Days = { readonly from: string; readonly to: string }
export type Period = Days & { readonly kind: PeriodKind }

export type Periods = {
  readonly period: Period
  /** Whether its last day is over. */
  readonly finished: boolean
  /** A day of the period before, `null` where no answer is that old. */
  readonly previous: string | null
  /** A day of the period after, `null` where that has not begun. */
  readonly next: string | null
  /** The equal periods before, twelve or as many as there are since the first answer; `null` where there is none. */
  readonly before: (Days & { readonly periods: number }) | null
  /** Shown are the periods from `from` on; a baseline is made of the first ones, which begin with `since`. */
  readonly series: Days & { readonly grain: Grain; readonly since: string }
}

/** No survey is older, and no calendar is asked to reckon further. */
export const earliestDay = '2000-01-01'
export const longestRun = 1100

const periodsBefore = 12
/** How many points the series shows, the period included. */
const seriesLength: Readonly<Record<Grain, number>> = { day: 60, week: 26, month: 24 }
/** From so many points the centre and its limits are made. */
export const baselinePoints = 20
const longestByDays = 62
const longestByWeeks = 366

/** The last day that may be looked at: a run may end in the future, but not far. */
export function latestDay(today: string): string {
  return addDays(today, 366)
}

/** The calendar period of a kind that holds the day `at`. */
export function periodHolding(kind: Grain, at: string): Period {
  const from = startOf(kind, at)
  return { kind, from, to: addDays(nextStart(kind, from), -1) }
}

/** A run of days; the caller knows that `from` is not after `to`. */
export function runOfDays(from: string, to: string): Period {
  return { kind: 'days', from, to }
}

/**
 * Everything that the screen shows around one period.
 * @param today in the workspace's time zone
 * @param firstOn the day of the first answer, `null` where there is none
 */
export function periodsAround(period: Period, today: string, firstOn: string | null): Periods {
  const after = addDays(period.to, 1)
  return {
    period,
    finished: period.to < today,
    previous: firstOn !== null && firstOn < period.from ? shift(period, -1).from : null,
    next: after <= today ? after : null,
    before: before(period, firstOn),
    series: series(period, firstOn),
  }
}

/** The first days of all grains that begin in a stretch, in order; it begins with one. */
export function startsOf(grain: Grain, { from, to }: Days): string[] {
  const starts: string[] = []
  for (let start = from; start <= to; start = nextStart(grain, start)) starts.push(start)
  return starts
}

/**
 * What has to be read of a series: all of it, or, where it is long, its beginning, which makes the baseline, and what is
 * shown with a run-up, in which a moving mean forgets what was before it.
 */
export function stretchesOf({ grain, since, from, to }: Periods['series']): Days[] {
  const begun = addDays(shiftStart(grain, since, 2 * baselinePoints), -1)
  const runUp = shiftStart(grain, from, -baselinePoints)
  return runUp <= begun
    ? [{ from: since, to }]
    : [
        { from: since, to: begun },
        { from: runUp, to },
      ]
}

/**
 * A series whose baseline begins with the last accepted change before what is shown, and the changes within it.
 * @param accepted local days, in order
 */
export function sinceTheLastChange(
  periods: Periods,
  accepted: readonly string[],
): { periods: Periods; changes: string[] } {
  const { series } = periods
  const starts = accepted.map((day) => startOf(series.grain, day)).filter((start) => start <= series.to)
  const since = starts.findLast((start) => start <= series.from && start > series.since) ?? series.since
  return { periods: { ...periods, series: { ...series, since } }, changes: starts.filter((start) => start > since) }
}

/** The last day of the grain that begins on `start`. */
export function endOf(grain: Grain, start: string): string {
  return addDays(nextStart(grain, start), -1)
}

/** The last day that a point of a series holds: a run of days may end before its last week or month does. */
export function endInSeries({ grain, to }: Periods['series'], start: string): string {
  const end = endOf(grain, start)
  return end < to ? end : to
}

/** The ISO 8601 week of a day and the year that this week belongs to: both are its Thursday's. */
export function isoWeek(day: string): { week: number; year: number } {
  const thursday = numberOf(startOf('week', day)) + 3
  const year = Number(dayOf(thursday).slice(0, 4))
  return { week: 1 + Math.floor((thursday - numberOf(`${year}-01-01`)) / 7), year }
}

/** How many days a run holds, both ends included. */
export function lengthOf({ from, to }: Days): number {
  return numberOf(to) - numberOf(from) + 1
}

function before(period: Period, firstOn: string | null): Periods['before'] {
  if (firstOn === null || firstOn >= period.from) return null
  for (let periods = 1; ; periods++) {
    const { from } = shift(period, -periods)
    if (from <= firstOn || periods === periodsBefore) return { from, to: addDays(period.from, -1), periods }
  }
}

function series(period: Period, firstOn: string | null): Periods['series'] {
  const grain = period.kind === 'days' ? grainOfRun(period) : period.kind
  const last = startOf(grain, period.to)
  const wanted =
    period.kind === 'days'
      ? startOf(grain, shift(period, -periodsBefore).from)
      : shiftStart(grain, last, 1 - seriesLength[grain])
  const first = firstOn === null ? last : startOf(grain, firstOn)
  const from = first > wanted && first <= last ? first : wanted
  return { grain, from, to: period.to, since: first < from ? first : from }
}

/** A run's series covers it and the twelve before it. */
function grainOfRun(period: Period): Grain {
  const days = lengthOf(period) * (periodsBefore + 1)
  if (days <= longestByDays) return 'day'
  return days <= longestByWeeks ? 'week' : 'month'
}

function shift(period: Period, by: number): Days {
  const { kind, from } = period
  const length = kind === 'days' ? lengthOf(period) : 0
  const start = kind === 'days' ? addDays(from, by * length) : shiftStart(kind, from, by)
  return { from: start, to: kind === 'days' ? addDays(start, length - 1) : endOf(kind, start) }
}

function startOf(grain: Grain, day: string): string {
  if (grain === 'month') return `${day.slice(0, 8)}01`
  // 1970-01-01 was a Thursday.
  return grain === 'week' ? addDays(day, -((((numberOf(day) + 3) % 7) + 7) % 7)) : day
}

function nextStart(grain: Grain, start: string): string {
  return shiftStart(grain, start, 1)
}

function shiftStart(grain: Grain, start: string, by: number): string {
  if (grain !== 'month') return addDays(start, grain === 'week' ? 7 * by : by)
  const months = Number(start.slice(0, 4)) * 12 + Number(start.slice(5, 7)) - 1 + by
  return dayOf(Date.UTC(Math.floor(months / 12), months % 12, 1) / dayMs)
}

/** The day `by` days after another. */
export function addDays(day: string, by: number): string {
  return dayOf(numberOf(day) + by)
}

const dayMs = 86_400_000

/** Days since 1970-01-01. */
function numberOf(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) / dayMs
}

function dayOf(number: number): string {
  return new Date(number * dayMs).toISOString().slice(0, 10)
}
