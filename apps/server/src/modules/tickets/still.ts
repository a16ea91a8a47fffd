import { priorities, type Priority, type TicketStatus } from '@lahko/contract/tickets'
import { viewSnooze } from './snoozing.ts'
import { undoOf, type Tagged } from './ticket-changes.ts'

/** What a change has left behind, as far as it has changed it. Moments as ISO texts. */
export type Still = {
  status?: TicketStatus
  waitingSince?: string | null
  solvedAt?: string | null
  /** A message that came since is an answer to the status. */
  messages?: number
  priority?: Priority
  ownerId?: string | null
  topic?: string | null
  withTags?: string[]
  withoutTags?: string[]
  spam?: boolean
  subject?: string
  language?: string | null
  customerId?: string | null
  snoozedUntil?: string | null
}

/** How a change has left a ticket: whoever takes it back later must not undo what others did since. Pure. */
export function stillOf(before: Tagged, after: Tagged): Still {
  const undo = undoOf(before, after)
  const is = standing(after)
  const { status, waitingSince, solvedAt, messages } = is
  return {
    ...(undo.status !== undefined && { status, waitingSince, solvedAt, messages }),
    ...(undo.priority !== undefined && { priority: is.priority }),
    ...(undo.ownerId !== undefined && { ownerId: is.ownerId }),
    ...(undo.topic !== undefined && { topic: is.topic }),
    ...(undo.removeTags && { withTags: undo.removeTags }),
    ...(undo.addTags && { withoutTags: undo.addTags }),
    ...(undo.spam !== undefined && { spam: is.spam }),
    ...(undo.subject !== undefined && { subject: is.subject }),
    ...(undo.language !== undefined && { language: is.language }),
    ...(undo.customerId !== undefined && { customerId: is.customerId }),
    ...(undo.snoozedUntil !== undefined && { snoozedUntil: is.snoozedUntil }),
  }
}

/** Whether a ticket is still as a change has left it. Pure. */
export function isStill(now: Tagged, { withTags = [], withoutTags = [], ...rest }: Still): boolean {
  const is: Readonly<Record<string, unknown>> = standing(now)
  const moments = new Set(['waitingSince', 'solvedAt', 'snoozedUntil'])
  const same = (name: string, was: unknown) =>
    moments.has(name) && was && is[name] ? isSameMoment(String(was), String(is[name])) : is[name] === was
  return (
    Object.entries(rest).every(([name, was]) => was === undefined || same(name, was)) &&
    withTags.every((tag) => now.tags.includes(tag)) &&
    withoutTags.every((tag) => !now.tags.includes(tag))
  )
}

function standing({ row }: Tagged) {
  return {
    ...{ status: row.status, messages: row.message_count, priority: priorities[row.priority]! },
    ...{ ownerId: row.owner_id, topic: row.topic, spam: row.spam_at !== null, subject: row.subject },
    ...{ language: row.language, customerId: row.customer_id, snoozedUntil: viewSnooze(row.snoozed_until) },
    waitingSince: row.waiting_since?.toISOString() ?? null,
    solvedAt: row.solved_at?.toISOString() ?? null,
  }
}

function isSameMoment(one: string, other: string): boolean {
  return one === other || Date.parse(one) === Date.parse(other)
}
