import { queryOptions, useQuery } from '@tanstack/react-query'
import { api } from '../../platform/api.ts'
import { languageName } from '../../platform/format.ts'
import { t } from '../../platform/words.ts'
import { fieldsQuery } from '../requests/form-data.ts'

/** Mailboxes and languages by which lists are narrowed. */
export const narrowingsQuery = queryOptions({
  queryKey: ['ticket-narrowings'],
  queryFn: ({ signal }) => api.tickets.narrowings({ signal }),
  staleTime: 300_000,
})

/** What `ID:value` of a custom field means, in words. */
export function useFieldName(field: string | undefined): string | undefined {
  const { data } = useQuery({ ...fieldsQuery, enabled: field !== undefined })
  if (field === undefined) return undefined
  const at = field.indexOf(':')
  const [id, value] = [field.slice(0, at), field.slice(at + 1)]
  const known = data?.find((one) => one.id === id)
  const said = known?.kind === 'yes_no' ? t(value === 'yes' ? 'requests.yes' : 'requests.no') : value
  return known ? `${known.name}: ${said}` : said
}

/** What a language is called, as far as its code is one. */
export function languageIn(code: string): string {
  return /^[a-z]{2,3}(-[a-z0-9]+)*$/i.test(code) ? languageName(code) : code
}
