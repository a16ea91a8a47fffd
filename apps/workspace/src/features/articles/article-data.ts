import type { Article, Collection, Language } from '@lahko/contract'
import { notifyManager, queryOptions } from '@tanstack/react-query'
import { api, queries } from '../../platform/api.ts'

/** More than these are not loaded at once; the list says so. */
const most = 5_000
const atOnce = 200

export const collectionsQuery = queryOptions({
  queryKey: ['article-collections'],
  queryFn: async ({ signal }) => (await api.articles.listCollections({ signal })).items,
})

export type AllArticles = { items: Article[]; more: boolean }

/** All articles with the states of their languages, without their texts. */
export const allArticlesQuery = queryOptions({
  queryKey: ['articles', 'all'],
  queryFn: async ({ signal }): Promise<AllArticles> => {
    const items: Article[] = []
    let after: string | undefined
    do {
      const page = await api.articles.list({ query: { after, limit: atOnce }, signal })
      items.push(...page.items)
      after = page.next ?? undefined
    } while (after !== undefined && items.length < most)
    return { items, more: after !== undefined }
  },
})

export function articleQuery(id: string) {
  return queryOptions({
    queryKey: ['articles', 'one', id],
    queryFn: ({ signal }) => api.articles.get({ params: { id }, signal }),
    meta: { subjectId: id },
  })
}

/** The draft in one language; asked for only where there is one. */
export function translationQuery(id: string, language: Language) {
  return queryOptions({
    queryKey: ['articles', 'translation', id, language],
    queryFn: ({ signal }) => api.articles.getTranslation({ params: { id, language }, signal }),
    meta: { subjectId: id },
  })
}

/** Fetches again what lists show. */
export function refreshArticles(): Promise<void> {
  return queries.invalidateQueries({
    predicate: ({ queryKey }) => queryKey[0] === 'articles' || queryKey[0] === 'article-collections',
  })
}

/** Shows at once what is on its way to the server; resolves when it stands on the screen. */
export async function showCollections(change: (before: Collection[]) => Collection[]): Promise<void> {
  await queries.cancelQueries({ queryKey: collectionsQuery.queryKey })
  queries.setQueryData(collectionsQuery.queryKey, (before) => before && change(before))
  await shown()
}

/** As `showCollections`. */
export async function showArticles(change: (before: Article[]) => Article[]): Promise<void> {
  await queries.cancelQueries({ queryKey: allArticlesQuery.queryKey })
  queries.setQueryData(allArticlesQuery.queryKey, (before) => before && { ...before, items: change(before.items) })
  await shown()
}

/** Screens are told in turn, after this task: whoever asks last is told when they have drawn. */
function shown(): Promise<void> {
  return new Promise((resolve) => notifyManager.schedule(resolve))
}
