import type { EffortReport } from '@lahko/contract'
import { area, line } from 'd3-shape'
import { useState, type PointerEvent } from 'react'
import { day, number } from '../../platform/format.ts'
import { t } from '../../platform/words.ts'
import { AcceptedChanges } from './accepted-changes.tsx'
import { ChartTable } from './chart-table.tsx'
import { Explained } from './definitions.tsx'
import { axis, bare, easeSign, figure, intervalOf, limitsOf, metricHint, metricName } from './figures.ts'
import { spread, ticksOf, windowOf } from './plot-scales.ts'

type Point = EffortReport['series'][number]

const height = 282
const floor = 252.5
const ceiling = 24

/** The metric over time, with the band that chance alone rarely leaves. */
export function ControlChart({ report }: { report: EffortReport }) {
  const { metric, survey, series, seriesGrain } = report
  const [pointed, setPointed] = useState<number | null>(null)
  if (series.filter((point) => point.value !== null).length < 2) return null
  const plot = plotOf(report)
  const hint = metricHint(metric, { scale: survey.scale, rule: report.rule })
  return (
    <figure className="chart in-block">
      <figcaption>
        <h2>{report.seriesFinding}</h2>
        <span>{t('insight.seriesOf', { metric: metricName(metric, survey.scale), hint, grain: seriesGrain })}</span>
      </figcaption>
      <svg
        className="in-control"
        width="100%"
        height={height}
        aria-hidden="true"
        onPointerMove={(event) => setPointed(nearest(event, series.length))}
        onPointerLeave={() => setPointed(null)}
      >
        <rect width="100%" height={height} fill="transparent" />
        <Band series={series} plot={plot} />
        <Grid report={report} plot={plot} />
        <Changes report={report} plot={plot} />
        <Line series={series} plot={plot} />
        <Points report={report} plot={plot} />
        <Months report={report} plot={plot} />
        <line data-axis x1="0%" x2="100%" y1={floor} y2={floor} />
        <EndLabels report={report} plot={plot} />
        {pointed !== null && <Pointed report={report} plot={plot} place={pointed} />}
      </svg>
      <p className="visually-hidden">{sayLast(report)}</p>
      <p className="chart-foot">
        <ChartTable part="series" report={report} />
        <Explained label={t('insight.limitsWhat')}>
          {t('insight.limitsSay', { kind: metric === 'easyShare' || metric === 'hardShare' ? 'share' : 'mean' })}
        </Explained>
      </p>
      <AcceptedChanges report={report} />
    </figure>
  )
}

/** The drawing in one sentence. */
function sayLast({ series, metric, survey }: EffortReport): string {
  const last = series.findLast((point) => point.value !== null)
  if (!last || last.value === null || last.centre === null) return ''
  const value = figure(metric, last.value, survey.scale)
  const usual = figure(metric, last.centre, survey.scale)
  return t('insight.seriesSummary', { value, usual, limits: intervalOf(metric, last, survey.scale) })
}

type Plot = { x: (place: number) => number; y: (value: number) => number; domain: readonly [number, number] }

function plotOf({ series, metric, survey }: EffortReport): Plot {
  const limits = limitsOf(metric, survey.scale)
  const domain = windowOf(
    // The limits of the first answers of a day that still runs would flatten all others.
    series.flatMap(({ value, low, high, centre, unfinished }) =>
      unfinished ? [value, centre] : [value, low, high, centre],
    ),
    limits,
    (limits[1] - limits[0]) / 10,
    1.05,
  )
  return {
    x: (place) => (place / Math.max(1, series.length - 1)) * 100,
    y: (value) => floor - 12 - shareOf(value, domain) * (floor - 12 - ceiling),
    domain,
  }
}

/** How far up a value lies in a window; what lies outside stands at its edge. */
function shareOf(value: number, [first, last]: Plot['domain']): number {
  return Math.min(1, Math.max(0, (value - first) / (last - first)))
}

type Part = { series: readonly Point[]; plot: Plot }

function Band({ series, plot }: Part) {
  const shape = area<Point>()
    .defined(({ low, high }) => low !== null && high !== null)
    .x((_, place) => plot.x(place) * 10)
    .y0(({ low }) => plot.y(low ?? 0))
    .y1(({ high }) => plot.y(high ?? 0))
  return (
    <svg width="100%" height={height} viewBox={`0 0 1000 ${height}`} preserveAspectRatio="none" aria-hidden="true">
      <path data-band d={shape([...series]) ?? ''} />
    </svg>
  )
}

/** An upright thin line where a new normal began. */
function Changes({ report: { series, acceptedChanges }, plot }: { report: EffortReport; plot: Plot }) {
  return acceptedChanges.map((on) => {
    const x = `${plot.x(
      Math.max(
        0,
        series.findIndex(({ at }) => at >= on),
      ),
    )}%`
    return <line key={on} data-leader x1={x} x2={x} y1={ceiling - 6} y2={floor} />
  })
}

function Line({ series, plot }: Part) {
  const drawn = series.map((point, place) => ({ ...point, place })).filter(({ value }) => value !== null)
  const shape = line<(typeof drawn)[number]>()
    .x(({ place }) => plot.x(place) * 10)
    .y(({ value }) => plot.y(value ?? 0))
  return (
    <svg width="100%" height={height} viewBox={`0 0 1000 ${height}`} preserveAspectRatio="none" aria-hidden="true">
      <path data-line vectorEffect="non-scaling-stroke" d={shape(drawn) ?? ''} />
    </svg>
  )
}

