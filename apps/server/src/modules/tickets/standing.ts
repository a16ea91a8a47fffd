import type { Standing, Undo } from './replies.queries.ts'
import type { TicketRow } from './tickets.queries.ts'

/** How a ticket stands now, as far as replies and merges change it and taking them back restores it. Pure. */
export function standingOf(ticket: TicketRow): Standing {
  return {
    status: ticket.status,
    waitingSince: ticket.waiting_since?.toISOString() ?? null,
    solvedAt: ticket.solved_at?.toISOString() ?? null,
    snoozedUntil: ticket.snoozed_until?.toISOString() ?? null,
  }
}

/** The ticket as it stood. Pure. */
export function withStanding(ticket: TicketRow, standing: Standing): TicketRow {
  return {
    ...ticket,
    status: standing.status,
    waiting_since: dateOf(standing.waitingSince),
    solved_at: dateOf(standing.solvedAt),
    snoozed_until: dateOf(standing.snoozedUntil),
  }
}

/** How a ticket stands, or stood later, as if a reply had not been written: what has changed otherwise stays. Pure. */
export function standingWithout(now: Standing, { before, after }: Undo): Standing {
  const isThatStatus = now.status === after.status || (now.status === 'closed' && after.status === 'solved')
  const untouched = isThatStatus && now.waitingSince === after.waitingSince && now.solvedAt === after.solvedAt
  const turn = untouched ? before : now
  const { snoozedUntil } = now.snoozedUntil === after.snoozedUntil ? before : now
  const { status, solvedAt } = turn
  return { status, waitingSince: sooner(turn.waitingSince, before.waitingSince), solvedAt, snoozedUntil }
}

/** Who has waited since before a reply waits since then, also if they have written again. */
function sooner(now: string | null, before: string | null): string | null {
  return now !== null && before !== null && before < now ? before : now
}

function dateOf(at: string | null): Date | null {
  return at === null ? null : new Date(at)
}
