import { createLocalDay, formatDay, type Day } from '@lahko/tables'

const daySeconds = 86_400
const mostKept = 20_000
const zones = new Map<string, ReturnType<typeof createLocalDay>>()
const names = new Map<Day, string>()

/** The local day of a moment in an IANA time zone, `YYYY-MM-DD`. */
export function localDateOf(moment: Date, zone: string): string {
  let localDay = zones.get(zone)
  if (!localDay) zones.set(zone, (localDay = createLocalDay(zone)))
  const seconds = Math.floor(moment.getTime() / 1000)
  const day = Math.floor(seconds / daySeconds)
  return nameOf(localDay(day, seconds - day * daySeconds))
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
