import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { api } from '../../platform/api.ts'
import { Empty, Failed, Waiting } from '../../platform/states.tsx'
import { t } from '../../platform/words.ts'
import { More } from '../insight/more.tsx'
import { CommentsNarrowing } from './comments-narrowing.tsx'
import { Vote } from './votes.tsx'
import type { CommentsOnly } from './votes-search.ts'

/** What readers wrote about any article, the newest first. */
export function CommentsList(props: {
  which: 'open' | 'comments'
  only: CommentsOnly
  onNarrow: (only: CommentsOnly) => void
}) {
  const { which, only, onNarrow } = props
  const { article: articleId, language, reason } = only
  const comments = useInfiniteQuery({
    queryKey: ['articles', 'comments', which, articleId, language, reason],
    queryFn: ({ pageParam, signal }) => {
      const narrow = { articleId, language, reason, ...(which === 'open' && { open: 'true' as const }) }
      const query = { after: pageParam, limit: 25, ...narrow }
      return api.articles.listComments({ query, signal })
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
  })
  const isNarrow = [articleId, language, reason].some((one) => one !== undefined)
  const rows = comments.data?.pages.flatMap(({ items }) => items)
  return (
    <>
      <CommentsNarrowing only={only} onNarrow={onNarrow} />
      {comments.isError && <Failed error={comments.error} retry={() => void comments.refetch()} />}
      {comments.isPending && <Waiting lines={6} />}
      {rows?.length === 0 && (
        <Empty icon="touchpoints" title={t(isNarrow ? 'upkeep.noSuch' : `upkeep.none.${which}`)} />
      )}
      <ul className="rows">
        {rows?.map((one) => (
          <Vote
            key={one.id}
            vote={one}
            articleId={one.articleId}
            about={
              <Link
                className="row-title"
                to="/articles/$id/$language"
                params={{ id: one.articleId, language: one.language }}
                search={{ show: 'votes' }}
                lang={one.language}
              >
                {one.title}
              </Link>
            }
          />
        ))}
      </ul>
      <More {...comments} />
    </>
  )
}
