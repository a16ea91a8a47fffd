import type { AgentRule } from '@lahko/contract'
import { queryOptions } from '@tanstack/react-query'
import { api } from '../../platform/api.ts'

/** What the desk does by itself. */
export const deskRulesQuery = queryOptions({
  queryKey: ['desk-rules'],
  queryFn: ({ signal }) => api.tickets.rules({ signal }),
})

/** For whom an answer may count. */
export const agentRules = ['solved', 'wrote_most', 'owned_longest'] as const satisfies readonly AgentRule[]
