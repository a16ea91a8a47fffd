import { queryOptions } from '@tanstack/react-query'
import { api } from '../../platform/api.ts'
import { languageName } from '../../platform/format.ts'

/** Mailboxes and languages by which lists are narrowed. */
export const narrowingsQuery = queryOptions({
  queryKey: ['ticket-narrowings'],
  queryFn: ({ signal }) => api.tickets.narrowings({ signal }),
  staleTime: 300_000,
})

/** What a language is called, as far as its code is one. */
export function languageIn(code: string): string {
  return /^[a-z]{2,3}(-[a-z0-9]+)*$/i.test(code) ? languageName(code) : code
}
