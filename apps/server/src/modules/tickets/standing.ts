import type { Standing, Undo } from './replies.queries.ts'
import type { TicketRow } from './tickets.queries.ts'

/** What of a ticket a reply changes, as it is now. Pure. */
export function standingOf(ticket: TicketRow): Standing {
  return {
    status: ticket.status,
    waitingSince: ticket.waiting_since?.toISOString() ?? null,
    firstAnsweredAt: ticket.first_answered_at?.toISOString() ?? null,
    solvedAt: ticket.solved_at?.toISOString() ?? null,
    snoozedUntil: ticket.snoozed_until?.toISOString() ?? null,
    lastAuthor: ticket.last_author,
    lastExcerpt: ticket.last_excerpt,
  }
}

/** The ticket as if a reply had not been written: what has changed otherwise meanwhile stays. Pure. */
export function withoutReply(ticket: TicketRow, undo: Undo): TicketRow {
  const standing = standingWithout(standingOf(ticket), undo)
  const { status, waitingSince, solvedAt, snoozedUntil, lastAuthor, lastExcerpt } = standing
  return {
    ...ticket,
    status,
    waiting_since: dateOf(waitingSince),
    solved_at: dateOf(solvedAt),
    snoozed_until: dateOf(snoozedUntil),
    last_author: lastAuthor,
    last_excerpt: lastExcerpt,
  }
}

/** How a ticket stands, or stood before a later reply, as if a reply had not been written. Pure. */
export function standingWithout(now: Standing, { before, after }: Undo): Standing {
  const untouched = (['status', 'waitingSince', 'solvedAt'] as const).every((name) => now[name] === after[name])
  const said = now.lastAuthor === after.lastAuthor && now.lastExcerpt === after.lastExcerpt
  const turn = untouched ? before : now
  // Who has waited since before the reply waits since then, also if they have written again.
  const waitingSince = (turn.waitingSince && before.waitingSince) ?? turn.waitingSince
  const { lastAuthor, lastExcerpt } = said ? before : now
  const { firstAnsweredAt } = now.firstAnsweredAt === after.firstAnsweredAt ? before : now
  const { snoozedUntil } = now.snoozedUntil === after.snoozedUntil ? before : now
  const { status, solvedAt } = turn
  return { status, waitingSince, solvedAt, snoozedUntil, firstAnsweredAt, lastAuthor, lastExcerpt }
}

function dateOf(at: string | null): Date | null {
  return at === null ? null : new Date(at)
}
