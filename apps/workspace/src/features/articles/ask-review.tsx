import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { api, problemAt } from '../../platform/api.ts'
import { Field } from '../../platform/field.tsx'
import { Trouble } from '../../platform/states.tsx'
import { say, sayFailure } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import { MemberField } from './member-field.tsx'
import type { ReviewProps } from './review.tsx'
import { refreshReview } from './reviewing.ts'

const longestNote = 2000

/** Whom to ask, and what they should know. */
export function AskReview({ article: { id }, language, draft, translation, onClose }: ReviewProps) {
  const isAsked = translation.review?.state === 'asked'
  const [reviewerId, setReviewer] = useState(translation.review?.reviewerId ?? null)
  const [note, setNote] = useState('')
  const params = { id, language }
  const ask = useMutation({
    mutationFn: async () => {
      const revision = draft.revision ?? translation.revision
      await api.articles.askReview({ params, body: { revision, reviewerId, note } })
      await refreshReview(id, language)
    },
    onSuccess: () => {
      say(t('upkeep.wasAsked'), () => void end(params).catch(sayFailure))
      onClose()
    },
  })
  const askNoMore = useMutation({
    mutationFn: () => end(params),
    onSuccess: () => (say(t('upkeep.askedNoMore')), onClose()),
    onError: sayFailure,
  })
  return (
    <form className="stack" onSubmit={(event) => (event.preventDefault(), ask.mutate())}>
      <h3>{t(isAsked ? 'upkeep.askAnew' : 'upkeep.ask')}</h3>
      <Trouble error={ask.error} />
      <MemberField
        label={t('upkeep.reviewer')}
        value={reviewerId}
        none={t('upkeep.whoeverPublishes')}
        may="articles.write"
        notMe
        problem={problemAt(ask.error, 'reviewerId')}
        onChange={setReviewer}
      />
      <Field label={t('upkeep.note')} hint={t('upkeep.noteHint')} problem={problemAt(ask.error, 'note')}>
        {(field) => (
          <textarea
            className="input"
            rows={2}
            maxLength={longestNote}
            value={note}
            onChange={({ target }) => setNote(target.value)}
            {...field}
          />
        )}
      </Field>
      <div className="dialog-foot">
        {isAsked && (
          <button type="button" className="button" disabled={askNoMore.isPending} onClick={() => askNoMore.mutate()}>
            {t('upkeep.askNoMore')}
          </button>
        )}
        <button type="submit" className="button" data-tone="accent" disabled={ask.isPending}>
          {t('upkeep.askNow')}
        </button>
      </div>
    </form>
  )
}

async function end(params: { id: string; language: ReviewProps['language'] }): Promise<void> {
  await api.articles.endReview({ params })
  await refreshReview(params.id, params.language)
}
