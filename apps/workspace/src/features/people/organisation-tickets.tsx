import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { api } from '../../platform/api.ts'
import { Icon } from '../../platform/icon.tsx'
import { Failed } from '../../platform/states.tsx'
import { t } from '../../platform/words.ts'
import { allWhere } from '../inbox/inbox-search.ts'
import { StatusBadge } from '../inbox/status-badge.tsx'
import { useMay } from '../shell/me.ts'

/** What customers of an organisation wait for, the longest first; all of it stands in the inbox. */
export function OrganisationTickets({ name }: { name: string }) {
  const mayRead = useMay('tickets.read')
  const tickets = useQuery({
    queryKey: ['tickets', 'organisation', name],
    queryFn: ({ signal }) => api.tickets.list({ query: { organisation: name, sort: 'waiting', limit: 5 }, signal }),
    enabled: mayRead,
  })
  if (!mayRead) return null
  return (
    <section className="pe-person" aria-labelledby="tickets">
      <h2 id="tickets">{t('people.openTickets')}</h2>
      {tickets.isError && <Failed error={tickets.error} retry={() => void tickets.refetch()} />}
      {tickets.data?.items.length === 0 && <p className="quiet">{t('people.nothingOpen')}</p>}
      <ul className="rows">
        {tickets.data?.items.map(({ id, number, subject, status }) => (
          <li className="row" key={id}>
            <span className="row-lead">
              <Icon name="tray" />
            </span>
            <span className="pe-words">
              <Link className="row-title" to="/tickets/$id" params={{ id }}>
                {number} {subject}
              </Link>
            </span>
            <span className="row-end">
              <StatusBadge status={status} />
            </span>
          </li>
        ))}
      </ul>
      <p>
        <Link to="/tickets" search={allWhere('organisation', name)}>
          {t('people.inInbox')}
        </Link>
      </p>
    </section>
  )
}
