import type { Mail } from '@lahko/contract'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { api } from '../../platform/api.ts'
import { ago, moment } from '../../platform/format.ts'
import { Icon } from '../../platform/icon.tsx'
import { useNow } from '../../platform/now.ts'
import { Banner, Empty, Failed, Waiting } from '../../platform/states.tsx'
import { t } from '../../platform/words.ts'
import { More } from '../insight/more.tsx'
import { useTitle } from '../shell/me.ts'
import './features.css'
import { MailDialog } from './mail-dialog.tsx'
import { MailStateBadge, reasonOf } from './mail-state-badge.tsx'
import { mailStates } from './outbox-search.ts'

const route = getRouteApi('/inside/outbox')

/** What was sent to customers or is to be sent, newest first. */
export function OutboxPage() {
  const { state, to, mail } = route.useSearch()
  const navigate = route.useNavigate()
  useTitle(t('mails.outbox'))
  const mails = useInfiniteQuery({
    queryKey: ['mails', 'all', state, to],
    queryFn: ({ pageParam, signal }) =>
      api.mails.list({ query: { state, to: to ?? readerOf(state), after: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    placeholderData: keepPreviousData,
  })
  const rows = mails.data?.pages.flatMap(({ items }) => items)
  const open = (id: string | undefined) => void navigate({ search: { state, to, mail: id } })
  return (
    <div className="ma">
      <div className="ma-head">
        <h1>{t('mails.outbox')}</h1>
        <fieldset className="chips" aria-label={t('mails.which')}>
          {mailStates.map((one) => (
            <button
              key={one}
              type="button"
              className="chip"
              data-size="small"
              aria-pressed={state === one}
              onClick={() => void navigate({ search: { state: state === one ? undefined : one, to } })}
            >
              {t(`mails.state.${one}`)}
            </button>
          ))}
          <button
            type="button"
            className="chip"
            data-size="small"
            aria-pressed={to === 'members'}
            onClick={() => void navigate({ search: { state, to: to ? undefined : 'members' } })}
          >
            {t('mails.toMembers')}
          </button>
        </fieldset>
      </div>
      {mails.data?.pages[0]?.server === false && (
        <Banner tone="warn">
          <p>{t('mails.noServer')}</p>
        </Banner>
      )}
      {mails.isError && <Failed error={mails.error} retry={() => void mails.refetch()} />}
      {mails.isPending && <Waiting lines={6} />}
      {rows?.length === 0 &&
        (state || to ? (
          <p className="quiet">{t('mails.noneSuch')}</p>
        ) : (
          <Empty icon="mail" title={t('mails.none')}>
            {t('mails.noneWhy')}
          </Empty>
        ))}
      <ul className="rows" aria-busy={mails.isPlaceholderData}>
        {rows?.map((one) => (
          <Row key={one.id} mail={one} onOpen={() => open(one.id)} />
        ))}
      </ul>
      <More {...mails} />
      {mail && <MailDialog id={mail} onClose={() => open(undefined)} />}
    </div>
  )
}

/** What did not arrive is of interest whoever should have read it. */
function readerOf(state: Mail['state'] | undefined): 'customers' | undefined {
  return state === 'failed' || state === 'uncertain' ? undefined : 'customers'
}

function Row({ mail, onOpen }: { mail: Mail; onOpen: () => void }) {
  const now = useNow()
  const { recipient, subject, state, reply, createdAt, cameBack } = mail
  const why = cameBack ? reasonOf(cameBack) : state !== 'sent' && reply
  return (
    <li className="row">
      <span className="row-lead">
        <Icon name="mail" />
      </span>
      <span className="ma-words">
        <button type="button" className="row-title ma-open" onClick={onOpen}>
          {subject}
        </button>{' '}
        <span className="row-text">
          {recipient}
          {why && ` · ${why}`}
        </span>
      </span>
      <span className="row-end ma-end">
        <MailStateBadge mail={mail} />
        <time dateTime={createdAt} title={moment(createdAt)}>
          {ago(createdAt, now)}
        </time>
      </span>
    </li>
  )
}
