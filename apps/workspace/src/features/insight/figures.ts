import type { EffortReport, MetricName } from '@lahko/contract'
import { effortStep } from '@lahko/effort'
import { number, percent, span } from '../../platform/format.ts'
import { t } from '../../platform/words.ts'

export type Scale = EffortReport['survey']['scale']
export type Rule = EffortReport['rule']
export type Figure = NonNullable<EffortReport['summary']['mean']>
/** What is needed to say a figure in words: the scale, the rule, and by the scale's family easy or satisfied. */
export type Reading = { scale: Scale; rule: Rule }
export type Kind = 'hard' | 'neither' | 'easy'

/** A value of a metric with its unit, rounded once: `8.1`, `77 %`, `+66`, `79`. */
export function figure(metric: MetricName, value: number, scale: Scale): string {
  if (metric === 'mean') return number(value, digitsOf(scale))
  if (metric === 'netEase') return number(value * 100, 0, true)
  return metric === 'easeIndex' ? number(value) : percent(value)
}

/** The same without unit and plus, as it stands in an interval. */
export function bare(metric: MetricName, value: number, scale: Scale): string {
  return metric === 'mean' || metric === 'easeIndex' ? figure(metric, value, scale) : number(value * 100)
}

/** Marks of an axis, all with as many digits as the finest of them needs; the one at `unitAt` carries the unit. */
export function axis(metric: MetricName, values: readonly number[], unitAt = -1): string[] {
  const scaled = values.map((value) =>
    Number((value * (metric === 'mean' || metric === 'easeIndex' ? 1 : 100)).toFixed(6)),
  )
  const digits = Math.max(0, ...scaled.map((value) => String(value).split('.')[1]?.length ?? 0))
  const share = metric === 'easyShare' || metric === 'hardShare'
  return scaled.map((value, place) =>
    share && place === unitAt ? `${number(value, digits)}\u00a0%` : number(value, digits),
  )
}

/** `7.9–8.3`, or nothing where a single answer has no interval. */
export function intervalOf(metric: MetricName, { low, high }: Pick<Figure, 'low' | 'high'>, scale: Scale): string {
  if (low === null || high === null) return t('insight.noInterval')
  return span(bare(metric, low, scale), bare(metric, high, scale))
}

/** How far apart, in points: of the scale for a mean, of a hundred for everything else. Without its sign. */
export function points(metric: MetricName, difference: number, scale: Scale): string {
  const { factor, digits } = pointOf(metric, scale)
  const value = Number((Math.abs(difference) * factor).toFixed(digits))
  return t('insight.points', { shown: number(value, digits), value })
}

/** Whether a difference is 0 once it is rounded as it is shown. */
export function isNothing(metric: MetricName, difference: number, scale: Scale): boolean {
  const { factor, digits } = pointOf(metric, scale)
  return Number((difference * factor).toFixed(digits)) === 0
}

/**
 * The bounds of a difference as they are reckoned, with their signs. A bound that would read as 0 without being 0
 * takes one digit more: the verdict hangs on it.
 */
export function pointsSpan(metric: MetricName, low: number, high: number, scale: Scale): string {
  const { factor, digits } = pointOf(metric, scale)
  const finer = [low, high].some((bound) => bound !== 0 && isNothing(metric, bound, scale)) ? digits + 1 : digits
  return span(number(low * factor, finer), number(high * factor, finer))
}

function pointOf(metric: MetricName, scale: Scale): { factor: number; digits: number } {
  if (metric === 'mean') return { factor: 1, digits: digitsOf(scale) }
  return { factor: metric === 'easeIndex' ? 1 : 100, digits: 0 }
}

/** `of 10`, where a bare number needs to be told out of how much. */
export function outOf(metric: MetricName, scale: Scale): string {
  if (metric === 'mean') return t('insight.outOf', { max: scale.max })
  return metric === 'easeIndex' ? t('insight.outOf', { max: 100 }) : ''
}

/** `8–10 of 10`: which values a rule counts. */
export function valuesOf(values: readonly number[], scale: Scale): string {
  const [first = 0, last = first] = [values.at(0), values.at(-1)]
  return t('insight.valuesOf', { values: first === last ? String(first) : `${first}–${last}`, max: scale.max })
}

export function kindOf(value: number, rule: Rule): Kind {
  if (rule.easy.includes(value)) return 'easy'
  return rule.hard.includes(value) ? 'hard' : 'neither'
}

/** The step of a score on the effort scale, 1 (hard) to 7 (easy). */
export function stepOf(value: number, { scale, rule }: Reading): number {
  return effortStep(value, { ...scale, easy: rule.easy, hard: rule.hard }, rule)
}

/** All values of a scale, lowest first. */
export function valuesOfScale({ min, max }: Scale): number[] {
  return Array.from({ length: max - min + 1 }, (_, place) => min + place)
}

/** How many answers of a histogram count as this kind. */
export function countOf(histogram: readonly number[], kind: Kind, { scale, rule }: Reading): number {
  return valuesOfScale(scale).reduce(
    (sum, value, place) => sum + (kindOf(value, rule) === kind ? (histogram[place] ?? 0) : 0),
    0,
  )
}

/** Neighbouring values of one kind, in the order of the scale. */
export function runsOf({ scale, rule }: Reading): { kind: Kind; from: number; to: number }[] {
  const runs: { kind: Kind; from: number; to: number }[] = []
  for (const [place, value] of valuesOfScale(scale).entries()) {
    const kind = kindOf(value, rule)
    const last = runs.at(-1)
    if (last?.kind === kind) last.to = place
    else runs.push({ kind, from: place, to: place })
  }
  return runs
}

/** The least and the most that a metric can be. */
export function limitsOf(metric: MetricName, scale: Scale): [number, number] {
  if (metric === 'mean') return [scale.min, scale.max]
  if (metric === 'netEase') return [-1, 1]
  return metric === 'easeIndex' ? [0, 100] : [0, 1]
}

/** 1 where more of the metric is easier, −1 where more of it is harder. */
export function easeSign(metric: MetricName, scale: Scale): 1 | -1 {
  if (metric === 'hardShare') return -1
  return metric === 'mean' && scale.direction === 'high-is-hard' ? -1 : 1
}

/** The name of a metric, in the words of the scale's family. */
export function metricName(metric: MetricName, { family }: Scale): string {
  return t(`insight.metric.${metric}`, { family })
}

/** `Easy 8–10 of 10`: what stands small under a metric's name. */
export function metricHint(metric: MetricName, { scale, rule }: Reading): string {
  if (metric === 'easyShare') return valuesOf(rule.easy, scale)
  if (metric === 'hardShare') return valuesOf(rule.hard, scale)
  return t(`insight.hint.${metric}`, { family: scale.family, max: scale.max, min: scale.min })
}

function digitsOf({ min, max }: Scale): number {
  return max - min < 4 ? 2 : 1
}
