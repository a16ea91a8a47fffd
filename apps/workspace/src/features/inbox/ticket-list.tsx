import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi, useParams } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import type { TicketLine } from '@lahko/contract'
import { api } from '../../platform/api.ts'
import { useNow } from '../../platform/now.ts'
import { Failed, Waiting } from '../../platform/states.tsx'
import { t } from '../../platform/words.ts'
import { BulkBar } from './bulk-bar.tsx'
import { filterOf, isGone, ownViewOf, sortOf, type InboxSearch } from './inbox-search.ts'
import { listQuery } from './inbox-data.ts'
import { ListBar } from './list-bar.tsx'
import { useListKeys } from './list-keys.ts'
import { NothingListed } from './nothing-listed.tsx'
import { clearSelection, keepSelected, useSelection } from './selection.ts'
import { TicketRow } from './ticket-row.tsx'
import { viewsQuery } from './views.ts'

const route = getRouteApi('/inside/tickets')

/** The tickets of a view, or those that some words find. */
export function TicketList() {
  const search = route.useSearch()
  const { data: views } = useQuery(viewsQuery)
  const gone = isGone(search, views)
  const listed = useTickets(search, views)
  const { id: open } = useParams({ strict: false })
  const now = useNow()
  const selection = useSelection()
  const { sort: _, ...which } = search
  useEffect(clearSelection, [JSON.stringify(which)])
  // What stood in a view that was removed meanwhile is in no list.
  const rows = gone ? [] : listed.rows
  const ids = rows?.map(({ id }) => id) ?? []
  const shown = rows && !listed.old ? ids.join() : undefined
  useEffect(() => {
    if (shown !== undefined) keepSelected(shown.split(','))
  }, [shown])
  useListKeys(ids)
  const ownerShown = ownViewOf(search) !== 'mine'
  return (
    <section className="in-list" aria-label={t('inbox.tickets')} tabIndex={0}>
      <ListBar search={search} views={views}>
        {selection.size > 0 && <BulkBar ids={ids} />}
      </ListBar>
      {listed.error !== null && <Failed error={listed.error} retry={listed.retry} />}
      {rows === undefined && listed.error === null && <Waiting lines={6} />}
      {rows?.length === 0 && <NothingListed search={search} gone={gone} />}
      <ul data-selecting={selection.size > 0 || undefined} aria-busy={listed.old || undefined}>
        {rows?.map((ticket) => (
          <TicketRow
            key={ticket.id}
            ticket={ticket}
            now={now}
            current={ticket.id === open}
            selected={selection.has(ticket.id)}
            ownerShown={ownerShown}
            ids={ids}
          />
        ))}
      </ul>
      {listed.more && !gone && <MoreRows onMore={listed.more} />}
    </section>
  )
}

type Listed = { rows?: TicketLine[]; error: unknown; old: boolean; retry: () => void; more?: () => void }

function useTickets(search: InboxSearch, views: Parameters<typeof filterOf>[1]): Listed {
  const { find } = search
  const list = useInfiniteQuery({
    ...listQuery(find ? undefined : filterOf(search, views), sortOf(search, views)),
    placeholderData: keepPreviousData,
  })
  const found = useQuery({
    queryKey: ['tickets', 'found', find],
    queryFn: ({ signal }) => api.tickets.search({ query: { query: find ?? '', limit: 50 }, signal }),
    enabled: find !== undefined,
    placeholderData: keepPreviousData,
  })
  if (find) {
    const { data, error, isPlaceholderData, refetch } = found
    return { rows: data?.items, error, old: isPlaceholderData, retry: () => void refetch() }
  }
  const { data, error, isPlaceholderData, hasNextPage, isFetchingNextPage } = list
  return {
    rows: data?.pages.flatMap(({ items }) => items),
    error,
    old: isPlaceholderData,
    retry: () => void list.refetch(),
    more: hasNextPage && !isFetchingNextPage ? () => void list.fetchNextPage() : undefined,
  }
}

/** The next page comes when one scrolls to its end, or presses the button. */
function MoreRows({ onMore }: { onMore: () => void }) {
  const button = useRef<HTMLButtonElement>(null)
  const latest = useRef(onMore)
  useEffect(() => {
    latest.current = onMore
  })
  useEffect(() => {
    const watcher = new IntersectionObserver((seen) => seen.some((one) => one.isIntersecting) && latest.current(), {
      rootMargin: '300px',
    })
    if (button.current) watcher.observe(button.current)
    return () => watcher.disconnect()
  }, [])
  return (
    <div className="in-more">
      <button ref={button} type="button" className="button" data-size="small" onClick={onMore}>
        {t('inbox.more')}
      </button>
    </div>
  )
}
