import { createSecretKey, type KeyObject } from 'node:crypto'
import { sql } from 'kysely'
import type { SurveyContent } from '@lahko/contract/surveys'
import type { Rule } from '@lahko/effort'
import type { Db } from '#platform/store.ts'
import { ruleOn } from './content.ts'
import { dedupeOfToken } from './ingest.ts'

/** A response as the person who gave it sees it again, with the content that was asked. */
export type GivenAnswer = {
  id: string
  surveyId: string
  score: number
  reasons: string[]
  comment: string | null
  answers: Record<string, string | string[]>
  answeredAt: Date
  content: SurveyContent
}

/** The response that a form's token opens. */
export async function findGivenAnswer(db: Db, surveyId: string, token: string): Promise<GivenAnswer | undefined> {
  const { rows } = await sql<GivenAnswer>`
    select r.id, r.survey_id as "surveyId", r.score, r.reasons, r.comment, r.answers, r.answered_at as "answeredAt", v.content
    from responses r
    join survey_versions v on v.workspace_id = r.workspace_id and v.survey_id = r.survey_id and v.version = r.version
    where r.workspace_id = ${db.workspaceId} and r.survey_id = ${surveyId} and r.dedupe = ${dedupeOfToken(token)}`.execute(
    db.kysely,
  )
  return rows[0]
}

/** The responses that forms' tokens opened, by what each token is asked for. */
export async function listGivenAnswers(
  db: Db,
  asked: readonly { by: string; surveyId: string; token: string }[],
): Promise<Map<string, { id: string; at: Date }>> {
  const { rows } = await sql<{ by: string; id: string; at: Date }>`
    select asked.by, r.id, r.answered_at as at
    from unnest(${asked.map(({ by }) => by)}::uuid[], ${asked.map(({ surveyId }) => surveyId)}::uuid[],
      ${asked.map(({ token }) => dedupeOfToken(token))}::uuid[]) asked(by, survey_id, dedupe)
    join responses r on r.workspace_id = ${db.workspaceId} and r.survey_id = asked.survey_id
      and r.dedupe = asked.dedupe and r.excluded_at is null`.execute(db.kysely)
  return new Map(rows.map(({ by, id, at }) => [by, { id, at }]))
}

/** What a trial shows: the draft, else what is asked now. */
export type Trial = {
  id: string
  key: string
  content: SurveyContent
  rule: Rule
  identity: 'identified' | 'anonymous'
  formKey: KeyObject
}

export async function findTrial(db: Db, key: string): Promise<Trial | undefined> {
  const { rows } = await sql<Omit<Trial, 'formKey'> & { formKey: Buffer }>`
    select s.id, s.key, s.rule, s.identity, s.form_key as "formKey", coalesce(s.draft, v.content) as content
    from surveys s
    left join survey_versions v on v.workspace_id = s.workspace_id and v.survey_id = s.id and v.version = s.version
    where s.workspace_id = ${db.workspaceId} and s.key = ${key} and s.state <> 'archived'`.execute(db.kysely)
  if (!rows[0]) return undefined
  const { content, rule, formKey } = rows[0]
  return { ...rows[0], rule: ruleOn(content.score.scale, rule), formKey: createSecretKey(formKey) }
}
