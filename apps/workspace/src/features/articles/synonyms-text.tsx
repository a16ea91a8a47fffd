import type { Language } from '@lahko/contract'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api, problemAt, sayProblem } from '../../platform/api.ts'
import { Dialog } from '../../platform/dialog.tsx'
import { DialogForm } from '../../platform/dialog-form.tsx'
import { Field } from '../../platform/field.tsx'
import { languageName } from '../../platform/format.ts'
import { Failed, Waiting } from '../../platform/states.tsx'
import { say } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import { refreshSynonyms } from './synonym-data.ts'

/** All groups of a language as a text, to be copied, and added to by one that is put in. */
export function SynonymsText({ language }: { language: Language }) {
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <button type="button" className="button" onClick={() => setOpen(true)}>
        {t('articles.asText')}
      </button>
      {isOpen && <TextDialog language={language} onClose={() => setOpen(false)} />}
    </>
  )
}

type Props = { language: Language; onClose: () => void }

function TextDialog({ language, onClose }: Props) {
  const there = useQuery({
    queryKey: ['synonyms', 'text', language],
    queryFn: async ({ signal }) => (await api.synonyms.text({ query: { language }, signal })).text,
    staleTime: 0,
    gcTime: 0,
  })
  return (
    <Dialog title={t('articles.asText')} wide onClose={onClose}>
      {there.isError && <Failed error={there.error} retry={() => void there.refetch()} />}
      {there.isPending && <Waiting />}
      {there.data !== undefined && <TextForm language={language} given={there.data} onClose={onClose} />}
    </Dialog>
  )
}

function TextForm({ language, given, onClose }: Props & { given: string }) {
  const [text, setText] = useState(given)
  const add = useMutation({
    mutationFn: () => api.synonyms.addText({ body: { language, text } }),
    onSuccess: ({ added }) => {
      void refreshSynonyms()
      say(t('articles.textAdded', { count: added }))
      onClose()
    },
  })
  const problem = add.isError ? (problemAt(add.error, 'text') ?? sayProblem(add.error)) : undefined
  return (
    <DialogForm
      className="ar-synonyms"
      waits={add.isPending || text.trim() === ''}
      saveName={t('articles.addText')}
      onSave={() => add.mutate()}
      onCancel={onClose}
    >
      <Field label={languageName(language)} hint={t('articles.asTextHint')} problem={problem}>
        {(field) => (
          <textarea
            className="input"
            rows={12}
            lang={language}
            value={text}
            onChange={({ target }) => (setText(target.value), add.reset())}
            {...field}
          />
        )}
      </Field>
    </DialogForm>
  )
}
