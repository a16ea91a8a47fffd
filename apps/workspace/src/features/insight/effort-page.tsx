import type { EffortReport } from '@lahko/contract'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { problemOf } from '../../platform/api.ts'
import { dateSpan, number, percent } from '../../platform/format.ts'
import { Banner, Empty, Failed } from '../../platform/states.tsx'
import { t } from '../../platform/words.ts'
import { useTitle } from '../shell/me.ts'
import { Answers } from './answers.tsx'
import { filtersInWords } from './attributes.ts'
import { Breakdowns } from './breakdowns.tsx'
import { ControlChart } from './control-chart.tsx'
import { effortQuery } from './effort-query.ts'
import './features.css'
import { valuesOf } from './figures.ts'
import { Histogram } from './histogram.tsx'
import { Score } from './score.tsx'
import { Toolbar } from './toolbar.tsx'
import { WhoAnswered } from './who-answered.tsx'

const route = getRouteApi('/inside/effort')

/** How hard are we: what a support manager opens each morning. */
export function EffortPage() {
  const search = route.useSearch()
  const report = useQuery(effortQuery(search))
  useTitle(report.data ? `${t('insight.effort')}, ${report.data.period.label}` : t('insight.effort'))
  if (report.data)
    return (
      <div className="ef" data-stale={report.isPlaceholderData || undefined} aria-busy={report.isPlaceholderData}>
        <Toolbar report={report.data} />
        {report.isError && <Failed error={report.error} retry={() => void report.refetch()} />}
        <Report report={report.data} />
      </div>
    )
  if (!report.isError) return <Skeleton />
  return (
    <div className="in in-alone">
      {problemOf(report.error)?.status === 404 && !search.survey ? (
        <NoSurvey />
      ) : (
        <Failed error={report.error} retry={() => void report.refetch()} />
      )}
    </div>
  )
}

function Report({ report }: { report: EffortReport }) {
  const { summary, period, asked, notes } = report
  const { filter } = route.useSearch()
  const answers = t('insight.answersCount', { count: summary.n, shown: number(summary.n) })
  return (
    <>
      <header className="in-head">
        <p className="label">
          {dateSpan(period.from, period.to)} ·{' '}
          {asked
            ? t('insight.ofAsked', {
                answers,
                answered: number(asked.answered),
                asked: number(asked.asked),
                rate: percent(asked.responseRate),
              })
            : answers}
          {!period.finished && ` · ${t('insight.stillRunning')}`}
          {filter && ` · ${filtersInWords(filter)}`}
        </p>
        <h1>{report.headline}</h1>
        {report.deck && <p className="in-deck">{report.deck}</p>}
      </header>
      {notes.map((note) => (
        <Banner key={note}>
          <p>{note}</p>
        </Banner>
      ))}
      {summary.n === 0 ? <NoAnswers report={report} /> : <Figures report={report} />}
    </>
  )
}

function Figures({ report }: { report: EffortReport }) {
  return (
    <>
      {report.smallSample && (
        <Banner tone="warn">
          <p>
            <strong>{t('insight.smallSample', { count: report.summary.n })}</strong> {t('insight.smallSampleWhy')}
          </p>
        </Banner>
      )}
      <div className="in-grid">
        <Score report={report} />
        <Histogram report={report} />
      </div>
      <ControlChart report={report} />
      <Breakdowns report={report} />
      <WhoAnswered report={report} />
      <Answers report={report} />
      <Method report={report} />
    </>
  )
}

function Method({ report: { survey, rule, breakdowns, metric, summary, designEffect } }: { report: EffortReport }) {
  const { family } = survey.scale
  return (
    <section className="in-block" aria-labelledby="method">
      <h2 className="visually-hidden" id="method">
        {t('insight.methodTitle')}
      </h2>
      <div className="in-method">
        <p>
          {t('insight.methodFigures')}{' '}
          {t('insight.ruleSays', {
            family,
            easy: valuesOf(rule.easy, survey.scale),
            hard: valuesOf(rule.hard, survey.scale),
          })}
        </p>
        {breakdowns.length > 0 && <p>{t('insight.methodGroups')}</p>}
        <DesignEffect n={summary.n} designEffect={designEffect} />
        <p>{t('insight.limitsSay', { kind: metric === 'easyShare' || metric === 'hardShare' ? 'share' : 'mean' })}</p>
      </div>
    </section>
  )
}

/** Printed where it takes at least one answer away. */
function DesignEffect({ n, designEffect }: { n: number; designEffect: number }) {
  const [shown, effective] = [number(n), number(n / designEffect)]
  if (shown === effective) return null
  return <p>{t('insight.designEffect', { count: n, shown, effective, effect: number(designEffect, 2) })}</p>
}

function NoAnswers({ report }: { report: EffortReport }) {
  const { filter, at, from, period } = route.useSearch()
  const elsewhere = filter || at || from || period
  return (
    <>
      <Empty
        icon="effort"
        title={t('insight.noAnswers')}
        action={
          elsewhere ? (
            <Link className="button" to="/effort" search={{ survey: report.survey.key }}>
              {t('insight.thisWeek')}
            </Link>
          ) : (
            <Link
              className="button"
              data-tone="accent"
              to="/surveys/$id"
              params={{ id: report.survey.id }}
              search={{ part: 'ask' }}
            >
              {t('insight.howToAsk')}
            </Link>
          )
        }
      >
        {t('insight.noAnswersWhy')}
      </Empty>
      <ControlChart report={report} />
    </>
  )
}

function NoSurvey() {
  return (
    <Empty
      icon="surveys"
      title={t('insight.noSurvey')}
      action={
        <Link className="button" data-tone="accent" to="/surveys/new">
          {t('insight.chooseQuestion')}
        </Link>
      }
    >
      {t('insight.noSurveyWhy')}
    </Empty>
  )
}

/** The shape of the screen, so that nothing jumps when the figures come. */
function Skeleton() {
  return (
    <div className="ef" aria-busy="true">
      <span className="visually-hidden" aria-live="polite">
        {t('shell.loading')}
      </span>
      <div className="toolbar" />
      <div className="in-head">
        <span className="skeleton in-sk-label" />
        <span className="skeleton in-sk-title" />
        <span className="skeleton in-sk-deck" />
      </div>
      <div className="in-grid">
        <span className="skeleton in-sk-score" />
        <span className="skeleton in-sk-hist" />
      </div>
      <div className="in-block">
        <span className="skeleton in-sk-hist" />
      </div>
    </div>
  )
}
