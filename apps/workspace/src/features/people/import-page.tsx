import type { CustomerImport } from '@lahko/contract'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { api, queries } from '../../platform/api.ts'
import { number } from '../../platform/format.ts'
import { Failed, Waiting } from '../../platform/states.tsx'
import { t } from '../../platform/words.ts'
import { useTitle } from '../shell/me.ts'
import '../surveys/features.css'
import { EarlierFiles, FileDrop } from '../surveys/import-parts.tsx'
import { CustomerImportSteps, isBusy } from './import-steps.tsx'

const route = getRouteApi('/inside/customers/import')

/** Customers out of a file: looked at first, then counted, then taken in. */
export function CustomerImportPage() {
  const { file } = route.useSearch()
  useTitle(t('people.byFile'))
  return (
    <div className="im">
      <nav className="breadcrumb" aria-label={t('surveys.youAreHere')}>
        <ol>
          <li>
            <Link to="/customers">{t('people.customers')}</Link>
          </li>
          <li>
            <Link to="/customers/import" aria-current={file ? undefined : 'page'}>
              {t('people.byFile')}
            </Link>
          </li>
        </ol>
      </nav>
      <h1 className="title">{t('people.byFile')}</h1>
      {file ? <OneImport id={file} /> : <Begin />}
    </div>
  )
}

function OneImport({ id }: { id: string }) {
  const state = useQuery({
    queryKey: ['customer-imports', id],
    queryFn: ({ signal }) => api.customerImports.get({ params: { id }, signal }),
    refetchInterval: (query) => (isBusy(query.state.data) ? 500 : false),
  })
  if (state.isError) return <Failed error={state.error} retry={() => void state.refetch()} />
  return state.data ? <CustomerImportSteps state={state.data} /> : <Waiting />
}

function Begin() {
  const navigate = route.useNavigate()
  const imports = useQuery({
    queryKey: ['customer-imports'],
    queryFn: ({ signal }) => api.customerImports.list({ query: { limit: 100 }, signal }),
  })
  return (
    <>
      <FileDrop
        hint={t('people.fileHint')}
        upload={(file) => api.customerImports.upload({ query: { name: file.name.slice(-200) }, upload: file })}
        onUploaded={(state) => {
          queries.setQueryData(['customer-imports', state.id], state)
          void navigate({ search: { file: state.id } })
        }}
      />
      <EarlierFiles
        files={imports.data?.items}
        sayState={sayState}
        link={({ id, fileName }) => (
          <Link className="row-title" to="/customers/import" search={{ file: id }}>
            {fileName}
          </Link>
        )}
      />
    </>
  )
}

function sayState({ state, rowsNew, rowsChanged }: CustomerImport): string {
  if (state !== 'done') return t(`surveys.importState.${state}`)
  return t('people.areIn', { added: rowsNew, addedShown: number(rowsNew), changed: number(rowsChanged) })
}
