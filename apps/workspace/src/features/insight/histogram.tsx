import type { EffortReport } from '@lahko/contract'
import { number, percent } from '../../platform/format.ts'
import { t } from '../../platform/words.ts'
import { ChartTable } from './chart-table.tsx'
import { countOf, runsOf, stepOf, valuesOfScale, type Reading } from './figures.ts'
import { lengthOf } from './score.tsx'

const base = 286
const top = 37

/** How often each value was given; the thin line is how often it would have been as before. */
export function Histogram({ report }: { report: EffortReport }) {
  const { summary, before, survey, rule } = report
  const reading = { scale: survey.scale, rule }
  const values = valuesOfScale(survey.scale)
  const expected =
    before && before.summary.n > 0
      ? before.summary.histogram.map((count) => (count / before.summary.n) * summary.n)
      : null
  const most = Math.max(1, ...summary.histogram, ...(expected ?? []))
  const y = (count: number) => base - (count / most) * (base - top)
  const width = 100 / values.length
  return (
    <figure className="chart">
      <figcaption>
        <h2>{report.histogramFinding}</h2>
        <span>{t('insight.histogramOf', { question: survey.question })}</span>
      </figcaption>
      <svg className="in-hist" width="100%" height="352" aria-hidden="true">
        {values.map((value, place) => (
          <Bar
            key={value}
            value={value}
            x={place * width}
            width={width}
            count={summary.histogram[place] ?? 0}
            before={expected?.[place]}
            y={y}
            step={stepOf(value, reading)}
          />
        ))}
        <line data-axis x1="0" x2="100%" y1={base + 0.5} y2={base + 0.5} />
        <Runs report={report} reading={reading} width={width} />
        {expected && <BeforeLabel y={y(expected.at(-1) ?? 0)} report={report} />}
      </svg>
      <p className="visually-hidden">
        {values.map((value, place) => `${value}: ${number(summary.histogram[place] ?? 0)}`).join(', ')}
      </p>
      <p className="chart-foot">
        <ChartTable part="histogram" report={report} />
      </p>
    </figure>
  )
}

type BarProps = {
  value: number
  x: number
  width: number
  count: number
  before?: number
  y: (count: number) => number
  step: number
}

function Bar({ value, x, width, count, before, y, step }: BarProps) {
  const middle = `${x + width / 2}%`
  const label = Math.min(y(count), before === undefined ? base : y(before)) - 7
  return (
    <>
      <rect
        data-step={step}
        x={`${x + width * 0.07}%`}
        width={`${width * 0.86}%`}
        y={y(count)}
        height={base - y(count)}
      />
      {before !== undefined && (
        <line data-axis x1={`${x + width * 0.02}%`} x2={`${x + width * 0.98}%`} y1={y(before)} y2={y(before)} />
      )}
      <text
        data-strong
        x={middle}
        y={before !== undefined && y(before) < y(count) - 22 ? y(count) - 7 : label}
        textAnchor="middle"
      >
        {number(count)}
      </text>
      <text x={middle} y="303" textAnchor="middle">
        {value}
      </text>
    </>
  )
}

function Runs({ report, reading, width }: { report: EffortReport; reading: Reading; width: number }) {
  return runsOf(reading).map(({ kind, from, to }) => {
    const middle = `${((from + to + 1) / 2) * width}%`
    const share = percent(countOf(report.summary.histogram, kind, reading) / report.summary.n)
    const word = t(`insight.kind.${kind}`, { family: reading.scale.family })
    return (
      <g key={kind}>
        <line
          data-step={{ hard: 1, neither: 4, easy: 7 }[kind]}
          strokeWidth="3"
          x1={`${from * width + 0.7}%`}
          x2={`${(to + 1) * width - 0.7}%`}
          y1="314"
          y2="314"
        />
        <text x={middle} y="332" textAnchor="middle">
          {word}
        </text>
        <text data-strong x={middle} y="347" textAnchor="middle">
          {share}
        </text>
      </g>
    )
  })
}

function BeforeLabel({ y, report }: { y: number; report: EffortReport }) {
  const grain = lengthOf(report.period)
  return (
    <>
      <text x="100%" dx="8" y={y + 4}>
        {t('insight.periods', { count: report.before?.periods ?? 0, grain })}
      </text>
      <text x="100%" dx="8" y={y + 19}>
        {t('insight.before')}
      </text>
    </>
  )
}
