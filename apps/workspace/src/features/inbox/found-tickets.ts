import type { TicketLine } from '@lahko/contract'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { api } from '../../platform/api.ts'

/** `waits`: they were found for what was typed before. */
type Found = { lines: TicketLine[]; waits: boolean }

/** Tickets by number or words; as long as nothing is typed the customer's own. */
export function useFoundTickets(text: string, customer: string | undefined): Found {
  const query = text.trim()
  const found = useQuery({
    queryKey: ['tickets', 'merge', query, customer],
    queryFn: async ({ signal }) =>
      query === ''
        ? (await api.tickets.list({ query: { customer, limit: 10 }, signal })).items
        : (await api.tickets.search({ query: { query, limit: 10 }, signal })).items,
    enabled: query !== '' || customer !== undefined,
    placeholderData: keepPreviousData,
  })
  return { lines: found.data ?? [], waits: found.isPlaceholderData }
}
