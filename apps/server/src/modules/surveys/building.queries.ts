import { createSecretKey, type KeyObject } from 'node:crypto'
import { sql, type Updateable } from 'kysely'
import type { SurveyContent } from '@lahko/contract/surveys'
import type { MetricName, Rule } from '@lahko/effort'
import type { DB, Surveys } from '#platform/database.generated.ts'
import { uuidv7 } from '#platform/identifiers.ts'
import { Problem } from '#platform/problem.ts'
import { tablesOf, type Db, type Tx } from '#platform/store.ts'

const on = tablesOf<Pick<DB, 'surveys' | 'survey_versions' | 'responses' | 'cells'>>()

export type SurveyState = 'draft' | 'published' | 'paused' | 'archived'

/** A survey as its builder sees it. */
export type SurveyRow = {
  id: string
  key: string
  name: string
  state: SurveyState
  identity: 'identified' | 'anonymous'
  metric: MetricName
  rule: Rule
  declared: string[]
  generation: number
  closes_on: string | null
  version: number | null
  draft: SurveyContent | null
  draft_saved_at: Date | null
  rebuild: { done: number; total: number } | null
  created_at: Date
}

export type VersionRow = { version: number; wording: number; content: SurveyContent; published_at: Date }

const columns = sql.raw(
  'id, key, name, state, identity, metric, rule, declared, generation, closes_on, version, draft, draft_saved_at, rebuild, created_at',
)

/** @throws Problem `not_found` */
export async function getSurvey(db: Db, id: string): Promise<SurveyRow> {
  const row = await findSurvey(db, id)
  if (!row) throw new Problem('not_found', 'platform.not_found')
  return row
}

export async function findSurvey(db: Db, id: string): Promise<SurveyRow | undefined> {
  const { rows } = await sql<SurveyRow>`
    select ${columns} from surveys where workspace_id = ${db.workspaceId} and id = ${id}`.execute(db.kysely)
  return rows[0]
}

/**
 * The survey, which nobody else changes until this transaction ends.
 * @param strength `update` waits for answers that are under way, and lets none in until then
 * @throws Problem `not_found`
 */
export async function lockSurvey(
  tx: Tx,
  id: string,
  strength: 'update' | 'no key update' = 'no key update',
): Promise<SurveyRow> {
  return one(
    await sql<SurveyRow>`
      select ${columns} from surveys where workspace_id = ${tx.workspaceId} and id = ${id}
      for ${sql.raw(strength)}`.execute(tx.kysely),
  )
}

function one({ rows }: { rows: SurveyRow[] }): SurveyRow {
  if (!rows[0]) throw new Problem('not_found', 'platform.not_found')
  return rows[0]
}

/** Newest first; `after` is the id of the last one that was seen. */
export async function listSurveyRows(
  db: Db,
  { after, limit, archived }: { after?: string; limit: number; archived: boolean },
): Promise<SurveyRow[]> {
  const { rows } = await sql<SurveyRow>`
    select ${columns} from surveys
    where workspace_id = ${db.workspaceId} and (state = 'archived') = ${archived}
      and (${after ?? null}::uuid is null or id < ${after ?? null}::uuid)
    order by id desc limit ${limit}`.execute(db.kysely)
  return rows
}

/** What takes answers on the local day `today`, newest first. */
export async function listOpenSurveys(
  db: Db,
  today: string,
  limit: number,
): Promise<{ key: string; content: SurveyContent }[]> {
  const { rows } = await sql<{ key: string; content: SurveyContent }>`
    select s.key, v.content from surveys s
    join survey_versions v on v.workspace_id = s.workspace_id and v.survey_id = s.id and v.version = s.version
    where s.workspace_id = ${db.workspaceId} and s.state = 'published' and (s.closes_on is null or s.closes_on >= ${today})
    order by s.id desc limit ${limit}`.execute(db.kysely)
  return rows
}

