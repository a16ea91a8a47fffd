import type { Article, Collection, Language } from '@lahko/contract'
import { keepPreviousData, notifyManager, queryOptions } from '@tanstack/react-query'
import { api, queries } from '../../platform/api.ts'
import type { ArticleSearch } from './article-search.ts'

const atOnce = 50

export const collectionsQuery = queryOptions({
  queryKey: ['article-collections'],
  queryFn: async ({ signal }) => (await api.articles.listCollections({ signal })).items,
})

/** Articles as far as they are shown, and whether there are more. */
type Part = { items: Article[]; more: boolean }

type Query = NonNullable<Parameters<typeof api.articles.list>[0]>['query']

async function firstPages(query: Query, pages: number, signal: AbortSignal): Promise<Part> {
  const items: Article[] = []
  let after: string | undefined
  for (let page = 0; page < pages; page++) {
    const { items: more, next } = await api.articles.list({ query: { ...query, after, limit: atOnce }, signal })
    items.push(...more)
    after = next ?? undefined
    if (after === undefined) break
  }
  return { items, more: after !== undefined }
}

/** More than these are loaded by collection. */
export const mostAtOnce = 400

/** All of a small knowledge base. */
export const allArticlesQuery = queryOptions({
  queryKey: ['articles', 'all'],
  queryFn: ({ signal }) => firstPages({}, mostAtOnce / atOnce + 1, signal),
})

/** The first pages of a collection, in its order, with the states of their languages and without their texts. */
export function articlesInQuery(collectionId: string, pages: number) {
  return queryOptions({
    queryKey: ['articles', 'in', collectionId, pages],
    queryFn: ({ signal }) => firstPages({ collectionId }, pages, signal),
    // What is shown already stays while more of it comes.
    placeholderData: () => queries.getQueryData<Part>(['articles', 'in', collectionId, pages - 1]),
  })
}

/** The first pages of those that fit, the newest first. */
export function fittingQuery({ find, filter }: ArticleSearch, today: string, pages: number) {
  const query = {
    ...(find !== undefined && { q: find }),
    ...(filter === 'review'
      ? { reviewBy: today }
      : filter === 'toReview'
        ? { toReview: 'true' }
        : filter !== undefined && { state: filter }),
  }
  return queryOptions({
    queryKey: ['articles', 'fitting', query, pages],
    queryFn: ({ signal }) => firstPages(query, pages, signal),
    placeholderData: keepPreviousData,
  })
}

export type Counts = Awaited<ReturnType<typeof api.articles.count>>

/** How many there are, by collection and by state. */
export function countsQuery(today: string) {
  return queryOptions({
    queryKey: ['articles', 'counts', today],
    queryFn: ({ signal }) => api.articles.count({ query: { reviewBy: today }, signal }),
    placeholderData: keepPreviousData,
  })
}

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

/** As `showCollections`, wherever articles stand in their order. */
export async function showArticles(change: (before: Article[]) => Article[]): Promise<void> {
  const isOrdered = ({ queryKey }: { queryKey: readonly unknown[] }) =>
    queryKey[0] === 'articles' && (queryKey[1] === 'all' || queryKey[1] === 'in')
  await queries.cancelQueries({ predicate: isOrdered })
  const parts = queries.getQueriesData<Part>({ predicate: isOrdered })
  const known = new Map(parts.flatMap(([, part]) => part?.items ?? []).map((article) => [article.id, article]))
  const after = change([...known.values()]).toSorted((one, other) => one.position - other.position)
  for (const [key, part] of parts) {
    const items = key[1] === 'all' ? after : after.filter(({ collectionId }) => collectionId === key[2])
    if (part) queries.setQueryData(key, { ...part, items })
  }
  await shown()
}

/** Screens are told in turn, after this task: whoever asks last is told when they have drawn. */
function shown(): Promise<void> {
  return new Promise((resolve) => notifyManager.schedule(resolve))
}
