import { sql } from 'kysely'
import type { Db, Tx } from '#platform/store.ts'

export type BlockedRow = { id: string; sender: string; member_id: string | null; created_at: Date; set_aside: number }

/** Those of these addresses and domains that are blocked, with their ids. */
export async function listBlocked(db: Db, senders: readonly string[]): Promise<Map<string, string>> {
  if (senders.length === 0) return new Map()
  const { rows } = await sql<{ id: string; sender: string }>`
    select id, sender from blocked_senders
    where workspace_id = ${db.workspaceId} and sender = any(${[...new Set(senders)]}::text[])`.execute(db.kysely)
  return new Map(rows.map(({ id, sender }) => [sender, id]))
}

/** Blocks a sender; one that is blocked already stays as it is. @returns its id */
export async function insertBlocked(tx: Tx, id: string, sender: string, memberId: string | null): Promise<string> {
  await sql`
    insert into blocked_senders (workspace_id, id, sender, member_id, created_at)
    values (${tx.workspaceId}, ${id}, ${sender}, ${memberId}, ${tx.now})
    on conflict (workspace_id, sender) do nothing`.execute(tx.kysely)
  return (await listBlocked(tx, [sender])).get(sender)!
}

const columns = sql`b.id, b.sender, b.member_id, b.created_at, (
  select count(*)::integer from incoming_mails i where i.workspace_id = b.workspace_id and i.blocked_id = b.id
    and i.outcome = 'set_aside') as set_aside`

/** Newest first, by key. */
export async function listBlockedRows(db: Db, page: { after?: string; limit: number }): Promise<BlockedRow[]> {
  const { rows } = await sql<BlockedRow>`
    select ${columns} from blocked_senders b where b.workspace_id = ${db.workspaceId}
      ${page.after === undefined ? sql`` : sql`and b.id < ${page.after}`}
    order by b.id desc limit ${page.limit}`.execute(db.kysely)
  return rows
}

/** @returns undefined when it is not there */
export async function findBlockedRow(db: Db, id: string): Promise<BlockedRow | undefined> {
  const { rows } = await sql<BlockedRow>`
    select ${columns} from blocked_senders b where b.workspace_id = ${db.workspaceId} and b.id = ${id}`.execute(
    db.kysely,
  )
  return rows[0]
}

/** Lets what was set aside because of a sender be judged once more. @returns the mailboxes in which something is */
export async function updateBlockedWaiting(tx: Tx, id: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    with again as (
      update incoming_mails set outcome = 'waiting', judged_at = null
      where workspace_id = ${tx.workspaceId} and blocked_id = ${id} and outcome = 'set_aside' returning mailbox_id
    ) select distinct mailbox_id as id from again`.execute(tx.kysely)
  return rows.map((row) => row.id)
}

export async function deleteBlocked(tx: Tx, id: string): Promise<void> {
  await sql`delete from blocked_senders where workspace_id = ${tx.workspaceId} and id = ${id}`.execute(tx.kysely)
}
