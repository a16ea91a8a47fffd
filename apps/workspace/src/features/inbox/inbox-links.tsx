import { Link, useRouterState } from '@tanstack/react-router'
import { Icon } from '../../platform/icon.tsx'
import { t } from '../../platform/words.ts'
import { readInboxSearch } from './inbox-search.ts'
import { ViewLinks } from './view-links.tsx'

/** The desk's place in the sidebar; while one is there, its lists stand below it. */
export function InboxLinks() {
  const inside = useRouterState({ select: ({ location }) => /^\/tickets(\/|$)/.test(location.pathname) })
  const search = useRouterState({ select: ({ location }) => readInboxSearch(location.search) })
  return (
    <>
      <Link to="/tickets" activeProps={{}} data-open={inside || undefined}>
        <Icon name="tray" /> {t('inbox.inbox')}
      </Link>
      {inside && (
        <div className="in-places">
          <ViewLinks search={search} />
        </div>
      )}
    </>
  )
}
