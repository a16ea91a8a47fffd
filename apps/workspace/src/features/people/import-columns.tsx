import type { CustomerColumns, CustomerImport } from '@lahko/contract'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { api, queries } from '../../platform/api.ts'
import { Choice } from '../../platform/field.tsx'
import { Trouble } from '../../platform/states.tsx'
import { t } from '../../platform/words.ts'
import { ColumnsTable, Missing } from '../surveys/import-parts.tsx'

const fields = ['externalId', 'email', 'phone', 'name', 'familyName', 'language', 'organisation', 'timeZone'] as const
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
      <Trouble error={check.error} />
      <h2 className="heading">{t('surveys.whatColumns')}</h2>
      <p className="quiet">{t('people.whatColumnsHint', { file: state.fileName })}</p>
      <ColumnsTable
        state={state}
        choice={(column) => (
          <FieldChoice
            column={column}
            field={fields.find((field) => mapping[field] === column)}
            onChoose={(field) => setMapping(assigned(mapping, column, field))}
          />
        )}
      />
      <Choice checked={overwrite} onChange={setOverwrite} hint={t('people.overwriteHint')}>
        {t('people.overwrite')}
      </Choice>
      {names === undefined && <Missing>{t('people.nameMissing')}</Missing>}
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
