import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { problemOf } from '../../platform/api.ts'
import { Dialog } from '../../platform/dialog.tsx'
import { DialogForm } from '../../platform/dialog-form.tsx'
import { Field } from '../../platform/field.tsx'
import { languageName } from '../../platform/format.ts'
import { t } from '../../platform/words.ts'
import { refreshSynonyms, saveSynonyms, wordsIn, type Writing } from './synonym-data.ts'
import { SynonymsPreview } from './synonyms-preview.tsx'

type Props = {
  given: Writing
  /** The question that is tried first; left out: the first of the words. */
  tryOut?: string
  /** @param takeBack undoes what was saved */
  onSaved: (takeBack: () => Promise<unknown>, words: readonly string[]) => void
  onClose: () => void
}

/** One group of words that mean the same, beside what a question finds with it and without it. */
export function EditSynonyms({ given, tryOut, onSaved, onClose }: Props) {
  const [text, setText] = useState(given.words.join('\n'))
  const words = wordsIn(text)
  const save = useMutation({
    mutationFn: () => saveSynonyms({ ...given, words }),
    onSuccess: (takeBack) => {
      void refreshSynonyms()
      onSaved(takeBack, words)
      onClose()
    },
  })
  return (
    <Dialog
      title={t(given.id === undefined ? 'articles.newSynonyms' : 'articles.changeSynonyms')}
      wide
      onClose={onClose}
    >
      <DialogForm className="ar-synonyms" waits={save.isPending} onSave={() => save.mutate()} onCancel={onClose}>
        <Field
          label={t('articles.sameWords', { language: languageName(given.language) })}
          hint={t('articles.sameWordsHint')}
          problem={problemIn(save.error, words)}
        >
          {(field) => (
            <textarea
              className="input"
              rows={5}
              lang={given.language}
              value={text}
              onChange={({ target }) => (setText(target.value), save.reset())}
              {...field}
            />
          )}
        </Field>
        <SynonymsPreview writing={{ ...given, words }} tryOut={tryOut ?? words[0] ?? ''} />
      </DialogForm>
    </Dialog>
  )
}

/** What is wrong, with the word that is. */
function problemIn(error: unknown, words: readonly string[]): string | undefined {
  const problem = problemOf(error)
  if (!error || !problem) return error ? t('shell.serverAway') : undefined
  const wrong = problem.errors?.find(({ field }) => field.startsWith('/body/words'))
  const word = words[Number(wrong?.field.split('/')[3] ?? -1)]
  const said = wrong?.message ?? problem.title
  return word === undefined ? said : `${word}: ${said}`
}
