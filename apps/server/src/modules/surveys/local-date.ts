const quarterMs = 15 * 60_000
const mostKept = 20_000
const formatters = new Map<string, Intl.DateTimeFormat>()
const dates = new Map<string, string>()

/**
 * The local day of a moment in an IANA time zone, `YYYY-MM-DD`.
 * Zones are whole quarters of an hour from UTC, so that the days of two moments in one such quarter never differ:
 * what was computed for one serves both, through any change of the clocks.
 */
export function localDateOf(moment: Date, zone: string): string {
  const quarter = Math.floor(moment.getTime() / quarterMs)
  const key = `${quarter} ${zone}`
  const known = dates.get(key)
  if (known !== undefined) return known
  const date = formatterOf(zone).format(quarter * quarterMs)
  if (dates.size >= mostKept) dates.clear()
  dates.set(key, date)
  return date
}

function formatterOf(zone: string): Intl.DateTimeFormat {
  let formatter = formatters.get(zone)
  if (!formatter) {
    // Sweden writes dates as ISO 8601 does.
    formatter = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' })
    formatters.set(zone, formatter)
  }
  return formatter
}
