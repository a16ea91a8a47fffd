import type { Article, ArticleReview, ArticleTranslation, Language } from '@lahko/contract'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { day, moment } from '../../platform/format.ts'
import { Banner } from '../../platform/states.tsx'
import { t } from '../../platform/words.ts'
import { useMay } from '../shell/me.ts'
import { confirm } from './confirming.ts'
import { useSelf } from './self.ts'
import { isReviewDue, waitsFor } from './states.ts'
import { useToday } from './use-today.ts'
import { useWho } from './who.ts'

const tones = { asked: undefined, approved: 'good', void: 'warn', returned: 'warn' } as const
const shapes = { asked: 'ring', approved: undefined, void: undefined, returned: undefined } as const

/** How the review of a draft stands, in few words. */
export function ReviewBadge({ review }: { review: ArticleReview | null }) {
  if (!review || review.state === 'over') return null
  return (
    <span className="badge" data-tone={tones[review.state]} data-shape={shapes[review.state]}>
      {t(`upkeep.state.${review.state}`)}
    </span>
  )
}

type Props = { article: Article; language: Language; translation: ArticleTranslation | undefined }

/** What concerns whoever opens an article now: a review that waits for them, what became of one, a day that has come. */
export function ArticleConcerns({ article, language, translation }: Props) {
  return (
    <>
      {translation?.review && <ReviewConcern {...{ article, language, translation }} review={translation.review} />}
      <DayConcern article={article} />
    </>
  )
}

type Concern = { article: Article; language: Language; translation: ArticleTranslation; review: ArticleReview }

function ReviewConcern({ article, language, translation, review }: Concern) {
  const self = useSelf()
  const { state, askedBy, decidedBy, decidedAt, note, answer } = review
  const who = useWho(askedBy, decidedBy)
  const forMe = waitsFor(translation, self)
  if (state === 'approved' || state === 'over' || (state === 'asked' && !forMe)) return null
  const words = {
    asked: t('upkeep.asksYou', { who: who(askedBy) }),
    void: t('upkeep.isVoid', { who: who(decidedBy), when: decidedAt ? moment(decidedAt) : '' }),
    returned: t('upkeep.said.returned', { who: who(decidedBy) }),
  }
  const quoted = state === 'asked' ? note : state === 'returned' ? answer : ''
  return (
    <Banner tone={state === 'asked' ? 'accent' : 'warn'}>
      <div>
        <p>
          {words[state]} {quoted && <q className="ar-note">{quoted}</q>}
        </p>
      </div>
      <Link
        className="button"
        data-size="small"
        to="/articles/$id/$language"
        params={{ id: article.id, language }}
        search={{ show: 'review' }}
      >
        {t(forMe ? 'upkeep.lookAtIt' : 'upkeep.askAgain')}
      </Link>
    </Banner>
  )
}

function DayConcern({ article }: { article: Article }) {
  const mayWrite = useMay('articles.write')
  const today = useToday()
  const [busy, setBusy] = useState(false)
  if (!mayWrite || !article.reviewOn || !isReviewDue(article, today)) return null
  const stillRight = () => {
    setBusy(true)
    void confirm(article).finally(() => setBusy(false))
  }
  return (
    <Banner tone="warn">
      <p>{t('upkeep.dayCame', { date: day(article.reviewOn) })}</p>
      <button type="button" className="button" data-size="small" disabled={busy} onClick={stillRight}>
        {t('upkeep.stillRight')}
      </button>
    </Banner>
  )
}
