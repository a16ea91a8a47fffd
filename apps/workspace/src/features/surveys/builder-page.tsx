import type { Survey } from '@lahko/contract'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { Failed, Waiting } from '../../platform/states.tsx'
import { day } from '../../platform/format.ts'
import { t } from '../../platform/words.ts'
import { useMay, useTitle } from '../shell/me.ts'
import { About } from './about.tsx'
import { Ask } from './ask.tsx'
import { Editor } from './editor.tsx'
import './features.css'
import { StateBadge } from './state-badge.tsx'
import { StateMenu } from './state-menu.tsx'
import { surveyQuery } from './survey-data.ts'

const route = getRouteApi('/inside/surveys/$id')

/** One survey: what it asks, how it is handed out, and what is around it. */
export function BuilderPage() {
  const { id } = route.useParams()
  const survey = useQuery(surveyQuery(id))
  useTitle(survey.data?.name ?? t('surveys.surveys'))
  if (survey.data) return <Builder survey={survey.data} key={survey.data.id} />
  if (!survey.isError) return <Waiting lines={8} />
  return (
    <div className="p-page">
      <Failed error={survey.error} retry={() => void survey.refetch()} />
    </div>
  )
}

function Builder({ survey }: { survey: Survey }) {
  const { part = 'edit' } = route.useSearch()
  return part === 'edit' ? (
    <Editor survey={survey} head={<Head survey={survey} />} tabs={<Parts survey={survey} />} />
  ) : (
    <div className="bu">
      <div className="toolbar bu-bar">
        <Head survey={survey} />
      </div>
      <Parts survey={survey} />
      {part === 'ask' ? <Ask survey={survey} /> : <About survey={survey} />}
    </div>
  )
}

function Head({ survey }: { survey: Survey }) {
  const mayWrite = useMay('surveys.write')
  const since = survey.versions.map(({ publishedAt }) => publishedAt).toSorted()[0]
  return (
    <>
      <h1>{survey.name}</h1>
      <StateBadge state={survey.state} since={since && day(since.slice(0, 10))} />
      {mayWrite && <StateMenu survey={survey} />}
    </>
  )
}

function Parts({ survey }: { survey: Survey }) {
  const { part } = route.useSearch()
  const parts = [undefined, 'ask', 'about'] as const
  return (
    <nav className="tabs bu-parts" aria-label={survey.name}>
      {parts.map((one) => (
        <Link
          key={one ?? 'edit'}
          to="/surveys/$id"
          params={{ id: survey.id }}
          search={{ part: one }}
          aria-current={part === one ? 'page' : undefined}
          activeOptions={{ exact: true }}
        >
          {t(`surveys.part.${one ?? 'edit'}`)}
        </Link>
      ))}
      <Link to="/effort" search={{ survey: survey.key }} disabled={survey.answers === 0}>
        {t('surveys.figures')}
      </Link>
    </nav>
  )
}
