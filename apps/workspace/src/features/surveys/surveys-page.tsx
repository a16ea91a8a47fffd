import type { SurveySummary } from '@lahko/contract'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { api } from '../../platform/api.ts'
import { day, number } from '../../platform/format.ts'
import { Icon } from '../../platform/icon.tsx'
import { Empty, Failed, Waiting } from '../../platform/states.tsx'
import { t } from '../../platform/words.ts'
import { useMay, useTitle } from '../shell/me.ts'
import './features.css'
import { StateBadge } from './state-badge.tsx'
import { More } from '../insight/more.tsx'

/** All surveys, newest first. */
export function SurveysPage() {
  const [archived, setArchived] = useState(false)
  const mayWrite = useMay('surveys.write')
  useTitle(t('surveys.surveys'))
  const surveys = useInfiniteQuery({
    queryKey: ['surveys', 'all', archived],
    queryFn: ({ pageParam, signal }) =>
      api.surveys.list({ query: { after: pageParam, archived: archived ? 'true' : 'false' }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
  })
  const rows = surveys.data?.pages.flatMap(({ items }) => items)
  return (
    <div className="p-page">
      <div className="p-head">
        <h1>{t('surveys.surveys')}</h1>
        <div className="buttons">
          <button
            type="button"
            className="chip"
            data-size="small"
            aria-pressed={archived}
            onClick={() => setArchived(!archived)}
          >
            {t('surveys.withArchived')}
          </button>
          {mayWrite && (
            <Link className="button" data-tone="accent" to="/surveys/new">
              <Icon name="plus" /> {t('surveys.newSurvey')}
            </Link>
          )}
        </div>
      </div>
      {surveys.isError && <Failed error={surveys.error} retry={() => void surveys.refetch()} />}
      {surveys.isPending && <Waiting lines={6} />}
      {rows?.length === 0 && (
        <Empty icon="surveys" title={t('surveys.none')}>
          {t('surveys.noneWhy')}
        </Empty>
      )}
      <ul className="rows">
        {rows?.map((survey) => (
          <Row key={survey.id} survey={survey} />
        ))}
      </ul>
      <More {...surveys} />
    </div>
  )
}

function Row({ survey }: { survey: SurveySummary }) {
  return (
    <li className="row su-row">
      <span className="row-lead">
        <Icon name="surveys" />
      </span>
      <span>
        <Link className="row-title" to="/surveys/$id" params={{ id: survey.id }}>
          {survey.name}
        </Link>{' '}
        <span className="row-text">
          /s/{survey.key}
          {survey.identity === 'anonymous' && ` · ${t('surveys.anonymous')}`}
          {survey.closesOn && ` · ${t('surveys.closes', { date: day(survey.closesOn) })}`}
        </span>
      </span>
      <span className="row-end su-end">
        <StateBadge state={survey.state} />
        <Link className="su-answers" to="/effort" search={{ survey: survey.key }}>
          {t('surveys.answers', { count: survey.answers, shown: number(survey.answers) })}
        </Link>
      </span>
    </li>
  )
}
