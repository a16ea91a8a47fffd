import type { Language } from '@lahko/contract'
import { api, queries } from '../../platform/api.ts'
import { articleQuery, refreshArticles, translationQuery } from './article-data.ts'

/** Shows everywhere how a review stands now. */
export async function refreshReview(id: string, language: Language): Promise<void> {
  await Promise.all([
    queries.invalidateQueries({ queryKey: translationQuery(id, language).queryKey }),
    queries.invalidateQueries({ queryKey: articleQuery(id).queryKey }),
    queries.invalidateQueries({ queryKey: ['articles', 'reviews', id, language] }),
  ])
  await refreshArticles()
}

/** All that was asked and said of a draft, page by page. */
export function listReviews(id: string, language: Language, after: string | undefined, signal: AbortSignal) {
  return api.articles.listReviews({ params: { id, language }, query: { after, limit: 20 }, signal })
}
