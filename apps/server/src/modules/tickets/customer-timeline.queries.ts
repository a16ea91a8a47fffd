import type { TicketStatus } from '@lahko/contract/tickets'
import { sql } from 'kysely'
import type { TimelinePage } from '#platform/module.ts'
import type { Db } from '#platform/store.ts'

export type TicketOfCustomer = { id: string; number: number; subject: string; status: TicketStatus; updated_at: Date }

/** Tickets of customers, newest activity first; what was merged into another stands there. */
export async function listTicketsOfCustomers(
  db: Db,
  customerIds: readonly string[],
  { before, limit }: TimelinePage,
): Promise<TicketOfCustomer[]> {
  const { rows } = await sql<TicketOfCustomer>`
    select t.* from unnest(${customerIds}::uuid[]) c(id) cross join lateral (
      select t.id, t.number, t.subject, t.status, t.updated_at from tickets t
      where t.workspace_id = ${db.workspaceId} and t.customer_id = c.id and t.spam_at is null
        and not exists (select from ticket_merges m where m.workspace_id = t.workspace_id and m.source_id = t.id)
        ${before ? sql`and (t.updated_at, t.id) < (${before.at}::timestamptz, ${before.id}::uuid)` : sql``}
      order by t.updated_at desc, t.id desc limit ${limit}
    ) t order by t.updated_at desc, t.id desc limit ${limit}`.execute(db.kysely)
  return rows
}
