import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Icon } from '../../platform/icon.tsx'
import { t } from '../../platform/words.ts'
import { useMe } from '../shell/me.ts'
import { bellQuery } from './notice-data.ts'

/** Says how much is new, and leads to it; whoever listens hears the number when it changes. */
export function Bell({ quiet = false }: { quiet?: boolean }) {
  const { account } = useMe()
  const unseen = useQuery(bellQuery).data?.unseen ?? 0
  if (!account) return null
  const name = t('notices.bell', { count: unseen })
  return (
    <>
      <Link className="button sh-bell" data-tone="plain" data-size="small" data-icon to="/notices" aria-label={name}>
        <Icon name="bell" />
        {unseen > 0 && (
          <span className="sh-count" aria-hidden="true">
            {unseen > 99 ? '99+' : unseen}
          </span>
        )}
      </Link>
      {!quiet && <output className="visually-hidden">{unseen > 0 && name}</output>}
    </>
  )
}
