import type { CustomerColumns, CustomerImport } from '@lahko/contract'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { api, queries, sayProblem } from '../../platform/api.ts'
import { Choice } from '../../platform/field.tsx'
import { Icon } from '../../platform/icon.tsx'
import { ScrollX } from '../../platform/scroll-x.tsx'
import { Banner } from '../../platform/states.tsx'
import { t } from '../../platform/words.ts'

const fields = ['externalId', 'email', 'phone', 'name', 'language', 'organisation', 'timeZone'] as const
type Field = (typeof fields)[number]

/** What each column holds: guessed, and to be put right here. */
export function CustomerColumnsForm({ state, onChecked }: { state: CustomerImport; onChecked: () => void }) {
  const [mapping, setMapping] = useState<CustomerColumns>(state.mapping)
  const [overwrite, setOverwrite] = useState(state.overwrite)
  const check = useMutation({
    mutationFn: () => api.customerImports.check({ params: { id: state.id }, body: { mapping, overwrite } }),
    onSuccess: (next) => {
      queries.setQueryData(['customer-imports', state.id], next)
      onChecked()
    },
  })
  const names = mapping.externalId ?? mapping.email ?? mapping.phone
  return (
    <form className="stack" onSubmit={(event) => (event.preventDefault(), check.mutate())}>
      {check.isError && (
        <Banner tone="bad" alert>
          <p>{sayProblem(check.error)}</p>
        </Banner>
      )}
      <h2 className="heading">{t('surveys.whatColumns')}</h2>
      <p className="quiet">{t('people.whatColumnsHint', { file: state.fileName })}</p>
      <ScrollX label={t('surveys.whatColumns')}>
        <table className="table im-columns">
          <thead>
            <tr>
              <th scope="col">{t('surveys.column')}</th>
              <th scope="col">{t('surveys.isThe')}</th>
              <th scope="col">{t('surveys.firstValues')}</th>
            </tr>
          </thead>
          <tbody>
            {state.columns.map((column) => (
              <tr key={column}>
                <th scope="row">{column}</th>
                <td>
                  <FieldChoice
                    column={column}
                    field={fields.find((field) => mapping[field] === column)}
                    onChoose={(field) => setMapping(assigned(mapping, column, field))}
                  />
                </td>
                <td className="quiet im-values">{firstValues(state, column)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollX>
      <Choice checked={overwrite} onChange={setOverwrite} hint={t('people.overwriteHint')}>
        {t('people.overwrite')}
      </Choice>
      {names === undefined && (
        <p className="im-missing">
          <Icon name="warning" /> {t('people.nameMissing')}
        </p>
      )}
      <div className="buttons">
        <button className="button" data-tone="accent" disabled={names === undefined || check.isPending}>
          {t('surveys.check')}
        </button>
      </div>
    </form>
  )
}

function FieldChoice(props: {
  column: string
  field: Field | undefined
  onChoose: (field: Field | undefined) => void
}) {
  return (
    <select
      className="input"
      aria-label={t('surveys.columnIs', { column: props.column })}
      value={props.field ?? ''}
      onChange={({ target }) => props.onChoose(fields.find((field) => field === target.value))}
    >
      <option value="">{t('surveys.role.none')}</option>
      {fields.map((field) => (
        <option key={field} value={field}>
          {t(`people.field.${field}`)}
        </option>
      ))}
    </select>
  )
}

/** A field that only one column can have is taken from the other. */
function assigned(mapping: CustomerColumns, column: string, field: Field | undefined): CustomerColumns {
  const kept = Object.fromEntries(Object.entries(mapping).filter(([, one]) => one !== column))
  return { ...kept, ...(field && { [field]: column }) }
}

function firstValues({ sample }: CustomerImport, column: string): string {
  const values = sample.map((row) => row[column]).filter(Boolean)
  return values.slice(0, 3).join(' · ')
}
