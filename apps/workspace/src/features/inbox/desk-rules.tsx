import type { DeskRules as Rules } from '@lahko/contract'
import { useMutation, useQuery } from '@tanstack/react-query'
import { api, queries } from '../../platform/api.ts'
import { Choice } from '../../platform/field.tsx'
import { moment } from '../../platform/format.ts'
import { Failed, Waiting } from '../../platform/states.tsx'
import { say, sayFailure } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import { agentRules, deskRulesQuery } from './desk-rules-data.ts'

type Change = (change: Partial<Rules>) => void

/** What the desk does by itself; each is kept as soon as it is chosen. */
export function DeskRules() {
  const rules = useQuery(deskRulesQuery)
  const save = useMutation({
    mutationFn: ({ thanksStaySolved, answersCountFor }: Rules) =>
      api.tickets.changeRules({ body: { thanksStaySolved, answersCountFor } }),
    onSuccess: (now) => {
      queries.setQueryData(deskRulesQuery.queryKey, now)
      say(t('inbox.rulesSaved'))
    },
    onError: sayFailure,
  })
  const shown = save.isPending ? save.variables : rules.data
  const change: Change = (one) => shown && save.mutate({ ...shown, ...one })
  return (
    <div className="se-form">
      <h1>{t('inbox.rules')}</h1>
      <p className="quiet">{t('inbox.rulesAre')}</p>
      {rules.isError && <Failed error={rules.error} retry={() => void rules.refetch()} />}
      {rules.isPending && <Waiting lines={5} />}
      {shown && (
        <>
          <Choice
            kind="switch"
            checked={shown.thanksStaySolved}
            onChange={(thanksStaySolved) => change({ thanksStaySolved })}
            hint={t('inbox.thanksRuleMeans')}
          >
            {t('inbox.thanksRule')}
          </Choice>
          <CountsFor rules={shown} change={change} />
        </>
      )}
    </div>
  )
}

function CountsFor({ rules, change }: { rules: Rules; change: Change }) {
  const { answersCountFor, answersCountForSince: since } = rules
  return (
    <fieldset className="stack" data-gap="2">
      <legend className="field-label">
        <strong>{t('inbox.countsFor')}</strong>
      </legend>
      <p className="quiet">{t('inbox.countsForMeans')}</p>
      {agentRules.map((rule) => (
        <Choice
          key={rule}
          type="radio"
          name="counts-for"
          checked={rule === answersCountFor}
          onChange={() => change({ answersCountFor: rule })}
          hint={t(`inbox.countsForMeans.${rule}`)}
        >
          {t(`inbox.countsFor.${rule}`)}
        </Choice>
      ))}
      <p className="quiet">
        {t('inbox.countsForNow')} {since && t('inbox.countsForSince', { at: moment(since) })}
      </p>
    </fieldset>
  )
}
