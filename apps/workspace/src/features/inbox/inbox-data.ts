import type { Ticket, ViewFilter } from '@lahko/contract'
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { api, queries } from '../../platform/api.ts'
import type { TicketSort } from './inbox-search.ts'

/** Everything of the desk stands under `tickets`: one wake-up makes all of it stale. */

/** One list, page by page. */
export function listQuery(filter: ViewFilter | undefined, sort: TicketSort) {
  return infiniteQueryOptions({
    queryKey: ['tickets', 'list', filter, sort],
    queryFn: ({ pageParam, signal }) =>
      api.tickets.list({ query: { ...filter, sort, after: pageParam, limit: 40 }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    enabled: filter !== undefined,
  })
}

export function ticketQuery(id: string) {
  return queryOptions({
    queryKey: ['tickets', 'one', id],
    queryFn: ({ signal }) => api.tickets.get({ params: { id }, signal }),
    meta: { subjectId: id },
  })
}

/** What was written and what happened, newest page first. */
export function entriesQuery(id: string) {
  return infiniteQueryOptions({
    queryKey: ['tickets', 'entries', id],
    queryFn: ({ pageParam, signal }) =>
      api.tickets.entries({ params: { id }, query: { after: pageParam, limit: 60 }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    meta: { subjectId: id },
  })
}

/** Every change of a ticket, newest page first. */
export function historyQuery(id: string) {
  return infiniteQueryOptions({
    queryKey: ['tickets', 'history', id],
    queryFn: ({ pageParam, signal }) =>
      api.tickets.history({ params: { id }, query: { after: pageParam, limit: 50 }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    meta: { subjectId: id },
  })
}

/** Puts what a change answered in its place, and fetches the lists again. */
export function keepTicket(ticket: Ticket): void {
  queries.setQueryData(ticketQuery(ticket.id).queryKey, ticket)
  void refreshTickets()
}

const changedAtOnce = new Set<unknown>(['one', 'entries', 'list', 'found'])

/** After a change of one's own: what is looked at is fetched at once; counts follow with the wake-up. */
export function refreshTickets(): Promise<void> {
  return queries.invalidateQueries({
    predicate: ({ queryKey }) => queryKey[0] === 'tickets' && changedAtOnce.has(queryKey[1]),
  })
}
