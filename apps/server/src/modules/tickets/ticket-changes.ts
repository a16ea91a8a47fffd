import { priorities, type TicketChange, type TicketStatus } from '@lahko/contract/tickets'
import type { Fact } from '#platform/events.ts'
import { momentOfSnooze, viewSnooze } from './snoozing.ts'
import type { TicketRow } from './tickets.queries.ts'

/** What a status brought with it, to be put back exactly. Moments as ISO texts. */
export type Since = { waitingSince: string | null; solvedAt: string | null }
/** A change of one ticket, as it comes from outside. */
export type GivenChange = Omit<TicketChange, 'status' | 'customer'> & { status?: TicketStatus; since?: Since }
/** A ticket with its tags. */
export type Tagged = { row: TicketRow; tags: readonly string[] }
export type Circumstances = {
  now: Date
  /** When the first message came that nobody has answered; null when all are answered. */
  unansweredSince: Date | null
  /** When it was solved before it was opened again; null when it never was. */
  solvedBefore: Date | null
}

/** A ticket as it is after a change. Pure; doing it twice is doing it once. */
export function changed({ row, tags }: Tagged, change: GivenChange, circumstances: Circumstances): Tagged {
  const { now } = circumstances
  const plain: TicketRow = {
    ...row,
    subject: change.subject ?? row.subject,
    language: change.language === undefined ? row.language : change.language,
    priority: change.priority === undefined ? row.priority : priorities.indexOf(change.priority),
    owner_id: change.ownerId === undefined ? row.owner_id : change.ownerId,
    topic: change.topic === undefined ? row.topic : change.topic,
    customer_id: change.customerId === undefined ? row.customer_id : change.customerId,
    spam_at: change.spam === undefined ? row.spam_at : change.spam ? (row.spam_at ?? now) : null,
    snoozed_until: change.snoozedUntil === undefined ? row.snoozed_until : momentOfSnooze(change.snoozedUntil),
  }
  const turned = turnedBy(plain, change, circumstances)
  const asleep = isOver(turned) ? null : turned.snoozed_until
  const removed = new Set(change.removeTags)
  const wanted = [...new Set([...tags, ...(change.addTags ?? [])])].filter((tag) => !removed.has(tag))
  return { row: { ...turned, snoozed_until: asleep }, tags: wanted.toSorted() }
}

function turnedBy(row: TicketRow, { status, since, noAnswer }: GivenChange, circumstances: Circumstances): TicketRow {
  if (noAnswer && isOver(row)) return row
  const before = { waitingSince: null, solvedAt: isoOf(circumstances.solvedBefore) }
  if (noAnswer) return withStatus(row, 'solved', before, circumstances)
  return status === undefined ? row : withStatus(row, status, since, circumstances)
}

function isOver({ status }: Pick<TicketRow, 'status'>): boolean {
  return status === 'solved' || status === 'closed'
}

/** A status with the moments that belong to it. What somebody has answered is new no longer. */
function withStatus(row: TicketRow, given: TicketStatus, since: Since | undefined, circumstances: Circumstances) {
  const { now, unansweredSince } = circumstances
  const status = given === 'new' && row.first_answered_at ? 'open' : given
  if (status === row.status) return row
  const isOurs = status === 'open' || status === 'new'
  const waitingSince = row.waiting_since ?? unansweredSince ?? now
  return {
    ...row,
    status,
    updated_at: now > row.updated_at ? now : row.updated_at,
    waiting_since: since ? momentOf(since.waitingSince) : isOurs ? waitingSince : null,
    solved_at: isOver({ status }) ? (momentOf(since?.solvedAt ?? null) ?? row.solved_at ?? now) : null,
  }
}

function momentOf(given: string | null): Date | null {
  return given === null ? null : new Date(given)
}

