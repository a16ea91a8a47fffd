import { sql } from 'kysely'
import type { MetricName, Rule } from '@lahko/effort'
import type { SurveyContent } from '@lahko/contract'
import { Problem } from '#platform/problem.ts'
import type { Db } from '#platform/store.ts'
import { ruleOn } from './content.ts'

/** A survey as those who read its figures need it. */
export type ReadableSurvey = {
  id: string
  key: string
  name: string
  state: 'draft' | 'published' | 'paused' | 'archived'
  /** Anonymous surveys show no breakdown. */
  identity: 'identified' | 'anonymous'
  metric: MetricName
  rule: Rule
  /** The attributes that have cells, in order. */
  declared: string[]
  /** While its cells are counted again after a change of what is declared. */
  rebuild: { done: number; total: number } | null
  /** Oldest first; there is at least one. */
  wordings: Wording[]
}

/** Scores of one wording measure the same; those of different wordings are never added up. */
export type Wording = {
  wording: number
  /** The content of its newest version. */
  content: SurveyContent
  /** How its scores are read. */
  rule: Rule
  /** The first and the last local day that have answers to it, `YYYY-MM-DD`. */
  firstOn: string | null
  lastOn: string | null
  /** 1 while it has not been measured, and always where answers carry no customer. */
  designEffect: number
  /** The local day when that was measured last. */
  measuredOn: string | null
}

/**
 * A survey that has been published at least once.
 * @param keyOrId when left out the newest that is asked, one with answers first
 * @throws Problem `not_found`
 */
export async function getReadableSurvey(db: Db, keyOrId?: string): Promise<ReadableSurvey> {
  const { rows } = await sql<ReadableSurvey>`
    select id, key, name, state, identity, metric, rule, declared,
      case when rebuild is null then null
        else jsonb_build_object('done', rebuild->'done', 'total', rebuild->'total') end as rebuild,
      (select jsonb_agg(w order by w.wording) from (
        select distinct on (v.wording) v.wording, v.content,
          least((select min(starts_on) from cells c where (c.workspace_id, c.survey_id, c.wording, c.grain, c.segment)
            = (v.workspace_id, v.survey_id, v.wording, 'd', 0)), waiting.min) as "firstOn",
          greatest((select max(starts_on) from cells c where (c.workspace_id, c.survey_id, c.wording, c.grain, c.segment)
            = (v.workspace_id, v.survey_id, v.wording, 'd', 0)), waiting.max) as "lastOn",
          coalesce(e.value, 1) as "designEffect", e.measured_on as "measuredOn"
        from survey_versions v left join design_effects e
          on (e.workspace_id, e.survey_id, e.wording) = (v.workspace_id, v.survey_id, v.wording)
        cross join lateral (select min(d.local_date), max(d.local_date) from cell_changes c cross join unnest(c.changes) d
          where (c.workspace_id, c.survey_id, d.wording) = (v.workspace_id, v.survey_id, v.wording)) waiting
        where v.workspace_id = s.workspace_id and v.survey_id = s.id
        order by v.wording, v.version desc) w) as wordings
    from surveys s
    where workspace_id = ${db.workspaceId} and version is not null
      and ${keyOrId === undefined ? sql`state <> 'archived'` : sql`${keyOrId} in (key, id::text)`}
    order by state = 'published' desc,
      exists (select 1 from cells c where (c.workspace_id, c.survey_id) = (s.workspace_id, s.id))
        or exists (select 1 from cell_changes c where (c.workspace_id, c.survey_id) = (s.workspace_id, s.id)) desc,
      created_at desc limit 1`.execute(db.kysely)
  const [survey] = rows
  if (!survey) throw new Problem('not_found', 'platform.not_found')
  const wordings = survey.wordings.map((one) => ({ ...one, rule: ruleOn(one.content.score.scale, survey.rule) }))
  return { ...survey, wordings }
}

/** Which of these ids are surveys of the workspace. */
export async function listKnownSurveys(db: Db, ids: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from surveys where workspace_id = ${db.workspaceId} and id = any(${[...ids]}::uuid[])`.execute(db.kysely)
  return rows.map(({ id }) => id)
}
