import type { AskingRules } from '@lahko/contract'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api, queries } from '../../platform/api.ts'
import { Choice } from '../../platform/field.tsx'
import { Failed, Trouble, Waiting } from '../../platform/states.tsx'
import { say } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import { useMay } from '../shell/me.ts'
import { NumberField } from './number-field.tsx'
import { rulesQuery } from './programme-data.ts'

/** What keeps people from being asked too often, whatever programmes say. */
export function Rules() {
  const rules = useQuery(rulesQuery)
  return (
    <section className="pr-rules">
      <h2>{t('programmes.rules')}</h2>
      <p className="quiet">{t('programmes.rulesHint')}</p>
      {rules.isError && <Failed error={rules.error} retry={() => void rules.refetch()} />}
      {rules.isPending && <Waiting lines={3} />}
      {rules.data && <RulesForm key={JSON.stringify(rules.data)} saved={rules.data} />}
    </section>
  )
}

function RulesForm({ saved }: { saved: AskingRules }) {
  const mayWrite = useMay('surveys.write')
  const [rules, setRules] = useState(saved)
  const put = (part: Partial<AskingRules>) => setRules((before) => ({ ...before, ...part }))
  const save = useMutation({
    mutationFn: () => api.programmes.changeRules({ body: rules }),
    onSuccess: (now) => {
      queries.setQueryData(['asking-rules'], now)
      say(t('programmes.rulesSaved'))
    },
  })
  const changed = JSON.stringify(rules) !== JSON.stringify(saved)
  return (
    <form onSubmit={(event) => (event.preventDefault(), save.mutate())}>
      <Trouble error={save.error} />
      <fieldset className="stack" data-gap="3" disabled={!mayWrite}>
        <legend className="visually-hidden">{t('programmes.rules')}</legend>
        <div className="pr-pair">
          <NumberField
            label={t('programmes.personDays')}
            hint={t('programmes.personDaysHint')}
            value={rules.personDays}
            least={0}
            most={365}
            onChange={(personDays) => put({ personDays })}
          />
          <NumberField
            label={t('programmes.organisationDays')}
            hint={t('programmes.organisationDaysHint')}
            value={rules.organisationDays}
            least={0}
            most={365}
            onChange={(organisationDays) => put({ organisationDays })}
          />
        </div>
        <Choice
          checked={rules.spareOpenProblems}
          hint={t('programmes.spareOpenProblemsHint')}
          onChange={(spareOpenProblems) => put({ spareOpenProblems })}
        >
          {t('programmes.spareOpenProblems')}
        </Choice>
        <Choice
          checked={rules.fairShare}
          hint={t('programmes.fairShareHint')}
          onChange={(fairShare) => put({ fairShare })}
        >
          {t('programmes.fairShare')}
        </Choice>
      </fieldset>
      {mayWrite && changed && (
        <div className="buttons">
          <button className="button" data-tone="accent" disabled={save.isPending}>
            {t('programmes.saveRules')}
          </button>
          <button className="button" data-tone="plain" type="button" onClick={() => setRules(saved)}>
            {t('surveys.undoChanges')}
          </button>
        </div>
      )}
    </form>
  )
}
