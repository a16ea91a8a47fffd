import type { Article, Collection } from '@lahko/contract'
import { useState } from 'react'
import { api } from '../../platform/api.ts'
import { Dialog } from '../../platform/dialog.tsx'
import { say, sayFailure } from '../../platform/toasts.tsx'
import { language, t } from '../../platform/words.ts'
import { PickDialog } from '../inbox/pick-dialog.tsx'
import { refreshArticles } from './article-data.ts'
import { EditCollection } from './edit-collection.tsx'
import { NewArticle } from './new-article.tsx'
import { moveArticle, moveCollection } from './placing.ts'
import { shownLine } from './states.ts'
import type { Asked } from './tree-context.ts'
import { flat, pathTitle, treeOf } from './tree.ts'

type Props = { asked: Asked | undefined; collections: readonly Collection[]; onClose: () => void }

/** The dialog that belongs to what is asked. */
export function ArticleDialogs({ asked, collections, onClose }: Props) {
  switch (asked?.kind) {
    case undefined:
      return null
    case 'new-collection':
      return <EditCollection parentId={asked.parentId} onClose={onClose} />
    case 'collection':
      return <EditCollection collection={asked.collection} parentId={asked.collection.parentId} onClose={onClose} />
    case 'new-article':
      return <NewArticle collectionId={asked.collectionId} collections={collections} onClose={onClose} />
    case 'remove-article':
      return <RemoveArticle article={asked.article} onClose={onClose} />
    case 'move-article':
      return <MoveArticle article={asked.article} collections={collections} onClose={onClose} />
    case 'move-collection':
      return <MoveCollection collection={asked.collection} collections={collections} onClose={onClose} />
  }
}

type Moving = { collections: readonly Collection[]; onClose: () => void }

function MoveArticle({ article, collections, onClose }: { article: Article } & Moving) {
  const options = placesIn(collections).map((one) => ({ ...one, chosen: one.id === article.collectionId }))
  return (
    <PickDialog
      title={t('articles.moveWhere')}
      label={t('articles.whichCollection')}
      options={options}
      onPick={(id) => {
        onClose()
        if (id !== article.collectionId) void moveArticle(article, id, pathTitle(collections, id, language()))
      }}
      onClose={onClose}
    />
  )
}

function MoveCollection({ collection, collections, onClose }: { collection: Collection } & Moving) {
  const own = collection.id
  const inside = new Set(
    flat(treeOf(collections, []))
      .filter((branch) => branch.collection.id === own)
      .flatMap((branch) => flat([branch]))
      .map((branch) => branch.collection.id),
  )
  const first = { id: '', name: t('articles.firstLevel'), chosen: collection.parentId === null }
  const others = placesIn(collections)
    .filter(({ id }) => !inside.has(id))
    .map((one) => ({ ...one, chosen: one.id === collection.parentId }))
  return (
    <PickDialog
      title={t('articles.moveWhere')}
      label={t('articles.whichCollection')}
      options={[first, ...others]}
      onPick={(id) => {
        onClose()
        const to = id === '' ? t('articles.firstLevel') : pathTitle(collections, id, language())
        if ((id || null) !== collection.parentId) void moveCollection(collection, id || null, to)
      }}
      onClose={onClose}
    />
  )
}

function placesIn(collections: readonly Collection[]) {
  return flat(treeOf(collections, [])).map(({ collection: { id } }) => ({
    id,
    name: pathTitle(collections, id, language()),
  }))
}

/** Its texts and versions are gone for good, so it asks. */
function RemoveArticle({ article, onClose }: { article: Article; onClose: () => void }) {
  const [busy, setBusy] = useState(false)
  const title = shownLine(article, language())?.title ?? article.slug
  const remove = async () => {
    setBusy(true)
    try {
      await api.articles.remove({ params: { id: article.id } })
      say(t('articles.removed', { title }))
      onClose()
    } catch (error) {
      sayFailure(error)
      setBusy(false)
    }
    await refreshArticles()
  }
  return (
    <Dialog title={t('articles.removing')} onClose={onClose}>
      <div className="stack">
        <p>{t('articles.removingMeans', { title, count: article.translations.length })}</p>
        <div className="dialog-foot">
          <button type="button" className="button" onClick={onClose}>
            {t('shell.cancel')}
          </button>
          <button type="button" className="button" data-tone="bad" disabled={busy} onClick={() => void remove()}>
            {t('articles.remove')}
          </button>
        </div>
      </div>
    </Dialog>
  )
}
