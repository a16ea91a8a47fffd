import type { GivenTicketField, TicketField } from '@lahko/contract'
import { queryOptions } from '@tanstack/react-query'
import { api, queries } from '../../platform/api.ts'

export const formQuery = queryOptions({
  queryKey: ['contactForm'],
  queryFn: ({ signal }) => api.contactForm.get({ signal }),
})
export const fieldsQuery = queryOptions({
  queryKey: ['ticketFields'],
  queryFn: ({ signal }) => api.contactForm.listFields({ signal }),
})

export function refreshFields(): Promise<void> {
  return queries.invalidateQueries({ queryKey: fieldsQuery.queryKey })
}

/** What a field is, without the id by which it is known. */
export function givenOf(field: TicketField): GivenTicketField {
  const { name, label, kind, choices, topics, onForm, requiredOnSolving } = field
  return { name, label, kind, choices, topics, onForm, requiredOnSolving }
}

export const newField: GivenTicketField = {
  name: '',
  label: {},
  kind: 'text',
  choices: [],
  topics: [],
  onForm: 'optional',
  requiredOnSolving: false,
}
