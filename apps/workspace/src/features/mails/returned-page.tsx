import { returnedKinds } from '@lahko/contract/returned-mails'
import type { ReturnedMail } from '@lahko/contract'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { api } from '../../platform/api.ts'
import { Banner, Empty, Failed, Waiting } from '../../platform/states.tsx'
import { t } from '../../platform/words.ts'
import { More } from '../insight/more.tsx'
import { useTitle } from '../shell/me.ts'
import { MailFilter, MailLine } from './mail-list.tsx'
import { ReturnedBadge } from './returned-badge.tsx'
import { ReturnedDialog } from './returned-dialog.tsx'

const route = getRouteApi('/inside/returned')
const chips = returnedKinds.filter((kind) => kind !== 'unread')

/** What came back to mails, newest first. */
export function ReturnedPage() {
  const { kind, message } = route.useSearch()
  const navigate = route.useNavigate()
  useTitle(t('mails.cameBack'))
  const messages = useInfiniteQuery({
    queryKey: ['mails', 'returned', kind],
    queryFn: ({ pageParam, signal }) => api.returnedMails.list({ query: { kind, after: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    placeholderData: keepPreviousData,
  })
  const rows = messages.data?.pages.flatMap(({ items }) => items)
  const open = (id: string | undefined) => void navigate({ search: { kind, message: id } })
  return (
    <div className="p-page">
      <div className="p-head">
        <h1>{t('mails.cameBack')}</h1>
        <MailFilter
          label={t('mails.whichMessages')}
          values={chips}
          chosen={kind}
          name={(one) => t(`mails.returned.${one}`)}
          onChoose={(one) => void navigate({ search: { kind: one } })}
        />
      </div>
      {messages.data?.pages[0]?.receiving === false && (
        <Banner tone="warn">
          <p>{t('mails.notReceiving')}</p>
        </Banner>
      )}
      {messages.isError && <Failed error={messages.error} retry={() => void messages.refetch()} />}
      {messages.isPending && <Waiting lines={6} />}
      {rows?.length === 0 &&
        (kind ? (
          <p className="quiet">{t('mails.noneSuchMessage')}</p>
        ) : (
          <Empty icon="inbox" title={t('mails.nothingCameBack')}>
            {t('mails.nothingCameBackWhy')}
          </Empty>
        ))}
      <ul className="rows" aria-busy={messages.isPlaceholderData}>
        {rows?.map((one) => (
          <Row key={one.id} message={one} onOpen={() => open(one.id)} />
        ))}
      </ul>
      <More {...messages} />
      {message && <ReturnedDialog id={message} onClose={() => open(undefined)} />}
    </div>
  )
}

function Row({ message, onOpen }: { message: ReturnedMail; onOpen: () => void }) {
  const { kind, sender, subject, text, says, about, receivedAt } = message
  return (
    <MailLine
      icon="inbox"
      title={subject || t('mails.message')}
      text={[about?.recipient ?? sender, text || says].filter(Boolean).join(' · ')}
      badge={<ReturnedBadge kind={kind} />}
      at={receivedAt}
      onOpen={onOpen}
    />
  )
}
