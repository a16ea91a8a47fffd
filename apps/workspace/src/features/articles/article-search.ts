import { oneOf } from '../../search.ts'
import { filters, type ArticleFilter } from './states.ts'

/** What the list of articles shows stands in its address. */
export type ArticleSearch = { find?: string; filter?: ArticleFilter }

/** What is open over an article stands in its address, so that notices lead to it. */
export type ArticleShowing = { show?: 'review' | 'votes' }

export function readArticleShowing({ show }: Record<string, unknown>): ArticleShowing {
  const known = oneOf(['review', 'votes'] as const, show)
  return known ? { show: known } : {}
}

export function readArticleSearch({ find, filter }: Record<string, unknown>): ArticleSearch {
  return {
    ...(typeof find === 'string' && find !== '' && { find: find.slice(0, 200) }),
    ...(oneOf(filters, filter) && { filter: oneOf(filters, filter) }),
  }
}
