import { sql } from 'kysely'
import type { Db, Tx } from '#platform/store.ts'

type FromTo<T> = [from: T, to: T]
/** What was written before a change and after it; fields by their ids; whose customers they were then. */
export type Words = {
  subject?: FromTo<string>
  fields?: Record<string, FromTo<string | null>>
  organisation?: FromTo<string | null>
}
export type Wording = { eventId: string; ticketId: string; words: Words }

/** Keeps them apart from the events, which outlive what people write. */
export async function insertWordings(tx: Tx, given: readonly Wording[]): Promise<void> {
  if (given.length === 0) return
  await sql`
    insert into ticket_wordings (workspace_id, event_id, ticket_id, words)
    select ${tx.workspaceId}, g.event_id, g.ticket_id, g.words from unnest(
      ${given.map(({ eventId }) => eventId)}::uuid[], ${given.map(({ ticketId }) => ticketId)}::uuid[],
      ${given.map(({ words }) => JSON.stringify(words))}::jsonb[]) g(event_id, ticket_id, words)`.execute(tx.kysely)
}

/** By the ids of the events. */
export async function listWordings(db: Db, eventIds: readonly string[]): Promise<Map<string, Words>> {
  if (eventIds.length === 0) return new Map()
  const { rows } = await sql<{ id: string; words: Words }>`
    select event_id as id, words from ticket_wordings
    where workspace_id = ${db.workspaceId} and event_id = any(${eventIds}::uuid[])`.execute(db.kysely)
  return new Map(rows.map(({ id, words }) => [id, words]))
}
