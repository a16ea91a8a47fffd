import type { ArticleRating } from '@lahko/contract'
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { api } from '../../platform/api.ts'
import { useRowKeys } from '../../platform/row-keys.ts'
import { Segments } from '../../platform/segments.tsx'
import { Empty, Failed, Waiting } from '../../platform/states.tsx'
import { t } from '../../platform/words.ts'
import { More } from '../insight/more.tsx'
import { useTitle } from '../shell/me.ts'
import { ArticleParts } from './article-parts.tsx'
import { CommentsList } from './comments-list.tsx'
import './features.css'
import { Share } from './votes.tsx'
import { useWho } from './who.ts'

const route = getRouteApi('/inside/articles/votes')
const lists = ['articles', 'open', 'comments'] as const

/** All articles that readers have judged, first those that surely did not help most often, and what they wrote. */
export function RatingsPage() {
  useTitle(t('upkeep.votes'))
  useRowKeys()
  const { show = 'articles', ...only } = route.useSearch()
  const navigate = route.useNavigate()
  return (
    <div className="p-page ar">
      <div className="p-head">
        <h1>{t('articles.articles')}</h1>
      </div>
      <ArticleParts />
      <Segments
        label={t('upkeep.which')}
        size="small"
        className="ar-which"
        of={lists}
        chosen={show}
        name={(one) => t(`upkeep.lists.${one}`)}
        onChoose={(one) => void navigate({ search: one === 'articles' ? {} : { ...only, show: one }, replace: true })}
      />
      {show === 'articles' ? (
        <Ratings />
      ) : (
        <CommentsList
          which={show}
          only={only}
          onNarrow={(narrow) => void navigate({ search: { show, ...narrow }, replace: true })}
        />
      )}
    </div>
  )
}

function Ratings() {
  const ratings = useInfiniteQuery({
    queryKey: ['articles', 'ratings'],
    queryFn: ({ pageParam, signal }) => api.articles.listRatings({ query: { after: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
  })
  const rows = ratings.data?.pages.flatMap(({ items }) => items)
  return (
    <>
      {ratings.isError && <Failed error={ratings.error} retry={() => void ratings.refetch()} />}
      {ratings.isPending && <Waiting lines={6} />}
      {rows?.length === 0 && (
        <Empty icon="touchpoints" title={t('upkeep.noRatings')}>
          {t('upkeep.noRatingsWhy')}
        </Empty>
      )}
      {rows && rows.length > 0 && (
        <>
          <p className="quiet">{t('upkeep.worstFirst')}</p>
          <ul className="rows">
            {rows.map((rating) => (
              <Row key={rating.articleId} rating={rating} />
            ))}
          </ul>
        </>
      )}
      <More {...ratings} />
    </>
  )
}

function Row({ rating }: { rating: ArticleRating }) {
  const { articleId, language, title, ownerId, openComments } = rating
  const who = useWho(ownerId)
  return (
    <li className="row">
      <span>
        <Link
          className="row-title"
          to="/articles/$id/$language"
          params={{ id: articleId, language }}
          search={{ show: 'votes' }}
          lang={language}
        >
          {title}
        </Link>{' '}
        {openComments > 0 && (
          <span className="badge" data-tone="accent">
            {t('upkeep.openComments', { count: openComments })}
          </span>
        )}
        <span className="row-text ar-line">
          <Share counts={rating} />
        </span>
      </span>
      <span className="row-end">{ownerId ? who(ownerId) : t('upkeep.ownedByNobody')}</span>
    </li>
  )
}
