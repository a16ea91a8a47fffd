import { sql } from 'kysely'
import type { Tx } from '#platform/store.ts'

export async function insertOrganisationMerge(tx: Tx, sourceId: string, targetId: string): Promise<void> {
  const memberId = tx.actor.kind === 'member' ? tx.actor.memberId : null
  await sql`
    insert into organisation_merges (workspace_id, source_id, target_id, member_id, at)
    values (${tx.workspaceId}, ${sourceId}, ${targetId}, ${memberId}, ${tx.now})`.execute(tx.kysely)
}

/** @returns into which it had been merged */
export async function deleteOrganisationMerge(tx: Tx, sourceId: string): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`
    delete from organisation_merges where workspace_id = ${tx.workspaceId} and source_id = ${sourceId}
    returning target_id as id`.execute(tx.kysely)
  return rows[0]?.id
}

/** Writes for an organisation and all that were merged into it, also by way of others, as which they are shown now. */
export async function updateShownAs(tx: Tx, id: string, rootId: string): Promise<void> {
  await sql`
    with recursive below as (
      select ${id}::uuid as id
      union
      select m.source_id from below b join organisation_merges m
        on m.workspace_id = ${tx.workspaceId} and m.target_id = b.id
    )
    update organisations o set merged_into = nullif(${rootId}::uuid, o.id)
    from below b where o.workspace_id = ${tx.workspaceId} and o.id = b.id`.execute(tx.kysely)
}
