import type { Collection, Language, Translated } from '@lahko/contract'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { api, problemAt } from '../../platform/api.ts'
import { Dialog } from '../../platform/dialog.tsx'
import { DialogForm } from '../../platform/dialog-form.tsx'
import { TextField } from '../../platform/field.tsx'
import { say, sayFailure } from '../../platform/toasts.tsx'
import { language as ownLanguage, languageNames, t } from '../../platform/words.ts'
import { refreshArticles } from './article-data.ts'
import { titleIn } from './tree.ts'

const all = Object.keys(languageNames) as Language[]

type Props = { collection?: Collection; parentId: string | null; onClose: () => void }

/** A collection's titles in each language and, once it is there, its address. */
export function EditCollection({ collection, parentId, onClose }: Props) {
  const [titles, setTitles] = useState<Translated>(collection?.titles ?? {})
  const [slug, setSlug] = useState(collection?.slug ?? '')
  const save = useMutation({
    mutationFn: () => {
      const body = { titles: written(titles) }
      if (!collection) return api.articles.createCollection({ body: { ...body, parentId } })
      return api.articles.changeCollection({ params: { id: collection.id }, body: { ...body, slug } })
    },
    onSuccess: (made) => {
      void refreshArticles()
      const title = titleIn(made.titles, ownLanguage())
      if (collection) say(t('articles.saved', { title }), () => void takeBack(collection))
      else say(t('articles.collectionMade', { title }))
      onClose()
    },
  })
  return (
    <Dialog title={t(collection ? 'articles.renaming' : 'articles.newCollection')} onClose={onClose}>
      <DialogForm
        error={save.error}
        waits={save.isPending}
        saveName={t(collection ? 'shell.save' : 'articles.make')}
        onSave={() => save.mutate()}
        onCancel={onClose}
      >
        <p className="quiet">{t('articles.titlesHint')}</p>
        {byOwn().map((one) => (
          <TextField
            key={one}
            label={languageNames[one]}
            maxLength={120}
            value={titles[one] ?? ''}
            problem={
              problemAt(save.error, `titles/${one}`) ??
              (one === ownLanguage() ? problemAt(save.error, 'titles') : undefined)
            }
            onChange={(title) => setTitles({ ...titles, [one]: title })}
          />
        ))}
        {collection && (
          <TextField
            label={t('articles.address')}
            hint={t('articles.addressHint')}
            maxLength={40}
            value={slug}
            problem={problemAt(save.error, 'slug')}
            onChange={setSlug}
          />
        )}
      </DialogForm>
    </Dialog>
  )
}

/** The reader's own language first. */
function byOwn(): Language[] {
  return [ownLanguage(), ...all.filter((one) => one !== ownLanguage())]
}

function written(titles: Translated): Translated {
  return Object.fromEntries(Object.entries(titles).filter(([, title]) => title.trim() !== ''))
}

async function takeBack({ id, titles, slug }: Collection): Promise<void> {
  try {
    await api.articles.changeCollection({ params: { id }, body: { titles, slug } })
  } catch (error) {
    sayFailure(error)
  }
  await refreshArticles()
}
