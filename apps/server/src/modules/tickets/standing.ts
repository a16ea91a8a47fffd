import type { Standing, Undo } from './replies.queries.ts'
import type { TicketRow } from './tickets.queries.ts'

/** What of a ticket a reply changes, as it is now. Pure. */
export function standingOf(ticket: TicketRow): Standing {
  return {
    status: ticket.status,
    waitingSince: ticket.waiting_since?.toISOString() ?? null,
    firstAnsweredAt: ticket.first_answered_at?.toISOString() ?? null,
    solvedAt: ticket.solved_at?.toISOString() ?? null,
    lastAuthor: ticket.last_author,
    lastExcerpt: ticket.last_excerpt,
  }
}

/** The ticket as if the reply had not been written: what has changed otherwise meanwhile stays. Pure. */
export function withoutReply(ticket: TicketRow, { before, after }: Undo): TicketRow {
  const now = standingOf(ticket)
  const was = <Name extends keyof Standing>(name: Name): Standing[Name] =>
    now[name] === after[name] ? before[name] : now[name]
  // Who has waited since before the reply waits since then, also if they have written again.
  const waitingSince =
    now.waitingSince === null || before.waitingSince === null ? was('waitingSince') : before.waitingSince
  return {
    ...ticket,
    status: was('status'),
    waiting_since: dateOf(waitingSince),
    first_answered_at: dateOf(was('firstAnsweredAt')),
    solved_at: dateOf(was('solvedAt')),
    last_author: was('lastAuthor'),
    last_excerpt: was('lastExcerpt'),
    message_count: ticket.message_count - 1,
  }
}

function dateOf(at: string | null): Date | null {
  return at === null ? null : new Date(at)
}
