import { queryOptions, useMutation, useQuery } from '@tanstack/react-query'
import { api, queries } from '../../platform/api.ts'
import { Choice } from '../../platform/field.tsx'
import { Failed, Waiting } from '../../platform/states.tsx'
import { say, sayFailure } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'

const rulesQuery = queryOptions({
  queryKey: ['desk-rules'],
  queryFn: ({ signal }) => api.tickets.rules({ signal }),
})

/** What the desk does by itself; each is kept as soon as it is chosen. */
export function DeskRules() {
  const rules = useQuery(rulesQuery)
  const save = useMutation({
    mutationFn: (thanksStaySolved: boolean) => api.tickets.changeRules({ body: { thanksStaySolved } }),
    onSuccess: (now) => {
      queries.setQueryData(rulesQuery.queryKey, now)
      say(t('inbox.rulesSaved'))
    },
    onError: sayFailure,
  })
  return (
    <div className="se-form">
      <h1>{t('inbox.rules')}</h1>
      <p className="quiet">{t('inbox.rulesAre')}</p>
      {rules.isError && <Failed error={rules.error} retry={() => void rules.refetch()} />}
      {rules.isPending && <Waiting lines={2} />}
      {rules.data && (
        <Choice
          kind="switch"
          checked={save.isPending ? save.variables : rules.data.thanksStaySolved}
          onChange={(on) => save.mutate(on)}
          hint={t('inbox.thanksRuleMeans')}
        >
          {t('inbox.thanksRule')}
        </Choice>
      )}
    </div>
  )
}
