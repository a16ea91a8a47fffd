import type { Ticket } from '@lahko/contract'
import { Link } from '@tanstack/react-router'
import { t } from '../../platform/words.ts'
import { useMay } from '../shell/me.ts'
import { isGiven, unlink } from './linking.ts'
import { unmerge } from './merging.ts'
import { StatusBadge } from './status-badge.tsx'

/** Tickets that were merged into this one, and those that it is linked to. */
export function SideLinks({ ticket }: { ticket: Ticket }) {
  const may = useMay('tickets.write')
  return (
    <>
      {ticket.sources.length > 0 && (
        <section>
          <h2>{t('inbox.sources')}</h2>
          <ul>
            {ticket.sources.map((source) => (
              <li key={source.id}>
                <span>
                  {source.number} {source.subject}
                </span>
                {may && (
                  <button type="button" className="button" data-size="small" onClick={() => void unmerge(source)}>
                    {t('inbox.unmerge')} <span className="visually-hidden">{source.number}</span>
                  </button>
                )}
              </li>
            ))}
          </ul>
        </section>
      )}
      {ticket.links.length > 0 && (
        <section>
          <h2>{t('inbox.links')}</h2>
          <ul>
            {ticket.links.map(({ id, number, subject, status, kind, ofId }) => (
              <li key={`${id} ${kind}`}>
                <Link to="/tickets/$id" params={{ id }} search={true}>
                  {number} {subject}
                </Link>
                <span className="in-line-foot">
                  <span className="quiet">{[t(`inbox.link.${kind}`), ...sourceOf(ticket, ofId)].join(' · ')}</span>
                  <StatusBadge status={status} />
                  {may && isGiven(kind) && (
                    <button
                      type="button"
                      className="button"
                      data-size="small"
                      onClick={() => void unlink(ofId, { id, number }, kind)}
                    >
                      {t('inbox.unlink')} <span className="visually-hidden">{number}</span>
                    </button>
                  )}
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  )
}

/** With which of the tickets that were merged into this one. */
function sourceOf({ sources }: Ticket, ofId: string): string[] {
  return sources.flatMap(({ id, number }) => (id === ofId ? t('inbox.ofTicket', { number }) : []))
}
