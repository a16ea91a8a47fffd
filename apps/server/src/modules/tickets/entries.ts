import type { TicketEntry, TicketFact } from '@lahko/contract/tickets'
import type { Language } from '@lahko/contract/values'
import { Problem } from '#platform/problem.ts'
import type { Db } from '#platform/store.ts'
import { viewDeliveries } from './delivery.ts'
import { listFacts, type FactRow } from './facts.queries.ts'
import { readPage, writePage } from './entry-pages.ts'
import { listMessages } from './ticket-messages.queries.ts'
import { findTicketRow, listMergedSources } from './tickets.queries.ts'
import { memberNames, viewMessage } from './tickets.view.ts'

/** What was written and what happened in a ticket and in those merged into it, newest first. @throws Problem */
export async function listEntries(
  db: Db,
  ticketId: string,
  { after, limit }: { after?: string; limit: number },
  language: Language,
): Promise<{ items: TicketEntry[]; next: string | null }> {
  if (!(await findTicketRow(db, ticketId))) throw new Problem('not_found', 'platform.not_found')
  const page = { before: readPage(after), limit: limit + 1 }
  const ids = [ticketId, ...(await listMergedSources(db, ticketId))]
  const messages = await listMessages(db, ids, page)
  const facts = await listFacts(db, ids, page)
  const deliveries = await viewDeliveries(db, messages, language)
  const names = await memberNames(db)
  const all: TicketEntry[] = [
    ...messages.map((row) => {
      const message = viewMessage(row, row.attachments, names.get(row.member_id ?? ''))
      const more = { delivery: deliveries.get(row.id) ?? null, forwards: row.forwards }
      return { type: 'message' as const, at: message.at, id: row.id, message: { ...message, ...more } }
    }),
    ...facts.map((row) => {
      return { type: 'fact' as const, at: row.at.toISOString(), id: row.id, fact: viewFact(row, names) }
    }),
  ].toSorted((a, b) => (a.at === b.at ? (a.id < b.id ? 1 : -1) : a.at < b.at ? 1 : -1))
  const items = all.slice(0, limit)
  const last = items.at(-1)
  return { items, next: all.length > limit && last ? writePage(last) : null }
}

/** What happened, as the API says it. */
export function viewFact(row: FactRow, names: ReadonlyMap<string, string>): TicketFact {
  const name = row.actor_kind === 'member' ? (names.get(row.actor_id ?? '') ?? '') : ''
  return { id: row.id, type: row.type, at: row.at.toISOString(), by: { kind: row.actor_kind, name }, data: row.data }
}
