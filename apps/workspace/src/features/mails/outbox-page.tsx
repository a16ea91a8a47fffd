import type { Mail } from '@lahko/contract'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { api } from '../../platform/api.ts'
import { Banner, Empty, Failed, Waiting } from '../../platform/states.tsx'
import { t } from '../../platform/words.ts'
import { More } from '../insight/more.tsx'
import { useTitle } from '../shell/me.ts'
import { isHindrance } from './hindrances.ts'
import { MailDialog } from './mail-dialog.tsx'
import { MailHindered } from './mail-hindered.tsx'
import { FilterChip, MailFilter, MailLine } from './mail-list.tsx'
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
    <div className="p-page">
      <div className="p-head">
        <h1>{t('mails.outbox')}</h1>
        <MailFilter
          label={t('mails.which')}
          values={mailStates}
          chosen={state}
          name={(one) => t(`mails.state.${one}`)}
          onChoose={(one) => void navigate({ search: { state: one, to } })}
        >
          <FilterChip
            on={to === 'members'}
            onChange={(on) => void navigate({ search: { state, to: on ? 'members' : undefined } })}
          >
            {t('mails.toMembers')}
          </FilterChip>
        </MailFilter>
      </div>
      {mails.data?.pages[0]?.server === false && (
        <Banner tone="warn">
          <p>{t('mails.noServer')}</p>
        </Banner>
      )}
      <MailHindered hindered={mails.data?.pages[0]?.hindered} />
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

/** A word of Lahko's own is a sentence; anything else is the server's. */
function saidOf(reply: string): string {
  return isHindrance(reply) ? t(`mails.not.${reply}`) : reply
}

/** What did not arrive is of interest whoever should have read it. */
function readerOf(state: Mail['state'] | undefined): 'customers' | undefined {
  return state === 'failed' || state === 'uncertain' ? undefined : 'customers'
}

function Row({ mail, onOpen }: { mail: Mail; onOpen: () => void }) {
  const { recipient, subject, state, reply, createdAt, cameBack } = mail
  const why = cameBack ? reasonOf(cameBack) : state !== 'sent' && reply !== null && saidOf(reply)
  return (
    <MailLine
      icon="mail"
      title={subject}
      text={[recipient, why].filter(Boolean).join(' · ')}
      badge={<MailStateBadge mail={mail} />}
      at={createdAt}
      onOpen={onOpen}
    />
  )
}
