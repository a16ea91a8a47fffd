import type { SelfServiceWays } from '@lahko/contract'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { number } from '../../platform/format.ts'
import { ScrollX } from '../../platform/scroll-x.tsx'
import { Failed } from '../../platform/states.tsx'
import { t } from '../../platform/words.ts'
import { figure, intervalOf, limitsOf, metricHint, metricName, points, pointsSpan } from './figures.ts'
import { DotInRow } from './dot-line.tsx'
import { windowOf, type Domain } from './plot-scales.ts'
import { waysQuery } from './self-service-search.ts'

type Way = SelfServiceWays['ways'][number]

/** How easy it was by way: an article only, an article and then a ticket, a ticket only. */
export function SelfServiceWays({ days }: { days: number }) {
  const found = useQuery({ ...waysQuery(days), placeholderData: keepPreviousData })
  // Without a survey there is nothing to say about effort.
  if (found.data === null || found.isPending) return null
  return (
    <div className="in-block chart">
      <h2>{t('insight.alone.ways')}</h2>
      {found.isError && <Failed error={found.error} retry={() => void found.refetch()} />}
      {found.data && <Ways found={found.data} />}
    </div>
  )
}

function Ways({ found }: { found: SelfServiceWays }) {
  const { survey, metric, rule, ways, unknown } = found
  const { scale } = survey
  if (survey.anonymous) return <p>{t('insight.alone.waysAnonymous')}</p>
  if (ways.every(({ n }) => n === 0)) return <p>{t('insight.alone.waysNone')}</p>
  const name = metricName(metric, scale)
  return (
    <>
      <p className="quiet">
        {survey.question} {name}: {metricHint(metric, { scale, rule })}.
      </p>
      <ScrollX label={t('insight.alone.ways')}>
        <table className="table in-ways">
          <thead>
            <tr>
              <th scope="col">{t('insight.alone.way')}</th>
              <th scope="col" data-number>
                {name}
              </th>
              <th scope="col" data-number>
                {t('insight.answers')}
              </th>
              <th scope="col" className="in-plot">
                <span className="visually-hidden">{t('insight.withInterval')}</span>
              </th>
              <th scope="col">{t('insight.alone.wayBeside')}</th>
            </tr>
          </thead>
          <tbody>
            {ways.map((way) => (
              <Row key={way.way} way={way} found={found} domain={domainOf(found)} />
            ))}
          </tbody>
        </table>
      </ScrollX>
      <p className="in-read">{t('insight.alone.waysUnknown', { count: unknown.n, shown: number(unknown.n) })}</p>
    </>
  )
}

function Row({ way, found, domain }: { way: Way; found: SelfServiceWays; domain: Domain }) {
  const { metric, survey } = found
  const { metric: shown, n } = way
  const noted = way.verdict === 'more-than-noise' && way.ease !== 'same'
  return (
    <tr data-noted={noted || undefined}>
      <th scope="row">{t(`insight.alone.way.${way.way}`)}</th>
      <td data-number>
        {shown ? (
          <>
            <strong>{figure(metric, shown.value, survey.scale)}</strong>{' '}
            <span className="in-int">{intervalOf(metric, shown, survey.scale)}</span>
          </>
        ) : (
          '–'
        )}
      </td>
      <td data-number>{number(n)}</td>
      <td className="in-plot">
        {shown && (
          <DotInRow
            value={shown.value}
            low={shown.low}
            high={shown.high}
            small={way.smallSample}
            step={noted ? (way.ease === 'harder' ? 1 : 7) : undefined}
            domain={domain}
          />
        )}
      </td>
      <td>{besideOthers(way, found)}</td>
    </tr>
  )
}

/** `easier, more than noise: 6 points (2–9)` */
function besideOthers({ difference, low, high, ease, verdict }: Way, { metric, survey: { scale } }: SelfServiceWays) {
  if (difference === null || low === null || high === null || ease === null || verdict === null) return '–'
  const sure = verdict === 'more-than-noise' ? 'sure' : 'noise'
  const says = t('insight.easeAndVerdict', { family: scale.family, ease, verdict: sure })
  return `${says}: ${points(metric, difference, scale)} (${pointsSpan(metric, low, high, scale)})`
}

function domainOf({ ways, metric, survey }: SelfServiceWays): Domain {
  const limits = limitsOf(metric, survey.scale)
  const values = ways.flatMap(({ metric: shown, smallSample }) =>
    shown ? (smallSample ? [shown.value] : [shown.value, shown.low, shown.high]) : [],
  )
  return windowOf(values, limits, (limits[1] - limits[0]) / 4)
}
