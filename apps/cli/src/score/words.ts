import type { Ease, Family, MetricName, Rule, Scale, Verdict } from '@lahko/effort'
import { kebab } from './options.ts'

const familyWords: Record<Family, { easy: string; hard: string; net: string; index: string }> = {
  effort: { easy: 'easy', hard: 'hard', net: 'net ease', index: 'ease index' },
  satisfaction: { easy: 'satisfied', hard: 'dissatisfied', net: 'net satisfaction', index: 'satisfaction index' },
  recommendation: { easy: 'promoters', hard: 'detractors', net: 'net promoter score', index: 'recommendation index' },
}

/** What a metric is called on a scale. */
export function metricWord(metric: MetricName, { family }: Scale): string {
  const words = familyWords[family]
  if (metric === 'easyShare') return words.easy
  if (metric === 'hardShare') return words.hard
  if (metric === 'netEase') return words.net
  return metric === 'easeIndex' ? words.index : kebab(metric)
}

/** `easy = 8–10, hard = 1–4 of 10`. */
export function ruleWords(rule: Rule, scale: Scale): string {
  const { easy, hard } = familyWords[scale.family]
  return `${easy} = ${runOf(rule.easy)}, ${hard} = ${runOf(rule.hard)} of ${scale.min}–${scale.max}`
}

/** `8–10`, or `3` for a single value. */
function runOf(values: readonly number[]): string {
  const first = values[0]
  const last = values.at(-1)
  return first === last ? `${first}` : `${first}–${last}`
}

export const easeWords: Record<Ease, string> = { easier: 'easier', harder: 'harder', same: 'the same' }

export const verdictWords: Record<Verdict, string> = {
  'more-than-noise': 'more than noise',
  'within-noise': 'within noise',
}

const whole = new Intl.NumberFormat('en')

/** `12,345`. */
export function countText(n: number): string {
  return whole.format(n)
}

/** A metric's value as people read it: shares in per cent, net ease −100 to +100, the others as they are. */
export function valueText(metric: MetricName, value: number | null): string {
  if (value === null) return '–'
  if (metric === 'netEase') return signed(value * 100, 1)
  if (metric === 'easyShare' || metric === 'hardShare') return `${fixed(value * 100, 1)} %`
  return fixed(value, metric === 'mean' ? 2 : 1)
}

/** A difference in the metric's unit, shares in percentage points, always with its sign. */
export function differenceText(metric: MetricName, value: number | null): string {
  if (value === null) return '–'
  const isShare = metric === 'easyShare' || metric === 'hardShare' || metric === 'netEase'
  return signed(isShare ? value * 100 : value, metric === 'mean' ? 2 : 1)
}

/** `7.21 – 7.35`, or `none` without an interval. */
export function intervalText(metric: MetricName, low: number | null, high: number | null): string {
  if (low === null || high === null) return 'no interval'
  return `${valueText(metric, low).replace(' %', '')} – ${valueText(metric, high)}`
}

/** `95 %`; rounded only so far that no digit of the level is lost. */
export function levelText(level: number): string {
  return `${Number((level * 100).toPrecision(6))} %`
}

export function fixed(value: number, decimals: number): string {
  const format = new Intl.NumberFormat('en', { minimumFractionDigits: decimals, maximumFractionDigits: decimals })
  return format
    .format(value)
    .replace('-', '−')
    .replace(/^−(0(?:\.0+)?)$/, '$1')
}

function signed(value: number, decimals: number): string {
  const text = fixed(value, decimals)
  return text.startsWith('−') || /^0(\.0+)?$/.test(text) ? text : `+${text}`
}
