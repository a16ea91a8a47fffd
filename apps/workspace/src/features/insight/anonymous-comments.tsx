import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { api } from '../../platform/api.ts'
import { Failed, Waiting } from '../../platform/states.tsx'
import { t } from '../../platform/words.ts'
import { LeaveOut } from './leave-out.tsx'
import { More } from './more.tsx'

const route = getRouteApi('/inside/effort')

/** All that is shown of single anonymous answers: what they say, in an order that tells nothing. */
export function AnonymousComments({ surveyId }: { surveyId: string }) {
  const { left } = route.useSearch()
  const navigate = route.useNavigate()
  return (
    <section className="in-block" aria-labelledby="answers">
      <div className="section-head in-answers-head">
        <h2 id="answers">{left ? t('insight.leftOut') : t('insight.comments')}</h2>
        <button
          type="button"
          className="chip"
          data-size="small"
          aria-pressed={left === 'out'}
          onClick={() =>
            void navigate({
              search: (search) => ({ ...search, left: left ? undefined : ('out' as const) }),
              resetScroll: false,
            })
          }
        >
          {t('insight.leftOut')}
        </button>
      </div>
      <p className="quiet in-read">{t('insight.anonymousAnswers')}</p>
      <Comments surveyId={surveyId} excluded={left === 'out'} />
    </section>
  )
}

function Comments({ surveyId, excluded }: { surveyId: string; excluded: boolean }) {
  const comments = useInfiniteQuery({
    queryKey: ['responses', surveyId, 'comments', excluded],
    queryFn: ({ pageParam, signal }) =>
      api.surveys.comments({
        params: { id: surveyId },
        query: { excluded: excluded ? 'true' : undefined, limit: 20, after: pageParam },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    placeholderData: keepPreviousData,
  })
  if (comments.isError) return <Failed error={comments.error} retry={() => void comments.refetch()} />
  if (!comments.data) return <Waiting lines={6} />
  const rows = comments.data.pages.flatMap(({ items }) => items)
  if (rows.length === 0) return <p className="quiet in-read">{t('insight.noComments')}</p>
  return (
    <>
      <div className="in-stream" aria-busy={comments.isPlaceholderData}>
        {rows.map((row) => (
          <article className="in-quote" key={row.id} data-left={row.excluded ? '' : undefined}>
            <blockquote>{row.comment}</blockquote>
            <div className="cluster">
              <LeaveOut row={row} />
            </div>
          </article>
        ))}
      </div>
      <More {...comments} />
    </>
  )
}
