import type { UseInfiniteQueryResult } from '@tanstack/react-query'
import { t } from '../../platform/words.ts'

type Pages = Pick<UseInfiniteQueryResult, 'hasNextPage' | 'isFetchingNextPage' | 'fetchNextPage'>

/** The next page of a list, while there is one. */
export function More(pages: Pages) {
  if (!pages.hasNextPage) return null
  return (
    <nav className="pagination" aria-label={t('insight.pages')}>
      <span />
      <MoreButton {...pages} label={t('insight.more')} />
    </nav>
  )
}

/** The same where the list stands in something else, which says what more there is. */
export function MoreButton({ hasNextPage, isFetchingNextPage, fetchNextPage, label }: Pages & { label: string }) {
  if (!hasNextPage) return null
  return (
    <button
      type="button"
      className="button"
      data-size="small"
      disabled={isFetchingNextPage}
      onClick={() => void fetchNextPage()}
    >
      {label}
    </button>
  )
}
