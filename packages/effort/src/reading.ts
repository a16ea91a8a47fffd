import { checkAtLeast, checkBetween, checkObject, refuse } from './arguments.ts'
import type { Worth } from './histograms.ts'
import { resolveRule, resolveScale, type Rule, type Scale, type ScaleId } from './scales.ts'

/**
 * The five metrics that a workspace can choose from: `mean` in points of the scale, `easyShare` and `hardShare` 0 to 1,
 * `netEase` −1 to 1, `easeIndex` 0 to 100 where 100 is easy.
 */
export type MetricName = 'mean' | 'easyShare' | 'hardShare' | 'netEase' | 'easeIndex'

/** All metrics, in the order in which they are shown. */
export const metricNames: readonly MetricName[] = Object.freeze<MetricName[]>([
  'mean',
  'easyShare',
  'hardShare',
  'netEase',
  'easeIndex',
])

/** Whether `text` names a metric. */
export function isMetricName(text: string): text is MetricName {
  return (metricNames as readonly string[]).includes(text)
}

/** How to read histograms. */
export interface Options {
  /** Of the intervals, above 0 and below 1; 0.95 unless given. */
  readonly level?: number
  /** A whole rule that fits the scale, or the id of a ready one; the scale's own unless given. */
  readonly rule?: Rule | string
  /** At least 1, which it is unless given: n / designEffect stands for n in what is uncertain. */
  readonly designEffect?: number
}

/** Checked options together with their scale. */
export interface Reading {
  readonly scale: Scale
  readonly rule: Rule
  readonly level: number
  readonly designEffect: number
}

/** Checks scale and options once, so that what follows can rely on them. */
export function readingOf(scale: Scale | ScaleId, options: Options = {}): Reading {
  const known = resolveScale(scale)
  checkObject('options', options, 'an object, or left away')
  const { level = 0.95, designEffect = 1 } = options
  checkBetween('level', level, 0, 1)
  checkAtLeast('designEffect', designEffect, 1)
  return { scale: known, rule: resolveRule(options.rule, known), level, designEffect }
}

/** Refuses a name that is no metric. */
export function checkMetric(metric: MetricName): void {
  if (!isMetricName(metric)) refuse('metric', metric, `one of ${metricNames.join(', ')}`)
}

/** The values whose share a metric is, or `null` for a metric that is not a share. */
export function countedValues(metric: MetricName, rule: Rule): readonly number[] | null {
  if (metric === 'easyShare') return rule.easy
  return metric === 'hardShare' ? rule.hard : null
}

/** What an answer at each place of the histogram is worth: every metric is the mean of these. */
export function worthOf(metric: MetricName, { scale, rule }: Reading): Worth {
  const { min, max, direction } = scale
  const stepsOf = (value: number): number => {
    if (metric === 'mean') return value
    if (metric === 'easyShare') return rule.easy.includes(value) ? 1 : 0
    if (metric === 'hardShare') return rule.hard.includes(value) ? 1 : 0
    if (metric === 'netEase') return rule.easy.includes(value) ? 1 : rule.hard.includes(value) ? -1 : 0
    return direction === 'high-is-easy' ? value - min : max - value
  }
  const steps = Array.from({ length: max - min + 1 }, (_, index) => stepsOf(min + index))
  return metric === 'easeIndex' ? { steps, times: 100, per: max - min } : { steps, times: 1, per: 1 }
}

/** 1 where more of the metric is easier, −1 where more of it is harder. */
export function easeSign(metric: MetricName, scale: Scale): 1 | -1 {
  if (metric === 'hardShare') return -1
  return metric === 'mean' && scale.direction === 'high-is-hard' ? -1 : 1
}
