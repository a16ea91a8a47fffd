import type { ImportState } from '@lahko/contract'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { api, queries } from '../../platform/api.ts'
import { number } from '../../platform/format.ts'
import { Failed, Waiting } from '../../platform/states.tsx'
import { t } from '../../platform/words.ts'
import { useTitle } from '../shell/me.ts'
import './features.css'
import { EarlierFiles, FileDrop } from './import-parts.tsx'
import { ImportSteps, isBusy } from './import-steps.tsx'
import { surveyQuery } from './survey-data.ts'

const route = getRouteApi('/inside/surveys/$id/import')

/** Old answers out of a file: seen first, then counted, and taken back if need be. */
export function ImportPage() {
  const { id } = route.useParams()
  const { file } = route.useSearch()
  const survey = useQuery(surveyQuery(id))
  useTitle(t('surveys.bringIn'))
  if (survey.isError) return <Failed error={survey.error} retry={() => void survey.refetch()} />
  if (!survey.data) return <Waiting />
  return (
    <div className="im">
      <nav className="breadcrumb" aria-label={t('surveys.youAreHere')}>
        <ol>
          <li>
            <Link to="/surveys/$id" params={{ id }} search={{ part: 'about' }}>
              {survey.data.name}
            </Link>
          </li>
          <li>
            <Link to="/surveys/$id/import" params={{ id }} aria-current={file ? undefined : 'page'}>
              {t('surveys.oldAnswers')}
            </Link>
          </li>
        </ol>
      </nav>
      <h1 className="title">{t('surveys.bringIn')}</h1>
      {file ? <OneImport surveyId={id} importId={file} /> : <Begin surveyId={id} />}
    </div>
  )
}

function OneImport({ surveyId, importId }: { surveyId: string; importId: string }) {
  const state = useQuery({
    queryKey: ['imports', surveyId, importId],
    queryFn: ({ signal }) => api.surveys.getImport({ params: { id: surveyId, importId }, signal }),
    refetchInterval: (query) => (isBusy(query.state.data) ? 500 : false),
  })
  if (state.isError) return <Failed error={state.error} retry={() => void state.refetch()} />
  return state.data ? <ImportSteps surveyId={surveyId} state={state.data} /> : <Waiting />
}

function Begin({ surveyId }: { surveyId: string }) {
  const navigate = route.useNavigate()
  const imports = useQuery({
    queryKey: ['imports', surveyId],
    queryFn: ({ signal }) => api.surveys.listImports({ params: { id: surveyId }, query: { limit: 100 }, signal }),
  })
  return (
    <>
      <FileDrop
        hint={t('surveys.fileHint')}
        upload={(file) =>
          api.surveys.upload({ params: { id: surveyId }, query: { name: file.name.slice(-200) }, upload: file })
        }
        onUploaded={(state) => {
          queries.setQueryData(['imports', surveyId, state.id], state)
          void navigate({ search: { file: state.id } })
        }}
      />
      <EarlierFiles
        files={imports.data?.items}
        sayState={sayState}
        link={({ id, fileName }) => (
          <Link className="row-title" to="/surveys/$id/import" params={{ id: surveyId }} search={{ file: id }}>
            {fileName}
          </Link>
        )}
      />
    </>
  )
}

function sayState({ state, rowsAccepted }: ImportState): string {
  return state === 'done'
    ? t('surveys.answers', { count: rowsAccepted, shown: number(rowsAccepted) })
    : t(`surveys.importState.${state}`)
}
