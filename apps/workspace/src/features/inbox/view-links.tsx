import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { number } from '../../platform/format.ts'
import { t } from '../../platform/words.ts'
import { ownViewOf, ownViews, type InboxSearch } from './inbox-search.ts'
import { viewsQuery } from './views.ts'

/** More are not counted. */
const mostCounted = 1_000

/** One's own lists, then those that were saved. */
export function ViewLinks({ search, onPick }: { search: InboxSearch; onPick?: () => void }) {
  const { data: views } = useQuery(viewsQuery)
  const current = ownViewOf(search)
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
          {count !== null && <span className="count">{countOf(count)}</span>}
        </Link>
      ))}
    </>
  )
}

function countOf(count: number): string {
  return count >= mostCounted ? `${number(mostCounted)}+` : number(count)
}
