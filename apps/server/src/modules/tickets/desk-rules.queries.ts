import type { DeskRules } from '@lahko/contract/desk-rules'
import { sql } from 'kysely'
import type { Db, Tx } from '#platform/store.ts'

/** What the desk does by itself: nothing unless somebody has said so. */
export async function findDeskRules(db: Db): Promise<DeskRules> {
  const { rows } = await sql<DeskRules>`
    select thanks_stay_solved as "thanksStaySolved" from desk_rules
    where workspace_id = ${db.workspaceId}`.execute(db.kysely)
  return rows[0] ?? { thanksStaySolved: false }
}

export async function upsertDeskRules(tx: Tx, { thanksStaySolved }: DeskRules): Promise<void> {
  await sql`
    insert into desk_rules (workspace_id, thanks_stay_solved) values (${tx.workspaceId}, ${thanksStaySolved})
    on conflict (workspace_id) do update set thanks_stay_solved = excluded.thanks_stay_solved`.execute(tx.kysely)
}
