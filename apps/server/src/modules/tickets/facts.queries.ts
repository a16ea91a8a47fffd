import { sql } from 'kysely'
import type { Db } from '#platform/store.ts'

export type FactRow = {
  id: string
  type: string
  at: Date
  actor_kind: 'member' | 'customer' | 'key' | 'system'
  actor_id: string | null
  data: Record<string, unknown>
}

/** What happened to tickets besides messages, newest first, from before a moment. */
export async function listFacts(
  db: Db,
  ticketIds: readonly string[],
  { before, limit }: { before?: { at: string; id: string }; limit: number },
): Promise<FactRow[]> {
  const { rows } = await sql<FactRow>`
    select e.id, e.type, e.at, e.actor_kind, e.actor_id, e.data from events e
    where e.workspace_id = ${db.workspaceId} and e.subject_id = any(${ticketIds}::uuid[])
      and e.type >= 'ticket.' and e.type < 'ticket/' and e.type <> 'ticket.message'
      ${before ? sql`and (e.at, e.id) < (${before.at}, ${before.id})` : sql``}
    order by e.at desc, e.id desc limit ${limit}`.execute(db.kysely)
  return rows
}
