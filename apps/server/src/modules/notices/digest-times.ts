import { daysAfter, localDateOf, momentOf } from '#platform/local-date.ts'

/** The hour at which a digest comes unless its reader chose another. */
export const usualHour = 8
/** A digest that was not sent for long tells the last days only. */
const mostDays = 7

/**
 * The next moment at which it is a full hour of the day in an IANA time zone. An hour that the clocks skip is moved on
 * by as much as they are, of one that comes twice the first is meant: one digest a day.
 */
export function nextDigestAt(after: Date, hour: number, zone: string): Date {
  const today = localDateOf(after, zone)
  // A zone that crosses the date line skips a whole day.
  for (let ahead = 0; ; ahead++) {
    const at = momentOf(daysAfter(today, ahead), `${String(hour).padStart(2, '0')}:00`, zone)
    if (at > after) return at
  }
}

/** The local days of the workspace that a digest tells: those that ended since the last one. */
export function daysToTell(now: Date, zone: string, through: string | null): { from: string; to: string } | undefined {
  const today = localDateOf(now, zone)
  const to = daysAfter(today, -1)
  const earliest = daysAfter(today, -mostDays)
  const from = through === null ? to : daysAfter(through, 1)
  return from > to ? undefined : { from: from < earliest ? earliest : from, to }
}
