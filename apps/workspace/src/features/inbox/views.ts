import { queryOptions, useQuery } from '@tanstack/react-query'
import { api } from '../../platform/api.ts'
import { number } from '../../platform/format.ts'
import { t } from '../../platform/words.ts'
import { isNarrowed, ownViewOf, type InboxSearch } from './inbox-search.ts'

/** Saved lists with how many tickets stand in each. */
export const viewsQuery = queryOptions({
  queryKey: ['tickets', 'views'],
  queryFn: ({ signal }) => api.tickets.listViews({ signal }),
})

/** How many tickets stand in the lists that everybody has. */
export const countsQuery = queryOptions({
  queryKey: ['tickets', 'counts'],
  queryFn: ({ signal }) => api.tickets.counts({ signal }),
})

/** More are not counted. */
const mostCounted = 1_000

/** A count as it stands beside a list; nothing where none is known. */
export function writeCount(count: number | null | undefined): string | undefined {
  if (count === null || count === undefined) return undefined
  return count >= mostCounted ? `${number(mostCounted)}+` : number(count)
}

/** What the list is called that a search means. */
export function useViewName(search: InboxSearch): string {
  const { data } = useQuery(viewsQuery)
  const own = ownViewOf(search)
  return own ? t(`inbox.view.${own}`) : (data?.find(({ id }) => id === search.view)?.name ?? t('inbox.inbox'))
}

/** How many tickets stand in the list that a search means, as it stands beside its name. */
export function useViewCount(search: InboxSearch): string | undefined {
  const { data: views } = useQuery(viewsQuery)
  const { data: counts } = useQuery(countsQuery)
  const own = ownViewOf(search)
  if (own === 'solved' || own === 'spam' || search.find || isNarrowed(search)) return undefined
  return writeCount(own ? counts?.[own] : views?.find(({ id }) => id === search.view)?.count)
}
