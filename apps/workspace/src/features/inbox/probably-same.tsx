import type { Ticket } from '@lahko/contract'
import { Link } from '@tanstack/react-router'
import { Banner } from '../../platform/states.tsx'
import { t } from '../../platform/words.ts'
import { useMay } from '../shell/me.ts'
import { mergeInto } from './merging.ts'

// All others stand beside the ticket: here they would push away what is read.
const mostShown = 3

/** That the same customer wrote about something else just before: perhaps it is one problem. */
export function ProbablySame({ ticket }: { ticket: Ticket }) {
  const may = useMay('tickets.write')
  if (ticket.mergedInto || ticket.probablySame.length === 0) return null
  return (
    <Banner tone="accent">
      <div>
        <p>
          <strong>{t('inbox.probablySame')}</strong>
        </p>
        <ul className="in-same">
          {ticket.probablySame.slice(0, mostShown).map((other) => (
            <li key={other.id}>
              <Link to="/tickets/$id" params={{ id: other.id }} search={true}>
                {other.number} {other.subject}
              </Link>
              {may && (
                <button
                  type="button"
                  className="button"
                  data-size="small"
                  onClick={() => void mergeInto([ticket], other)}
                >
                  {t('inbox.merge')}
                </button>
              )}
            </li>
          ))}
        </ul>
      </div>
    </Banner>
  )
}
