import { sql } from 'kysely'
import type { Rule } from '@lahko/effort'
import type { SurveyContent } from '@lahko/contract'
import type { TimelinePage } from '#platform/module.ts'
import type { Db } from '#platform/store.ts'

export type GivenAnswer = {
  id: string
  answered_at: Date
  survey_id: string
  survey_name: string
  rule: Rule
  scale: SurveyContent['score']['scale']
  score: number
  comment: string | null
  touchpoint_id: string | null
  agent: string | null
  agent_by: string | null
  excluded_reason: 'spam' | 'test' | 'own' | null
}

/** Answers that name one of some customers, or nobody and one of these touchpoints: a page, newest first. */
export async function listAnswersAbout(
  db: Db,
  { customerIds, touchpoints }: { customerIds?: readonly string[]; touchpoints: readonly string[] },
  { before, limit }: TimelinePage,
): Promise<GivenAnswer[]> {
  const about = sql`r.touchpoint_id = any(${touchpoints}::uuid[])`
  const theirs = customerIds
    ? sql`(r.customer_id = any(${customerIds}::uuid[]) or r.customer_id is null and ${about})`
    : about
  const { rows } = await sql<GivenAnswer>`
    select r.id, r.answered_at, s.id as survey_id, s.name as survey_name, s.rule, v.content->'score'->'scale' as scale,
      r.score, r.comment, r.touchpoint_id, r.attributes ->> 'agent' as agent, r.attributes ->> 'agent_by' as agent_by,
      r.excluded_reason
    from responses r
    join surveys s on s.workspace_id = r.workspace_id and s.id = r.survey_id
    join survey_versions v on v.workspace_id = r.workspace_id and v.survey_id = r.survey_id and v.version = r.version
    where r.workspace_id = ${db.workspaceId} and ${theirs}
      ${before ? sql`and (r.answered_at, r.id) < (${before.at}, ${before.id})` : sql``}
    order by r.answered_at desc, r.id desc limit ${limit}`.execute(db.kysely)
  return rows
}
