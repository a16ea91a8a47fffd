import { priorities, type TicketLine, type TicketMessage } from '@lahko/contract/tickets'
import { listMembers } from '#accounts'
import { findCustomers } from '#people'
import type { Db } from '#platform/store.ts'
import { readableText } from './folding.ts'
import { viewSnooze } from './snoozing.ts'
import type { AttachmentRow, MessageRow } from './ticket-messages.queries.ts'
import { listMerges, listTags, type TicketRow } from './tickets.queries.ts'

/** Tickets as lines of a list, in the order given. */
export async function viewLines(db: Db, rows: readonly TicketRow[]): Promise<TicketLine[]> {
  const ids = rows.map(({ id }) => id)
  const customers = await findCustomers(
    db,
    rows.flatMap(({ customer_id: id }) => id ?? []),
  )
  const names = await memberNames(db)
  const tags = await listTags(db, ids)
  const merges = await listMerges(db, ids)
  return rows.map((row) => ({
    id: row.id,
    number: row.number,
    subject: row.subject,
    status: row.status,
    priority: priorities[row.priority]!,
    owner: row.owner_id === null ? null : { id: row.owner_id, name: names.get(row.owner_id) ?? '' },
    topic: row.topic,
    tags: tags.get(row.id) ?? [],
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
    mergedInto: merges.get(row.id) ?? null,
  }))
}

const mostMembers = 1_000

/** What the members of the workspace are called. */
export async function memberNames(db: Db): Promise<Map<string, string>> {
  return new Map((await listMembers(db, { limit: mostMembers })).map(({ id, name }) => [id, name]))
}

/** One message. `delivery` and `forwards` are added by those who know of them. */
export function viewMessage(
  row: MessageRow,
  attachments: readonly AttachmentRow[],
  { name }: { name?: string },
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
    attachments: attachments
      .filter(({ messageId }) => messageId === row.id)
      .map(({ id, name: fileName, mediaType, size, contentId }) => ({
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
