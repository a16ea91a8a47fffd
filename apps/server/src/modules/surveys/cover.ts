/** How long a period is: a local day, an ISO week (from Monday) or a calendar month. */
export type Grain = 'day' | 'week' | 'month'

/** One period, named by its first day. */
export type Period = { grain: Grain; startsOn: string }

const dayMs = 86_400_000

/**
 * The fewest whole months, else weeks, else days, that together are exactly the days `from`–`to` (inclusive,
 * `YYYY-MM-DD`). Nothing when `to` lies before `from`.
 */
export function coverDays(from: string, to: string): Period[] {
  const last = dayOf(to)
  const periods: Period[] = []
  let day = dayOf(from)
  while (day <= last) {
    const grain = longestFrom(day, last)
    periods.push({ grain, startsOn: dateOf(day) })
    day = afterPeriod(day, grain)
  }
  return periods
}

function longestFrom(day: number, last: number): Grain {
  if (dateOf(day).endsWith('-01') && afterPeriod(day, 'month') <= last + 1) return 'month'
  const wholeMonth = nextMonth(day)
  // A week that runs into a whole month would cost the month.
  const end = nextMonth(wholeMonth) <= last + 1 ? wholeMonth : last + 1
  return weekdayOf(day) === 0 && day + 7 <= end ? 'week' : 'day'
}

function afterPeriod(day: number, grain: Grain): number {
  if (grain === 'month') return nextMonth(day)
  return day + (grain === 'week' ? 7 : 1)
}

function nextMonth(day: number): number {
  const date = new Date(day * dayMs)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1) / dayMs
}

/** Days since Monday. 1970-01-01 was a Thursday. */
function weekdayOf(day: number): number {
  return (((day + 3) % 7) + 7) % 7
}

function dayOf(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / dayMs
}

function dateOf(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10)
}
