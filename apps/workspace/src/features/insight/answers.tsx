import { contract, type EffortReport, type Response } from '@lahko/contract'
import { addressOf } from '@lahko/contract/client'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { api } from '../../platform/api.ts'
import { FindField } from '../../platform/find-field.tsx'
import { ago, moment, number } from '../../platform/format.ts'
import { useNow } from '../../platform/now.ts'
import { Segments } from '../../platform/segments.tsx'
import { Failed, Waiting } from '../../platform/states.tsx'
import { t } from '../../platform/words.ts'
import { attributeAlone, attributeName } from './attributes.ts'
import { orders, scoreKinds, type EffortSearch } from './effort-search.ts'
import { AnonymousComments } from './anonymous-comments.tsx'
import { countOf } from './figures.ts'
import { LeaveOut } from './leave-out.tsx'
import { More } from './more.tsx'

const route = getRouteApi('/inside/effort')

/** The answers themselves: newest or hardest first, searchable, in the customers' own words. */
export function Answers({ report }: { report: EffortReport }) {
  return report.survey.anonymous ? <AnonymousComments surveyId={report.survey.id} /> : <SingleAnswers report={report} />
}

function SingleAnswers({ report }: { report: EffortReport }) {
  const search = route.useSearch()
  const { scale } = report.survey
  const count = search.scores
    ? countOf(report.summary.histogram, search.scores, { scale, rule: report.rule })
    : report.summary.n
  const title = search.left
    ? t('insight.leftOut')
    : t('insight.answersTitle', { count, shown: number(count), kind: search.scores ?? 'all', family: scale.family })
  return (
    <section className="in-block" aria-labelledby="answers">
      <div className="section-head in-answers-head">
        <h2 id="answers">{title}</h2>
        <Tools report={report} />
      </div>
      <Stream report={report} />
    </section>
  )
}

function useChange() {
  const navigate = route.useNavigate()
  return (part: Partial<EffortSearch>, replace = false) =>
    void navigate({ search: (search) => ({ ...search, ...part }), replace, resetScroll: false })
}

function Tools({ report }: { report: EffortReport }) {
  const search = route.useSearch()
  const change = useChange()
  const order = search.order ?? 'newest'
  const { from, to } = report.period
  const csv = addressOf(contract.surveys.responsesCsv, {
    params: { id: report.survey.id },
    query: { wording: String(report.wording), from, to, filter: search.filter },
  })
  return (
    <div className="buttons">
      <FindField
        id="find-answers"
        className="ef-find"
        name={t('insight.findInAnswers')}
        text={search.find}
        onFind={(find) => change({ find }, true)}
      />
      <Segments
        label={t('insight.show')}
        size="small"
        of={[undefined, ...scoreKinds]}
        chosen={search.scores}
        name={(kind) => (kind ? t(`insight.kind.${kind}`, { family: report.survey.scale.family }) : t('insight.all'))}
        onChoose={(scores) => change({ scores })}
      />
      <Segments
        label={t('insight.order')}
        size="small"
        of={orders}
        chosen={order}
        name={(one) => t(`insight.order.${one}`, { family: report.survey.scale.family })}
        onChoose={(one) => change({ order: one === 'newest' ? undefined : one })}
      />
      <button
        type="button"
        className="chip"
        data-size="small"
        aria-pressed={search.left === 'out'}
        onClick={() => change({ left: search.left ? undefined : 'out' })}
      >
        {t('insight.leftOut')}
      </button>
      <a className="button" data-size="small" data-tone="plain" download href={csv}>
        {t('insight.csv')}
      </a>
    </div>
  )
}

function Stream({ report }: { report: EffortReport }) {
  const search = route.useSearch()
  const { survey, period } = report
  const query = {
    wording: String(report.wording),
    order: search.order,
    search: search.find,
    from: period.from,
    to: period.to,
    filter: search.filter,
    scores: search.scores,
    excluded: search.left ? 'true' : undefined,
    limit: 20,
  }
  const answers = useInfiniteQuery({
    queryKey: ['responses', survey.id, query],
    queryFn: ({ pageParam, signal }) =>
      api.surveys.responses({ params: { id: survey.id }, query: { ...query, after: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    placeholderData: keepPreviousData,
  })
  if (answers.isError) return <Failed error={answers.error} retry={() => void answers.refetch()} />
  if (!answers.data) return <Waiting lines={6} />
  const rows = answers.data.pages.flatMap(({ items }) => items)
  if (rows.length === 0)
    return <p className="quiet in-read">{t(search.find ? 'insight.nothingFound' : 'insight.noAnswersHere')}</p>
  return (
    <>
      <div className="in-stream" aria-busy={answers.isPlaceholderData}>
        {rows.map((row) => (
          <Answer key={row.id} row={row} max={report.survey.scale.max} />
        ))}
      </div>
      <More {...answers} />
    </>
  )
}

/** One answer with all that came with it. `max` is the top of its scale. */
export function Answer({ row, max }: { row: Response; max: number }) {
  const now = useNow()
  return (
    <article className="in-quote" data-left={row.excluded ? '' : undefined}>
      {row.comment && <blockquote lang={row.language ?? undefined}>{row.comment}</blockquote>}
      {row.reasons.length > 0 && (
        <p className="cluster">
          {row.reasons.map((reason) => (
            <span className="tag" key={reason.id}>
              {reason.label}
            </span>
          ))}
        </p>
      )}
      {row.answers.length > 0 && (
        <dl className="in-further">
          {row.answers.map((answer) => (
            <div key={answer.id}>
              <dt>{answer.question}</dt>
              <dd className="voice">{answer.value}</dd>
            </div>
          ))}
        </dl>
      )}
      <div className="cluster">
        <span className="effort" data-step={row.effortStep}>
          {t('insight.scoreOf', { score: row.score, max })}
        </span>
        {!row.comment && row.reasons.length === 0 && <span>{t('insight.noComment')}</span>}
        {row.customer && <span>{row.customer.name ?? row.customer.email ?? row.customer.externalId}</span>}
        {Object.entries(row.attributes)
          .filter(([attribute]) => !told.includes(attribute))
          .slice(0, 3)
          .map(([attribute, value]) => (
            <span key={attribute} title={attributeName(attribute)}>
              {attributeAlone(attribute, value)}
            </span>
          ))}
        {row.touchpoint?.externalId && <span>{row.touchpoint.externalId}</span>}
        <time dateTime={row.answeredAt} title={moment(row.answeredAt)}>
          {ago(row.answeredAt, now)}
        </time>
        <LeaveOut row={row} />
      </div>
    </article>
  )
}

/** What an answer's own words and the number of its touchpoint tell already. */
const told = ['kind', 'language']
