import { createLocalDay, createMomentReader, formatDay, type Day } from '@lahko/tables'

const daySeconds = 86_400
const mostKept = 20_000
const zones = new Map<string, ReturnType<typeof createLocalDay>>()
const readers = new Map<string, ReturnType<typeof createMomentReader>>()
const names = new Map<Day, string>()
const numbers = new Map<string, Day>()

/** The local day of a moment in an IANA time zone, `YYYY-MM-DD`. */
export function localDateOf(moment: Date, zone: string): string {
  let localDay = zones.get(zone)
  if (!localDay) zones.set(zone, (localDay = createLocalDay(zone)))
  const seconds = Math.floor(moment.getTime() / 1000)
  const day = Math.floor(seconds / daySeconds)
  return nameOf(localDay(day, seconds - day * daySeconds))
}

/** The day some months before a day, at most the last of its month, as PostgreSQL counts. */
export function monthsBefore(day: string, months: number): string {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number]
  const last = new Date(Date.UTC(year, month - months, 0)).getUTCDate()
  return new Date(Date.UTC(year, month - 1 - months, Math.min(date, last))).toISOString().slice(0, 10)
}

/** The day some months after a day, counted as `monthsBefore` does. */
export function monthsAfter(day: string, months: number): string {
  return monthsBefore(day, -months)
}

/**
 * The moment of a local time `HH:MM` on a local day: one that the clocks skip is moved on by as much as they are, of
 * one that comes twice the first is meant.
 */
export function momentOf(day: string, time: string, zone: string): Date {
  let reader = readers.get(zone)
  if (!reader) readers.set(zone, (reader = createMomentReader(zone, zone)))
  return new Date(reader(`${day} ${time}`)!.ms)
}

/** Local days are counted without a time zone. */
export function daysAfter(day: string, days: number): string {
  return days === 0 ? day : nameOf(numberOf(day) + days)
}

/** 1 is Monday. */
export function weekdayOf(day: string): number {
  return ((numberOf(day) + 3) % 7) + 1
}

/** Remembered, because writing a date costs more than all else here. */
function nameOf(day: Day): string {
  let name = names.get(day)
  if (name === undefined) {
    if (names.size >= mostKept) names.clear()
    names.set(day, (name = formatDay(day)))
  }
  return name
}

/** Remembered too: 0 is Thursday, 1 January 1970. */
function numberOf(name: string): Day {
  let day = numbers.get(name)
  if (day === undefined) {
    if (numbers.size >= mostKept) numbers.clear()
    numbers.set(name, (day = Date.parse(`${name}T00:00:00Z`) / (daySeconds * 1000)))
  }
  return day
}
