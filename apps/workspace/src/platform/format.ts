import { withGenitiveMonths } from './slovenian-dates.ts'
import { locale, t } from './words.ts'

const formats = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat>()
const nbsp = '\u00a0'

/** A number as the reader writes it, rounded half away from zero, with a real minus. */
export function number(value: number, digits = 0, signed = false): string {
  const options: Intl.NumberFormatOptions = {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
    signDisplay: signed ? 'exceptZero' : 'negative',
  }
  return cached('number', options, () => new Intl.NumberFormat(locale(), options))
    .format(value)
    .replace('-', '−')
}

/** A share from 0 to 1 as whole per cents. */
export function percent(share: number): string {
  return `${number(share * 100)}${nbsp}%`
}

/** `7.9–8.3`; with a negative bound the dash would be read as a minus, so a word stands there. */
export function span(low: string, high: string): string {
  return low.startsWith('−') || high.startsWith('−') ? t('shell.fromTo', { low, high }) : `${low}–${high}`
}

/** `16–22 November 2026` of two local dates, inclusive. */
export function dateSpan(from: string, to: string): string {
  const format = cached('dates', {}, () => dateFormat({ day: 'numeric', month: 'long', year: 'numeric' }))
  return declined(format.formatRange(dayOf(from), dayOf(to))).replaceAll(
    /\s*–\s*/g,
    from.slice(0, 7) === to.slice(0, 7) ? '–' : ' – ',
  )
}

/** How long something took, in its two largest units: `2 days 16 hours`. */
export function lasting(minutes: number): string {
  const parts = [
    ['day', Math.floor(minutes / 1440)],
    ['hour', Math.floor(minutes / 60) % 24],
    ['minute', minutes % 60],
  ] as const
  const first = parts.findIndex(([, count]) => count > 0)
  const shown = first === -1 ? parts.slice(2) : parts.slice(first, first + 2).filter(([, count]) => count > 0)
  return shown.map(([unit, count]) => inUnits(unit, count)).join(' ')
}

function inUnits(unit: 'day' | 'hour' | 'minute', count: number): string {
  const options: Intl.NumberFormatOptions = { style: 'unit', unit, unitDisplay: 'long' }
  return cached('unit', options, () => new Intl.NumberFormat(locale(), options)).format(count)
}

/** A local date (`YYYY-MM-DD`) as a day; years only where asked. */
export function day(date: string, style: 'short' | 'long' | 'month' = 'long'): string {
  const options: Intl.DateTimeFormatOptions =
    style === 'month'
      ? { month: 'short' }
      : { day: 'numeric', month: style, ...(style === 'long' && { year: 'numeric' }) }
  return declined(cached('day', options, () => dateFormat(options)).format(dayOf(date)))
}

function declined(text: string): string {
  return locale().startsWith('sl') ? withGenitiveMonths(text) : text
}

/** An instant as day and time of the reader's own clock. */
export function moment(instant: string): string {
  const options: Intl.DateTimeFormatOptions = {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  }
  return cached('moment', options, () => new Intl.DateTimeFormat(locale(), options)).format(new Date(instant))
}

/** One of the next days and its time, of which nobody asks in which year it lies. */
export function momentSoon(at: Date): string {
  const options: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' }
  return cached('soon', options, () => new Intl.DateTimeFormat(locale(), options)).format(at)
}

/** From when to when by the reader's own clock. @param days of days, in UTC, without times */
export function momentSpan(from: Date, to: Date | undefined, days: boolean): string {
  const options: Intl.DateTimeFormatOptions = {
    ...{ weekday: 'short', day: 'numeric', month: 'long', year: 'numeric' },
    ...(days ? { timeZone: 'UTC' } : { hour: '2-digit', minute: '2-digit' }),
  }
  const format = cached('span', options, () => new Intl.DateTimeFormat(locale(), options))
  return declined(to && to > from ? format.formatRange(from, to) : format.format(from))
}

export function timeOf(instant: string): string {
  const options: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit' }
  return cached('time', options, () => new Intl.DateTimeFormat(locale(), options)).format(new Date(instant))
}

const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ['minute', 60],
  ['hour', 3600],
  ['day', 86_400],
]

/** `18 min ago`, `yesterday`; from ten days on the day itself. */
export function ago(instant: string, now: number): string {
  const seconds = (now - Date.parse(instant)) / 1000
  if (seconds < 60) return t('shell.justNow')
  if (seconds > 10 * 86_400) return moment(instant)
  const [unit, length] = steps.findLast((step) => seconds >= step[1]) ?? ['minute', 60]
  return new Intl.RelativeTimeFormat(locale(), { numeric: 'auto', style: 'short' }).format(
    -Math.floor(seconds / length),
    unit,
  )
}

/** The name of a language in the reader's own. */
export function languageName(code: string): string {
  return new Intl.DisplayNames(locale(), { type: 'language' }).of(code === 'nb' ? 'no' : code) ?? code
}

/** `English, Slovenian and Norwegian`. */
export function list(parts: readonly string[]): string {
  return new Intl.ListFormat(locale(), { type: 'conjunction' }).format(parts)
}

/** `English, Slovenian or Norwegian`. */
export function either(parts: readonly string[]): string {
  return new Intl.ListFormat(locale(), { type: 'disjunction' }).format(parts)
}

function dateFormat(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(locale(), { ...options, timeZone: 'UTC' })
}

function dayOf(date: string): Date {
  return new Date(`${date}T00:00:00Z`)
}

function cached<F extends Intl.NumberFormat | Intl.DateTimeFormat>(kind: string, options: object, make: () => F): F {
  const key = `${locale()} ${kind} ${JSON.stringify(options)}`
  const known = formats.get(key) as F | undefined
  if (known) return known
  const made = make()
  formats.set(key, made)
  return made
}
