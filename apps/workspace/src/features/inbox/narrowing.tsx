import type { TicketView } from '@lahko/contract'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { Icon } from '../../platform/icon.tsx'
import { MenuItem, Popover } from '../../platform/popover.tsx'
import { t } from '../../platform/words.ts'
import { membersQuery } from './inbox-data.ts'
import { languageIn, narrowingsQuery, useFieldName } from './narrowing-data.ts'
import { pick } from './picking.ts'
import { channels, openStatuses, ownViewOf, priorities, sortOf, sorts, type InboxSearch } from './inbox-search.ts'

const route = getRouteApi('/inside/tickets')
type Props = { search: InboxSearch; views: readonly TicketView[] | undefined }

/** The order of a list, and by what it is narrowed. */
export function Order({ search, views }: Props) {
  const navigate = route.useNavigate()
  const now = sortOf(search, views)
  const { data: members = [] } = useQuery(membersQuery)
  const unsolved = !['solved', 'spam'].includes(ownViewOf(search) ?? '')
  if (search.find !== undefined) return <span className="push" />
  const narrow = (part: Partial<InboxSearch>) => void navigate({ search: (before) => ({ ...before, ...part }) })
  return (
    <span className="push in-order">
      <Popover
        size="small"
        tone="plain"
        label={<span className="in-cut">{t(`inbox.sort.${now}`)}</span>}
        name={t('inbox.sortAndNarrow', { sort: t(`inbox.sort.${now}`) })}
      >
        {(close) => (
          <>
            {sorts.map((sort) => (
              <MenuItem key={sort} chosen={sort === now} onPick={() => (close(), narrow({ sort }))}>
                {t(`inbox.sort.${sort}`)}
              </MenuItem>
            ))}
            {unsolved && (
              <>
                <hr />
                <p className="label">{t('inbox.onlyStatus')}</p>
                {openStatuses.map((status) => (
                  <MenuItem
                    key={status}
                    chosen={search.status === status}
                    onPick={() => (close(), narrow({ status: search.status === status ? undefined : status }))}
                  >
                    {t(`inbox.status.${status}`)}
                  </MenuItem>
                ))}
              </>
            )}
            <hr />
            <p className="label">{t('inbox.onlyPriority')}</p>
            {priorities.map((priority) => (
              <MenuItem
                key={priority}
                chosen={search.priority === priority}
                onPick={() => (close(), narrow({ priority: search.priority === priority ? undefined : priority }))}
              >
                {t(`inbox.priority.${priority}`)}
              </MenuItem>
            ))}
            <hr />
            <p className="label">{t('inbox.onlyChannel')}</p>
            {channels.map((channel) => (
              <MenuItem
                key={channel}
                chosen={search.channel === channel}
                onPick={() => (close(), narrow({ channel: search.channel === channel ? undefined : channel }))}
              >
                {t(`inbox.channel.${channel}`)}
              </MenuItem>
            ))}
            <hr />
            <p className="label">{t('inbox.onlyOwner')}</p>
            {[...members, { id: 'nobody', name: t('inbox.nobody') }].map(({ id, name }) => (
              <MenuItem
                key={id}
                chosen={search.owner === id}
                onPick={() => (close(), narrow({ owner: search.owner === id ? undefined : id }))}
              >
                {name}
              </MenuItem>
            ))}
            <hr />
            <MenuItem icon="search" onPick={() => (close(), pick('narrow', []))} end={<span className="kbd">l</span>}>
              {t('inbox.narrowMore')}
            </MenuItem>
          </>
        )}
      </Popover>
    </span>
  )
}

/** What the list is narrowed by, each to be taken out again. */
export function Narrowed({ search }: { search: InboxSearch }) {
  const navigate = route.useNavigate()
  const { data: members } = useQuery(membersQuery)
  const { data: known } = useQuery({ ...narrowingsQuery, enabled: search.mailbox !== undefined })
  const field = useFieldName(search.field)
  const parts = [
    ['status', search.status && t(`inbox.status.${search.status}`)],
    ['priority', search.priority && t(`inbox.priority.${search.priority}`)],
    ['tag', search.tag],
    ['channel', search.channel && t(`inbox.channel.${search.channel}`)],
    ['owner', search.owner && (members?.find(({ id }) => id === search.owner)?.name ?? t('inbox.nobody'))],
    ['topic', search.topic],
    ['mailbox', search.mailbox && (known?.mailboxes.find(({ id }) => id === search.mailbox)?.address ?? '…')],
    ['language', search.language && languageIn(search.language)],
    ['organisation', search.organisation],
    ['field', field],
  ] as const
  if (parts.every(([, name]) => !name)) return null
  return (
    <div className="in-narrowed">
      {parts.map(
        ([part, name]) =>
          name && (
            <button
              key={part}
              type="button"
              className="chip"
              data-size="small"
              aria-label={t('inbox.takeOut', { name })}
              onClick={() => void navigate({ search: (before) => ({ ...before, [part]: undefined }) })}
            >
              {name} <Icon name="cross" />
            </button>
          ),
      )}
    </div>
  )
}
