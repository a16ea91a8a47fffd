import type { EffortReport, WhoAnswered as Found } from '@lahko/contract'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { api } from '../../platform/api.ts'
import { number, percent } from '../../platform/format.ts'
import { Failed } from '../../platform/states.tsx'
import { ScrollX } from '../../platform/scroll-x.tsx'
import { t } from '../../platform/words.ts'
import { attributeName, attributeValue } from './attributes.ts'
import { DotInRow } from './dot-line.tsx'
import { queryOf } from './effort-query.ts'
import { figure, intervalOf, metricName } from './figures.ts'
import { windowOf, type Domain } from './plot-scales.ts'
import { Respondents } from './respondents.tsx'

type Rates = Found['rates'][number]
type Rate = Rates['groups'][number]
type Adjusted = NonNullable<Found['asked']['adjusted']>

const route = getRouteApi('/inside/effort')
const rowsShown = 12
const smallBelow = 30

/** Who answered of those who were asked; and the score as if everybody had. Nothing where nobody was asked. */
export function WhoAnswered({ report }: { report: EffortReport }) {
  const { filter, ...query } = queryOf(route.useSearch())
  const found = useQuery({
    // Not below `insight`: it is not counted anew with each answer.
    queryKey: ['who-answered', query],
    queryFn: ({ signal }) => api.insight.whoAnswered({ query, signal }),
    placeholderData: keepPreviousData,
    enabled: !filter,
  })
  if (found.isError) return <Failed error={found.error} retry={() => void found.refetch()} />
  if (filter || !found.data || !says(found.data)) return null
  const { asked, rates } = found.data
  return (
    <section className="in-block chart" aria-labelledby="who">
      <div className="section-head">
        <h2 id="who">{t('insight.whoAnswered')}</h2>
        {asked.rate && (
          <span className="quiet">
            {t('insight.askedAnswered', {
              count: asked.answered,
              answered: number(asked.answered),
              asked: number(asked.people),
              rate: percent(asked.rate.value),
              interval: rateSpan(asked.rate),
            })}
          </span>
        )}
      </div>
      <div className="stack" data-gap="5">
        <Adjustments found={found.data} report={report} />
        <div className="in-grid in-even">
          {rates.map((one) => (
            <RatesTable key={one.by} rates={one} domain={domainOf(rates)} all={asked.rate?.value} />
          ))}
        </div>
        <Respondents all={found.data.respondents} report={report} />
      </div>
    </section>
  )
}

function says({ asked, served }: Found): boolean {
  return asked.people > 0 || Boolean(served?.adjusted)
}

/** As answered beside adjusted, never one without the other. */
function Adjustments({ found: { asked, served }, report }: { found: Found; report: EffortReport }) {
  if (!asked.adjusted && !served?.adjusted) return null
  return (
    <div className="stack" data-gap="2">
      <ScrollX label={t('insight.adjustedTable')} className="in-table">
        <table className="table">
          <caption className="visually-hidden">{t('insight.adjustedTable')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('insight.adjustedFor')}</th>
              <th scope="col" data-number>
                {t('insight.asAnswered')}
              </th>
              <th scope="col" data-number>
                {t('insight.adjusted')}
              </th>
            </tr>
          </thead>
          <tbody>
            <AdjustedRow name="asked" people={asked.people} adjusted={asked.adjusted} report={report} />
            <AdjustedRow
              name="served"
              people={served?.people ?? 0}
              adjusted={served?.adjusted ?? null}
              report={report}
            />
          </tbody>
        </table>
      </ScrollX>
      <p className="in-read">{t('insight.adjustedWhy')}</p>
    </div>
  )
}

type AdjustedProps = { name: 'asked' | 'served'; people: number; adjusted: Adjusted | null; report: EffortReport }

function AdjustedRow({ name, people, adjusted, report: { metric, survey } }: AdjustedProps) {
  if (!adjusted) return null
  const shown = (one: Adjusted['asAnswered']) => (
    <>
      <strong>{figure(metric, one.value, survey.scale)}</strong>{' '}
      <span className="in-int">{intervalOf(metric, one, survey.scale)}</span>
    </>
  )
  return (
    <tr>
      <th scope="row">
        {t(`insight.everyone.${name}`, { count: people, shown: number(people) })}{' '}
        <span className="quiet">
          {metricName(metric, survey.scale)},{' '}
          {t('insight.answersCount', { count: adjusted.answers, shown: number(adjusted.answers) })}
        </span>
      </th>
      <td data-number>{shown(adjusted.asAnswered)}</td>
      <td data-number>
        {adjusted.adjusted ? (
          shown(adjusted.adjusted)
        ) : (
          <span className="quiet">
            {t('insight.tooUneven', { count: adjusted.answers, effective: number(adjusted.effectiveN) })}
          </span>
        )}
      </td>
    </tr>
  )
}

type RatesProps = { rates: Rates; domain: Domain; all: number | undefined }

function RatesTable({ rates: { by, groups }, domain, all }: RatesProps) {
  const name = rateName(by)
  return (
    <div className="stack" data-gap="2">
      <table className="table in-dots">
        <caption className="visually-hidden">{t('insight.rateBy', { name })}</caption>
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
              {t('insight.asked')}
            </th>
            <th scope="col" className="in-plot">
              <span className="visually-hidden">{t('insight.withInterval')}</span>
            </th>
            <th scope="col" data-number>
              {t('insight.answered')}
            </th>
          </tr>
        </thead>
        <tbody>
          {groups.slice(0, by === 'hour' ? 24 : rowsShown).map((group) => (
            <RateRow key={group.key} by={by} group={group} domain={domain} all={all} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function RateRow({
  by,
  group,
  domain,
  all,
}: {
  by: Rates['by']
  group: Rate
  domain: Domain
  all: number | undefined
}) {
  const noted = group.verdict === 'more-than-noise' && group.ease !== 'same'
  return (
    <tr data-noted={noted || undefined}>
      <th scope="row" className="in-rate">
        {rateValue(by, group.key)}
        <span className="in-few">{t('insight.fromAsked', { count: group.asked, n: number(group.asked) })}</span>
        {noted && <span className="in-note"> {t('insight.answersMore', { ease: group.ease ?? 'same' })}</span>}
      </th>
      <td data-number className="in-n">
        {number(group.asked)}
      </td>
      <td className="in-plot">
        <DotInRow
          value={group.rate.value}
          low={group.rate.low}
          high={group.rate.high}
          small={group.asked < smallBelow}
          centre={all}
          domain={domain}
        />
      </td>
      <td data-number>
        <strong>{percent(group.rate.value)}</strong> <span className="in-int">{rateSpan(group.rate)}</span>
      </td>
    </tr>
  )
}

function rateSpan({ low, high }: Rate['rate']): string {
  return `${number((low ?? 0) * 100)}–${number((high ?? 1) * 100)}`
}

function rateName(by: Rates['by']): string {
  return by === 'hour' || by === 'programme' ? t(`insight.${by}`) : attributeName(by)
}

function rateValue(by: Rates['by'], key: string): string {
  if (by === 'hour') return t('insight.hourValue', { hour: key })
  return attributeValue(by, key)
}

function domainOf(rates: readonly Rates[]): Domain {
  const values = rates.flatMap(({ groups }) =>
    groups.flatMap(({ rate, asked }) => (asked < smallBelow ? [rate.value] : [rate.value, rate.low, rate.high])),
  )
  return windowOf(values, [0, 1], 0.2)
}
