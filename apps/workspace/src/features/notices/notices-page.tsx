import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { api } from '../../platform/api.ts'
import { moment } from '../../platform/format.ts'
import { Empty, Failed, Waiting } from '../../platform/states.tsx'
import { t } from '../../platform/words.ts'
import { More } from '../insight/more.tsx'
import { useTitle } from '../shell/me.ts'
import './features.css'
import { markSeen, unmute } from './notice-data.ts'
import { NoticeRow } from './notice-row.tsx'

/** What the member should know, newest first. To look at it is to have seen it. */
export function NoticesPage() {
  useTitle(t('notices.notices'))
  const notices = useInfiniteQuery({
    queryKey: ['notices', 'all'],
    queryFn: ({ pageParam, signal }) => api.notices.list({ query: { after: pageParam, limit: 30 }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
  })
  const rows = notices.data?.pages.flatMap(({ items }) => items)
  const newest = rows?.[0]
  // To look is to have seen; what was new when the page opened stays marked until it is left.
  const [fresh] = useState(() => new Set<string>())
  for (const { id, seen } of rows ?? []) if (!seen) fresh.add(id)
  useEffect(() => {
    if (newest && !newest.seen) void markSeen(newest.id)
  }, [newest])
  return (
    <div className="p-page no">
      <div className="p-head no-head">
        <h1>{t('notices.notices')}</h1>
        <Link to="/settings/$part" params={{ part: 'you' }}>
          {t('notices.choose')}
        </Link>
      </div>
      {notices.isError && <Failed error={notices.error} retry={() => void notices.refetch()} />}
      {notices.isPending && <Waiting lines={6} />}
      {rows?.length === 0 && (
        <Empty icon="bell" title={t('notices.none')}>
          {t('notices.noneWhy')}
        </Empty>
      )}
      <ul className="rows">
        {rows?.map((one) => (
          <NoticeRow key={one.id} notice={one} fresh={fresh.has(one.id)} />
        ))}
      </ul>
      <More {...notices} />
      <Mutes />
    </div>
  )
}

/** What the member hears nothing of, each undone with one click. */
function Mutes() {
  const mutes = useQuery({
    queryKey: ['notices', 'mutes'],
    queryFn: ({ signal }) => api.notices.mutes({ query: { limit: 200 }, signal }),
  })
  if (!mutes.data || mutes.data.items.length === 0) return null
  return (
    <section className="no-mutes" aria-labelledby="mutes">
      <h2 id="mutes">{t('notices.mutes')}</h2>
      <ul className="rows">
        {mutes.data.items.map(({ id, kind, topic, until }) => (
          <li className="row no-row" key={id}>
            <span className="no-words">
              <span className="row-title">{topic}</span>{' '}
              <span className="row-text">
                {t(`notices.kind.${kind}`)} ·{' '}
                {until ? t('notices.until', { when: moment(until) }) : t('notices.forGood')}
              </span>
            </span>
            <button type="button" className="button" data-size="small" onClick={() => void unmute(id)}>
              {t('notices.hearAgain')}
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
