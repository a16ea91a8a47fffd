import { sql } from 'kysely'
import type { Tx } from '#platform/store.ts'
import type { Undo } from './replies.queries.ts'
import type { MessageRow } from './ticket-messages.queries.ts'

/** A message, whole; nobody else changes it until the transaction ends. */
export async function lockMessage(tx: Tx, id: string): Promise<MessageRow | undefined> {
  const { rows } = await sql<MessageRow>`
    select * from ticket_messages where workspace_id = ${tx.workspaceId} and id = ${id} for update`.execute(tx.kysely)
  return rows[0]
}

/** Makes a note a member's own. */
export async function updateToMembers(
  tx: Tx,
  row: Pick<MessageRow, 'id' | 'member_id' | 'text' | 'html' | 'banners'>,
): Promise<void> {
  await sql`
    update ticket_messages set customer_id = null, member_id = ${row.member_id}, text = ${row.text}, html = ${row.html},
      banners = ${row.banners}
    where workspace_id = ${tx.workspaceId} and id = ${row.id}`.execute(tx.kysely)
}

/** Makes a note a member's reply. `undo`: how its ticket changes with it, where it has not left yet. */
export async function updateToReply(
  tx: Tx,
  row: Pick<
    MessageRow,
    'id' | 'member_id' | 'text' | 'html' | 'recipients' | 'copies' | 'banners' | 'send_at' | 'at'
  > & {
    undo: Undo | null
  },
): Promise<void> {
  await sql`
    update ticket_messages set kind = 'reply', customer_id = null, member_id = ${row.member_id}, text = ${row.text},
      html = ${row.html}, recipients = ${JSON.stringify(row.recipients)}, copies = ${JSON.stringify(row.copies)},
      banners = ${row.banners}, send_at = ${row.send_at}, at = ${row.at},
      undo = ${row.undo && JSON.stringify(row.undo)}
    where workspace_id = ${tx.workspaceId} and id = ${row.id}`.execute(tx.kysely)
}
