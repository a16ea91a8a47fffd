import type { ArticleRules as Rules } from '@lahko/contract/article-reviews'
import { useMutation, useQuery } from '@tanstack/react-query'
import { api, queries } from '../../platform/api.ts'
import { Choice, SelectField } from '../../platform/field.tsx'
import { Failed, Waiting } from '../../platform/states.tsx'
import { say, sayFailure } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import { articleRulesQuery } from './article-rules-data.ts'

/** How the company works on its articles; it is kept as soon as it is chosen. */
export function ArticleRules() {
  const rules = useQuery(articleRulesQuery)
  const save = useMutation({
    mutationFn: (wanted: Rules) => api.articles.changeArticleRules({ body: wanted }),
    onSuccess: (now) => {
      queries.setQueryData(articleRulesQuery.queryKey, now)
      say(t('upkeep.rulesSaved'))
    },
    onError: sayFailure,
  })
  const shown = save.isPending ? save.variables : rules.data
  const change = (part: Partial<Rules>) => shown && save.mutate({ ...shown, ...part })
  return (
    <div className="se-form">
      <h1>{t('articles.articles')}</h1>
      {rules.isError && <Failed error={rules.error} retry={() => void rules.refetch()} />}
      {rules.isPending && <Waiting />}
      {shown && (
        <>
          <Choice
            kind="switch"
            checked={shown.approvalNeeded}
            onChange={(approvalNeeded) => change({ approvalNeeded })}
            hint={t('upkeep.approvalMeans')}
          >
            {t('upkeep.approvalNeeded')}
          </Choice>
          <EffortSurvey chosen={shown.effortSurveyId} choose={(effortSurveyId) => change({ effortSurveyId })} />
        </>
      )}
    </div>
  )
}

/** Which survey asks whoever has read an article. */
function EffortSurvey({ chosen, choose }: { chosen: string | null; choose: (id: string | null) => void }) {
  const { data } = useQuery({
    queryKey: ['surveys', 'list'],
    queryFn: ({ signal }) => api.surveys.list({ query: { limit: 200 }, signal }),
  })
  const known = data?.items.filter(({ id, state }) => state === 'published' || id === chosen) ?? []
  return (
    <SelectField
      label={t('upkeep.effortSurvey')}
      hint={t('upkeep.effortSurveyMeans')}
      value={chosen ?? ''}
      options={[['', t('upkeep.noSurvey')], ...known.map(({ id, name }) => [id, name] as const)]}
      onChange={(id) => choose(id === '' ? null : id)}
    />
  )
}
