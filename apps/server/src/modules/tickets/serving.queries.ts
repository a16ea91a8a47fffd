import { sql } from 'kysely'
import type { Tx } from '#platform/store.ts'

export type Claimed = {
  /** What matters most; undefined when nothing waits. */
  found: string | undefined
  /** Whether it is the asker's: somebody else may just have taken it. */
  isOurs: boolean
}

/**
 * Claims the ticket that matters most and that nobody else owns, has open or is just taking. The claim is a row that
 * only one can have: it is seen however old the picture is in which the ticket was found.
 * @param memberId who may have it open, or own it; null of a key
 */
export async function claimNext(
  tx: Tx,
  { holderId, memberId, until }: { holderId: string; memberId: string | null; until: Date },
  skip: readonly string[],
): Promise<Claimed> {
  const { rows } = await sql<{ found: string | null; claimed: string | null }>`
    with found as materialized (
      select t.id from tickets t
      where t.workspace_id = ${tx.workspaceId} and t.shelf = 'unsolved' and t.status in ('new', 'open')
        and t.snoozed_until is null and (t.owner_id is null or t.owner_id = ${memberId}::uuid)
        and t.id <> all(${skip}::uuid[])
        and not exists (select from ticket_merges m where m.workspace_id = t.workspace_id and m.source_id = t.id)
        and not exists (select from ticket_readers r where r.workspace_id = t.workspace_id and r.ticket_id = t.id
          and r.until > ${tx.now} and r.member_id is distinct from ${memberId}::uuid)
        and not exists (select from ticket_claims c where c.workspace_id = t.workspace_id and c.ticket_id = t.id
          and c.until > ${tx.now} and c.holder_id <> ${holderId})
      order by (3 - t.priority), t.waits_from, t.id limit 1 for update of t skip locked
    ), claimed as (
      insert into ticket_claims as c (workspace_id, ticket_id, holder_id, until)
      select ${tx.workspaceId}, id, ${holderId}, ${until}::timestamptz from found
      on conflict (workspace_id, ticket_id) do update set holder_id = excluded.holder_id, until = excluded.until
        where c.until <= ${tx.now} or c.holder_id = excluded.holder_id
      returning ticket_id
    ) select (select id from found) as found, (select ticket_id from claimed) as claimed`.execute(tx.kysely)
  return { found: rows[0]!.found ?? undefined, isOurs: rows[0]!.claimed !== null }
}

/** Whoever was served a ticket has left it. */
export async function deleteClaim(tx: Tx, ticketId: string, holderId: string): Promise<void> {
  await sql`delete from ticket_claims where workspace_id = ${tx.workspaceId} and ticket_id = ${ticketId}
    and holder_id = ${holderId}`.execute(tx.kysely)
}

/** Claims whose time is over. */
export async function deleteOldClaims(tx: Tx): Promise<void> {
  await sql`delete from ticket_claims where workspace_id = ${tx.workspaceId} and until <= ${tx.now}`.execute(tx.kysely)
}
