import type { MetricName, WhoAnswered } from '@lahko/contract'
import { dateOf, listOf, oneOf } from '../../search.ts'

export const periods = ['day', 'week', 'month', 'days'] as const
export type PeriodKind = (typeof periods)[number]
export const metrics = ['mean', 'easyShare', 'hardShare', 'netEase', 'easeIndex'] as const satisfies MetricName[]
const respondentsBy = [
  'topic',
  'channel',
  'outcome',
  'language',
] as const satisfies WhoAnswered['respondents'][number]['by'][]
export const orders = ['newest', 'hardest'] as const
export const scoreKinds = ['hard', 'neither', 'easy'] as const

/** Everything that the effort screen shows is in its address. What is left out is the usual. */
export type EffortSearch = {
  survey?: string
  wording?: number
  period?: PeriodKind
  at?: string
  from?: string
  to?: string
  metric?: MetricName
  filter?: string[]
  order?: (typeof orders)[number]
  scores?: (typeof scoreKinds)[number]
  find?: string
  left?: 'out'
  beside?: (typeof respondentsBy)[number]
}

/** Reads an address that anybody may have typed. */
export function readEffortSearch(given: Record<string, unknown>): EffortSearch {
  const wording = Number(given['wording'])
  const period = oneOf(periods, given['period'])
  const [from, to] = period === 'days' ? [given['from'], given['to']] : []
  const filter = listOf(given['filter']).filter((one) => /^[a-z][a-z0-9_]{0,39}:/.test(one))
  const found: EffortSearch = {
    survey: textOf(given['survey']),
    wording: Number.isInteger(wording) && wording > 0 ? wording : undefined,
    period,
    at: dateOf(given['at']),
    from: dateOf(from),
    to: dateOf(to),
    metric: oneOf(metrics, given['metric']),
    filter: filter.length > 0 ? filter.slice(0, 20) : undefined,
    order: oneOf(orders, given['order']),
    scores: oneOf(scoreKinds, given['scores']),
    find: textOf(given['find']),
    left: oneOf(['out'], given['left']),
    beside: oneOf(respondentsBy, given['beside']),
  }
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined))
}

/** The values of one attribute that are chosen. */
export function chosenOf(filter: readonly string[] = [], attribute: string): string[] {
  const start = `${attribute}:`
  return filter.filter((one) => one.startsWith(start)).map((one) => one.slice(start.length))
}

/** The filters with one value of one attribute put in, or taken out where it was in. */
export function toggled(filter: readonly string[] = [], attribute: string, value: string): string[] {
  const one = `${attribute}:${value}`
  return filter.includes(one) ? filter.filter((other) => other !== one) : [...filter, one]
}

/** The filters without an attribute. */
export function without(filter: readonly string[] = [], attribute: string): string[] {
  return filter.filter((one) => !one.startsWith(`${attribute}:`))
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value.slice(0, 200) : undefined
}
