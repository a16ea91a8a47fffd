import { contract, type EffortReport } from '@lahko/contract'
import { addressOf } from '@lahko/contract/client'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { Dialog } from '../../platform/dialog.tsx'
import { day, number, percent } from '../../platform/format.ts'
import { t } from '../../platform/words.ts'
import { ScrollX } from '../../platform/scroll-x.tsx'
import { attributeValue } from './attributes.ts'
import { queryOf } from './effort-query.ts'
import { bare, figure, intervalOf, kindOf, metricName, valuesOfScale, type Reading } from './figures.ts'

const route = getRouteApi('/inside/effort')

/** `part`: series, histogram, or a declared attribute. */
type Props = { part: string; report: EffortReport; name?: string }

/** The table behind a chart, one click away, and its file. */
export function ChartTable({ part, report, name }: Props) {
  const [open, setOpen] = useState(false)
  const search = route.useSearch()
  const title = name ?? (part === 'series' ? report.seriesFinding : report.histogramFinding)
  return (
    <>
      <button type="button" className="in-link" onClick={() => setOpen(true)}>
        {t('insight.tableAndCsv')}
      </button>
      {open && (
        <Dialog title={title} wide onClose={() => setOpen(false)}>
          <ScrollX label={title} className="in-table">
            <PartTable part={part} report={report} />
          </ScrollX>
          <div className="dialog-foot">
            <a
              className="button"
              download
              href={addressOf(contract.insight.effortCsv, {
                query: { ...queryOf(search), survey: report.survey.id, part },
              })}
            >
              {t('insight.csv')}
            </a>
          </div>
        </Dialog>
      )}
    </>
  )
}

function PartTable({ part, report }: Omit<Props, 'name'>) {
  if (part === 'series') return <SeriesTable report={report} />
  return part === 'histogram' ? <HistogramTable report={report} /> : <GroupsTable attribute={part} report={report} />
}

function HistogramTable({ report }: { report: EffortReport }) {
  const { summary, before, survey, rule } = report
  const total = Math.max(1, summary.n)
  return (
    <table className="table">
      <thead>
        <tr>
          <th scope="col">{t('insight.score')}</th>
          <th scope="col">{t('insight.counts')}</th>
          <th scope="col" data-number>
            {t('insight.answers')}
          </th>
          <th scope="col" data-number>
            {t('insight.share')}
          </th>
          {before && (
            <th scope="col" data-number>
              {t('insight.shareBefore')}
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {valuesOfScale(survey.scale).map((value, place) => (
          <tr key={value}>
            <th scope="row">{value}</th>
            <td>{t(`insight.kind.${kindOf(value, rule)}`, { family: survey.scale.family })}</td>
            <td data-number>{number(summary.histogram[place] ?? 0)}</td>
            <td data-number>{percent((summary.histogram[place] ?? 0) / total)}</td>
            {before && (
              <td data-number>{percent((before.summary.histogram[place] ?? 0) / Math.max(1, before.summary.n))}</td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function SeriesTable({ report }: { report: EffortReport }) {
  const { metric, survey, series } = report
  const say = (value: number | null) => (value === null ? '–' : bare(metric, value, survey.scale))
  return (
    <table className="table">
      <thead>
        <tr>
          <th scope="col">{t('insight.from')}</th>
          <th scope="col" data-number>
            {t('insight.answers')}
          </th>
          <th scope="col" data-number>
            {metricName(metric, survey.scale)}
          </th>
          <th scope="col" data-number>
            {t('insight.usual')}
          </th>
          <th scope="col" data-number>
            {t('insight.limits')}
          </th>
          <th scope="col">{t('insight.signal')}</th>
        </tr>
      </thead>
      <tbody>
        {series.toReversed().map((point) => (
          <tr key={point.at}>
            <th scope="row" className="number">
              {day(point.at)}
            </th>
            <td data-number>{number(point.n)}</td>
            <td data-number>{point.value === null ? '–' : figure(metric, point.value, survey.scale)}</td>
            <td data-number>{say(point.centre)}</td>
            <td data-number>{point.low === null ? '–' : intervalOf(metric, point, survey.scale)}</td>
            <td>
              {point.unfinished
                ? t('insight.unfinished')
                : point.signals.map((signal) => t(`insight.signal.${signal}`)).join(', ')}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function GroupsTable({ attribute, report }: { attribute: string; report: EffortReport }) {
  const { metric, survey, rule } = report
  const reading: Reading = { scale: survey.scale, rule }
  const groups = report.breakdowns.find((one) => one.attribute === attribute)?.groups ?? []
  return (
    <table className="table">
      <thead>
        <tr>
          <th scope="col">{t('insight.group')}</th>
          <th scope="col" data-number>
            {t('insight.answers')}
          </th>
          <th scope="col" data-number>
            {metricName(metric, reading.scale)}
          </th>
          <th scope="col" data-number>
            {t('insight.interval')}
          </th>
          <th scope="col" data-number>
            {t('insight.againstRest')}
          </th>
          <th scope="col" data-number>
            p
          </th>
          <th scope="col" data-number>
            {t('insight.rank')}
          </th>
        </tr>
      </thead>
      <tbody>
        {groups.map((group) => (
          <tr key={group.value}>
            <th scope="row">{attributeValue(attribute, group.value)}</th>
            <td data-number>{number(group.n)}</td>
            <td data-number>{group.metric ? figure(metric, group.metric.value, reading.scale) : '–'}</td>
            <td data-number>{group.metric ? intervalOf(metric, group.metric, reading.scale) : '–'}</td>
            <td data-number>
              {group.ease
                ? t('insight.easeAndVerdict', {
                    family: reading.scale.family,
                    ease: group.ease,
                    verdict: { 'more-than-noise': 'sure', 'within-noise': 'noise', none: 'none' }[
                      group.verdict ?? 'none'
                    ],
                  })
                : '–'}
            </td>
            <td data-number>{group.adjustedP === null ? '–' : number(group.adjustedP, 3)}</td>
            <td data-number>{group.rank ?? '–'}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
