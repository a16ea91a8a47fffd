import type { EffortReport, MetricName } from '@lahko/contract'
import { number } from '../../platform/format.ts'
import { Icon } from '../../platform/icon.tsx'
import { rich, t } from '../../platform/words.ts'
import { Defined } from './definitions.tsx'
import { metrics } from './effort-search.ts'
import {
  axis,
  bare,
  figure,
  intervalOf,
  isNothing,
  limitsOf,
  metricHint,
  metricName,
  outOf,
  points,
  pointsSpan,
  type Figure,
  type Reading,
} from './figures.ts'
import { DotLine } from './dot-line.tsx'
import { at, windowOf } from './plot-scales.ts'

/** The score by the chosen metric, the verdict, and the other metrics beside it. */
export function Score({ report }: { report: EffortReport }) {
  const { metric, summary, before, rule, smallSample } = report
  const reading = { scale: report.survey.scale, rule }
  const shown = summary[metric]
  if (!shown) return null
  return (
    <section className="chart" aria-labelledby="score">
      <h2 id="score">
        <Defined {...reading} metric={metric} shown={shown} n={summary.n} before={before?.summary[metric]}>
          {metric === 'mean' ? t('insight.theScore') : metricName(metric, reading.scale)}
        </Defined>
      </h2>
      <div className="stat" data-size="large">
        <p className="stat-value">
          {figure(metric, shown.value, reading.scale)} <small>{outOf(metric, reading.scale)}</small>
        </p>
        <ScoreLine
          metric={metric}
          shown={shown}
          before={before?.summary[metric] ?? null}
          small={smallSample}
          {...reading}
        />
      </div>
      <Verdict report={report} />
      <Measures report={report} />
      <p className="chart-foot">
        <span>{t('insight.marks', { before: before ? 'yes' : 'no' })}</span>
      </p>
    </section>
  )
}

type LineProps = Reading & { metric: MetricName; shown: Figure; before: Figure | null; small: boolean }

function ScoreLine({ metric, shown, before, small, scale }: LineProps) {
  const limits = limitsOf(metric, scale)
  const domain = windowOf([shown.value, shown.low, shown.high, before?.value], limits, (limits[1] - limits[0]) / 5)
  const [first, last] = axis(metric, domain)
  const summary = t('insight.lineSummary', {
    value: figure(metric, shown.value, scale),
    interval: intervalOf(metric, shown, scale),
    bounded: shown.low === null ? 'no' : 'yes',
    has: before ? 'yes' : 'no',
    before: before ? figure(metric, before.value, scale) : '',
  })
  return (
    <>
      <svg className="in-line" width="100%" height="36" aria-hidden="true">
        <DotLine
          value={shown.value}
          low={shown.low}
          high={shown.high}
          before={before?.value}
          small={small}
          domain={domain}
          y={10}
          radius={5.5}
          height={20}
        />
        <LineLabels metric={metric} shown={shown} before={before} scale={scale} domain={domain} />
        <text x="0" y="31">
          {first}
        </text>
        <text x="100%" y="31" textAnchor="end">
          {last}
        </text>
      </svg>
      <span className="visually-hidden">{summary}</span>
    </>
  )
}

function LineLabels({
  metric,
  shown,
  before,
  scale,
  domain,
}: Omit<LineProps, 'small' | 'rule'> & { domain: readonly [number, number] }) {
  const width = domain[1] - domain[0]
  const close = before !== null && Math.abs(before.value - shown.value) / width < 0.24
  const isAbove = before !== null && before.value > shown.value
  const near = close ? (isAbove ? 'end' : 'start') : 'middle'
  const far = close ? (isAbove ? 'start' : 'end') : 'middle'
  return (
    <>
      {before && (
        <text x={at(before.value, domain)} y="31" textAnchor={far}>
          {t('insight.valueBefore', { value: bare(metric, before.value, scale) })}
        </text>
      )}
      {shown.low !== null && (
        <text x={at(shown.value, domain)} y="31" textAnchor={near} dx={near === 'start' ? 4 : near === 'end' ? -4 : 0}>
          {intervalOf(metric, shown, scale)}
        </text>
      )}
    </>
  )
}

