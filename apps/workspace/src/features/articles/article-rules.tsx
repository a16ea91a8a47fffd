import { useMutation, useQuery } from '@tanstack/react-query'
import { api, queries } from '../../platform/api.ts'
import { Choice } from '../../platform/field.tsx'
import { Failed, Waiting } from '../../platform/states.tsx'
import { say, sayFailure } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import { articleRulesQuery } from './article-rules-data.ts'

/** How the company works on its articles; it is kept as soon as it is chosen. */
export function ArticleRules() {
  const rules = useQuery(articleRulesQuery)
  const save = useMutation({
    mutationFn: (approvalNeeded: boolean) => api.articles.changeArticleRules({ body: { approvalNeeded } }),
    onSuccess: (now) => {
      queries.setQueryData(articleRulesQuery.queryKey, now)
      say(t('upkeep.rulesSaved'))
    },
    onError: sayFailure,
  })
  const shown = save.isPending ? save.variables : rules.data?.approvalNeeded
  return (
    <div className="se-form">
      <h1>{t('articles.articles')}</h1>
      {rules.isError && <Failed error={rules.error} retry={() => void rules.refetch()} />}
      {rules.isPending && <Waiting />}
      {shown !== undefined && (
        <Choice
          kind="switch"
          checked={shown}
          onChange={(wanted) => save.mutate(wanted)}
          hint={t('upkeep.approvalMeans')}
        >
          {t('upkeep.approvalNeeded')}
        </Choice>
      )}
    </div>
  )
}
