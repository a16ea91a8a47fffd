import { sql } from 'kysely'
import type { Tx } from '#platform/store.ts'

/** Members follow a ticket from now on. @returns those who did not before */
export async function insertFollowers(tx: Tx, ticketId: string, memberIds: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    insert into ticket_followers (workspace_id, ticket_id, member_id)
    select ${tx.workspaceId}, ${ticketId}, m from unnest(${memberIds}::uuid[]) m on conflict do nothing
    returning member_id as id`.execute(tx.kysely)
  return rows.map(({ id }) => id)
}

export async function insertMentions(tx: Tx, ticketId: string, memberIds: readonly string[]): Promise<void> {
  await sql`
    insert into ticket_mentions (workspace_id, ticket_id, member_id)
    select ${tx.workspaceId}, ${ticketId}, m from unnest(${memberIds}::uuid[]) m on conflict do nothing`.execute(
    tx.kysely,
  )
}
