import type { Ticket, TicketLine } from '@lahko/contract'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { api } from '../../platform/api.ts'
import { useNow } from '../../platform/now.ts'
import { t } from '../../platform/words.ts'
import { StatusBadge } from './status-badge.tsx'
import { shortWhen } from './when.ts'

const most = 6

/** What else the customer has asked: what is still open, and what was before. */
export function SideTickets({ ticket }: { ticket: Ticket }) {
  const customer = ticket.customer?.id
  const others = useQuery({
    queryKey: ['tickets', 'of', customer],
    queryFn: async ({ signal }) => {
      const of = (shelf: 'unsolved' | 'solved') =>
        api.tickets.list({ query: { customer, shelf, limit: most + 1 }, signal })
      const [unsolved, solved] = await Promise.all([of('unsolved'), of('solved')])
      return { unsolved: unsolved.items, solved: solved.items }
    },
    enabled: customer !== undefined,
  })
  if (!others.data) return null
  const without = (tickets: readonly TicketLine[]) => tickets.filter(({ id }) => id !== ticket.id).slice(0, most)
  return (
    <>
      <Lines title={t('inbox.alsoOpen')} tickets={without(others.data.unsolved)} />
      <Lines title={t('inbox.earlier')} tickets={without(others.data.solved)} />
    </>
  )
}

function Lines({ title, tickets }: { title: string; tickets: readonly TicketLine[] }) {
  const now = useNow()
  if (tickets.length === 0) return null
  return (
    <section>
      <h2>{title}</h2>
      <ul>
        {tickets.map(({ id, subject, status, updatedAt }) => (
          <li key={id}>
            <Link to="/tickets/$id" params={{ id }} search={true}>
              {subject || t('inbox.noSubject')}
            </Link>
            <span className="in-line-foot">
              <StatusBadge status={status} />
              <time dateTime={updatedAt}>{shortWhen(updatedAt, now)}</time>
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
