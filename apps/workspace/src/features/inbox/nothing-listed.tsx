import { Link } from '@tanstack/react-router'
import { Empty } from '../../platform/states.tsx'
import { t } from '../../platform/words.ts'
import { isNarrowed, ownViewOf, type InboxSearch } from './inbox-search.ts'

/** Why a list is empty, and where to look next. */
export function NothingListed({ search }: { search: InboxSearch }) {
  if (search.find !== undefined) return <p className="quiet in-none">{t('inbox.foundNone', { text: search.find })}</p>
  const view = ownViewOf(search)
  if (isNarrowed(search)) return <p className="quiet in-none">{t('inbox.narrowedNone')}</p>
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
