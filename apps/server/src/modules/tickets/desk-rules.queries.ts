import type { AgentRule, DeskRules } from '@lahko/contract/desk-rules'
import { sql } from 'kysely'
import type { Db, Tx } from '#platform/store.ts'

/** What the desk does by itself: nothing unless somebody has said so. */
export async function findDeskRules(db: Db): Promise<DeskRules> {
  const { rows } = await sql<{ thanks: boolean | null; rule: AgentRule | null; since: Date | null }>`
    select d.thanks_stay_solved as thanks, r.rule, r.since
    from (select ${db.workspaceId}::uuid as workspace_id) w
    left join desk_rules d on d.workspace_id = w.workspace_id
    left join lateral (select rule, since from agent_rules where workspace_id = w.workspace_id
      order by since desc limit 1) r on true`.execute(db.kysely)
  const { thanks, rule, since } = rows[0]!
  return {
    thanksStaySolved: thanks ?? false,
    answersCountFor: rule ?? 'solved',
    answersCountForSince: since?.toISOString() ?? null,
  }
}

export async function upsertDeskRules(tx: Tx, thanksStaySolved: boolean): Promise<void> {
  await sql`
    insert into desk_rules (workspace_id, thanks_stay_solved) values (${tx.workspaceId}, ${thanksStaySolved})
    on conflict (workspace_id) do update set thanks_stay_solved = excluded.thanks_stay_solved`.execute(tx.kysely)
}

/** From now on. */
export async function insertAgentRule(tx: Tx, rule: AgentRule): Promise<void> {
  await sql`
    insert into agent_rules (workspace_id, since, rule) values (${tx.workspaceId}, ${tx.now}, ${rule})
    on conflict (workspace_id, since) do update set rule = excluded.rule`.execute(tx.kysely)
}