/** The change that takes another back: what differed, as it was. */
export function undoOf(before: Tagged, after: Tagged): GivenChange {
  const [was, is] = [before.row, after.row]
  const added = after.tags.filter((tag) => !before.tags.includes(tag))
  const removed = before.tags.filter((tag) => !after.tags.includes(tag))
  return {
    ...(was.status !== is.status && {
      status: was.status,
      since: { waitingSince: isoOf(was.waiting_since), solvedAt: isoOf(was.solved_at) },
    }),
    ...(was.subject !== is.subject && { subject: was.subject }),
    ...(was.language !== is.language && { language: was.language }),
    ...(was.customer_id !== is.customer_id && { customerId: was.customer_id }),
    ...(was.priority !== is.priority && { priority: priorities[was.priority] }),
    ...(was.owner_id !== is.owner_id && { ownerId: was.owner_id }),
    ...(was.topic !== is.topic && { topic: was.topic }),
    ...(removed.length > 0 && { addTags: removed }),
    ...(added.length > 0 && { removeTags: added }),
    ...((was.spam_at === null) !== (is.spam_at === null) && { spam: was.spam_at !== null }),
    ...(isoOf(was.snoozed_until) !== isoOf(is.snoozed_until) && { snoozedUntil: viewSnooze(was.snoozed_until) }),
  }
}

/** That no answer was needed, and when the ticket had been solved before, if it had. */
export type NoAnswer = { solvedBefore: Date | null }

/** What happened by a change, each as a fact of its own. What a person wrote is named and not told. */
export function factsOf(before: Tagged, after: Tagged, noAnswer?: NoAnswer): Fact[] {
  const [was, is] = [before.row, after.row]
  const undo = undoOf(before, after)
  const facts: (Omit<Fact, 'subjectId'> | false)[] = [
    undo.status !== undefined && {
      type: 'ticket.status',
      data: { from: was.status, to: is.status, ...(noAnswer ? dataOf(noAnswer) : sinceOf(is)) },
    },
    undo.ownerId !== undefined && { type: 'ticket.assigned', data: { from: was.owner_id, to: is.owner_id } },
    undo.priority !== undefined && {
      type: 'ticket.prioritised',
      data: { from: undo.priority, to: priorities[is.priority] },
    },
    undo.topic !== undefined && { type: 'ticket.topic', data: { from: was.topic, to: is.topic } },
    (undo.addTags ?? undo.removeTags) !== undefined && {
      type: 'ticket.tagged',
      data: { added: undo.removeTags ?? [], removed: undo.addTags ?? [] },
    },
    undo.subject !== undefined && { type: 'ticket.renamed' },
    undo.language !== undefined && { type: 'ticket.language', data: { from: was.language, to: is.language } },
    undo.customerId !== undefined && {
      type: 'ticket.customer',
      data: { from: was.customer_id, to: is.customer_id },
    },
    undo.spam !== undefined && { type: is.spam_at ? 'ticket.spam' : 'ticket.no_spam' },
    // What is solved sleeps no more, which needs no line of its own.
    undo.snoozedUntil !== undefined &&
      (is.snoozed_until !== null || undo.status === undefined) && {
        type: is.snoozed_until ? 'ticket.snoozed' : 'ticket.woken',
        data: {
          ...(was.snoozed_until && { from: viewSnooze(was.snoozed_until) }),
          ...(is.snoozed_until && { until: viewSnooze(is.snoozed_until) }),
        },
      },
  ]
  return facts.flatMap((fact) => (fact ? [{ ...fact, subjectId: was.id }] : []))
}

/** Since when it counts as solved, which an undo may say. */
function sinceOf({ solved_at: solvedAt }: TicketRow) {
  return solvedAt && { since: solvedAt.toISOString() }
}

function dataOf({ solvedBefore }: NoAnswer) {
  return { noAnswer: true, ...(solvedBefore && { solvedAt: solvedBefore.toISOString() }) }
}

function isoOf(at: Date | null): string | null {
  return at?.toISOString() ?? null
}