function Grid({ report: { metric, series }, plot }: { report: EffortReport; plot: Plot }) {
  const centre = series.findLast((point) => point.centre !== null)?.centre
  const ticks = ticksOf(plot.domain, 4)
  const words = axis(metric, ticks, ticks.length - 1)
  return (
    <>
      {ticks.map((value, place) => (
        <g key={value}>
          <line data-grid x1="0%" x2="100%" y1={plot.y(value)} y2={plot.y(value)} />
          <text x="0" dx="-8" y={plot.y(value) + 4} textAnchor="end">
            {words[place]}
          </text>
        </g>
      ))}
      {typeof centre === 'number' && <line data-centre x1="0%" x2="100%" y1={plot.y(centre)} y2={plot.y(centre)} />}
    </>
  )
}

function Points({ report, plot }: { report: EffortReport; plot: Plot }) {
  const { series } = report
  return series.map((point, place) => {
    if (point.value === null) return null
    const step = point.signals.length > 0 && !point.unfinished ? stepOfSignal(point, report) : undefined
    const last = place === series.length - 1
    return (
      <circle
        key={point.at}
        data-point
        data-minor={(!step && !last) || undefined}
        data-small={point.n < 30 || point.unfinished || undefined}
        data-step={step}
        cx={`${plot.x(place)}%`}
        cy={plot.y(point.value)}
        r={step ? 6 : last ? 4.5 : 3}
      />
    )
  })
}

function stepOfSignal({ value, centre }: Point, { metric, survey }: EffortReport): 1 | 7 {
  return Math.sign((value ?? 0) - (centre ?? 0)) * easeSign(metric, survey.scale) < 0 ? 1 : 7
}

/** Marks under the axis: days, months or years, as many as fit. */
function Months({ report: { series, seriesGrain }, plot }: { report: EffortReport; plot: Plot }) {
  const turns = series.flatMap(({ at }, place) =>
    place > 0 && isTurn(at, series[place - 1]?.at ?? at, seriesGrain, place) ? [place] : [],
  )
  const every = Math.ceil(turns.length / 8)
  return turns
    .filter((_, place) => place % every === 0)
    .map((place) => (
      <g key={place}>
        <line data-leader x1={`${plot.x(place)}%`} x2={`${plot.x(place)}%`} y1="254" y2="259" />
        <text x={`${plot.x(place)}%`} y="274" textAnchor="middle">
          {seriesGrain === 'day' ? day(series[place]?.at ?? '', 'short') : monthOf(series[place]?.at ?? '')}
        </text>
      </g>
    ))
}

function isTurn(at: string, before: string, grain: EffortReport['seriesGrain'], place: number): boolean {
  return grain === 'day' ? place % 7 === 0 : at.slice(0, 7) !== before.slice(0, 7)
}

function monthOf(at: string): string {
  return at.slice(5, 7) === '01' ? at.slice(0, 4) : day(at, 'month')
}

function EndLabels({ report, plot }: { report: EffortReport; plot: Plot }) {
  const { series, metric, survey } = report
  const last = series.findLast((point) => point.value !== null)
  if (!last || last.value === null) return null
  const labels = spread(
    [
      {
        id: 'value',
        y: plot.y(last.value),
        height: 28,
        strong: figure(metric, last.value, survey.scale),
        text: lastWords(last),
      },
      ...(last.centre === null
        ? []
        : [
            {
              id: 'centre',
              y: plot.y(last.centre),
              height: 15,
              text: t('insight.usualValue', { value: bare(metric, last.centre, survey.scale) }),
            },
          ]),
      ...(last.low === null ? [] : [{ id: 'low', y: plot.y(last.low), height: 15, text: t('insight.lowerLimit') }]),
    ].map((label) => ({ strong: undefined, ...label })),
    floor,
  )
  return labels.map(({ id, y, strong, text }) => (
    <g key={id}>
      {strong && (
        <text data-strong x="100%" dx="10" y={y + 4}>
          {strong}
        </text>
      )}
      <text x="100%" dx="10" y={y + (strong ? 18 : 4)}>
        {text}
      </text>
    </g>
  ))
}

function lastWords({ unfinished, value, low, high }: Point): string {
  if (unfinished) return t('insight.soFar')
  if (value !== null && high !== null && value > high) return t('insight.aboveLimit')
  return value !== null && low !== null && value < low ? t('insight.belowLimit') : t('insight.last')
}

function Pointed({
  report: { series, metric, survey, seriesGrain },
  plot,
  place,
}: {
  report: EffortReport
  plot: Plot
  place: number
}) {
  const point = series[place]
  if (!point || point.value === null) return null
  const x = plot.x(place)
  const anchor = x < 20 ? 'start' : x > 80 ? 'end' : 'middle'
  return (
    <g pointerEvents="none">
      <line data-leader x1={`${x}%`} x2={`${x}%`} y1="18" y2={floor} />
      <text x={`${x}%`} y="10" textAnchor={anchor}>
        <tspan data-strong>{figure(metric, point.value, survey.scale)}</tspan>{' '}
        {t('insight.pointed', { date: day(point.at, 'short'), grain: seriesGrain, n: number(point.n), count: point.n })}
      </text>
    </g>
  )
}

function nearest(event: PointerEvent<SVGSVGElement>, count: number): number {
  const { left, width } = event.currentTarget.getBoundingClientRect()
  return Math.round(Math.min(1, Math.max(0, (event.clientX - left) / width)) * (count - 1))
}
