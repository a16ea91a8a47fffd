import { priorities, type Attachment, type TicketLine, type TicketMessage } from '@lahko/contract/tickets'
import { everyMember } from '#accounts'
import { findCustomers, type Customer } from '#people'
import type { Db } from '#platform/store.ts'
import { readableText } from './folding.ts'
import { viewSnooze } from './snoozing.ts'
import type { MessageRow } from './ticket-messages.queries.ts'
import type { TicketLineRow } from './tickets.queries.ts'

/** Tickets as lines of a list, in the order given. */
export async function viewLines(db: Db, rows: readonly TicketLineRow[]): Promise<TicketLine[]> {
  const customers = await findCustomers(
    db,
    rows.flatMap(({ customer_id: id }) => id ?? []),
  )
  const names = await memberNames(db)
  return rows.map((row) => viewLine(row, customers, names))
}

/** The same of one, when it is known who has to do with it. */
export function viewLine(
  row: TicketLineRow,
  customers: ReadonlyMap<string, Customer>,
  names: ReadonlyMap<string, string>,
): TicketLine {
  return {
    id: row.id,
    number: row.number,
    subject: row.subject,
    status: row.status,
    priority: priorities[row.priority]!,
    owner: row.owner_id === null ? null : { id: row.owner_id, name: names.get(row.owner_id) ?? '' },
    topic: row.topic,
    tags: row.tags,
    channel: row.channel,
    customer: customers.get(row.customer_id ?? '') ?? null,
    snoozedUntil: viewSnooze(row.snoozed_until),
    waitingSince: isoOf(row.waiting_since),
    solvedAt: isoOf(row.solved_at),
    spam: row.spam_at !== null,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    lastAuthor: row.last_author,
    lastExcerpt: row.last_excerpt,
    messages: row.message_count,
    mergedInto: row.merged_into,
    mergedNumbers: row.merged_numbers,
  }
}

/** What the members of the workspace are called. */
export async function memberNames(db: Db): Promise<Map<string, string>> {
  return new Map((await everyMember(db)).map(({ id, name }) => [id, name]))
}

/** One message. `delivery` and `forwards` are added by those who know of them. */
export function viewMessage(
  row: MessageRow,
  attachments: readonly Attachment[],
  name: string | undefined,
): TicketMessage {
  return {
    id: row.id,
    ticketId: row.ticket_id,
    kind: row.kind,
    outside: row.outside,
    forwards: [],
    channel: row.channel,
    author: {
      kind: row.member_id ? 'member' : row.customer_id ? 'customer' : 'other',
      id: row.member_id ?? row.customer_id,
      name: name ?? row.from_name,
      address: row.from_address,
    },
    recipients: row.recipients,
    copies: row.copies,
    blindCopies: row.blind_copies,
    subject: row.subject,
    ...readableText(row),
    html: row.html,
    attachments: attachments.map(({ id, name: fileName, mediaType, size, contentId }) => ({
      id,
      name: fileName,
      mediaType,
      size,
      contentId,
    })),
    automatic: row.automatic,
    banners: row.banners,
    authentication: row.authentication,
    hasSource: row.raw_file_id !== null,
    delivery: null,
    at: row.at.toISOString(),
  }
}

function isoOf(at: Date | null): string | null {
  return at?.toISOString() ?? null
}
