import type { ArticleReview, Language } from '@lahko/contract'
import { useInfiniteQuery } from '@tanstack/react-query'
import { moment } from '../../platform/format.ts'
import { Failed } from '../../platform/states.tsx'
import { t } from '../../platform/words.ts'
import { More } from '../insight/more.tsx'
import { listReviews } from './reviewing.ts'
import { useWho } from './who.ts'

/** Who was asked and what they said, the newest first. */
export function ReviewHistory({ id, language }: { id: string; language: Language }) {
  const reviews = useInfiniteQuery({
    queryKey: ['articles', 'reviews', id, language],
    queryFn: ({ pageParam, signal }) => listReviews(id, language, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    meta: { subjectId: id },
  })
  const rows = reviews.data?.pages.flatMap(({ items }) => items) ?? []
  if (reviews.isError) return <Failed error={reviews.error} retry={() => void reviews.refetch()} />
  if (rows.length === 0) return null
  return (
    <section className="stack" aria-label={t('upkeep.history')}>
      <h3>{t('upkeep.history')}</h3>
      <ul className="rows">
        {rows.map((review) => (
          <Line key={review.id} review={review} />
        ))}
      </ul>
      <More {...reviews} />
    </section>
  )
}

function Line({ review }: { review: ArticleReview }) {
  const { state, askedBy, askedAt, reviewerId, note, decidedBy, decidedAt, answer } = review
  const who = useWho(askedBy, reviewerId, decidedBy)
  const reviewer = reviewerId === null ? t('upkeep.whoeverPublishes') : who(reviewerId)
  return (
    <li className="ar-said-line">
      <p>
        <span className="quiet">{moment(askedAt)}</span> {t('upkeep.asked', { who: who(askedBy), reviewer })}{' '}
        {note && <q className="ar-note">{note}</q>}
      </p>
      {decidedAt && (
        <p>
          <span className="quiet">{moment(decidedAt)}</span> {t(`upkeep.said.${state}`, { who: who(decidedBy) })}{' '}
          {answer && <q className="ar-note">{answer}</q>}
        </p>
      )}
    </li>
  )
}
