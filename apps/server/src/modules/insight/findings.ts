import {
  addHistograms,
  summarize,
  type Comparison,
  type ControlPoint,
  type Ease,
  type GroupComparison,
  type Histogram,
  type MetricName,
  type Rule,
  type Scale,
  type Summary,
} from '@lahko/effort'
import type { Language } from '@lahko/contract/values'
import { words } from '#platform/words.ts'
import { otherValue } from '#surveys'
import type { Grain, Period } from './periods.ts'
import {
  beforeIn,
  capital,
  figureIn,
  listIn,
  numberIn,
  pairIn,
  percentIn,
  pointIn,
  sinceIn,
  aloneIn,
  atStartIn,
  valueIn,
  whenIn,
} from './phrases.ts'

/** Under so many answers a sample is marked as small. */
export const smallSampleBelow = 30

export type ComparedGroup = GroupComparison & { readonly counts: Histogram }

/** One breakdown by an attribute, as compared by `compareGroups`. */
export type Breakdown = { readonly attribute: string; readonly groups: readonly ComparedGroup[] }

/** Everything that a sentence may rest on. */
export type Situation = {
  readonly language: Language
  readonly scale: Scale
  readonly rule: Rule
  readonly metric: MetricName
  readonly period: Period
  readonly finished: boolean
  /** In the workspace's time zone. */
  readonly today: string
  readonly filtered: boolean
  /** Whether anybody ever answered this wording. */
  readonly answered: boolean
  readonly summary: Summary
  readonly before: { readonly periods: number; readonly summary: Summary } | null
  /** Of the chosen metric and of the easy share, now − before. */
  readonly change: Comparison | null
  readonly easyChange: Comparison | null
  readonly breakdowns: readonly Breakdown[]
}

/** The most important sentence of the screen. It claims a change only where the verdict is more than noise. */
export function headlineOf(situation: Situation): string {
  const { language, scale } = situation
  const first = words(language, `insight.headline.${headlineKey(situation)}`, {
    family: scale.family,
    when: when(situation),
    share: situation.summary.easyShare ? percentIn(language, situation.summary.easyShare.value) : '',
  })
  const hardest = hardestOf(situation.breakdowns)
  if (situation.summary.n === 0 || !hardest) return capital(first, language)
  const groups = aloneIn(language, hardest.attribute, hardest.group.key)
  return capital(`${first}. ${words(language, 'insight.rest.harder', { family: scale.family, groups })}.`, language)
}

/** The sentences under the headline: the figure, what it was, how sure that is, and the hardest group's own. */
export function deckOf(situation: Situation): string {
  const { language, summary, before, change } = situation
  if (summary.n === 0) return emptyDeck(situation)
  const metric = spokenMetric(situation)
  const sentences = [figureSentence(situation, metric)]
  if (!before) sentences.push(words(language, 'insight.deck.first'))
  else if (change?.verdict === 'within-noise') sentences.push(words(language, 'insight.deck.noise'))
  if (summary.n < smallSampleBelow) sentences.push(words(language, 'insight.deck.small', { n: summary.n }))
  const hardest = hardestOf(situation.breakdowns)
  if (hardest) sentences.push(groupSentence(situation, metric, hardest))
  return capital(sentences.join(' '), language)
}

/** What the chart over time shows: the last finished point against its limits, never more than its signals say. */
export function seriesFindingOf(situation: Situation, points: readonly ControlPoint[], grain: Grain): string {
  const { language, today } = situation
  const finished = points.filter(({ unfinished }) => !unfinished)
  const last = finished.at(-1)
  const say = (key: string, args: Record<string, unknown> = {}) =>
    words(language, `insight.series.${key}`, { grain, n: finished.length, ...args })
  if (!last) return say(points.some(({ n }) => n > 0) ? 'short' : 'none')
  const side = sideOf(last)
  if (side) return say(...limitFinding(situation, finished, side, grain))
  if (last.signals.includes('drift') && last.ewma !== null && last.centre !== null) {
    const start = finished[finished.findLastIndex(({ signals }) => !signals.includes('drift')) + 1]!
    const since = sinceIn(language, grain, start.at, today)
    return say('drift', { since, side: last.ewma > last.centre ? 'above' : 'below' })
  }
  if (finished.length < fewestToJudge) return say('short')
  const outside = finished.findLast((point) => sideOf(point) !== null)
  return outside ? say('past', { when: pointIn(language, grain, outside.at, today) }) : say('usual')
}

