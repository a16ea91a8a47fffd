import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import type { Ticket } from '@lahko/contract'
import { useAction } from '../../platform/actions.ts'
import { problemOf } from '../../platform/api.ts'
import { Empty, Failed, Waiting } from '../../platform/states.tsx'
import { t } from '../../platform/words.ts'
import { useMay, useTitle } from '../shell/me.ts'
import { Composer } from './composer.tsx'
import { Conversation } from './conversation.tsx'
import { ticketQuery } from './inbox-data.ts'
import { focusReading } from './keep-end.ts'
import { focusRow } from './list-keys.ts'
import { Presence } from './presence.tsx'
import { SidePanel } from './side-panel.tsx'
import { TicketBar } from './ticket-bar.tsx'
import { TicketHead } from './ticket-head.tsx'

const route = getRouteApi('/inside/tickets/$id')

/** The ticket that is open: its conversation, where one writes, and what is known of whom it is with. */
export function TicketPane() {
  const { id } = route.useParams()
  const ticket = useQuery(ticketQuery(id))
  useTitle(ticket.data ? `${ticket.data.subject} · ${ticket.data.number}` : t('inbox.ticket'))
  useBack(id)
  if (ticket.data) return <OpenTicket key={id} ticket={ticket.data} />
  return (
    <section className="in-main" aria-label={t('inbox.ticket')}>
      {ticket.isPending && <Waiting lines={6} />}
      {problemOf(ticket.error)?.status === 404 ? (
        <div className="in-none">
          <Empty page icon="tray" title={t('inbox.gone')} action={<BackLink />}>
            {t('inbox.goneWhy')}
          </Empty>
        </div>
      ) : (
        ticket.isError && <Failed error={ticket.error} retry={() => void ticket.refetch()} />
      )}
    </section>
  )
}

function OpenTicket({ ticket }: { ticket: Ticket }) {
  const mayWrite = useMay('tickets.write')
  useEffect(() => {
    // The page takes the keyboard when its address changes: after that.
    const later = setTimeout(() => !document.activeElement?.matches('input, textarea, select') && focusReading())
    return () => clearTimeout(later)
  }, [])
  return (
    <>
      <section className="in-main" aria-label={t('inbox.ticket')}>
        <TicketBar ticket={ticket} />
        <section className="in-body" aria-label={t('inbox.conversation')} tabIndex={0}>
          <TicketHead ticket={ticket} />
          <Presence ticket={ticket} />
          <Conversation ticket={ticket} />
        </section>
        {mayWrite && <Composer ticket={ticket} />}
      </section>
      <SidePanel ticket={ticket} />
    </>
  )
}

function BackLink() {
  return (
    <Link className="button" to="/tickets" search={true}>
      {t('inbox.backToList')}
    </Link>
  )
}

/** Escape goes back to the list, to the very line. */
function useBack(id: string): void {
  const navigate = useNavigate()
  const back = async () => {
    await navigate({ to: '/tickets', search: true })
    setTimeout(() => focusRow(id))
  }
  useAction({
    id: 'in.back',
    group: t('inbox.inbox'),
    name: t('inbox.backToList'),
    icon: 'left',
    keys: 'Escape',
    run: () => void back(),
  })
}
