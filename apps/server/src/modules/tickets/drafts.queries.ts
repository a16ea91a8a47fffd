import type { Draft } from '@lahko/contract/tickets'
import { sql, type RawBuilder } from 'kysely'
import type { Db, Tx } from '#platform/store.ts'

export type DraftRow = { content: Draft; updatedAt: Date }

/** What a member is writing in a ticket; nobody else changes it until the transaction ends. */
export async function lockDraft(tx: Tx, ticketId: string, memberId: string): Promise<Draft | undefined> {
  const { rows } = await sql<DraftRow>`${draftOf(tx, ticketId, memberId)} for update`.execute(tx.kysely)
  return rows[0]?.content
}

export function draftOf(db: Db, ticketId: string, memberId: string | null): RawBuilder<DraftRow> {
  return sql<DraftRow>`
    select content, updated_at as "updatedAt" from ticket_drafts
    where workspace_id = ${db.workspaceId} and ticket_id = ${ticketId} and member_id = ${memberId}::uuid`
}

/** @returns whether there was none */
export async function insertDraft(tx: Tx, ticketId: string, memberId: string, content: Draft): Promise<boolean> {
  const { numAffectedRows } = await sql`
    insert into ticket_drafts (workspace_id, ticket_id, member_id, content, updated_at)
    values (${tx.workspaceId}, ${ticketId}, ${memberId}, ${JSON.stringify(content)}, ${tx.now})
    on conflict (workspace_id, ticket_id, member_id) do nothing`.execute(tx.kysely)
  return numAffectedRows === 1n
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
