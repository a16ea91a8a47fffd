import type { SelfServiceArticle, SelfServiceWays } from '@lahko/contract'
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { api } from '../../platform/api.ts'
import { number, percent, span } from '../../platform/format.ts'
import { ScrollX } from '../../platform/scroll-x.tsx'
import { Failed, Waiting } from '../../platform/states.tsx'
import { t } from '../../platform/words.ts'
import { figure, intervalOf, metricName } from './figures.ts'
import { More } from './more.tsx'
import { orders, waysQuery } from './self-service-search.ts'

const route = getRouteApi('/inside/articles/solved')

/** What came of reading each article, those with most of what is looked for first. */
export function SelfServiceArticles({ days }: { days: number }) {
  const { sort = 'readers' } = route.useSearch()
  const found = useInfiniteQuery({
    queryKey: ['self-service', days, 'articles', sort],
    queryFn: ({ pageParam, signal }) =>
      api.insight.selfServiceArticles({ query: { days, sort, after: pageParam, limit: 25 }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    placeholderData: keepPreviousData,
  })
  const ways = useQuery(waysQuery(days))
  const rows = found.data?.pages.flatMap(({ items }) => items)
  return (
    <div className="in-block">
      <h2>{t('insight.alone.byArticle')}</h2>
      {found.isError && <Failed error={found.error} retry={() => void found.refetch()} />}
      {found.isPending && <Waiting lines={6} />}
      {rows && (
        <ScrollX label={t('insight.alone.byArticle')}>
          <table className="table in-alone-articles" aria-busy={found.isPlaceholderData}>
            <Heads sort={sort} ways={ways.data} />
            <tbody>
              {rows.map((row) => (
                <Row key={row.articleId} row={row} ways={ways.data} />
              ))}
            </tbody>
          </table>
        </ScrollX>
      )}
      <More {...found} />
    </div>
  )
}

type Ways = SelfServiceWays | null | undefined

function Heads({ sort, ways }: { sort: string; ways: Ways }) {
  const navigate = route.useNavigate()
  return (
    <thead>
      <tr>
        <th scope="col">{t('articles.article')}</th>
        {orders.map((order) => (
          <th key={order} scope="col" data-number aria-sort={order === sort ? 'descending' : undefined}>
            <button
              type="button"
              onClick={() =>
                void navigate({ search: (before) => ({ ...before, sort: order }), replace: true, resetScroll: false })
              }
            >
              {t(`insight.alone.column.${order}`)}
              {order === sort && <span aria-hidden="true"> ↓</span>}
            </button>
          </th>
        ))}
        {ways && (
          <th scope="col" data-number>
            {metricName(ways.metric, ways.survey.scale)}
          </th>
        )}
      </tr>
    </thead>
  )
}

function Row({ row, ways }: { row: SelfServiceArticle; ways: Ways }) {
  const { articleId: id, title, language, readers, solved, failed, effort } = row
  return (
    <tr>
      <th scope="row">
        {title !== null && language ? (
          <Link to="/articles/$id/$language" params={{ id, language }} lang={language}>
            {title}
          </Link>
        ) : (
          <span className="quiet">{t('insight.alone.gone')}</span>
        )}
      </th>
      <td data-number>{number(readers)}</td>
      <td data-number>{shareOf(solved)}</td>
      <td data-number>{shareOf(failed)}</td>
      {ways && <td data-number>{effortOf(effort, ways)}</td>}
    </tr>
  )
}

function shareOf({ count, share }: SelfServiceArticle['solved']) {
  if (!share) return '–'
  return (
    <>
      {number(count)} <strong>{percent(share.value)}</strong>{' '}
      <span className="in-int">{span(number((share.low ?? 0) * 100), number((share.high ?? 1) * 100))}</span>
    </>
  )
}

function effortOf({ n, metric }: SelfServiceArticle['effort'], { metric: name, survey: { scale } }: SelfServiceWays) {
  if (!metric) return '–'
  return (
    <>
      <strong>{figure(name, metric.value, scale)}</strong>{' '}
      <span className="in-int">{intervalOf(name, metric, scale)}</span>{' '}
      <span className="quiet">{t('insight.fromAnswers', { count: n, n: number(n) })}</span>
    </>
  )
}
