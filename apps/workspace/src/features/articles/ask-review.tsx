import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api, problemAt } from '../../platform/api.ts'
import { Field, SelectField } from '../../platform/field.tsx'
import { Trouble } from '../../platform/states.tsx'
import { say, sayFailure } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import { membersQuery } from '../inbox/inbox-data.ts'
import type { ReviewProps } from './review.tsx'
import { refreshReview } from './reviewing.ts'
import type { Self } from './self.ts'

const longestNote = 2000

/** Whom to ask, and what they should know. */
export function AskReview({
  article: { id },
  language,
  draft,
  translation,
  self,
  onClose,
}: ReviewProps & { self: Self }) {
  const isAsked = translation.review?.state === 'asked'
  const [reviewerId, setReviewer] = useState(translation.review?.reviewerId ?? '')
  const [note, setNote] = useState('')
  const { data: members = [] } = useQuery(membersQuery)
  const params = { id, language }
  const ask = useMutation({
    mutationFn: async () => {
      const revision = draft.revision ?? translation.revision
      await api.articles.askReview({ params, body: { revision, reviewerId: reviewerId || null, note } })
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
  const others = members.filter((one) => one.writesArticles && one.id !== self.id)
  return (
    <form className="stack" onSubmit={(event) => (event.preventDefault(), ask.mutate())}>
      <h3>{t(isAsked ? 'upkeep.askAnew' : 'upkeep.ask')}</h3>
      <Trouble error={ask.error} />
      <SelectField
        label={t('upkeep.reviewer')}
        value={reviewerId}
        problem={problemAt(ask.error, 'reviewerId')}
        options={[['', t('upkeep.whoeverPublishes')], ...others.map((one) => [one.id, one.name] as const)]}
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
