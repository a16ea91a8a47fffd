import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api } from '../../platform/api.ts'
import type { EffortSearch } from './effort-search.ts'

/** What the server is asked, of what stands in the address. */
export function queryOf({ survey, wording, period, at, from, to, metric, filter }: EffortSearch) {
  return { survey, wording, period, at, from, to, metric, filter }
}

/** The whole screen's figures. While others are fetched, the old ones stay. */
export function effortQuery(search: EffortSearch) {
  const query = queryOf(search)
  return queryOptions({
    queryKey: ['insight', 'effort', query],
    queryFn: ({ signal }) => api.insight.effort({ query, signal }),
    placeholderData: keepPreviousData,
  })
}
