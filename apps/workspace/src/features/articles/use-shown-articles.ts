import type { Article, Collection } from '@lahko/contract'
import { useQueries, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { allArticlesQuery, articlesInQuery, fittingQuery, mostAtOnce, type Counts } from './article-data.ts'
import type { ArticleSearch } from './article-search.ts'

type Given = { collections: readonly Collection[]; counts: Counts; search: ArticleSearch; today: string }

/** What the list of those that fit is called among collections. */
export const fitting = 'fitting'

/**
 * The articles that the tree shows: all of a small knowledge base; of a large one, whose collections begin closed, those
 * of open collections, page by page; or those that fit, the newest first.
 */
export function useShownArticles({ collections, counts, search, today }: Given) {
  const [turned, setTurned] = useState<ReadonlySet<string>>(new Set())
  const [pages, setPages] = useState<ReadonlyMap<string, number>>(new Map())
  const narrowed = search.find !== undefined || search.filter !== undefined
  const isLarge = counts.collections.reduce((sum, { count }) => sum + count, 0) > mostAtOnce
  const isClosed = (id: string) => turned.has(id) !== isLarge
  const open = narrowed || !isLarge ? [] : openOf(collections, isClosed)
  const listOf = (id: string) => (id === fitting ? JSON.stringify(search) : id)
  const found = useQuery({ ...fittingQuery(search, today, pages.get(listOf(fitting)) ?? 1), enabled: narrowed })
  const all = useQuery({ ...allArticlesQuery, enabled: !narrowed && !isLarge })
  const parts = useQueries({ queries: open.map((id) => articlesInQuery(id, pages.get(id) ?? 1)) })
  const one = narrowed ? found : all
  const byId = new Map(open.map((id, at) => [id, parts[at]]))
  const articles: Article[] =
    isLarge && !narrowed ? parts.flatMap(({ data }) => data?.items ?? []) : (one.data?.items ?? [])
  return {
    ...{ articles, narrowed, isClosed },
    failed: [...(isLarge && !narrowed ? parts : [one])].find(({ isError }) => isError),
    isWaiting: !(isLarge && !narrowed) && one.isPending,
    isWaitingIn: (id: string) => byId.get(id)?.isPending ?? false,
    hasMore: (id: string) => (id === fitting ? found.data?.more : byId.get(id)?.data?.more) ?? false,
    showMore: (id: string) => setPages((before) => new Map(before).set(listOf(id), (before.get(listOf(id)) ?? 1) + 1)),
    toggle: (id: string) =>
      setTurned((before) => new Set(before.has(id) ? [...before].filter((other) => other !== id) : [...before, id])),
  }
}

/** Collections that stand open within open ones. */
function openOf(collections: readonly Collection[], isClosed: (id: string) => boolean): string[] {
  const byId = new Map(collections.map((collection) => [collection.id, collection]))
  const isOpen = (id: string): boolean => {
    const parentId = byId.get(id)?.parentId ?? null
    return !isClosed(id) && (parentId === null || isOpen(parentId))
  }
  return [...byId.keys()].filter(isOpen)
}
