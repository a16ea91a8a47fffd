import { queryOptions } from '@tanstack/react-query'
import { api, problemOf } from '../../platform/api.ts'
import { oneOf } from '../../search.ts'

export const runs = [30, 90, 365] as const
export const orders = ['readers', 'solved', 'failed'] as const
/** What the screen shows stands in its address. */
export type SelfServiceSearch = { run?: (typeof runs)[number]; sort?: (typeof orders)[number] }

export function readSelfServiceSearch({ run, sort }: Record<string, unknown>): SelfServiceSearch {
  const days = runs.find((one) => String(one) === String(run))
  const order = oneOf(orders, sort)
  return { ...(days && { run: days }), ...(order && { sort: order }) }
}

/** How easy it was by way; null where no survey was ever published. */
export const waysQuery = (days: number) =>
  queryOptions({
    queryKey: ['self-service', days, 'ways'],
    queryFn: ({ signal }) =>
      api.insight.selfServiceWays({ query: { days }, signal }).catch((error: unknown) => {
        if (problemOf(error)?.status === 404) return null
        throw error
      }),
  })
