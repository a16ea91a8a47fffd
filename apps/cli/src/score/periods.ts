import { addHistograms, type Period } from '@lahko/effort'
import { formatDay, type Day } from '@lahko/tables'
import type { Every } from './options.ts'

/** The first day of the period that a day lies in; weeks begin on Monday (ISO 8601). */
export function periodStart(day: Day, every: Every): Day {
  if (every === 'day') return day
  if (every === 'week') return day - ((((day + 3) % 7) + 7) % 7)
  return monthStart(day, 0)
}

/** The first day after the period that begins on `start`. */
export function periodEnd(start: Day, every: Every): Day {
  if (every === 'day') return start + 1
  return every === 'week' ? start + 7 : monthStart(start, 1)
}

/** Days, ascending, summed into periods; `at` is the period's first day. */
export function periodsOf(days: readonly { day: Day; counts: readonly number[] }[], every: Every): Period[] {
  const byStart = new Map<Day, readonly number[]>()
  for (const { day, counts } of days) {
    const start = periodStart(day, every)
    const before = byStart.get(start)
    byStart.set(start, before ? addHistograms(before, counts) : counts)
  }
  return [...byStart].map(([start, counts]) => ({ at: formatDay(start), counts }))
}

function monthStart(day: Day, later: number): Day {
  const at = new Date(day * 86_400_000)
  return Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + later, 1) / 86_400_000
}
