import { incomingOutcomes } from '@lahko/contract/mailboxes'
import type { IncomingMail, Mailbox } from '@lahko/contract'
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { api } from '../../platform/api.ts'
import { ago, moment } from '../../platform/format.ts'
import { Icon } from '../../platform/icon.tsx'
import { useNow } from '../../platform/now.ts'
import { Empty, Failed, Waiting } from '../../platform/states.tsx'
import { t } from '../../platform/words.ts'
import { More } from '../insight/more.tsx'
import { useMay, useTitle } from '../shell/me.ts'
import './features.css'
import { IncomingBadge } from './incoming-badge.tsx'
import { IncomingDialog } from './incoming-dialog.tsx'
import { MailboxCounts } from './mailbox-counts.tsx'

const route = getRouteApi('/inside/incoming')

/** Every message that came in, newest first, and what became of it. */
export function IncomingPage() {
  const { outcome, mailbox, mail } = route.useSearch()
  const navigate = route.useNavigate()
  useTitle(t('mailboxes.incoming'))
  const mails = useInfiniteQuery({
    queryKey: ['mails', 'incoming', outcome, mailbox],
    queryFn: ({ pageParam, signal }) => api.mailboxes.ledger({ query: { outcome, mailbox, after: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    placeholderData: keepPreviousData,
  })
  const rows = mails.data?.pages.flatMap(({ items }) => items)
  const opened = rows?.find(({ id }) => id === mail)
  const open = (id: string | undefined) => void navigate({ search: { outcome, mailbox, mail: id } })
  return (
    <div className="ib">
      <div className="ib-head">
        <h1>{t('mailboxes.incoming')}</h1>
        <fieldset className="chips" aria-label={t('mailboxes.whichMails')}>
          {incomingOutcomes.map((one) => (
            <button
              key={one}
              type="button"
              className="chip"
              data-size="small"
              aria-pressed={outcome === one}
              onClick={() => void navigate({ search: { mailbox, outcome: outcome === one ? undefined : one } })}
            >
              {t(`mailboxes.outcome.${one}`)}
            </button>
          ))}
        </fieldset>
      </div>
      <Agreement chosen={mailbox} onChoose={(id) => void navigate({ search: { outcome, mailbox: id } })} />
      {mails.isError && <Failed error={mails.error} retry={() => void mails.refetch()} />}
      {mails.isPending && <Waiting lines={6} />}
      {rows?.length === 0 &&
        (outcome ? (
          <p className="quiet">{t('mailboxes.noneSuch')}</p>
        ) : (
          <Empty icon="inbox" title={t('mailboxes.nothingCame')}>
            {t('mailboxes.nothingCameWhy')}
          </Empty>
        ))}
      <ul className="rows" aria-busy={mails.isPlaceholderData}>
        {rows?.map((one) => (
          <Row key={one.id} mail={one} onOpen={() => open(one.id)} />
        ))}
      </ul>
      <More {...mails} />
      {opened && <IncomingDialog mail={opened} onClose={() => open(undefined)} />}
    </div>
  )
}

/** Per mailbox whether the ledger has all that the server has. */
function Agreement({ chosen, onChoose }: { chosen?: string; onChoose: (id: string | undefined) => void }) {
  const mayManage = useMay('tickets.manage')
  const mailboxes = useQuery({
    queryKey: ['mailboxes'],
    queryFn: ({ signal }) => api.mailboxes.list({ query: { limit: 200 }, signal }),
    enabled: mayManage,
  })
  if (!mailboxes.data?.items.length) return null
  return (
    <ul className="ib-boxes">
      {mailboxes.data.items.map((one: Mailbox) => (
        <li key={one.id} className="ib-box">
          <button
            type="button"
            className="chip"
            data-size="small"
            aria-pressed={chosen === one.id}
            onClick={() => onChoose(chosen === one.id ? undefined : one.id)}
          >
            {one.address}
          </button>
          <MailboxCounts mailbox={one} />
        </li>
      ))}
    </ul>
  )
}

function Row({ mail, onOpen }: { mail: IncomingMail; onOpen: () => void }) {
  const now = useNow()
  const { outcome, sender, subject, ticket, receivedAt, says } = mail
  return (
    <li className="row">
      <span className="row-lead">
        <Icon name="inbox" />
      </span>
      <span className="ib-words">
        <button type="button" className="row-title ib-open" onClick={onOpen}>
          {subject || t('mailboxes.noSubject')}
        </button>{' '}
        <span className="row-text ib-line">
          {[sender, ticket && `#${ticket.number}`, says].filter(Boolean).join(' · ')}
        </span>
      </span>
      <span className="row-end ib-end">
        <IncomingBadge outcome={outcome} />
        <time dateTime={receivedAt} title={moment(receivedAt)}>
          {ago(receivedAt, now)}
        </time>
      </span>
    </li>
  )
}
