import { Link } from '@tanstack/react-router'
import { Empty } from '../../platform/states.tsx'
import { t } from '../../platform/words.ts'
import { isNarrowed, ownViewOf, type InboxSearch } from './inbox-search.ts'

/** Why a list is empty, and where to look next. */
export function NothingListed({ search, gone }: { search: InboxSearch; gone: boolean }) {
  if (gone) return <Gone />
  if (search.find !== undefined) return <Less search={search} why={t('inbox.foundNone', { text: search.find })} />
  const view = ownViewOf(search)
  if (isNarrowed(search)) return <Less search={search} why={t('inbox.narrowedNone')} />
  const elsewhere =
    view === 'mine' ? (
      <Link to="/tickets" search={{ view: 'all' }}>
        {t('inbox.seeAll')}
      </Link>
    ) : undefined
  return (
    <div className="in-none">
      <Empty icon="tray" title={t(`inbox.none.${view ?? 'saved'}`)} action={elsewhere}>
        {t(`inbox.noneWhy.${view ?? 'saved'}`)}
      </Empty>
    </div>
  )
}

/** The saved view is not there. */
function Gone() {
  return (
    <div className="in-none">
      <Empty
        icon="tray"
        title={t('inbox.viewGone')}
        action={
          <Link className="button" data-size="small" to="/tickets" search={{ view: 'mine' }}>
            {t('inbox.toView', { name: t('inbox.view.mine') })}
          </Link>
        }
      >
        {t('inbox.viewGoneWhy')}
      </Empty>
    </div>
  )
}

/** The view has more than what was asked of it. */
function Less({ search: { view }, why }: { search: InboxSearch; why: string }) {
  return (
    <div className="in-none stack">
      <p className="quiet">{why}</p>
      <p>
        <Link className="button" data-size="small" to="/tickets" search={{ view }}>
          {t('inbox.wholeList')}
        </Link>
      </p>
    </div>
  )
}
