import type { ImportMapping as Mapping, ImportState } from '@lahko/contract'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { api, queries } from '../../platform/api.ts'
import { Trouble } from '../../platform/states.tsx'
import { t } from '../../platform/words.ts'
import { attributeName } from '../insight/attributes.ts'
import { useMe } from '../shell/me.ts'
import { assign, attributeFor, roleOf, roles, type Role } from './import-columns.ts'
import { ColumnsTable, Missing } from './import-parts.tsx'

type Props = { surveyId: string; state: ImportState; onChecked: () => void }

/** What each column is: guessed, and to be put right here. */
export function ImportMapping({ surveyId, state, onChecked }: Props) {
  const { workspace } = useMe()
  const [mapping, setMapping] = useState<Partial<Mapping>>(() => ({ timeZone: workspace.timeZone, ...state.mapping }))
  const check = useMutation({
    mutationFn: () =>
      api.surveys.checkImport({
        params: { id: surveyId, importId: state.id },
        body: { ...mapping, score: mapping.score ?? '' },
      }),
    onSuccess: (next) => {
      queries.setQueryData(['imports', surveyId, state.id], next)
      onChecked()
    },
  })
  return (
    <form className="stack" onSubmit={(event) => (event.preventDefault(), check.mutate())}>
      <Trouble error={check.error} />
      <h2 className="heading">{t('surveys.whatColumns')}</h2>
      <p className="quiet">{t('surveys.whatColumnsHint', { file: state.fileName })}</p>
      <ColumnsTable
        state={state}
        choice={(column) => (
          <RoleChoice
            column={column}
            attribute={attributeFor(state.mapping ?? {}, column)}
            role={roleOf(mapping, column)}
            onChoose={(role, attribute) => setMapping((before) => assign(before, column, role, attribute))}
          />
        )}
      />
      {!mapping.score && <Missing>{t('surveys.scoreMissing')}</Missing>}
      <div className="buttons">
        <button className="button" data-tone="accent" disabled={!mapping.score || check.isPending}>
          {check.isPending ? t('surveys.checking') : t('surveys.check')}
        </button>
      </div>
    </form>
  )
}

function RoleChoice({
  column,
  attribute,
  role,
  onChoose,
}: {
  column: string
  attribute: string
  role: Role
  onChoose: (role: Role, attribute: string) => void
}) {
  return (
    <select
      className="input"
      aria-label={t('surveys.columnIs', { column })}
      value={role}
      onChange={(event) => onChoose(event.target.value as Role, attribute)}
    >
      <option value="none">{t('surveys.role.none')}</option>
      {roles.map((one) => (
        <option key={one} value={one}>
          {t(`surveys.role.${one}`)}
        </option>
      ))}
      <option value="attribute">{t('surveys.role.attribute', { name: attributeName(attribute) })}</option>
    </select>
  )
}
