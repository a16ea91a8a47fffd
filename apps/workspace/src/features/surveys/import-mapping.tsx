import type { ImportMapping as Mapping, ImportState } from '@lahko/contract'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { api, queries, sayProblem } from '../../platform/api.ts'
import { Icon } from '../../platform/icon.tsx'
import { Banner } from '../../platform/states.tsx'
import { t } from '../../platform/words.ts'
import { ScrollX } from '../../platform/scroll-x.tsx'
import { attributeName } from '../insight/attributes.ts'
import { useMe } from '../shell/me.ts'
import { assign, attributeFor, roleOf, roles, type Role } from './import-columns.ts'

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
      {check.isError && (
        <Banner tone="bad" alert>
          <p>{sayProblem(check.error)}</p>
        </Banner>
      )}
      <h2 className="heading">{t('surveys.whatColumns')}</h2>
      <p className="quiet">{t('surveys.whatColumnsHint', { file: state.fileName })}</p>
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
                  <RoleChoice
                    column={column}
                    attribute={attributeFor(state.mapping ?? {}, column)}
                    role={roleOf(mapping, column)}
                    onChoose={(role, attribute) => setMapping((before) => assign(before, column, role, attribute))}
                  />
                </td>
                <td className="quiet im-values">
                  {state.sample
                    .map((row) => row[column])
                    .filter(Boolean)
                    .slice(0, 3)
                    .join(' · ')}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollX>
      {!mapping.score && (
        <p className="im-missing">
          <Icon name="warning" /> {t('surveys.scoreMissing')}
        </p>
      )}
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