/** The shape of the answers: the fewest neighbouring values that hold more than half of them. */
export function histogramFindingOf(
  language: Language,
  counts: Histogram,
  { min, max }: Pick<Scale, 'min' | 'max'>,
): string {
  const n = counts.reduce((sum, count) => sum + count, 0)
  const say = (key: string, args = {}) => words(language, `insight.histogram.${key}`, args)
  if (n === 0) return say('none')
  if (n < 5) return say('few', { n })
  for (const [width, key] of [
    [1, 'one'],
    [2, 'two'],
    [3, 'run'],
  ] as const) {
    if (width >= max - min) break
    const start = fullestRun(counts, width)
    const held = counts.slice(start, start + width).reduce((sum, count) => sum + count, 0)
    if (held * 2 > n) return say(key, { a: min + start, b: min + start + width - 1 })
  }
  return say('spread')
}

/** Which values of an attribute stand out, and what the whole would be without the hardest one's difference. */
export function breakdownFindingOf(situation: Situation, breakdown: Breakdown): string {
  const { language, scale } = situation
  const { attribute, groups } = breakdown
  if (groups.filter(({ ease }) => ease !== null).length < 2) return words(language, 'insight.rest.single')
  const noted = (['harder', 'easier'] as const).flatMap((ease) => {
    const names = standingOut(groups, ease).map(({ key }) => valueIn(language, attribute, key))
    if (names.length === 0) return []
    return [words(language, `insight.rest.${ease}`, { family: scale.family, groups: listIn(language, names) }) + '.']
  })
  if (noted.length === 0) return words(language, 'insight.rest.none')
  return [...noted, ...likeTheRest(situation, breakdown)].join(' ')
}

const fewestToJudge = 8

function headlineKey(situation: Situation): string {
  const { summary, before, change, metric, answered, filtered } = situation
  if (summary.n === 0) return answered ? (filtered ? 'none_fit' : 'none') : 'never'
  if (change?.verdict === 'more-than-noise') return metric === 'hardShare' ? hardKeys[change.ease!] : change.ease!
  if (summary.n < smallSampleBelow || (before && !change?.verdict)) return 'too_few'
  return before ? 'same' : 'first'
}

const hardKeys: Readonly<Record<Ease, string>> = { easier: 'fewer_hard', harder: 'more_hard', same: 'same' }

function emptyDeck(situation: Situation): string {
  const { language, answered, filtered, before, period } = situation
  if (!answered) return words(language, 'insight.deck.never')
  if (filtered) return words(language, 'insight.deck.none_fit')
  if (!before) return words(language, 'insight.deck.none_first')
  const args = { n: before.summary.n, before: beforeIn(language, period.kind, before.periods) }
  return capital(words(language, 'insight.deck.none', args), language)
}

/** The easy share is how people say it; it speaks for the mean where both changed alike, else the metric speaks itself. */
function spokenMetric({ metric, before, change, easyChange }: Situation): MetricName {
  if (metric !== 'mean' && metric !== 'easeIndex') return metric
  if (!before) return 'easyShare'
  const alike =
    change?.verdict === easyChange?.verdict &&
    (change?.verdict !== 'more-than-noise' || change.ease === easyChange?.ease)
  return alike ? 'easyShare' : metric
}

