import type { Article, Collection } from '@lahko/contract'
import { api } from '../../platform/api.ts'
import { say, sayFailure } from '../../platform/toasts.tsx'
import { language, t } from '../../platform/words.ts'
import { refreshArticles, showArticles, showCollections } from './article-data.ts'
import { shownLine } from './states.ts'
import { titleIn, withArticleAt, withCollectionAt, type ArticlePlace, type CollectionPlace } from './tree.ts'

/** Moves go to the server one after the other, in the order in which they were made. */
let last: Promise<unknown> = Promise.resolve()
let waiting = 0

/** Puts an article at a place; it stands there at once. @param told when it does */
export function placeArticle({ id }: Article, place: ArticlePlace, told?: () => void): Promise<void> {
  const shown = showArticles((before) => withArticleAt(before, id, place)).then(told)
  return inTurn(shown, () => api.articles.place({ params: { id }, body: place }))
}

/** Puts a collection, with all in it, at a place; it stands there at once. @param told when it does */
export function placeCollection({ id }: Collection, place: CollectionPlace, told?: () => void): Promise<void> {
  const shown = showCollections((before) => withCollectionAt(before, id, place)).then(told)
  return inTurn(shown, () => api.articles.placeCollection({ params: { id }, body: place }))
}

async function inTurn(shown: Promise<void>, work: () => Promise<unknown>): Promise<void> {
  waiting += 1
  const turn = last.then(() => work())
  last = turn.catch(() => undefined)
  try {
    await shown
    await turn
  } catch (error) {
    sayFailure(error)
  } finally {
    waiting -= 1
    if (waiting === 0) await refreshArticles()
  }
}

/** Moves an article to another collection, and offers to take that back. */
export async function moveArticle(article: Article, collectionId: string, to: string): Promise<void> {
  const { collectionId: before, position } = article
  await placeArticle(article, { collectionId, position: 1_000_000 })
  const title = shownLine(article, language())?.title ?? article.slug
  say(t('articles.movedTo', { title, to }), () => void placeArticle(article, { collectionId: before, position }))
}

/** Moves a collection under another or to the first level, and offers to take that back. */
export async function moveCollection(collection: Collection, parentId: string | null, to: string): Promise<void> {
  const { parentId: before, position, titles } = collection
  await placeCollection(collection, { parentId, position: 10_000 })
  say(t('articles.movedTo', { title: titleIn(titles, language()), to }), () => {
    void placeCollection(collection, { parentId: before, position })
  })
}

/** Removes an empty collection; for ten seconds it can be made again, at the same address and place. */
export async function removeCollection(collection: Collection): Promise<void> {
  const { id, titles, slug, parentId, position } = collection
  try {
    await api.articles.removeCollection({ params: { id } })
    say(t('articles.removed', { title: titleIn(titles, language()) }), () => {
      void api.articles
        .createCollection({ body: { titles, slug, parentId } })
        .then((made) => placeCollection(made, { parentId, position }))
        .catch(sayFailure)
        .finally(() => void refreshArticles())
    })
  } catch (error) {
    sayFailure(error)
  }
  await refreshArticles()
}
