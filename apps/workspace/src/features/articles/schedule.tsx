import type { Article, ArticleTranslation, Language } from '@lahko/contract'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { api, problemAt } from '../../platform/api.ts'
import { Dialog } from '../../platform/dialog.tsx'
import { DialogForm } from '../../platform/dialog-form.tsx'
import { Field } from '../../platform/field.tsx'
import { say, sayFailure } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import { fieldOf, instantOf } from './local-times.ts'
import { keepTranslation } from './use-article-draft.ts'

type Props = { article: Article; language: Language; translation: ArticleTranslation; onClose: () => void }

/** When the draft, as it is then, is published, and when it is taken back. */
export function Schedule({ article: { id }, language, translation, onClose }: Props) {
  const before = { publishAt: translation.publishAt, unpublishAt: translation.unpublishAt }
  const [times, setTimes] = useState({ publish: fieldOf(before.publishAt), unpublish: fieldOf(before.unpublishAt) })
  const params = { id, language }
  const keep = async (body: typeof before) => keepTranslation(id, await api.articles.schedule({ params, body }))
  const save = useMutation({
    mutationFn: () => keep({ publishAt: instantOf(times.publish), unpublishAt: instantOf(times.unpublish) }),
    onSuccess: () => {
      say(t(times.publish || times.unpublish ? 'articles.wasScheduled' : 'articles.notScheduled'), () => {
        void keep(before).catch(sayFailure)
      })
      onClose()
    },
  })
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  return (
    <Dialog title={t('articles.schedule')} onClose={onClose}>
      <DialogForm error={save.error} waits={save.isPending} onSave={() => save.mutate()} onCancel={onClose}>
        <p className="quiet">{t('articles.scheduleMeans', { zone })}</p>
        {(['publish', 'unpublish'] as const).map((one) => (
          <Field
            key={one}
            label={t(`articles.${one}At`)}
            hint={t('articles.emptyIsNever')}
            problem={problemAt(save.error, `${one}At`)}
          >
            {(field) => (
              <input
                className="input"
                type="datetime-local"
                value={times[one]}
                onChange={({ target }) => setTimes({ ...times, [one]: target.value })}
                {...field}
              />
            )}
          </Field>
        ))}
      </DialogForm>
    </Dialog>
  )
}
