import { sql, type RawBuilder } from 'kysely'
import type { Db, Tx } from '#platform/store.ts'

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

/** Whether any of these members follows a ticket, of a table that is called `t`, or what was merged into it. */
export function isFollowed({ workspaceId }: Db, memberIds: readonly string[]): RawBuilder<unknown> {
  return sql`t.id = any(array(
    with recursive followed as (
      select f.ticket_id as id from ticket_followers f
      where f.workspace_id = ${workspaceId} and f.member_id = any(${memberIds}::uuid[])
      union
      select m.target_id from followed join ticket_merges m
        on m.workspace_id = ${workspaceId} and m.source_id = followed.id
    ) select id from followed))`
}
