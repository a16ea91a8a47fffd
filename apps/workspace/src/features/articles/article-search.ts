import { oneOf } from '../../search.ts'
import { filters, type ArticleFilter } from './states.ts'

/** What the list of articles shows stands in its address. */
export type ArticleSearch = { find?: string; filter?: ArticleFilter }

export function readArticleSearch({ find, filter }: Record<string, unknown>): ArticleSearch {
  return {
    ...(typeof find === 'string' && find !== '' && { find: find.slice(0, 200) }),
    ...(oneOf(filters, filter) && { filter: oneOf(filters, filter) }),
  }
}
