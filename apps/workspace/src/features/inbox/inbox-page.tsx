import { getRouteApi, Outlet, useNavigate, useParams } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useAction } from '../../platform/actions.ts'
import { Empty } from '../../platform/states.tsx'
import { ToastPlace } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import { useTitle } from '../shell/me.ts'
import './features.css'
import './conversation.css'
import './composer.css'
import './compact.css'
import { useCompact } from './compact.ts'
import { setOpener } from './opening.ts'
import { Pickers } from './pickers.tsx'
import { TicketList } from './ticket-list.tsx'
import { UndoBar } from './undo-bar.tsx'
import { useViewName } from './views.ts'

const route = getRouteApi('/inside/tickets')

/** The desk: the list, and beside it the ticket that is open. */
export function InboxPage() {
  const { id } = useParams({ strict: false })
  const navigate = useNavigate()
  const [compact, setCompact] = useCompact()
  useAction({
    id: 'in.compact',
    group: t('inbox.inbox'),
    name: t(compact ? 'inbox.roomy' : 'inbox.compact'),
    icon: 'table',
    run: () => setCompact(!compact),
  })
  useEffect(() => {
    setOpener((wanted) =>
      wanted === undefined
        ? navigate({ to: '/tickets', search: true })
        : navigate({ to: '/tickets/$id', params: { id: wanted }, search: true }),
    )
    return () => setOpener(undefined)
  }, [navigate])
  return (
    <div className="in" data-open={id !== undefined || undefined} data-compact={compact || undefined}>
      <TicketList />
      <Outlet />
      <ToastPlace>
        <UndoBar />
      </ToastPlace>
      <Pickers openId={id} />
    </div>
  )
}

/** Beside the list while nothing is open. */
export function NothingOpen() {
  const name = useViewName(route.useSearch())
  useTitle(`${name} · ${t('inbox.inbox')}`)
  return (
    <section className="in-main in-nothing" aria-label={t('inbox.ticket')}>
      <Empty icon="tray" title={t('inbox.nothingOpen')}>
        {t('inbox.nothingOpenHow')}
      </Empty>
    </section>
  )
}
