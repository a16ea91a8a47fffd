import type { UseInfiniteQueryResult } from '@tanstack/react-query'
import { t } from '../../platform/words.ts'

type Pages = Pick<UseInfiniteQueryResult, 'hasNextPage' | 'isFetchingNextPage' | 'fetchNextPage'>

/** The next page of a list, while there is one. */
export function More({ hasNextPage, isFetchingNextPage, fetchNextPage }: Pages) {
  if (!hasNextPage) return null
  return (
    <nav className="pagination" aria-label={t('insight.pages')}>
      <span />
      <button
        type="button"
        className="button"
        data-size="small"
        disabled={isFetchingNextPage}
        onClick={() => void fetchNextPage()}
      >
        {t('insight.more')}
      </button>
    </nav>
  )
}
