import { sql } from 'kysely'
import type { Db } from '#platform/store.ts'

/** What a message says: its cleaned HTML, null where it is plain text. */
export async function findWords(db: Db, messageId: string): Promise<{ html: string | null; text: string } | undefined> {
  const { rows } = await sql<{ html: string | null; text: string }>`
    select html, text from ticket_messages
    where workspace_id = ${db.workspaceId} and id = ${messageId}`.execute(db.kysely)
  return rows[0]
}