function figureSentence(situation: Situation, metric: MetricName): string {
  const { language, scale, summary, before, change, period } = situation
  const value = summary[metric]!.value
  const claimed = change?.verdict === 'more-than-noise'
  const [now, earlier] = pairIn(language, metric, value, before?.summary[metric]?.value ?? value, claimed)
  return words(language, `insight.deck.${metric}`, {
    family: scale.family,
    when: capital(when(situation), language),
    now,
    earlier,
    compared: before ? 'yes' : 'no',
    before: before ? beforeIn(language, period.kind, before.periods) : '',
    max: numberIn(language, scale.max),
    direction: scale.direction === 'high-is-hard' ? 'low' : 'high',
  })
}

function groupSentence(
  { language, scale, rule }: Situation,
  metric: MetricName,
  { attribute, group }: Hardest,
): string {
  const summary = summarize(group.counts, scale, { rule })
  const figure = figureIn(language, metric, summary[metric]!.value)
  const named = atStartIn(language, attribute, aloneIn(language, attribute, group.key))
  return words(language, 'insight.deck.group', { group: named, figure, n: summary.n })
}

type Hardest = { attribute: string; group: ComparedGroup }

/** Of all groups that are harder than the rest, the one whose answers lose most. */
function hardestOf(breakdowns: readonly Breakdown[]): Hardest | undefined {
  return breakdowns
    .flatMap(({ attribute, groups }) => standingOut(groups, 'harder').map((group) => ({ attribute, group })))
    .filter(({ group }) => isNamed(group.key))
    .toSorted((a, b) => weightOf(b.group) - weightOf(a.group))[0]
}

/** An answer that does not say, and the joined rest, are no cause that anybody can look into. */
function isNamed(key: string): boolean {
  return key !== '' && key !== otherValue
}

function standingOut(groups: readonly ComparedGroup[], ease: Ease): ComparedGroup[] {
  return groups
    .filter((group) => group.verdict === 'more-than-noise' && group.ease === ease)
    .toSorted((a, b) => weightOf(b) - weightOf(a))
}

function weightOf({ counts, difference }: ComparedGroup): number {
  return Math.abs(difference ?? 0) * counts.reduce((sum, count) => sum + count, 0)
}

/** Arithmetic, not a forecast: the whole, if the hardest group were like all others. */
function likeTheRest(situation: Situation, { attribute, groups }: Breakdown): string[] {
  const { language, scale, rule, metric } = situation
  const hardest = standingOut(groups, 'harder').find(({ key }) => isNamed(key))
  if (!hardest) return []
  const rest = groups
    .filter((group) => group !== hardest)
    .reduce<Histogram>(
      (sum, { counts }) => addHistograms(sum, counts),
      hardest.counts.map(() => 0),
    )
  const figure = (counts: Histogram) => figureIn(language, metric, summarize(counts, scale, { rule })[metric]!.value)
  const [earlier, now] = [figure(rest), figure(addHistograms(rest, hardest.counts))]
  return earlier === now
    ? []
    : [words(language, 'insight.rest.like', { group: valueIn(language, attribute, hardest.key), earlier, now })]
}

function limitFinding(
  { language, today }: Situation,
  finished: readonly ControlPoint[],
  side: Side,
  grain: Grain,
): [string, Record<string, unknown>] {
  const run = finished.length - 1 - finished.findLastIndex((point) => sideOf(point) !== side)
  if (run > 1) return ['run', { side, n: run }]
  const earlier = finished.slice(0, -1).findLast((point) => sideOf(point) === side)
  return earlier ? ['first_since', { side, since: sinceIn(language, grain, earlier.at, today) }] : ['first', { side }]
}

type Side = 'above' | 'below'

/** On which side a point lies outside its limits, if it does. */
function sideOf({ signals, value, centre }: ControlPoint): Side | null {
  if (!signals.includes('limit') || value === null || centre === null) return null
  return value > centre ? 'above' : 'below'
}

function fullestRun(counts: Histogram, width: number): number {
  let best = 0
  let most = -1
  for (let start = 0; start + width <= counts.length; start++) {
    const held = counts.slice(start, start + width).reduce((sum, count) => sum + count, 0)
    if (held > most) [best, most] = [start, held]
  }
  return best
}

function when({ language, period, today, finished }: Situation): string {
  return whenIn(language, period, today, finished)
}
