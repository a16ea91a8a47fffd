import type { Article, Collection } from '@lahko/contract'
import { useEffect, useRef, useState } from 'react'
import { language, t } from '../../platform/words.ts'
import { useDragging, type Dragged, type Dropped } from './dragging.ts'
import { placeArticle, placeCollection } from './placing.ts'
import { shownLine } from './states.ts'
import {
  articleStep,
  collectionStep,
  flat,
  pathTitle,
  titleIn,
  type ArticlePlace,
  type Branch,
  type CollectionPlace,
  type Direction,
} from './tree.ts'

/** Moving by drag and by keyboard; what happened is said aloud, and the focus stays on what was moved. */
export function useOrdering(tree: readonly Branch[], collections: readonly Collection[], articles: readonly Article[]) {
  const [said, setSaid] = useState('')
  const keep = useKeptFocus()
  const putArticle = (article: Article, place: ArticlePlace | undefined) => {
    if (!place) return
    keep(article.id)
    const title = shownLine(article, language())?.title ?? article.slug
    const to = pathTitle(collections, place.collectionId, language())
    void placeArticle(article, place, () => setSaid(t('articles.standsAt', { title, to, place: place.position + 1 })))
  }
  const putCollection = (collection: Collection, place: CollectionPlace | undefined) => {
    if (!place) return
    keep(collection.id)
    const to = place.parentId ? pathTitle(collections, place.parentId, language()) : t('articles.firstLevel')
    const title = titleIn(collection.titles, language())
    void placeCollection(collection, place, () =>
      setSaid(t('articles.standsAt', { title, to, place: place.position + 1 })),
    )
  }
  const { dragged, begin } = useDragging((given: Dragged, on: Dropped) => {
    const article = articles.find(({ id }) => id === given.id)
    const collection = collections.find(({ id }) => id === given.id)
    if (article) putArticle(article, articleDrop(tree, article, on))
    else if (collection) putCollection(collection, collectionDrop(collections, collection, on))
  })
  return {
    ...{ said, dragged, begin },
    stepArticle: (article: Article, by: 1 | -1) => putArticle(article, articleStep(tree, article, by)),
    stepCollection: (collection: Collection, direction: Direction) =>
      putCollection(collection, collectionStep(collections, collection, direction)),
  }
}

/** A row that is moved loses the focus on its way. */
function useKeptFocus(): (id: string) => void {
  const moved = useRef<{ id: string; until: number }>(undefined)
  useEffect(() => {
    const { id, until } = moved.current ?? { id: '', until: 0 }
    if (id === '' || Date.now() > until) return
    const grip = document.getElementById(`grip-${id}`)
    if (document.activeElement === document.body) grip?.focus()
  })
  return (id) => {
    moved.current = { id, until: Date.now() + 1_000 }
  }
}

function articleDrop(tree: readonly Branch[], article: Article, on: Dropped): ArticlePlace | undefined {
  if (on.kind === 'collection') {
    const into = flat(tree).find(({ collection }) => collection.id === on.id)
    return { collectionId: on.id, position: into?.count ?? 0 }
  }
  const branch = flat(tree).find(({ articles }) => articles.some(({ id }) => id === on.id))
  if (!branch) return undefined
  const others = branch.articles.filter(({ id }) => id !== article.id)
  const at = others.findIndex(({ id }) => id === on.id)
  return { collectionId: branch.collection.id, position: on.edge === 'before' ? at : at + 1 }
}

function collectionDrop(
  collections: readonly Collection[],
  moved: Collection,
  on: Dropped,
): CollectionPlace | undefined {
  const target = collections.find(({ id }) => id === on.id)
  if (!target || isWithin(collections, target, moved.id)) return undefined
  if (on.edge === 'into') return { parentId: target.id, position: 10_000 }
  const beside = collections
    .filter(({ parentId, id }) => parentId === target.parentId && id !== moved.id)
    .toSorted((one, other) => one.position - other.position)
  const at = beside.findIndex(({ id }) => id === target.id)
  return { parentId: target.parentId, position: on.edge === 'before' ? at : at + 1 }
}

function isWithin(collections: readonly Collection[], one: Collection, id: string): boolean {
  if (one.id === id) return true
  const parent = collections.find((other) => other.id === one.parentId)
  return parent !== undefined && isWithin(collections, parent, id)
}
