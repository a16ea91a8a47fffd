import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { api, problemAt } from '../../platform/api.ts'
import { Field } from '../../platform/field.tsx'
import { Trouble } from '../../platform/states.tsx'
import { say } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import { useMay } from '../shell/me.ts'
import { Preview } from './preview.tsx'
import type { ReviewProps } from './review.tsx'
import { refreshReview } from './reviewing.ts'
import { SinceVersion } from './since-version.tsx'
import { useWho } from './who.ts'

const longestAnswer = 2000
type Choice = 'approved' | 'published' | 'returned'

/** What readers would see, beside what they see now; and what becomes of it. */
export function DecideReview(props: ReviewProps) {
  const { article, language, draft, translation } = props
  const { published, review } = translation
  const who = useWho(review?.askedBy)
  return (
    <>
      {review?.state === 'asked' && (
        <p>
          {t('upkeep.asksYou', { who: who(review.askedBy) })} {review.note && <q className="ar-note">{review.note}</q>}
        </p>
      )}
      {published ? (
        <SinceVersion params={{ id: article.id, language, number: published.number }} draft={draft} />
      ) : (
        <section className="stack" aria-label={t('upkeep.allNew')}>
          <h3>{t('upkeep.allNew')}</h3>
          <Preview content={draft.content} language={language} />
        </section>
      )}
      <Decide {...props} />
    </>
  )
}

function Decide({ article: { id }, language, draft, translation, onClose }: ReviewProps) {
  const mayPublish = useMay('articles.publish')
  const [answer, setAnswer] = useState('')
  const [isMissing, setMissing] = useState(false)
  const decide = useMutation({
    mutationFn: async (choice: Choice) => {
      const revision = draft.revision ?? translation.revision
      const outcome = choice === 'returned' ? choice : 'approved'
      const body = { outcome, revision, answer, publish: choice === 'published' } as const
      await api.articles.decideReview({ params: { id, language }, body })
      await refreshReview(id, language)
    },
    onSuccess: (_, choice) => {
      say(t(`upkeep.was.${choice}`, { title: draft.content.title }))
      onClose()
    },
  })
  const button = (choice: Choice, tone?: 'accent') => (
    <button
      type="button"
      className="button"
      data-tone={tone}
      disabled={decide.isPending}
      onClick={() => (choice === 'returned' && answer.trim() === '' ? setMissing(true) : decide.mutate(choice))}
    >
      {t(`upkeep.decide.${choice}`)}
    </button>
  )
  return (
    <div className="stack">
      <Trouble error={decide.error} />
      <Field
        label={t('upkeep.answer')}
        hint={t('upkeep.answerHint')}
        problem={isMissing ? t('upkeep.answerMissing') : problemAt(decide.error, 'answer')}
      >
        {(field) => (
          <textarea
            className="input"
            rows={2}
            maxLength={longestAnswer}
            value={answer}
            onChange={({ target }) => (setMissing(false), setAnswer(target.value))}
            {...field}
          />
        )}
      </Field>
      <div className="dialog-foot">
        {button('returned')}
        {button('approved', mayPublish ? undefined : 'accent')}
        {mayPublish && button('published', 'accent')}
      </div>
    </div>
  )
}
