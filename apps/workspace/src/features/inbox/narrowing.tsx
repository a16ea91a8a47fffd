import type { TicketView } from '@lahko/contract'
import { readCondition, writeCondition, type ConditionName } from '@lahko/contract/ticket-conditions'
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { Icon } from '../../platform/icon.tsx'
import { MenuItem, Popover } from '../../platform/popover.tsx'
import { t } from '../../platform/words.ts'
import { useSaying } from './condition-words.ts'
import { membersQuery } from './members.ts'
import { pick } from './picking.ts'
import {
  channels,
  conditionsIn,
  openStatuses,
  ownViewOf,
  priorities,
  savedView,
  sortOf,
  sorts,
  type InboxSearch,
} from './inbox-search.ts'

const route = getRouteApi('/inside/tickets')
type Props = { search: InboxSearch; views: readonly TicketView[] | undefined }

/** The order of a list, and by what it is narrowed. */
export function Order({ search, views }: Props) {
  const now = sortOf(search, views)
  if (search.find !== undefined) return <span className="push" />
  return (
    <span className="push in-order">
      <Popover
        size="small"
        tone="plain"
        label={
          <>
            <Icon name="sort" />
            <span className="in-cut">{t(`inbox.sort.${now}`)}</span>
          </>
        }
        name={t('inbox.sortAndNarrow', { sort: t(`inbox.sort.${now}`) })}
      >
        {(close) => (
          <>
            <Sorts now={now} onPick={close} />
            <hr />
            <MenuItem icon="search" onPick={() => (close(), pick('narrow', []))} end={<span className="kbd">l</span>}>
              {t('inbox.narrowMore')}
            </MenuItem>
            <QuickConditions search={search} onPick={close} />
          </>
        )}
      </Popover>
    </span>
  )
}

/** The orders there are, and the one that is chosen the other way round. */
function Sorts({ now, onPick }: { now: ReturnType<typeof sortOf>; onPick: () => void }) {
  const navigate = route.useNavigate()
  const [one, other] = sorts.find((pair) => pair.some((sort) => sort === now))!
  const take = (sort: typeof now) => {
    onPick()
    void navigate({ search: (before) => ({ ...before, sort }) })
  }
  return (
    <>
      {sorts.map((pair) => {
        const sort = pair.find((each) => each === now) ?? pair[0]
        return (
          <MenuItem key={pair[0]} chosen={sort === now} onPick={() => take(sort)}>
            {t(`inbox.sort.${sort}`)}
          </MenuItem>
        )
      })}
      <MenuItem icon="undo" onPick={() => take(now === one ? other : one)}>
        {t('inbox.sortTurned')}
      </MenuItem>
    </>
  )
}

/** What lists are narrowed by most, each with one press. */
function QuickConditions({ search, onPick }: { search: InboxSearch; onPick: () => void }) {
  const navigate = route.useNavigate()
  const { data, hasNextPage } = useInfiniteQuery(membersQuery('', 'tickets.write'))
  const members = data?.pages[0]?.items ?? []
  const view = ownViewOf(search)
  const turn = (name: ConditionName, condition: string) => {
    onPick()
    const others = (search.where ?? []).filter((one) => readCondition(one)?.name !== name)
    const where = search.where?.includes(condition) ? others : [...others, condition]
    void navigate({ search: (before) => ({ ...before, where }) })
  }
  const item = (name: ConditionName, value: string | null, label: string) => {
    const condition = writeCondition(
      value === null ? { name, test: 'empty', values: [] } : { name, test: 'any', values: [value] },
    )
    return (
      <MenuItem key={condition} chosen={search.where?.includes(condition)} onPick={() => turn(name, condition)}>
        {label}
      </MenuItem>
    )
  }
  return (
    <>
      {view !== 'solved' && view !== 'spam' && (
        <>
          <hr />
          <p className="label">{t('inbox.onlyStatus')}</p>
          {openStatuses.map((status) => item('status', status, t(`inbox.status.${status}`)))}
        </>
      )}
      <hr />
      <p className="label">{t('inbox.onlyPriority')}</p>
      {priorities.map((priority) => item('priority', priority, t(`inbox.priority.${priority}`)))}
      <hr />
      <p className="label">{t('inbox.onlyChannel')}</p>
      {channels.map((channel) => item('channel', channel, t(`inbox.channel.${channel}`)))}
      {view !== 'mine' && view !== 'nobody' && (
        <>
          <hr />
          <p className="label">{t('inbox.onlyOwner')}</p>
          {members.map(({ id, name }) => item('owner', id, name))}
          {item('owner', null, t('inbox.nobody'))}
          {hasNextPage && (
            <MenuItem icon="search" onPick={() => (onPick(), pick('whose', []))}>
              {t('inbox.anotherMember')}
            </MenuItem>
          )}
        </>
      )}
    </>
  )
}

/** What the list is narrowed by, each to be taken out again. */
export function Narrowed({ search }: { search: InboxSearch }) {
  const navigate = route.useNavigate()
  const { where = [], instead } = search
  const conditions = conditionsIn(search)
  const say = useSaying(conditions)
  if (conditions.length === 0 && !instead) return null
  const rest = (without: string) => where.filter((one) => one !== without)
  return (
    <div className="in-narrowed">
      {conditions.map((condition) => {
        const written = writeCondition(condition)
        const name = say(condition)
        return (
          <button
            key={written}
            type="button"
            className="chip"
            data-size="small"
            aria-label={t('inbox.takeOut', { name })}
            onClick={() => void navigate({ search: (before) => ({ ...before, where: rest(written) }) })}
          >
            {name} <Icon name="cross" />
          </button>
        )
      })}
      {instead && (
        <button
          type="button"
          className="button"
          data-size="small"
          data-tone="plain"
          onClick={() => void navigate({ search: (before) => ({ ...before, where: undefined, instead: undefined }) })}
        >
          {t('inbox.asSaved')}
        </button>
      )}
    </div>
  )
}

/** That a view asks for what is not there any more, which is left out. */
export function Lost({ search, views }: Props) {
  const saved = search.instead || search.find !== undefined ? undefined : savedView(search, views)
  if (!saved || saved.lost.length === 0) return null
  return <output className="in-lost quiet">{t('inbox.lost', { count: saved.lost.length })}</output>
}
