import { useQuery } from '@tanstack/react-query'
import { api } from '../../platform/api.ts'
import { CopyButton } from '../../platform/copy-button.tsx'
import { Field } from '../../platform/field.tsx'
import { Failed } from '../../platform/states.tsx'
import { t } from '../../platform/words.ts'
import { useMay, useMe } from '../shell/me.ts'

/** Under which addresses customers reach the portal, and how whoever runs the server adds one. */
export function Hosts() {
  const hosts = useQuery({ queryKey: ['hosts'], queryFn: ({ signal }) => api.accounts.listHosts({ signal }) })
  const mayChange = useMay('workspace.manage')
  const origins = hosts.data?.origins
  return (
    <section>
      <h2>{t('accounts.hosts')}</h2>
      {hosts.isError && <Failed error={hosts.error} retry={() => void hosts.refetch()} />}
      {origins && (
        <p className="quiet">
          {origins.length > 0 ? t('accounts.hostsAre', { count: origins.length }) : t('surveys.noAddress')}
        </p>
      )}
      {origins && origins.length > 0 && (
        <ul className="rows">
          {origins.map((origin) => (
            <li key={origin} className="row se-row">
              <a href={origin}>{origin}</a>
            </li>
          ))}
        </ul>
      )}
      {mayChange && <Adding />}
    </section>
  )
}

/** The line for the operator: a name leads here only once the server knows it. */
function Adding() {
  const { slug } = useMe().workspace
  const command = `npx lahko host add help.example.com --workspace ${slug}`
  return (
    <Field label={t('accounts.hostAdd')} hint={t('accounts.hostAddHint')}>
      {(field) => (
        <div className="se-copy">
          <input className="input se-code" readOnly {...field} value={command} />
          <CopyButton text={command} field={field.id} />
        </div>
      )}
    </Field>
  )
}