function Verdict({ report: { change, metric, survey, period, before } }: { report: EffortReport }) {
  if (!change || !before)
    return <p className="in-verdict quiet">{t(before ? 'insight.tooFewToCompare' : 'insight.nothingBefore')}</p>
  const { scale } = survey
  const sure = change.verdict === 'more-than-noise'
  return (
    <p className="in-verdict" data-ease={sure ? change.ease : undefined}>
      <Icon name={sure ? (change.ease === 'harder' ? 'warning' : 'check') : 'minus'} />
      <span>
        {rich('insight.verdict', {
          b: (words) => <strong>{words}</strong>,
          family: scale.family,
          ease: isNothing(metric, change.difference, scale) ? 'same' : change.ease,
          points: points(metric, change.difference, scale),
          sure: sure ? 'yes' : 'no',
        })}{' '}
        <span className="quiet">
          {t('insight.verdictWhy', {
            interval: pointsSpan(metric, change.low, change.high, scale),
            sure: sure ? 'yes' : 'no',
          })}{' '}
          {/* The interval decides. In a small sample its half answers may say less than the test: then it speaks alone. */}
          {change.pValue !== null && sure === change.pValue < 0.05 && chance(change.pValue, period)}
        </span>
      </span>
    </p>
  )
}

function chance(p: number, period: EffortReport['period']): string {
  const grain = lengthOf(period)
  if (p < 0.001) return t('insight.chanceRare', { grain })
  return p < 0.095
    ? t('insight.chance', { grain, count: Math.max(1, Math.round(p * 1000)), of: number(1000) })
    : t('insight.chanceOften', { grain, count: Math.round(p * 100) })
}

/** In what the reader counts: days, weeks, months, or periods of any length. */
export function lengthOf({ from, to }: EffortReport['period']): 'day' | 'week' | 'month' | 'days' {
  const days = (Date.parse(to) - Date.parse(from)) / 86_400_000 + 1
  if (days === 1) return 'day'
  if (days === 7 && new Date(from).getUTCDay() === 1) return 'week'
  return from.endsWith('-01') && days >= 28 && days <= 31 ? 'month' : 'days'
}

function Measures({ report }: { report: EffortReport }) {
  const others = metrics.filter((metric) => metric !== report.metric)
  return (
    <table className="in-measures">
      <caption className="visually-hidden">{t('insight.measures')}</caption>
      <tbody>
        {others.map((metric) => (
          <Measure key={metric} metric={metric} report={report} />
        ))}
      </tbody>
    </table>
  )
}

function Measure({ metric, report }: { metric: MetricName; report: EffortReport }) {
  const { scale } = report.survey
  const reading = { scale, rule: report.rule }
  const shown = report.summary[metric]
  const before = report.before?.summary[metric] ?? null
  if (!shown) return null
  const limits = limitsOf(metric, scale)
  const domain = windowOf([shown.value, shown.low, shown.high, before?.value], limits, (limits[1] - limits[0]) * 0.3)
  return (
    <tr>
      <th scope="row">
        <Defined {...reading} metric={metric} shown={shown} n={report.summary.n} before={before}>
          {metricName(metric, scale)}
        </Defined>
        <small>{metricHint(metric, reading)}</small>
      </th>
      <td>{figure(metric, shown.value, scale)}</td>
      <td>{intervalOf(metric, shown, scale)}</td>
      <td>
        <svg width="100%" height="20" aria-hidden="true">
          <DotLine
            value={shown.value}
            low={shown.low}
            high={shown.high}
            before={before?.value}
            small={report.smallSample}
            domain={domain}
            y={10}
            radius={4.5}
            height={20}
          />
        </svg>
        {before && (
          <span className="visually-hidden">
            {t('insight.valueBefore', { value: figure(metric, before.value, scale) })}
          </span>
        )}
      </td>
    </tr>
  )
}
