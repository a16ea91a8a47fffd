import type { TicketView } from '@lahko/contract'
import { getRouteApi, useParams } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Icon } from '../../platform/icon.tsx'
import { MenuItem, Popover } from '../../platform/popover.tsx'
import { t } from '../../platform/words.ts'
import { openStatuses, ownViewOf, priorities, sortOf, sorts, type InboxSearch } from './inbox-search.ts'
import { FindTickets } from './find-tickets.tsx'
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
      {children}
    </div>
  )
}

function Order({ search, views }: Props) {
  const navigate = route.useNavigate()
  const now = sortOf(search, views)
  const unsolved = !['solved', 'spam'].includes(ownViewOf(search) ?? '')
  if (search.find !== undefined) return <span className="push" />
  const narrow = (part: Partial<InboxSearch>) => void navigate({ search: (before) => ({ ...before, ...part }) })
  return (
    <span className="push in-order">
      <Popover
        size="small"
        tone="plain"
        label={<span className="in-cut">{t(`inbox.sort.${now}`)}</span>}
        name={t('inbox.sortAndNarrow', { sort: t(`inbox.sort.${now}`) })}
      >
        {(close) => (
          <>
            {sorts.map((sort) => (
              <MenuItem key={sort} chosen={sort === now} onPick={() => (close(), narrow({ sort }))}>
                {t(`inbox.sort.${sort}`)}
              </MenuItem>
            ))}
            {unsolved && (
              <>
                <hr />
                <p className="label">{t('inbox.onlyStatus')}</p>
                {openStatuses.map((status) => (
                  <MenuItem
                    key={status}
                    chosen={search.status === status}
                    onPick={() => (close(), narrow({ status: search.status === status ? undefined : status }))}
                  >
                    {t(`inbox.status.${status}`)}
                  </MenuItem>
                ))}
              </>
            )}
            <hr />
            <p className="label">{t('inbox.onlyPriority')}</p>
            {priorities.map((priority) => (
              <MenuItem
                key={priority}
                chosen={search.priority === priority}
                onPick={() => (close(), narrow({ priority: search.priority === priority ? undefined : priority }))}
              >
                {t(`inbox.priority.${priority}`)}
              </MenuItem>
            ))}
          </>
        )}
      </Popover>
    </span>
  )
}

/** What the list is narrowed by, each to be taken out again. */
function Narrowed({ search }: { search: InboxSearch }) {
  const navigate = route.useNavigate()
  const parts = [
    ['status', search.status && t(`inbox.status.${search.status}`)],
    ['priority', search.priority && t(`inbox.priority.${search.priority}`)],
    ['tag', search.tag],
  ] as const
  if (parts.every(([, name]) => !name)) return null
  return (
    <div className="in-narrowed">
      {parts.map(
        ([part, name]) =>
          name && (
            <button
              key={part}
              type="button"
              className="chip"
              data-size="small"
              aria-label={t('inbox.takeOut', { name })}
              onClick={() => void navigate({ search: (before) => ({ ...before, [part]: undefined }) })}
            >
              {name} <Icon name="cross" />
            </button>
          ),
      )}
    </div>
  )
}
