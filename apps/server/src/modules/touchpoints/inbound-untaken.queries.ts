import type { UntakenReason } from '@lahko/contract/touchpoints'
import { sql } from 'kysely'
import { uuidv7 } from '#platform/identifiers.ts'
import type { Db, Tx } from '#platform/store.ts'

export type UntakenRow = {
  id: string
  at: Date
  reason: UntakenReason
  ticket: string | null
  status: string | null
}

/** Of each address the last so many are kept. */
const mostKept = 200

/** What came to an address and nothing became of, a page, newest first. */
export async function listUntaken(
  db: Db,
  hookId: string,
  { after, limit }: { after?: string; limit: number },
): Promise<UntakenRow[]> {
  const { rows } = await sql<UntakenRow>`
    select id, at, reason, ticket, status from inbound_untaken
    where workspace_id = ${db.workspaceId} and hook_id = ${hookId} ${after ? sql`and id < ${after}` : sql``}
    order by id desc limit ${limit}`.execute(db.kysely)
  return rows
}

/** Keeps that nothing became of a delivery, and drops the oldest. */
export async function noteUntaken(
  tx: Tx,
  hookId: string,
  { reason, ticket, status }: { reason: UntakenReason; ticket?: string; status?: string },
): Promise<void> {
  await sql`
    insert into inbound_untaken (workspace_id, id, hook_id, at, reason, ticket, status)
    values (${tx.workspaceId}, ${uuidv7(tx.now.getTime())}, ${hookId}, ${tx.now}, ${reason}, ${ticket ?? null},
      ${status ?? null})`.execute(tx.kysely)
  await sql`
    delete from inbound_untaken where workspace_id = ${tx.workspaceId} and hook_id = ${hookId} and id <= (
      select id from inbound_untaken where workspace_id = ${tx.workspaceId} and hook_id = ${hookId}
      order by id desc offset ${mostKept} limit 1)`.execute(tx.kysely)
}

/** Once a minute at most: anybody may send what is not signed. */
export async function noteUnsigned(tx: Tx, hookId: string): Promise<void> {
  const { rows } = await sql`
    select from inbound_untaken where workspace_id = ${tx.workspaceId} and hook_id = ${hookId}
      and reason = 'bad_signature' and at > ${tx.now}::timestamptz - interval '1 minute' limit 1`.execute(tx.kysely)
  if (rows.length === 0) await noteUntaken(tx, hookId, { reason: 'bad_signature' })
}
