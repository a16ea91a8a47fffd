import { useInfiniteQuery } from '@tanstack/react-query'
import { api } from '../../platform/api.ts'
import { ago } from '../../platform/format.ts'
import { useNow } from '../../platform/now.ts'
import { Failed, Waiting } from '../../platform/states.tsx'
import { t } from '../../platform/words.ts'
import { MoreButton } from '../insight/more.tsx'

const atOnce = 20

/** What a help desk sent to an address and nothing became of, with why, newest first. */
export function UntakenDeliveries({ hookId }: { hookId: string }) {
  const now = useNow()
  const untaken = useInfiniteQuery({
    queryKey: ['inbound', 'untaken', hookId],
    queryFn: ({ pageParam, signal }) =>
      api.touchpoints.listUntaken({ params: { id: hookId }, query: { limit: atOnce, after: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
  })
  const rows = untaken.data?.pages.flatMap(({ items }) => items)
  return (
    <div className="stack">
      <p className="quiet">{t('touchpoints.untakenIs')}</p>
      {untaken.isError && <Failed error={untaken.error} retry={() => void untaken.refetch()} />}
      {untaken.isPending && <Waiting />}
      {rows?.length === 0 && <p>{t('touchpoints.nothingUntaken')}</p>}
      <ul className="rows">
        {rows?.map(({ id, at, reason, ticket, status }) => (
          <li key={id} className="tp-hook">
            <span>{t(`touchpoints.untakenBecause.${reason}`)}</span>
            <span className="quiet">{[ticket, status, ago(at, now)].filter((part) => part !== null).join(' · ')}</span>
          </li>
        ))}
      </ul>
      <MoreButton {...untaken} label={t('touchpoints.moreUntaken')} />
    </div>
  )
}
