import {
  compare,
  compareGroups,
  controlChart,
  shrinkGroups,
  summarize,
  type Comparison,
  type ControlPoint,
  type Summary,
} from '@lahko/effort'
import type { EffortReport } from '@lahko/contract'
import type { Language, Translated } from '@lahko/contract/values'
import { inLanguage, otherValue, scansAnswers, type HistogramRow } from '#surveys'
import { words } from '#platform/words.ts'
import {
  breakdownFindingOf,
  deckOf,
  headlineOf,
  histogramFindingOf,
  seriesFindingOf,
  smallSampleBelow,
  type ComparedGroup,
  type Situation,
} from './findings.ts'
import type { Counts, Subject } from './measuring.ts'
import { baselinePoints, endInSeries } from './periods.ts'
import { beforeIn, labelOf, listIn, percentIn } from './phrases.ts'

/** How many groups a breakdown lists: those that stand out, then the most answered. */
const groupsListed = 20

/** One group with everything that is shown of it. */
export type ReportGroup = EffortReport['breakdowns'][number]['groups'][number]
type Omnibus = EffortReport['breakdowns'][number]['omnibus']
type Analysed = { attribute: string; omnibus: Omnibus; compared: ComparedGroup[]; groups: ReportGroup[] }

/** All of the effort screen, from its histograms, in the reader's language. Pure but for the catalogues. */
export function effortReport(subject: Subject, counts: Counts, language: Language): EffortReport {
  const { scale, metric, rule, reading, periods } = subject
  const summary = summarize(counts.now, scale, reading)
  const before = counts.before && summarize(counts.before, scale, reading)
  const changeOf = (name: typeof metric) =>
    counts.before && before!.n > 0 ? compare(counts.now, counts.before, scale, name, reading) : null
  const analysed = [...counts.breakdowns]
    .filter(([, rows]) => says(rows))
    .map(([attribute, rows]) => analyse(subject, attribute, rows))
  const change = changeOf(metric)
  const situation = situationOf(
    subject,
    language,
    summary,
    before,
    { change, easyChange: changeOf('easyShare') },
    analysed,
  )
  const points = chartOf(subject, counts.series)
  return {
    ...aboutSurvey(subject, language),
    metric,
    rule: ruleView(rule),
    designEffect: reading.designEffect,
    period: { ...periodView(subject), label: labelOf(language, periods.period, subject.today) },
    before: beforeView(subject, before, language),
    headline: headlineOf(situation),
    deck: deckOf(situation),
    summary: summaryView(summary),
    smallSample: summary.n < smallSampleBelow,
    asked: askedView(counts.asked),
    change: comparisonView(change),
    changes: { easyShare: comparisonView(situation.easyChange), hardShare: comparisonView(changeOf('hardShare')) },
    series: points.map((point) => ({ ...point, signals: [...point.signals] })),
    seriesGrain: periods.series.grain,
    acceptedChanges: [...subject.changes],
    seriesFinding: seriesFindingOf(situation, points, periods.series.grain),
    histogramFinding: histogramFindingOf(language, counts.now, scale),
    breakdowns: analysed.map((one) => breakdownView(one, situation)),
    notes: notesOf(subject, counts, language),
  }
}

/**
 * The control chart of the chosen metric, as far as it is shown: its baseline is the first periods with answers, however
 * long ago. What is still running is drawn and never signals.
 * @param charts how many the workspace watches together
 */
export function chartOf(
  { scale, reading, metric, periods, today, changes }: Subject,
  counted: Counts['series'],
  charts = 1,
): ControlPoint[] {
  const first = counted.findIndex(({ counts }) => counts.some((count) => count > 0))
  if (first < 0) return []
  const unfinished = endInSeries(periods.series, counted.at(-1)!.at) >= today
  const points = controlChart(counted.slice(first), scale, metric, {
    ...{ ...reading, unfinished, charts, changes, baseline: baselinePoints },
  })
  return points.filter(({ at }) => at >= periods.series.from)
}

/** Each value of an attribute against the rest, easiest first. */
export function analyse(
  { scale, reading, metric }: Subject,
  attribute: string,
  rows: readonly HistogramRow[],
): Analysed {
  const { omnibus, groups: comparisons } = compareGroups(rows, scale, metric, reading)
  const shrunken = shrinkGroups(rows, scale, metric, reading)
  const compared = comparisons.map((comparison, index) => ({ ...comparison, counts: rows[index]!.counts }))
  const groups = compared.map(({ counts, key, ...comparison }, index) => {
    const summary = summarize(counts, scale, reading)
    const { difference, low, high, adjustedP, ease, verdict } = comparison
    const alone = rows.length < 2
    return {
      value: key,
      n: summary.n,
      metric: summary[metric],
      ...(alone ? nothingCompared : { difference, low, high, adjustedP, ease, verdict }),
      rank: shrunken[index]!.rank,
      smallSample: summary.n < smallSampleBelow,
    }
  })
  return {
    attribute,
    omnibus: omnibus && { pValue: omnibus.pValue, method: omnibus.method },
    compared,
    groups: easiestFirst(groups, shrunken, easeSign(scale, metric)),
  }
}

const nothingCompared = { difference: null, low: null, high: null, adjustedP: null, ease: null, verdict: null } as const

function easeSign(scale: Subject['scale'], metric: Subject['metric']): 1 | -1 {
  return metric === 'hardShare' || (metric === 'mean' && scale.direction === 'high-is-hard') ? -1 : 1
}

