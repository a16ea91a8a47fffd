import type { Draft } from '@lahko/contract/tickets'
import { sql, type RawBuilder } from 'kysely'
import type { Db, Tx } from '#platform/store.ts'

export type DraftRow = { content: Draft; updatedAt: Date }

export async function findDraft(db: Db, ticketId: string, memberId: string): Promise<DraftRow | undefined> {
  const { rows } = await draftOf(db, ticketId, memberId).execute(db.kysely)
  return rows[0]
}

export function draftOf(db: Db, ticketId: string, memberId: string | null): RawBuilder<DraftRow> {
  return sql<DraftRow>`
    select content, updated_at as "updatedAt" from ticket_drafts
    where workspace_id = ${db.workspaceId} and ticket_id = ${ticketId} and member_id = ${memberId}::uuid`
}

export async function upsertDraft(tx: Tx, ticketId: string, memberId: string, content: Draft): Promise<void> {
  await sql`
    insert into ticket_drafts (workspace_id, ticket_id, member_id, content, updated_at)
    values (${tx.workspaceId}, ${ticketId}, ${memberId}, ${JSON.stringify(content)}, ${tx.now})
    on conflict (workspace_id, ticket_id, member_id) do update
      set content = excluded.content, updated_at = excluded.updated_at`.execute(tx.kysely)
}

export async function deleteDrafts(tx: Tx, ticketIds: readonly string[], memberId: string): Promise<void> {
  await sql`
    delete from ticket_drafts
    where workspace_id = ${tx.workspaceId} and ticket_id = any(${ticketIds}::uuid[]) and member_id = ${memberId}`.execute(
    tx.kysely,
  )
}
