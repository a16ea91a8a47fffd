import type { Collection, Language } from '@lahko/contract'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { api, problemAt } from '../../platform/api.ts'
import { Dialog } from '../../platform/dialog.tsx'
import { DialogForm } from '../../platform/dialog-form.tsx'
import { SelectField, TextField } from '../../platform/field.tsx'
import { language as ownLanguage, languageNames, t } from '../../platform/words.ts'
import { refreshArticles } from './article-data.ts'
import { flat, pathTitle, treeOf } from './tree.ts'

const all = Object.keys(languageNames) as Language[]

/** What an article begins with. */
export type Beginning = { title?: string; body?: string; language?: Language }

type Props = {
  collectionId?: string
  collections: readonly Collection[]
  beginning?: Beginning
  /** Told which article was begun. */
  onMade?: (id: string) => void
  onClose: () => void
}

/** Title, place and language of an article; then its editor opens. */
export function NewArticle({ collectionId, collections, beginning = {}, onMade, onClose }: Props) {
  const places = flat(treeOf(collections, [])).map(({ collection: { id } }) => id)
  const navigate = useNavigate()
  const [form, setForm] = useState({
    title: beginning.title ?? '',
    collectionId: collectionId ?? places[0] ?? '',
    language: beginning.language ?? ownLanguage(),
  })
  const set = (part: Partial<typeof form>) => setForm({ ...form, ...part })
  const create = useMutation({
    mutationFn: () => api.articles.create({ body: { ...form, summary: '', keywords: '', body: beginning.body ?? '' } }),
    onSuccess: ({ id }) => {
      void refreshArticles()
      onMade?.(id)
      onClose()
      void navigate({ to: '/articles/$id/$language', params: { id, language: form.language } })
    },
  })
  return (
    <Dialog title={t('articles.new')} onClose={onClose}>
      <DialogForm
        error={create.error}
        waits={create.isPending || form.collectionId === ''}
        saveName={t('articles.write')}
        onSave={() => create.mutate()}
        onCancel={onClose}
      >
        <TextField
          label={t('articles.title')}
          hint={t('articles.titleHint')}
          required
          maxLength={160}
          value={form.title}
          problem={problemAt(create.error, 'title')}
          onChange={(title) => set({ title })}
        />
        <SelectField
          label={t('articles.collection')}
          value={form.collectionId}
          options={places.map((id) => [id, pathTitle(collections, id, ownLanguage())])}
          onChange={(id) => set({ collectionId: id })}
        />
        <SelectField
          label={t('articles.mainLanguage')}
          hint={t('articles.mainLanguageHint')}
          value={form.language}
          options={all.map((one) => [one, languageNames[one]])}
          onChange={(language) => set({ language })}
        />
      </DialogForm>
    </Dialog>
  )
}