/** By the shrunken estimate, so that a handful of answers does not lead the list. */
function easiestFirst(
  groups: readonly ReportGroup[],
  shrunken: readonly { key: string; estimate: number | null }[],
  sign: 1 | -1,
): ReportGroup[] {
  const estimates = new Map(shrunken.map(({ key, estimate }) => [key, estimate ?? 0]))
  return groups.toSorted(
    (a, b) => sign * (estimates.get(b.value)! - estimates.get(a.value)!) || b.n - a.n || (a.value < b.value ? -1 : 1),
  )
}

/** An attribute that no answer carries is no breakdown. */
function says(rows: readonly HistogramRow[]): boolean {
  return rows.some(({ key }) => key !== '')
}

function situationOf(
  subject: Subject,
  language: Language,
  summary: Summary,
  before: Summary | null,
  changes: Pick<Situation, 'change' | 'easyChange'>,
  analysed: readonly Analysed[],
): Situation {
  const { scale, rule, metric, periods, today, where, wording } = subject
  return {
    language,
    scale,
    rule,
    metric,
    period: periods.period,
    finished: periods.finished,
    today,
    filtered: where.length > 0,
    answered: wording.firstOn !== null,
    summary,
    before: before && before.n > 0 ? { periods: periods.before!.periods, summary: before } : null,
    ...changes,
    breakdowns: analysed.map(({ attribute, compared }) => ({ attribute, groups: compared })),
  }
}

/** The survey of a report, in the reader's language. */
export function aboutSurvey({ company, survey, content, wording, rule }: Subject, language: Language) {
  const say = (text: Translated) => inLanguage(text, language, content, company)
  const { id, key, name, metric, declared, identity, wordings } = survey
  return {
    survey: {
      id,
      key,
      name,
      question: say(content.score.text),
      lowLabel: say(content.score.lowLabel),
      highLabel: say(content.score.highLabel),
      scale: content.score.scale,
      rule: ruleView(rule),
      metric,
      declared,
      anonymous: identity === 'anonymous',
    },
    wordings: wordings
      .filter(({ firstOn }) => firstOn !== null)
      .map((one) => ({
        wording: one.wording,
        question: inLanguage(one.content.score.text, language, one.content, company),
        from: one.firstOn!,
        to: one.wording === wordings.at(-1)!.wording ? null : one.lastOn,
      })),
    wording: wording.wording,
  }
}

function periodView({ periods: { period, finished, previous, next } }: Subject) {
  return { ...period, finished, previous, next }
}

/** Unknown where nobody was invited: never 100 %. */
function askedView(asked: Counts['asked']): EffortReport['asked'] {
  return asked && asked.asked > 0 ? { ...asked, responseRate: asked.answered / asked.asked } : null
}

function beforeView({ periods }: Subject, before: Summary | null, language: Language): EffortReport['before'] {
  if (!before || before.n === 0 || !periods.before) return null
  const label = beforeIn(language, periods.period.kind, periods.before.periods, true)
  return { ...periods.before, label, summary: summaryView(before) }
}

function summaryView(summary: Summary): EffortReport['summary'] {
  return { ...summary, histogram: [...summary.histogram] }
}

/** A rule as it crosses HTTP. */
export function ruleView({ id, easy, hard }: Subject['rule']) {
  return { id, easy: [...easy], hard: [...hard] }
}

/** Where a single answer has no interval there is nothing to say about its difference. */
function comparisonView(found: Comparison | null): EffortReport['change'] {
  if (!found || found.difference === null || found.low === null || found.high === null || found.ease === null)
    return null
  const { difference, low, high, ease, pValue, method, verdict } = found
  return { difference, low, high, ease, pValue, method, verdict }
}

function breakdownView(
  { attribute, omnibus, compared, groups }: Analysed,
  situation: Situation,
): EffortReport['breakdowns'][number] {
  const finding = breakdownFindingOf(situation, { attribute, groups: compared })
  const important = groups
    .toSorted((a, b) => Number(b.verdict === 'more-than-noise') - Number(a.verdict === 'more-than-noise') || b.n - a.n)
    .slice(0, groupsListed)
  const listed = new Set(important.map(({ value }) => value))
  return {
    attribute,
    omnibus,
    finding,
    groups: groups.filter(({ value }) => listed.has(value)),
    more: groups.length - listed.size,
  }
}

function notesOf({ survey, where }: Subject, { breakdowns, crowding }: Counts, language: Language): string[] {
  const notes: string[] = []
  if (survey.identity === 'anonymous') notes.push(words(language, 'insight.note.anonymous'))
  const { rebuild } = survey
  if (rebuild) {
    const done = rebuild.total > 0 ? Math.min(1, rebuild.done / rebuild.total) : 0
    notes.push(words(language, 'insight.note.rebuild', { share: percentIn(language, done) }))
  }
  const asked = where.map(({ attribute }) => attribute)
  if (scansAnswers(survey.declared, asked)) {
    const beyond = asked.filter((attribute) => !survey.declared.includes(attribute))
    notes.push(words(language, 'insight.note.scan', { attributes: listIn(language, beyond) }))
  }
  if (crowding) notes.push(words(language, 'insight.note.full', { attribute: listIn(language, [crowding]) }))
  const joined = [...breakdowns]
    .filter(([, rows]) => rows.some(({ key }) => key === otherValue))
    .map(([attribute]) => attribute)
  if (joined.length > 0) notes.push(words(language, 'insight.note.joined', { attributes: listIn(language, joined) }))
  return notes
}
