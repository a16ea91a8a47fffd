import type { TicketView } from '@lahko/contract'
import { getRouteApi, useParams } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Popover } from '../../platform/popover.tsx'
import { t } from '../../platform/words.ts'
import type { InboxSearch } from './inbox-search.ts'
import { FindTickets } from './find-tickets.tsx'
import { Lost, Narrowed, Order } from './narrowing.tsx'
import { NextButton } from './next-button.tsx'
import { ViewMenu } from './view-menu.tsx'
import { ViewLinks } from './view-links.tsx'
import { useViewCount, useViewName } from './views.ts'

const route = getRouteApi('/inside/tickets')
type Props = { search: InboxSearch; views: readonly TicketView[] | undefined }

/** What is listed, in which order, and how to narrow it. */
export function ListBar({ search, views, children }: Props & { children: ReactNode }) {
  const name = useViewName(search)
  const count = useViewCount(search)
  const navigate = route.useNavigate()
  const { id: open } = useParams({ strict: false })
  const Title = open ? 'h2' : 'h1'
  return (
    <div className="in-list-head">
      <div className="in-bar">
        <Title>{search.find ? t('inbox.found') : name}</Title>
        {count && <span className="count">{count}</span>}
        <span className="in-views">
          <Popover size="small" tone="plain" iconOnly arrow label={null} name={t('inbox.chooseView', { name })}>
            {(close) => (
              <nav className="nav" aria-label={t('inbox.views')}>
                <ViewLinks search={search} onPick={close} />
              </nav>
            )}
          </Popover>
        </span>
        <Order search={search} views={views} />
        <ViewMenu search={search} views={views} />
        <NextButton />
      </div>
      <FindTickets
        text={search.find}
        onFind={(find) => void navigate({ search: (before) => ({ ...before, find }), replace: true })}
      />
      <Narrowed search={search} />
      <Lost search={search} views={views} />
      {children}
    </div>
  )
}
