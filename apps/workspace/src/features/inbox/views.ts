import { queryOptions, useQuery } from '@tanstack/react-query'
import { api } from '../../platform/api.ts'
import { t } from '../../platform/words.ts'
import { ownViewOf, type InboxSearch } from './inbox-search.ts'

/** Saved lists with how many tickets stand in each. */
export const viewsQuery = queryOptions({
  queryKey: ['tickets', 'views'],
  queryFn: ({ signal }) => api.tickets.listViews({ signal }),
})

/** What the list is called that a search means. */
export function useViewName(search: InboxSearch): string {
  const { data } = useQuery(viewsQuery)
  const own = ownViewOf(search)
  return own ? t(`inbox.view.${own}`) : (data?.find(({ id }) => id === search.view)?.name ?? t('inbox.inbox'))
}
