import { sql } from 'kysely'
import type { Tx } from '#platform/store.ts'
import { lineColumns, type TicketLineRow } from './tickets.queries.ts'

/** The ticket that matters most and that nobody else owns, has open or is just taking; nobody else gets it meanwhile. */
export async function lockNext(
  tx: Tx,
  memberId: string | null,
  skip: readonly string[],
): Promise<TicketLineRow | undefined> {
  const { rows } = await sql<TicketLineRow>`
    select ${lineColumns} from tickets t
    where t.workspace_id = ${tx.workspaceId} and t.shelf = 'unsolved' and t.status in ('new', 'open')
      and t.snoozed_until is null and (t.owner_id is null or t.owner_id = ${memberId}::uuid)
      and t.id <> all(${skip}::uuid[])
      and not exists (select from ticket_merges m where m.workspace_id = t.workspace_id and m.source_id = t.id)
      and not exists (select from ticket_readers r where r.workspace_id = t.workspace_id and r.ticket_id = t.id
        and r.until > ${tx.now} and r.member_id is distinct from ${memberId}::uuid)
    order by (3 - t.priority), t.waits_from, t.id limit 1 for update of t skip locked`.execute(tx.kysely)
  return rows[0]
}
