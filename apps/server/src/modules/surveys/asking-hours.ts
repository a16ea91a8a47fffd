import type { AskingHours, Quota } from '@lahko/contract/programmes'
import { daysAfter, localDateOf, momentOf, weekdayOf } from '#platform/local-date.ts'

/** Longer than any rest between two days of a week, with a day lost to the clocks. */
const furthestDays = 15

/** The first of these IANA time zones that this server knows. */
export function knownZone(zone: string | null, otherwise: string): string {
  if (zone === null) return otherwise
  try {
    momentOf('2000-01-01', '12:00', zone)
    return zone
  } catch {
    return otherwise
  }
}

/**
 * When an invitation is due: so many minutes after the touchpoint ended, but not in the past, moved into the hours.
 * @param zone IANA name
 */
export function dueAt(
  endedAt: Date,
  { delayMinutes, hours }: { delayMinutes: number; hours: AskingHours | null },
  zone: string,
  now: Date,
): Date {
  const due = new Date(Math.max(endedAt.getTime() + delayMinutes * 60_000, now.getTime()))
  return hours ? movedInto(due, hours, zone) : due
}

/**
 * The moment itself when it lies within the hours, else the next beginning of them. They are local: a time that the
 * clocks skip is moved on by as much as they are, of one that comes twice the first is meant.
 */
export function movedInto(moment: Date, { from, until, days }: AskingHours, zone: string): Date {
  const today = localDateOf(moment, zone)
  for (let after = 0; after < furthestDays; after++) {
    const day = daysAfter(today, after)
    if (!days.includes(weekdayOf(day))) continue
    const begins = momentOf(day, from, zone)
    const ends = momentOf(day, until, zone)
    if (moment < ends && begins < ends) return moment < begins ? begins : moment
  }
  return moment
}

/** The first local day of the day, week (from Monday) or month of a moment. */
export function beginningOf(per: Quota['per'], moment: Date, zone: string): string {
  const day = localDateOf(moment, zone)
  if (per === 'day') return day
  return per === 'month' ? `${day.slice(0, 7)}-01` : daysAfter(day, 1 - weekdayOf(day))
}
