import type { EffortReport } from '@lahko/contract'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useAction } from '../../platform/actions.ts'
import { api } from '../../platform/api.ts'
import { copyOrShow } from '../../platform/copy-button.tsx'
import { day } from '../../platform/format.ts'
import { MenuItem, Popover } from '../../platform/popover.tsx'
import { t } from '../../platform/words.ts'
import { metrics, type EffortSearch } from './effort-search.ts'
import { metricHint, metricName } from './figures.ts'
import { Filters } from './filters.tsx'
import { PeriodPicker } from './period-picker.tsx'

const route = getRouteApi('/inside/effort')

/** What is looked at: period, survey, metric, wording and filters. All of it stands in the address. */
export function Toolbar({ report }: { report: EffortReport }) {
  const navigate = route.useNavigate()
  const change = (part: Partial<EffortSearch>) =>
    void navigate({ search: (before) => ({ ...before, ...part }), resetScroll: false })
  const group = t('insight.effort')
  useAction({
    id: 'effort.find',
    group,
    name: t('insight.findInAnswers'),
    icon: 'search',
    keys: '/',
    run: () => document.getElementById('find-answers')?.focus(),
  })
  useAction({ id: 'effort.link', group, name: t('insight.copyLink'), icon: 'copy', run: copyLink })
  return (
    <fieldset className="toolbar ef-bar" aria-label={t('insight.whatIsShown')}>
      <PeriodPicker report={report} change={change} />
      <SurveyPicker report={report} change={change} />
      <MetricPicker report={report} change={change} />
      {report.wordings.length > 1 && <WordingPicker report={report} change={change} />}
      {!report.survey.anonymous && <Filters survey={report.survey} wording={report.wording} change={change} />}
      <div className="push buttons">
        <button type="button" className="button" data-size="small" onClick={copyLink}>
          {t('insight.copyLink')}
        </button>
      </div>
    </fieldset>
  )
}

type Props = { report: EffortReport; change: (part: Partial<EffortSearch>) => void }

function SurveyPicker({ report, change }: Props) {
  const { data } = useQuery({
    queryKey: ['surveys', 'list'],
    queryFn: ({ signal }) => api.surveys.list({ query: { limit: 200 }, signal }),
  })
  const choices = data?.items.filter(({ answers, state }) => answers > 0 || state === 'published') ?? []
  return (
    <Popover
      className="chip"
      size="small"
      name={t('insight.surveyIs', { name: report.survey.name })}
      label={report.survey.name}
    >
      {(close) =>
        choices.map(({ id, key, name }) => (
          <MenuItem
            key={id}
            chosen={id === report.survey.id}
            onPick={() => (close(), change({ survey: key, wording: undefined, metric: undefined, filter: undefined }))}
          >
            {name}
          </MenuItem>
        ))
      }
    </Popover>
  )
}

function MetricPicker({ report, change }: Props) {
  const reading = { scale: report.survey.scale, rule: report.rule }
  return (
    <Popover
      className="chip"
      size="small"
      name={t('insight.metricIs', { name: metricName(report.metric, reading.scale) })}
      label={metricName(report.metric, reading.scale)}
    >
      {(close) =>
        metrics.map((metric) => (
          <MenuItem
            key={metric}
            chosen={metric === report.metric}
            onPick={() => (close(), change({ metric: metric === report.survey.metric ? undefined : metric }))}
          >
            {metricName(metric, reading.scale)} <span className="quiet in-hint">{metricHint(metric, reading)}</span>
          </MenuItem>
        ))
      }
    </Popover>
  )
}

function WordingPicker({ report, change }: Props) {
  return (
    <Popover className="chip" size="small" label={t('insight.wording', { number: report.wording })}>
      {(close) => (
        <>
          <p className="label">{t('insight.wordingsDiffer')}</p>
          {report.wordings.toReversed().map(({ wording, question, from, to }, place) => (
            <MenuItem
              key={wording}
              chosen={wording === report.wording}
              onPick={() => (close(), change({ ...lastOf(to), wording: place === 0 ? undefined : wording }))}
            >
              {question}{' '}
              <span className="quiet in-hint">
                {day(from, 'short')} – {to ? day(to, 'short') : t('insight.now')}
              </span>
            </MenuItem>
          ))}
        </>
      )}
    </Popover>
  )
}

/** An earlier wording opens where it ended; nothing would be seen of it now. */
function lastOf(to: string | null) {
  return { at: to ?? undefined, period: undefined, from: undefined, to: undefined }
}

function copyLink(): void {
  copyOrShow(location.href, t('insight.linkCopied'))
}
