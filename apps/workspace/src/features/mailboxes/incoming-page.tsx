import { incomingOutcomes } from '@lahko/contract/mailboxes'
import type { IncomingMail, Mailbox } from '@lahko/contract'
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { api } from '../../platform/api.ts'
import { Empty, Failed, Waiting } from '../../platform/states.tsx'
import { t } from '../../platform/words.ts'
import { More } from '../insight/more.tsx'
import { FilterChip, MailFilter, MailLine } from '../mails/mail-list.tsx'
import { useMay, useTitle } from '../shell/me.ts'
import './features.css'
import { asideBecause, IncomingBadge } from './incoming-badge.tsx'
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
    <div className="p-page">
      <div className="p-head">
        <h1>{t('mailboxes.incoming')}</h1>
        <MailFilter
          label={t('mailboxes.whichMails')}
          values={incomingOutcomes}
          chosen={outcome}
          name={(one) => t(`mailboxes.outcome.${one}`)}
          onChoose={(one) => void navigate({ search: { mailbox, outcome: one } })}
        />
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
          <FilterChip on={chosen === one.id} onChange={(on) => onChoose(on ? one.id : undefined)}>
            {one.address}
          </FilterChip>
          <MailboxCounts mailbox={one} />
        </li>
      ))}
    </ul>
  )
}

function Row({ mail, onOpen }: { mail: IncomingMail; onOpen: () => void }) {
  const { outcome, reason, sender, subject, ticket, receivedAt, says } = mail
  const why = outcome === 'set_aside' ? asideBecause(reason) : says
  return (
    <MailLine
      icon="inbox"
      title={subject || t('mailboxes.noSubject')}
      text={[sender, ticket && `#${ticket.number}`, why].filter(Boolean).join(' · ')}
      badge={<IncomingBadge outcome={outcome} />}
      at={receivedAt}
      onOpen={onOpen}
    />
  )
}
