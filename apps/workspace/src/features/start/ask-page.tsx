import type { Response, Survey } from '@lahko/contract'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect } from 'react'
import { api } from '../../platform/api.ts'
import { CopyButton } from '../../platform/copy-button.tsx'
import { languageName, list } from '../../platform/format.ts'
import { Icon } from '../../platform/icon.tsx'
import { listenLive } from '../../platform/live.ts'
import { Empty, Failed, Waiting } from '../../platform/states.tsx'
import { language, rich, t } from '../../platform/words.ts'
import { meQuery, paintAccent } from '../shell/me.ts'
import { DemoButton } from './demo-button.tsx'
import { Frame } from './frame.tsx'
import { withCompany } from './question-choice.tsx'

/** Ask your first customer: a link, a code for the phone, and the answer the same second. */
export function AskPage({ phoneUrl }: { phoneUrl: string | null }) {
  const queries = useQueryClient()
  useEffect(() => listenLive(queries), [queries])
  const me = useQuery(meQuery)
  // The first survey is made just after the workspace, so for a moment there may be none.
  const first = useQuery({
    queryKey: ['surveys', 'first'],
    queryFn: () => api.surveys.list({ query: { limit: 2 } }),
    refetchInterval: ({ state }) => (state.data?.items.length === 0 && state.dataUpdateCount < 20 ? 300 : false),
  })
  const id = first.data?.items.at(-1)?.id
  const survey = useQuery({
    queryKey: ['survey', id],
    queryFn: () => api.surveys.get({ params: { id: id ?? '' } }),
    enabled: id !== undefined,
  })
  const { accentHue, accentChroma, name } = me.data?.workspace ?? {}
  useEffect(() => {
    if (accentHue !== undefined && accentChroma !== undefined) paintAccent(accentHue, accentChroma)
  }, [accentHue, accentChroma])
  const failed = me.error ?? first.error ?? survey.error
  return (
    <Frame title={t('start.ask')} lead={t('start.askLead')} foot={<Foot />}>
      {failed ? (
        <Failed error={failed} />
      ) : survey.data ? (
        <Asking survey={survey.data} company={name ?? ''} phoneUrl={phoneUrl} />
      ) : first.data?.items.length === 0 && first.dataUpdatedAt && !first.isFetching ? (
        <NoSurvey />
      ) : (
        <Waiting lines={6} />
      )}
    </Frame>
  )
}

function Asking({ survey, company, phoneUrl }: { survey: Survey; company: string; phoneUrl: string | null }) {
  const content = survey.content ?? survey.draft
  const answers = useQuery({
    queryKey: ['responses', survey.id, 'latest'],
    queryFn: () => api.surveys.responses({ params: { id: survey.id }, query: { limit: 1 } }),
    enabled: survey.identity === 'identified',
  })
  const answer = answers.data?.items[0]
  const question = withCompany(content?.score.text[language()] ?? content?.score.text.en ?? '', company)
  return (
    <>
      <ol className="st-steps">
        <li data-state="done">
          <h2>
            {t('start.nameStep')} <Icon name="check" />
          </h2>
          <p className="st-said">{company}</p>
          <p>
            <Link to="/settings/$part" params={{ part: 'company' }}>
              {t('start.change')}
            </Link>
          </p>
        </li>
        <li data-state="done">
          <h2>
            {t('start.stepName.question')} <Icon name="check" />
          </h2>
          <p className="st-said">{question}</p>
          <p className="quiet">
            {content &&
              t('start.scaleIn', {
                min: content.score.scale.min,
                max: content.score.scale.max,
                languages: list(content.languages.map(languageName)),
              })}{' '}
            <Link to="/surveys/$id" params={{ id: survey.id }}>
              {t('start.change')}
            </Link>
          </p>
        </li>
        <li aria-current={answer ? undefined : 'step'} data-state={answer ? 'done' : undefined}>
          <h2>
            {t('start.askStep')} {answer && <Icon name="check" />}
          </h2>
          {survey.url === null ? (
            <p>{t('surveys.noAddress')}</p>
          ) : (
            <Ways survey={survey} own={survey.url} phoneUrl={phoneUrl} />
          )}
        </li>
      </ol>
      <Listening survey={survey} answer={answer} />
    </>
  )
}

function Ways({ survey, own, phoneUrl }: { survey: Survey; own: string; phoneUrl: string | null }) {
  const { hostname, pathname } = new URL(own)
  const near = hostname === 'localhost' && phoneUrl !== null
  const url = near ? phoneUrl + pathname : own
  const reachable = near || !/(^|\.)localhost$|^127\.|^\[::1\]$/.test(hostname)
  return (
    <>
      {reachable && (
        <div className="st-qr">
          <img src={`/api/v1/surveys/${survey.id}/qr.svg`} alt={t('start.qr')} width="136" height="136" />
          <p className="quiet">{near ? t('start.sameNetwork') : t('start.scan')}</p>
        </div>
      )}
      <div className="st-copy">
        <label className="visually-hidden" htmlFor="link">
          {t('start.link')}
        </label>
        <input type="text" className="input" id="link" readOnly value={url.replace(/^http:\/\//, '')} />
        <CopyButton text={url} field="link" />
      </div>
      {!reachable && (
        <p>
          <a href={own} target="_blank" rel="noreferrer">
            {t('start.openHere')}
          </a>
        </p>
      )}
    </>
  )
}

function Listening({ survey, answer }: { survey: Survey; answer?: Response }) {
  return (
    <section className="st-live" aria-live="polite" data-heard={answer ? '' : undefined}>
      <span className="st-dot" aria-hidden="true" />
      {answer ? (
        <div className="st-answer">
          <p>
            <span className="effort" data-step={answer.effortStep}>
              {t('insight.scoreOf', {
                score: answer.score,
                max: (survey.content ?? survey.draft)?.score.scale.max ?? 10,
              })}
            </span>{' '}
            <strong>{t('start.firstAnswer', { count: survey.answers })}</strong>
          </p>
          {answer.comment && <p className="voice">{answer.comment}</p>}
          <p className="quiet">{t('start.wasItYou')}</p>
        </div>
      ) : (
        <p>
          {rich('start.noAnswerYet', {
            b: (words) => <strong>{words}</strong>,
            q: (words) => <span className="quiet">{words}</span>,
          })}
        </p>
      )}
      {answer ? (
        <Link className="button" data-tone="accent" to="/effort" search={{ survey: survey.key }}>
          {t('start.seeEffort')}
        </Link>
      ) : (
        <Link className="button" to="/surveys/$id" params={{ id: survey.id }} search={{ part: 'ask' }}>
          {t('start.byMail')}
        </Link>
      )}
    </section>
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

function Foot() {
  return (
    <>
      <div className="cluster">
        <span>{t('start.curious')}</span> <DemoButton label={t('start.openDemo')} />
      </div>
      <p className="cluster">
        <Link to="/effort">{t('shell.effort')}</Link>
        <Link to="/settings/$part" params={{ part: 'company' }}>
          {t('shell.settings')}
        </Link>
      </p>
    </>
  )
}
