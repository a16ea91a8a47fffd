import type { MetricName } from '@lahko/effort'
import type { Language } from '@lahko/contract/values'
import { localeOf, words } from '#platform/words.ts'
import { otherValue } from '#surveys'
import { isoWeek, type Grain, type Period } from './periods.ts'

/** Numbers and days as sentences need them, in each of the product's languages. Pure but for the catalogues. */

const noBreak = '\u00a0'
const formats = new Map<string, Intl.NumberFormat>()

/** How many digits a metric's figure shows after the point. */
const usualDigits: Readonly<Record<MetricName, number>> = {
  mean: 1,
  easyShare: 0,
  hardShare: 0,
  netEase: 0,
  easeIndex: 0,
}
const mostDigits = 3

/** A whole or rounded number, half away from zero, with the language's own marks and a true minus. */
export function numberIn(language: Language, value: number, digits = 0, signed = false): string {
  const id = `${language}:${digits}:${signed}`
  let format = formats.get(id)
  if (!format) {
    format = new Intl.NumberFormat(localeOf[language], {
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
      signDisplay: signed ? 'exceptZero' : 'negative',
    })
    formats.set(id, format)
  }
  return format.format(value).replace('-', '−')
}

/** `0.77` as `77 %`, the number and its sign kept together. */
export function percentIn(language: Language, share: number, digits = 0): string {
  return numberIn(language, share * 100, digits) + noBreak + '%'
}

/** One figure of a metric, in the unit that screens show: shares per cent, net ease −100 to +100. */
export function figureIn(language: Language, metric: MetricName, value: number, digits = usualDigits[metric]): string {
  if (metric === 'easyShare' || metric === 'hardShare') return percentIn(language, value, digits)
  if (metric === 'netEase') return numberIn(language, value * 100, digits, true)
  return numberIn(language, value, digits)
}

/** Two figures; where they are said to differ, with as many digits as it takes to see it. */
export function pairIn(
  language: Language,
  metric: MetricName,
  a: number,
  b: number,
  differ: boolean,
): [string, string] {
  for (let digits = usualDigits[metric]; ; digits++) {
    const pair: [string, string] = [figureIn(language, metric, a, digits), figureIn(language, metric, b, digits)]
    if (!differ || pair[0] !== pair[1] || digits === mostDigits) return pair
  }
}

/** A value of an attribute as it is read: languages by their names, all else as it was given. */
export function valueIn(language: Language, attribute: string, value: string): string {
  if (value === '') return words(language, 'insight.value_missing')
  if (value === otherValue) return words(language, 'insight.value_other')
  if (attribute !== 'language' || !/^[a-z]{2,3}$/.test(value)) return value
  return new Intl.DisplayNames(localeOf[language], { type: 'language' }).of(value) ?? value
}

/** The same where no attribute stands above it: `2+` says nothing by itself, `handovers 2+` does. */
export function aloneIn(language: Language, attribute: string, value: string): string {
  const shown = valueIn(language, attribute, value)
  return /\p{L}{2}/u.test(shown) ? shown : `${attribute.replaceAll('_', ' ')} ${shown}`
}

/** A value with which a sentence begins: many languages write names of languages small. */
export function atStartIn(language: Language, attribute: string, shown: string): string {
  return attribute === 'language' ? shown.charAt(0).toLocaleUpperCase(localeOf[language]) + shown.slice(1) : shown
}

/** `A, B and C`; beyond three, how many more. */
export function listIn(language: Language, names: readonly string[]): string {
  const shown =
    names.length > 3 ? [...names.slice(0, 2), words(language, 'insight.more', { n: names.length - 2 })] : names
  return new Intl.ListFormat(localeOf[language], { type: 'conjunction' }).format(shown)
}

/** How a period is called on its own: `Week 47`, `November 2026`, `1–14 November 2026`. */
export function labelOf(language: Language, period: Period, today: string): string {
  if (period.kind !== 'days')
    return capital(words(language, 'insight.label', momentOf(period.kind, period.from, today)), language)
  return runFormat(language).formatRange(dateOf(period.from), dateOf(period.to)).replaceAll(/\s–\s/g, '–')
}

const runFormats = new Map<Language, Intl.DateTimeFormat>()

function runFormat(language: Language): Intl.DateTimeFormat {
  const known = runFormats.get(language)
  if (known) return known
  const parts = { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' } as const
  const format = new Intl.DateTimeFormat(localeOf[language], parts)
  runFormats.set(language, format)
  return format
}

/** When something was, inside a sentence: `in week 47`, `so far in November`, `from 1 to 14 November 2026`. */
export function whenIn(language: Language, period: Period, today: string, finished: boolean): string {
  const said =
    period.kind === 'days'
      ? words(language, 'insight.when_days', { from: dayIn(language, period.from), to: dayIn(language, period.to) })
      : words(language, 'insight.when', momentOf(period.kind, period.from, today))
  return finished ? said : words(language, 'insight.when_so_far', { when: said })
}

/** A point of a series, as what follows `since`. */
export function sinceIn(language: Language, grain: Grain, at: string, today: string): string {
  return words(language, 'insight.since', momentOf(grain, at, today))
}

/** A point of a series, as when it was. */
export function pointIn(language: Language, grain: Grain, at: string, today: string): string {
  return words(language, 'insight.when', momentOf(grain, at, today))
}

/** What a period is compared with: `in the twelve weeks before`, or on its own `twelve weeks before`. */
export function beforeIn(language: Language, kind: Period['kind'], periods: number, alone = false): string {
  return words(language, alone ? 'insight.before_label' : 'insight.before', { kind, n: periods })
}

/** The same text with a capital at its start. */
export function capital(text: string, language: Language): string {
  const [first = '', ...rest] = text
  return first.toLocaleUpperCase(localeOf[language]) + rest.join('')
}

function dayIn(language: Language, day: string): string {
  return words(language, 'insight.day', partsOf(day))
}

function momentOf(grain: Grain, at: string, today: string): Record<string, string> {
  const { week, year } = isoWeek(at)
  const parts = partsOf(at)
  const thisYear = grain === 'week' ? year === isoWeek(today).year : parts['year'] === today.slice(0, 4)
  return {
    ...parts,
    grain,
    week: String(week),
    year: grain === 'week' ? String(year) : parts['year']!,
    thisYear: thisYear ? 'yes' : 'no',
  }
}

function partsOf(day: string): Record<string, string> {
  return {
    day: String(Number(day.slice(8))),
    month: String(Number(day.slice(5, 7))),
    year: String(Number(day.slice(0, 4))),
  }
}

function dateOf(day: string): Date {
  return new Date(`${day}T00:00:00Z`)
}
