import type { EffortReport } from '@lahko/contract'
import { getRouteApi } from '@tanstack/react-router'
import { number } from '../../platform/format.ts'
import { t } from '../../platform/words.ts'
import { AgentRule } from './agent-rule.tsx'
import { attributeName, attributeValue } from './attributes.ts'
import { ChartTable } from './chart-table.tsx'
import { toggled } from './effort-search.ts'
import { figure, intervalOf, limitsOf, metricHint, metricName } from './figures.ts'
import { DotAxis, DotInRow } from './dot-line.tsx'
import { windowOf, type Domain } from './plot-scales.ts'

type Breakdown = EffortReport['breakdowns'][number]
type Group = Breakdown['groups'][number]

const route = getRouteApi('/inside/effort')
const rowsShown = 12

/** Where it is hard: each declared attribute, its groups on one common scale. */
export function Breakdowns({ report }: { report: EffortReport }) {
  const { breakdowns, metric, survey, rule, summary } = report
  const shown = breakdowns.filter(({ groups }) => groups.length > 0)
  if (shown.length === 0 || !summary[metric]) return null
  const domain = domainOf(report)
  const columns = inTwoColumns(shown)
  return (
    <section className="in-block chart" aria-labelledby="where">
      <div className="section-head">
        <h2 id="where">{t('insight.whereHard', { family: survey.scale.family })}</h2>
        <span className="quiet">
          {t('insight.whereKey', {
            metric: metricName(metric, survey.scale),
            hint: metricHint(metric, { scale: survey.scale, rule }),
            all: figure(metric, summary[metric].value, survey.scale),
          })}
        </span>
      </div>
      <div className="in-grid in-even">
        {columns.map((column, place) => (
          <div className="stack" data-gap="5" key={place}>
            {column.map((breakdown) => (
              <Groups key={breakdown.attribute} breakdown={breakdown} report={report} domain={domain} />
            ))}
          </div>
        ))}
      </div>
    </section>
  )
}

function Groups({ breakdown, report, domain }: { breakdown: Breakdown; report: EffortReport; domain: Domain }) {
  const { metric, survey } = report
  const name = attributeName(breakdown.attribute)
  const more = breakdown.more + Math.max(0, breakdown.groups.length - rowsShown)
  return (
    <div className="stack" data-gap="2">
      <table className="table in-dots">
        <caption className="visually-hidden">{t('insight.byAttribute', { name })}</caption>
        <colgroup>
          <col />
          <col className="in-n" />
          <col />
          <col />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">{name}</th>
            <th scope="col" data-number className="in-n">
              {t('insight.answers')}
            </th>
            <th scope="col" className="in-plot">
              <span className="visually-hidden">{t('insight.withInterval')}</span>
            </th>
            <th scope="col" data-number>
              {metricName(metric, survey.scale)}
            </th>
          </tr>
        </thead>
        <tbody>
          {breakdown.groups.slice(0, rowsShown).map((group) => (
            <GroupRow key={group.value} group={group} attribute={breakdown.attribute} report={report} domain={domain} />
          ))}
        </tbody>
        <tfoot aria-hidden="true">
          <tr>
            <td>{'\u00a0'}</td>
            <td className="in-n">{'\u00a0'}</td>
            <td className="in-plot">
              <DotAxis metric={metric} domain={domain} />
            </td>
            <td>{'\u00a0'}</td>
          </tr>
        </tfoot>
      </table>
      <p className="in-read">{breakdown.finding}</p>
      {breakdown.attribute === 'agent' && <AgentRule />}
      <p className="chart-foot">
        <ChartTable part={breakdown.attribute} report={report} name={t('insight.byAttribute', { name })} />
        {more > 0 && <span>{t('insight.moreGroups', { count: more })}</span>}
      </p>
    </div>
  )
}

type RowProps = { group: Group; attribute: string; report: EffortReport; domain: Domain }

function GroupRow({ group, attribute, report, domain }: RowProps) {
  const { metric, survey, summary } = report
  const { family } = survey.scale
  const noted = group.verdict === 'more-than-noise' && group.ease !== 'same'
  const navigate = route.useNavigate()
  const { filter } = route.useSearch()
  const choose = () =>
    void navigate({
      search: (search) => ({ ...search, filter: toggled(filter, attribute, group.value) }),
      resetScroll: false,
    })
  return (
    <tr data-noted={noted || undefined}>
      <th scope="row">
        <button
          type="button"
          className="in-group"
          title={t('insight.onlyThis', { value: attributeValue(attribute, group.value) })}
          onClick={choose}
        >
          {attributeValue(attribute, group.value)}
        </button>
        <span className="in-few">{t('insight.fromAnswers', { count: group.n, n: number(group.n) })}</span>
        {noted && <span className="in-note"> {t('insight.easeThanRest', { family, ease: group.ease ?? 'same' })}</span>}
      </th>
      <td data-number className="in-n">
        {number(group.n)}
      </td>
      <td className="in-plot">
        {group.metric && (
          <DotInRow
            value={group.metric.value}
            low={group.metric.low}
            high={group.metric.high}
            small={group.smallSample}
            step={noted ? (group.ease === 'harder' ? 1 : 7) : undefined}
            centre={summary[metric]?.value}
            domain={domain}
          />
        )}
      </td>
      <td data-number>
        {group.metric ? (
          <>
            <strong>{figure(metric, group.metric.value, survey.scale)}</strong>{' '}
            <span className="in-int">{intervalOf(metric, group.metric, survey.scale)}</span>
          </>
        ) : (
          <span className="quiet">{t('insight.tooFew')}</span>
        )}
      </td>
    </tr>
  )
}

function domainOf({ breakdowns, metric, survey }: EffortReport): Domain {
  const limits = limitsOf(metric, survey.scale)
  const values = breakdowns.flatMap(({ groups }) =>
    groups
      .slice(0, rowsShown)
      .flatMap(({ metric: shown, smallSample }) =>
        shown ? (smallSample ? [shown.value] : [shown.value, shown.low, shown.high]) : [],
      ),
  )
  return windowOf(values, limits, (limits[1] - limits[0]) / 4)
}

/** As even as whole tables allow, in their order. */
function inTwoColumns(all: readonly Breakdown[]): Breakdown[][] {
  const columns: [Breakdown[], Breakdown[]] = [[], []]
  const heights: [number, number] = [0, 0]
  for (const breakdown of all) {
    const column = heights[0] <= heights[1] ? 0 : 1
    columns[column].push(breakdown)
    heights[column] += Math.min(rowsShown, breakdown.groups.length) + 4
  }
  return columns
}
