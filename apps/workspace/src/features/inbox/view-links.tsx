import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { t } from '../../platform/words.ts'
import { ownViewOf, ownViews, type InboxSearch, type OwnView } from './inbox-search.ts'
import { countsQuery, viewsQuery, writeCount } from './views.ts'

/** One's own lists, then those that were saved. */
export function ViewLinks({ search, onPick }: { search: InboxSearch; onPick?: () => void }) {
  const { data: views } = useQuery(viewsQuery)
  const { data: counts } = useQuery(countsQuery)
  const current = ownViewOf(search)
  const counted = (view: OwnView) => (view === 'solved' || view === 'spam' ? undefined : counts?.[view])
  return (
    <>
      {ownViews.map((view) => (
        <Link
          key={view}
          className="in-view"
          to="/tickets"
          search={{ view }}
          activeProps={{}}
          aria-current={search.find === undefined && current === view ? 'page' : undefined}
          onClick={onPick}
        >
          {t(`inbox.view.${view}`)}
          <Count count={counted(view)} />
        </Link>
      ))}
      {views?.map(({ id, name, count }) => (
        <Link
          key={id}
          className="in-view"
          to="/tickets"
          search={{ view: id }}
          aria-current={search.find === undefined && search.view === id ? 'page' : undefined}
          onClick={onPick}
        >
          <span className="in-view-name">{name}</span>
          <Count count={count} />
        </Link>
      ))}
    </>
  )
}

/** How many stand there; nothing is said of none, so that what waits is seen. */
function Count({ count }: { count: number | null | undefined }) {
  return count ? <span className="count">{writeCount(count)}</span> : null
}
