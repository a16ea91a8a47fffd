/** When one of the two clocks of a zone begins to hold, as the clock before it shows that moment, and how it is then. */
type Observance = { start: Date; rule: Map<string, string> | undefined; dates: Date[]; minutes: number }

const weekdays = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA']
const dayMs = 86_400_000

/**
 * How many minutes before UTC a zone's clock is when it shows a time, as an invitation describes the zone itself (RFC
 * 5545, 3.6.5): Outlook has names of its own for them, and some are made by hand.
 * @param lines of the invitation, unfolded
 * @param shown by the clock, as if it were UTC
 * @returns undefined where it does not say so, or by a rule of another kind than zones have
 */
export function offsetOf(lines: readonly string[], zone: string, shown: Date): number | undefined {
  const years = [shown.getUTCFullYear() - 1, shown.getUTCFullYear()]
  const known = observancesOf(lines, zone).map((one) => ({ ...one, onsets: onsetsOf(one, years) }))
  if (known.some(({ onsets }) => !onsets)) return undefined
  const begun = known.flatMap(({ minutes, onsets = [] }) => onsets.map((at) => ({ at, minutes })))
  return begun.filter(({ at }) => at <= shown).toSorted((a, b) => b.at.getTime() - a.at.getTime())[0]?.minutes
}

function observancesOf(lines: readonly string[], zone: string): Observance[] {
  const found: Observance[] = []
  let isWanted = false
  let values = new Map<string, string>()
  for (const line of lines) {
    const [, name = '', value = ''] = /^([A-Z-]+)(?:;[^:]*)?:(.*)$/i.exec(line.trim()) ?? []
    const key = name.toUpperCase()
    if (key === 'TZID') isWanted = value.replaceAll('"', '') === zone
    if (key === 'BEGIN') values = new Map()
    else if (key === 'END' && isWanted && /^(standard|daylight)$/i.test(value)) found.push(...observanceIn(values))
    else if (key !== '') values.set(key, value)
  }
  return found
}

function observanceIn(values: ReadonlyMap<string, string>): Observance[] {
  const [, sign, hours, minutes] = /^([+-])(\d\d)(\d\d)/.exec(values.get('TZOFFSETTO') ?? '') ?? []
  const start = timeIn(values.get('DTSTART'))
  if (sign === undefined || !start) return []
  const rule = values.get('RRULE')?.toUpperCase()
  return [
    {
      start,
      rule:
        rule === undefined ? undefined : new Map(rule.split(';').map((part) => part.split('=') as [string, string])),
      dates: (values.get('RDATE') ?? '').split(',').flatMap((one) => timeIn(one) ?? []),
      minutes: (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)),
    },
  ]
}

function timeIn(value = ''): Date | undefined {
  const [, year, month, day, hour, minute] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)/.exec(value) ?? []
  return year === undefined ? undefined : new Date(`${year}-${month}-${day}T${hour}:${minute}:00Z`)
}

/** Undefined where no rule of this kind is read. */
function onsetsOf({ start, rule, dates }: Observance, years: readonly number[]): Date[] | undefined {
  if (!rule) return [start, ...dates]
  const until = timeIn(rule.get('UNTIL'))
  const onsets = years.map((year) => onsetIn(year, start, rule))
  if (onsets.includes(undefined)) return undefined
  return onsets.flatMap((at) => (at && at >= start && (!until || at <= until) ? [at] : []))
}

/** *The last Sunday of October*, *the first one from the 8th*, or a day of a month. */
function onsetIn(year: number, start: Date, rule: ReadonlyMap<string, string>): Date | undefined {
  const month = Number(rule.get('BYMONTH') ?? start.getUTCMonth() + 1) - 1
  const [, nth, name = ''] = /^([+-]?\d)?([A-Z]{2})$/.exec(rule.get('BYDAY') ?? '') ?? []
  const first = Math.min(
    ...(rule.get('BYMONTHDAY') ?? (name === '' ? `${start.getUTCDate()}` : '1')).split(',').map(Number),
  )
  if (rule.get('FREQ') !== 'YEARLY' || !(month >= 0 && month < 12) || !(first > 0)) return undefined
  const time = start.getTime() - Date.UTC(start.getUTCFullYear(), start.getUTCMonth(), start.getUTCDate())
  const at = (day: number) => new Date(Date.UTC(year, month, day) + time)
  const weekday = weekdays.indexOf(name)
  if (weekday < 0) return rule.has('BYDAY') ? undefined : at(first)
  const number = Number(nth ?? 1)
  const daysTo = (from: Date) => (weekday - from.getUTCDay() + 7) % 7
  if (number > 0) return at(first + daysTo(at(first)) + 7 * (number - 1))
  const last = new Date(Date.UTC(year, month + 1, 1) + time)
  return new Date(last.getTime() + (daysTo(last) + 7 * number) * dayMs)
}
