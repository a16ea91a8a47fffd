import type { ImportState } from '@lahko/contract'
import { useMutation, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { api, queries, sayProblem } from '../../platform/api.ts'
import { moment, number } from '../../platform/format.ts'
import { Icon } from '../../platform/icon.tsx'
import { Banner, Failed, Waiting } from '../../platform/states.tsx'
import { t } from '../../platform/words.ts'
import { useTitle } from '../shell/me.ts'
import './features.css'
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
  const upload = useMutation({
    mutationFn: (file: File) =>
      api.surveys.upload({ params: { id: surveyId }, query: { name: file.name.slice(-200) }, upload: file }),
    onSuccess: (state) => {
      queries.setQueryData(['imports', surveyId, state.id], state)
      void navigate({ search: { file: state.id } })
    },
  })
  const take = (files: FileList | null | undefined) => files?.[0] && upload.mutate(files[0])
  return (
    <>
      {upload.isError && (
        <Banner tone="bad" alert>
          <p>{sayProblem(upload.error)}</p>
        </Banner>
      )}
      <label className="im-drop" aria-busy={upload.isPending}>
        <Icon name="upload" />
        <strong>{upload.isPending ? t('surveys.uploading') : t('surveys.chooseFile')}</strong>
        <span className="quiet">{t('surveys.fileHint')}</span>
        <input
          type="file"
          accept=".csv,.tsv,.txt,.ndjson,.jsonl"
          disabled={upload.isPending}
          onChange={(event) => take(event.target.files)}
        />
      </label>
      <Earlier surveyId={surveyId} />
    </>
  )
}

function Earlier({ surveyId }: { surveyId: string }) {
  const imports = useQuery({
    queryKey: ['imports', surveyId],
    queryFn: ({ signal }) => api.surveys.listImports({ params: { id: surveyId }, query: { limit: 100 }, signal }),
  })
  if (!imports.data?.items.length) return null
  return (
    <section className="section">
      <h2 className="label">{t('surveys.earlierImports')}</h2>
      <ul className="rows">
        {imports.data.items.map((one) => (
          <li className="row" key={one.id}>
            <span>
              <Link className="row-title" to="/surveys/$id/import" params={{ id: surveyId }} search={{ file: one.id }}>
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

function sayState({ state, rowsAccepted }: ImportState): string {
  return state === 'done'
    ? t('surveys.answers', { count: rowsAccepted, shown: number(rowsAccepted) })
    : t(`surveys.importState.${state}`)
}
