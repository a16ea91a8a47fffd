import type { Priority, TicketStatus } from '@lahko/contract'
import { t } from '../../platform/words.ts'

const looks: Readonly<Record<TicketStatus, { tone?: 'good' | 'warn' | 'accent'; shape?: 'half' | 'ring' }>> = {
  new: { tone: 'accent' },
  open: { tone: 'warn', shape: 'half' },
  waiting: { shape: 'ring' },
  on_hold: { shape: 'half' },
  solved: { tone: 'good' },
  closed: { tone: 'good', shape: 'ring' },
}

/** Whose turn it is, in words and a dot. */
export function StatusBadge({ status }: { status: TicketStatus }) {
  const { tone, shape } = looks[status]
  return (
    <span className="badge" data-tone={tone} data-shape={shape} title={t(`inbox.status.${status}`)}>
      <span className="in-status">{t(`inbox.status.${status}`)}</span>
    </span>
  )
}

/** Said only where it is not the usual one. */
export function PriorityBadge({ priority }: { priority: Priority }) {
  if (priority === 'normal') return null
  return (
    <span className="in-priority" data-priority={priority}>
      {t(`inbox.priority.${priority}`)}
    </span>
  )
}
