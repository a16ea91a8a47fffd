import type { CustomerImport } from '@lahko/contract'
import { useMutation, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { api, queries, sayProblem } from '../../platform/api.ts'
import { moment, number } from '../../platform/format.ts'
import { Icon } from '../../platform/icon.tsx'
import { Banner, Failed, Waiting } from '../../platform/states.tsx'
import { t } from '../../platform/words.ts'
import { useTitle } from '../shell/me.ts'
import '../surveys/features.css'
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
  const upload = useMutation({
    mutationFn: (file: File) => api.customerImports.upload({ query: { name: file.name.slice(-200) }, upload: file }),
    onSuccess: (state) => {
      queries.setQueryData(['customer-imports', state.id], state)
      void navigate({ search: { file: state.id } })
    },
  })
  return (
    <>
      {upload.isError && (
        <Banner tone="bad" alert>
          <p>{sayProblem(upload.error)}</p>
        </Banner>
      )}
      <label className="im-drop" aria-busy={upload.isPending}>
        <Icon name="upload" />
        <strong>{t(upload.isPending ? 'surveys.uploading' : 'surveys.chooseFile')}</strong>
        <span className="quiet">{t('people.fileHint')}</span>
        <input
          type="file"
          accept=".csv,.tsv,.txt,.ndjson,.jsonl"
          disabled={upload.isPending}
          onChange={({ target }) => target.files?.[0] && upload.mutate(target.files[0])}
        />
      </label>
      <Earlier />
    </>
  )
}

function Earlier() {
  const imports = useQuery({
    queryKey: ['customer-imports'],
    queryFn: ({ signal }) => api.customerImports.list({ query: { limit: 100 }, signal }),
  })
  if (!imports.data?.items.length) return null
  return (
    <section className="section">
      <h2 className="label">{t('surveys.earlierImports')}</h2>
      <ul className="rows">
        {imports.data.items.map((one) => (
          <li className="row" key={one.id}>
            <span>
              <Link className="row-title" to="/customers/import" search={{ file: one.id }}>
                {one.fileName}
              </Link>{' '}
              <span className="row-text">{moment(one.createdAt)}</span>
            </span>
            <span className="row-end">{sayState(one)}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function sayState({ state, rowsNew, rowsChanged }: CustomerImport): string {
  if (state !== 'done') return t(`surveys.importState.${state}`)
  return t('people.areIn', { added: rowsNew, addedShown: number(rowsNew), changed: number(rowsChanged) })
}
