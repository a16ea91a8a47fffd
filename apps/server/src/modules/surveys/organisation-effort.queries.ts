import type { SurveyContent } from '@lahko/contract'
import type { Rule } from '@lahko/effort'
import { sql } from 'kysely'
import type { Db } from '#platform/store.ts'

export type CountedAnswers = {
  id: string
  key: string
  name: string
  rule: Rule
  wording: number
  scale: SurveyContent['score']['scale']
  /** How often each score was given. */
  counts: { score: number; count: number }[]
  /** 1 while it has not been measured. */
  designEffect: number
}

/** How often these customers gave each score, by survey and wording, the newest survey first; what is left out is left out. */
export async function countAnswersOf(db: Db, customerIds: readonly string[]): Promise<CountedAnswers[]> {
  const { rows } = await sql<CountedAnswers>`
    select s.id, s.key, s.name, s.rule, g.wording, v.content->'score'->'scale' as scale, g.counts,
      coalesce(e.value, 1) as "designEffect"
    from (
      select survey_id, wording, max(version) as version, jsonb_agg(jsonb_build_object('score', score, 'count', count)) as counts
      from (
        select survey_id, wording, score, max(version) as version, count(*) as count from responses
        where workspace_id = ${db.workspaceId} and customer_id = any(${customerIds}::uuid[]) and excluded_reason is null
        group by survey_id, wording, score
      ) r group by survey_id, wording
    ) g
    join surveys s on s.workspace_id = ${db.workspaceId} and s.id = g.survey_id
    join survey_versions v on v.workspace_id = s.workspace_id and v.survey_id = s.id and v.version = g.version
    left join design_effects e on (e.workspace_id, e.survey_id, e.wording) = (s.workspace_id, s.id, g.wording)
    order by s.id desc, g.wording desc`.execute(db.kysely)
  return rows
}
