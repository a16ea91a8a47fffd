import { queryOptions } from '@tanstack/react-query'
import { api } from '../../platform/api.ts'

export const articleRulesQuery = queryOptions({
  queryKey: ['articles', 'rules'],
  queryFn: ({ signal }) => api.articles.articleRules({ signal }),
})