/** False when the key is taken. */
export async function insertSurvey(
  tx: Tx,
  survey: {
    id: string
    key: string
    name: string
    rule: Rule
    draft: SurveyContent
    metric?: MetricName
    identity?: string
    declared?: string[]
  },
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await on(tx)
    .insertInto('surveys')
    .values({
      ...survey,
      workspace_id: tx.workspaceId,
      rule: JSON.stringify(survey.rule),
      draft: JSON.stringify(survey.draft),
      draft_saved_at: tx.now,
      created_at: tx.now,
    })
    .onConflict((conflict) => conflict.columns(['workspace_id', 'key']).doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

export async function updateSurvey(tx: Tx, id: string, values: Updateable<Surveys>): Promise<void> {
  if (Object.keys(values).length === 0) return
  await on(tx)
    .updateTable('surveys')
    .set(values)
    .where('workspace_id', '=', tx.workspaceId)
    .where('id', '=', id)
    .execute()
}

export async function insertVersion(
  tx: Tx,
  surveyId: string,
  {
    version,
    wording,
    content,
    sameQuestionDeclared,
  }: { version: number; wording: number; content: SurveyContent; sameQuestionDeclared: boolean },
): Promise<void> {
  await on(tx)
    .insertInto('survey_versions')
    .values({
      workspace_id: tx.workspaceId,
      survey_id: surveyId,
      version,
      wording,
      content: JSON.stringify(content),
      same_question_declared: sameQuestionDeclared,
      published_at: tx.now,
    })
    .execute()
}

export async function getVersion(db: Db, surveyId: string, version: number): Promise<VersionRow> {
  const row = await on(db)
    .selectFrom('survey_versions')
    .select(['version', 'wording', 'content', 'published_at'])
    .where('workspace_id', '=', db.workspaceId)
    .where('survey_id', '=', surveyId)
    .where('version', '=', version)
    .executeTakeFirstOrThrow()
  return row as unknown as VersionRow
}

/**
 * A version, and those before it of its wording that were the last to ask in some language, newest first: at most one
 * for each language.
 */
export async function listLastAsked(db: Db, surveyId: string, version: number): Promise<VersionRow[]> {
  const { rows } = await sql<VersionRow>`
    with asked as (
      select v.* from survey_versions v
      join survey_versions now on now.workspace_id = v.workspace_id and now.survey_id = v.survey_id
        and now.version = ${version} and now.wording = v.wording
      where v.workspace_id = ${db.workspaceId} and v.survey_id = ${surveyId} and v.version <= now.version
    )
    select version, wording, content, published_at from asked where version in (
      select max(version) from asked, jsonb_array_elements_text(content->'languages') language group by language)
    order by version desc`.execute(db.kysely)
  return rows
}

export type VersionCount = { version: number; wording: number; published_at: Date; answers: number }

/** The versions, newest first, each with the answers to its wording that count, which versions of a wording share. */
export async function listVersions(db: Db, surveyId: string): Promise<VersionCount[]> {
  const { rows } = await sql<VersionCount>`
    with counted as materialized (
      select w.wording, coalesce((
        select sum(c0 + c1 + c2 + c3 + c4 + c5 + c6 + c7 + c8 + c9 + c10) from cells_now c
        where c.workspace_id = ${db.workspaceId} and c.survey_id = ${surveyId} and c.wording = w.wording
          and c.grain = 'm' and c.segment = 0), 0) as answers
      from (select distinct wording from survey_versions
        where workspace_id = ${db.workspaceId} and survey_id = ${surveyId}) w
    )
    select v.version, v.wording, v.published_at, counted.answers
    from survey_versions v join counted using (wording)
    where v.workspace_id = ${db.workspaceId} and v.survey_id = ${surveyId}
    order by v.version desc limit 200`.execute(db.kysely)
  return rows
}

/** Answers that count, over all wordings, by survey. Wordings are named, so that the cells' key is read from its start. */
export async function countAnswersOf(db: Db, surveyIds: readonly string[]): Promise<Map<string, number>> {
  const { rows } = await sql<{ survey_id: string; answers: number }>`
    select w.survey_id, sum(counted.answers)::bigint as answers
    from (
      select distinct survey_id, wording from survey_versions
      where workspace_id = ${db.workspaceId} and survey_id = any(${surveyIds}::uuid[])
    ) w
    cross join lateral (
      select coalesce(sum(c0 + c1 + c2 + c3 + c4 + c5 + c6 + c7 + c8 + c9 + c10), 0) as answers from cells_now c
      where c.workspace_id = ${db.workspaceId} and c.survey_id = w.survey_id and c.wording = w.wording
        and c.grain = 'm' and c.segment = 0
    ) counted
    group by w.survey_id`.execute(db.kysely)
  return new Map(rows.map((row) => [row.survey_id, row.answers]))
}

/** Whether anybody has ever answered. */
export async function isAnswered(db: Db, surveyId: string): Promise<boolean> {
  const found = await on(db)
    .selectFrom('responses')
    .select('id')
    .where('workspace_id', '=', db.workspaceId)
    .where('survey_id', '=', surveyId)
    .limit(1)
    .executeTakeFirst()
  return found !== undefined
}

/** What signs the forms of a survey's public page; it never changes. */
export async function findFormKey(db: Db, surveyId: string): Promise<KeyObject | undefined> {
  const row = await on(db)
    .selectFrom('surveys')
    .select('form_key')
    .where('workspace_id', '=', db.workspaceId)
    .where('id', '=', surveyId)
    .executeTakeFirst()
  return row && createSecretKey(row.form_key)
}

export function newSurveyId(tx: Tx): string {
  return uuidv7(tx.now.getTime())
}
